"""The form with which a buyer says, once, how a claim went, on the page of a claim that has ended."""

from fastapi import APIRouter, Response

from app.buyer.claims import ClaimId
from app.buyer.pages.claim import checked_form, claim_page, show_after
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import text
from app.buyer.pages.visit import OnPage, PostedForm
from app.buyer.schemas.surveys import AnswerSurveyForBuyerRequest
from app.service import surveys

router = APIRouter(prefix="/order/claims/{claim_id}/survey", route_class=PageRoute, include_in_schema=False)

_YES_OR_NO = {"yes": True, "no": False}
_FIELDS = {"text": "words", **{name: name for name in ("score", "reason_understood", "alternative_found")}}


@router.post("")
async def answer_survey(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    """Only the score must be chosen."""
    if not form.get("score"):
        missing = {"score": text("score_required", seen.language)}
        return await claim_page(seen, claim_id, form=form, errors=missing, status=422)
    body = {
        "score": form.get("score"),
        "text": form.get("words", "").strip() or None,
        **{name: _YES_OR_NO.get(form.get(name, "")) for name in ("reason_understood", "alternative_found")},
    }
    asked, errors = checked_form(seen, AnswerSurveyForBuyerRequest, body, _FIELDS)
    if asked is None:
        return await claim_page(seen, claim_id, form=form, errors=errors, status=422)
    new = asked.new(seen.buyer)
    return await show_after(seen, claim_id, form, lambda tx: surveys.answer(tx, seen.caller, claim_id, new, seen.now))
