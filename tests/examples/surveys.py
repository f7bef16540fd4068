"""Surveys of the examples: an answer about the claim after its end, and what the buyer is asked."""

from datetime import datetime

from app.records.survey import Survey, SurveyQuestion, SurveyScore
from app.service.surveys import SurveyView

_NOW = datetime.fromisoformat("2026-06-14T20:15:00+09:00")
SURVEY = Survey(
    merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
    claim_id="0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b",
    order_id="2026060512345",
    rejected=False,
    score=SurveyScore.GOOD,
    reason_understood=None,
    alternative_found=None,
    text="답변이 빨라서 좋았어요.",
    answered_at=_NOW,
    salt="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
)
ASKED = SurveyView(
    questions=(SurveyQuestion.SCORE, SurveyQuestion.TEXT),
    answer_by=datetime.fromisoformat("2026-07-14T00:00:00+09:00"),
    answer=None,
)
