"""The use cases of surveys: what is asked after the end of a claim, the buyer's one answer, and the list for the shop.

The history of the claim has the score and a hash. It does not have the words of the buyer: a history cannot be erased.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.engine.model.claim import Actor, Claim
from app.records.survey import AFTER_REJECTION, Survey, SurveyFilter, SurveyQuestion, SurveyScore
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.files import require_claim
from app.service.persistence import record_aside
from app.service.resources.survey import survey_facts
from app.service.visits import Surroundings, surroundings
from app.store import claims, surveys
from app.store.database import Tx

ANSWERED_WITHIN = timedelta(days=30)
"""How many local days after the day on which a claim has ended the buyer can answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSurvey:
    """What the buyer answers. `by` is the buyer. None is a question that the buyer left out."""

    by: Actor
    score: SurveyScore
    reason_understood: bool | None = None
    alternative_found: bool | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyView:
    """`questions` is empty if the buyer cannot answer now. `answer_by` is the first instant that is too late: None
    before the end of the claim, and for a shop that asks nobody."""

    questions: tuple[SurveyQuestion, ...]
    answer_by: datetime | None
    answer: Survey | None


async def view_of(tx: Tx, caller: Caller, claim: Claim, around: Surroundings, now: datetime) -> SurveyView:
    """What the buyer of a claim is asked, and has answered. `around` is of the claim's order."""
    answer = await surveys.load(tx, caller.merchant_id, claim.claim_id) if claim.closed_at else None
    answer_by = _answer_by(claim.closed_at, around) if claim.closed_at and around.shop.profile.surveys else None
    is_asked = answer is None and answer_by is not None and now < answer_by
    return SurveyView(questions=_questions(claim) if is_asked else (), answer_by=answer_by, answer=answer)


async def read_for_buyer(tx: Tx, caller: Caller, claim_id: str, now: datetime) -> SurveyView:
    """Raises NotFoundError."""
    stored = await require_claim(tx, caller, claim_id)
    around = await surroundings(tx, caller, stored.claim.order_id, now)
    return await view_of(tx, caller, stored.claim, around, now)


async def answer(tx: Tx, caller: Caller, claim_id: str, new: NewSurvey, now: datetime) -> Survey:
    """Keep the buyer's one answer, and publish it. Raises NotFoundError, and ConflictError if the buyer is not asked
    or has answered."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await require_claim(tx, caller, claim_id)
    _refuse_unasked(stored.claim, new)
    if await surveys.load(tx, caller.merchant_id, claim_id) is not None:
        raise ConflictError("survey_answered")
    _refuse_closed(stored.claim, await surroundings(tx, caller, stored.claim.order_id, now), now)
    survey = Survey(
        merchant_id=caller.merchant_id,
        claim_id=claim_id,
        order_id=stored.claim.order_id,
        rejected=_is_rejected(stored.claim),
        score=new.score,
        reason_understood=new.reason_understood,
        alternative_found=new.alternative_found,
        text=new.text,
        answered_at=now,
        salt=secrets.token_hex(16),
    )
    await surveys.add(tx, survey)
    data = {"by": new.by, "survey": survey_facts(survey)}
    await record_aside(tx, caller.merchant_id, stored, surveys.ANSWERED, data, now)
    return survey


async def read(tx: Tx, caller: Caller, claim_id: str) -> Survey:
    """Raises NotFoundError, also for a claim whose buyer has not answered."""
    survey = await surveys.load(tx, caller.merchant_id, claim_id)
    if survey is None:
        await require_claim(tx, caller, claim_id)
        raise NotFoundError("survey", claim_id)
    return survey


async def page(
    tx: Tx, caller: Caller, where: SurveyFilter, *, limit: int, after: tuple[datetime, str] | None
) -> list[Survey]:
    """The newest answer comes first."""
    return await surveys.page(tx, caller.merchant_id, where, limit=limit, after=after)


def _questions(claim: Claim) -> tuple[SurveyQuestion, ...]:
    return tuple(each for each in SurveyQuestion if each not in AFTER_REJECTION or _is_rejected(claim))


def _is_rejected(claim: Claim) -> bool:
    return claim.rejection is not None or bool(claim.rejected_lines)


def _refuse_unasked(claim: Claim, new: NewSurvey) -> None:
    for question in AFTER_REJECTION:
        if getattr(new, question.value) is not None and not _is_rejected(claim):
            raise ConflictError("survey_question_not_asked", field=question.value, name=question.value)


def _answer_by(closed_at: datetime, around: Surroundings) -> datetime:
    return around.calendar.end_of(around.calendar.local_day(closed_at) + ANSWERED_WITHIN)


def _refuse_closed(claim: Claim, around: Surroundings, now: datetime) -> None:
    if not around.shop.profile.surveys:
        raise ConflictError("survey_off")
    if claim.closed_at is None:
        raise ConflictError("claim_not_ended")
    if now >= (answer_by := _answer_by(claim.closed_at, around)):
        raise ConflictError("survey_ended", ended_at=answer_by.isoformat())
