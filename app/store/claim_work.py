"""The shop's own work on claims. The caller has locked the claim's order for a change."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, true, update

from app import json_text
from app.records.claim_work import ClaimWork
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claim_tags, claim_work
from app.store.types import JsonTexts

_c, _t = claim_work.c, claim_tags.c
_FIELDS = ("assignee", "seen_at", "seen_by", "snoozed_until_at")
_IDS = select(JsonTexts(bindparam("claims")).table_valued("value").c.value)
_LOAD = Statement(
    select(_c.claim_id, *(_c[name] for name in _FIELDS)).where(
        _c.merchant_id == bindparam("merchant"), _c.claim_id.in_(_IDS)
    )
)
_TAGS = Statement(
    select(_t.claim_id, _t.tag)
    .where(_t.merchant_id == bindparam("merchant"), _t.claim_id.in_(_IDS))
    .order_by(_t.claim_id, _t.tag)
)
_INSERT = Statement(insert(claim_work))
_UPDATE = Statement(
    update(claim_work)
    .where(_c.merchant_id == bindparam("merchant"), _c.claim_id == bindparam("claim"))
    .values({name: bindparam(f"new_{name}") for name in _FIELDS})
    .returning(_c.claim_id)
)
_ADD_TAG = Statement(insert(claim_tags))
_REMOVE_TAG = Statement(
    delete(claim_tags).where(
        _t.merchant_id == bindparam("merchant"), _t.claim_id == bindparam("claim"), _t.tag == bindparam("gone")
    )
)


def conditions(merchant_id: ColumnElement[str], claim_id: ColumnElement[str]) -> Mapping[str, ColumnElement[bool]]:
    """The conditions of a list of claims: whose they are, a tag, and whether they sleep."""
    now = bindparam("now", type_=_c.snoozed_until_at.type)
    # A value for each claim of the page. PostgreSQL would turn an EXISTS into a join, and read the work on all claims.
    wakes_at = (
        select(_c.snoozed_until_at).where(_c.merchant_id == merchant_id, _c.claim_id == claim_id).scalar_subquery()
    )
    mine = select(_c.claim_id).where(_c.merchant_id == bindparam("merchant"), _c.assignee == bindparam("assignee"))
    tagged = select(_t.claim_id).where(_t.merchant_id == bindparam("merchant"), _t.tag == bindparam("tag"))
    return {
        "assignee": claim_id.in_(mine),
        "tag": claim_id.in_(tagged),
        "asleep": wakes_at > now,
        "awake": func.coalesce(wakes_at <= now, true()),
    }


async def of_claims(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> dict[str, ClaimWork]:
    """The work on claims, by claim. A claim on which nobody has worked is missing."""
    values = {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))}
    found = {
        row.claim_id: ClaimWork(**{name: getattr(row, name) for name in _FIELDS})
        for row in await tx.fetch(_LOAD, values)
    }
    for row in await tx.fetch(_TAGS, values):
        before = found.get(row.claim_id, ClaimWork())
        found[row.claim_id] = replace(before, tags=(*before.tags, row.tag))
    return found


async def load(tx: Tx, merchant_id: str, claim_id: str) -> ClaimWork:
    return (await of_claims(tx, merchant_id, [claim_id])).get(claim_id, ClaimWork())


async def put(tx: Tx, merchant_id: str, claim_id: str, before: ClaimWork, after: ClaimWork) -> None:
    """Raises IntegrityError for an assignee whom the merchant does not have."""
    key = {"merchant": merchant_id, "claim": claim_id}
    if not await tx.fetch(_UPDATE, {**key, **{f"new_{name}": getattr(after, name) for name in _FIELDS}}):
        row = {name: getattr(after, name) for name in _FIELDS}
        await tx.fetch(_INSERT, {"merchant_id": merchant_id, "claim_id": claim_id, **row})
    gone, new = set(before.tags) - set(after.tags), set(after.tags) - set(before.tags)
    await tx.run_all(_REMOVE_TAG, [{**key, "gone": tag} for tag in sorted(gone)])
    rows = [{"merchant_id": merchant_id, "claim_id": claim_id, "tag": tag} for tag in sorted(new)]
    await tx.run_all(_ADD_TAG, rows)
