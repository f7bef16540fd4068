"""Surveys: added once for a claim, and never changed."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, insert, literal, select, tuple_

from app.records.survey import Survey, SurveyFilter, SurveyScore
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import buyer_erasures, claim_events, surveys

ANSWERED = "claim.survey_answered"
"""The type of the event that tells of a survey."""

_c = surveys.c
_FIELDS = tuple(Survey.__slots__)
_READ = tuple(_c[name] for name in _FIELDS)
_INSERT = Statement(insert(surveys))
_LOAD = Statement(select(*_READ).where(_c.merchant_id == bindparam("merchant"), _c.claim_id == bindparam("claim")))
_PLACE = (_c.answered_at, _c.claim_id)
_PAGE = Listing(
    select(*_READ)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(*(column.desc() for column in _PLACE))
    .limit(bindparam("at_most")),
    {
        "score": _c.score == bindparam("score"),
        "rejected": _c.rejected == bindparam("rejected"),
        "answered_from": _c.answered_at >= bindparam("answered_from"),
        "answered_before": _c.answered_at < bindparam("answered_before"),
        "after_at": tuple_(*_PLACE)
        < tuple_(bindparam("after_at", type_=_c.answered_at.type), bindparam("after_id", type_=_c.claim_id.type)),
    },
)
_e = claim_events.c
_IS_ERASED = exists(
    select(literal(1)).where(
        buyer_erasures.c.merchant_id == _c.merchant_id,
        buyer_erasures.c.order_id == _c.order_id,
        buyer_erasures.c.unneeded_erased_at.is_not(None),
    )
).label("is_erased")
_ROWS_A_PAGE = 1_000
_EVERY = Statement(
    select(*_READ, _c.hash.label("stored_hash"), _e.data.label("told"), _IS_ERASED)
    .select_from(
        surveys.outerjoin(
            claim_events,
            and_(_e.merchant_id == _c.merchant_id, _e.claim_id == _c.claim_id, _e.type == literal(ANSWERED)),
        )
    )
    .where(tuple_(_c.merchant_id, _c.claim_id) > tuple_(bindparam("merchant"), bindparam("after")))
    .order_by(_c.merchant_id, _c.claim_id)
    .limit(_ROWS_A_PAGE)
)


async def add(tx: Tx, survey: Survey) -> None:
    """Raises IntegrityError when the claim has a survey already."""
    await tx.fetch(_INSERT, {**{name: getattr(survey, name) for name in _FIELDS}, "hash": survey.hash})


async def load(tx: Tx, merchant_id: str, claim_id: str) -> Survey | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "claim": claim_id})
    return None if row is None else _survey(row)


async def page(
    tx: Tx, merchant_id: str, where: SurveyFilter, *, limit: int, after: tuple[datetime, str] | None
) -> list[Survey]:
    """The newest answer comes first. `after` is the instant and the claim of the last survey of the page before."""
    values = {name: value for name, value in asdict(where).items() if value is not None}
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    names = values.keys() | ({"after_at"} if after else set())
    rows = await tx.fetch(_PAGE.narrowed(names), {"merchant": merchant_id, "at_most": limit, **values, **place})
    return [_survey(row) for row in rows]


async def every(tx: Tx) -> AsyncIterator[tuple[Survey, str, str | None, bool]]:
    """Each survey of all merchants, with its stored hash, the data of its event, and whether its words were
    erased."""
    merchant_id, after = "", ""
    while rows := await tx.fetch(_EVERY, {"merchant": merchant_id, "after": after}):
        for row in rows:
            yield _survey(row), row.stored_hash, row.told, row.text is None and not row.salt and bool(row.is_erased)
        merchant_id, after = rows[-1].merchant_id, rows[-1].claim_id


def _survey(row: Row) -> Survey:
    return Survey(**{**{name: getattr(row, name) for name in _FIELDS}, "score": SurveyScore(row.score)})
