"""Past claims as they were requested, with the order of today."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from app import json_text
from app.records.claim import StoredClaim
from app.store.claims import LOADED, stored_claim
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claim_events, claims
from app.store.types import JsonTexts

_c, _e = claims.c, claim_events.c
_IDS = select(JsonTexts(bindparam("ids")).table_valued("value").c.value)
_PAGE = Statement(
    LOADED.where(
        _c.merchant_id == bindparam("merchant"),
        _c.claim_id > bindparam("after"),
        _c.requested_at >= bindparam("since"),
        _c.requested_at < bindparam("until"),
    )
    .order_by(_c.claim_id)
    .limit(bindparam("at_most"))
)
_REQUESTS = Statement(
    select(_e.claim_id, _e.at, _e.data).where(
        _e.merchant_id == bindparam("merchant"), _e.seq == 1, _e.claim_id.in_(_IDS)
    )
)
_SHARED = Statement(
    select(_c.order_id)
    .where(_c.merchant_id == bindparam("merchant"), _c.order_id.in_(_IDS))
    .group_by(_c.order_id)
    .having(func.count() > 1)
)
REPORTED_LATE = timedelta(minutes=5)
"""A claim is requested before it is stored, apart from what two clocks differ by."""


async def page(
    tx: Tx, merchant_id: str, *, after: str, since: datetime, until: datetime, at_most: int
) -> list[StoredClaim]:
    """The claims that were requested in a period, in the order of their ids. `after` is the lowest possible id or the
    last id of the page before."""
    values = {"merchant": merchant_id, "after": after, "since": since, "until": until, "at_most": at_most}
    return [stored_claim(row) for row in await tx.fetch(_PAGE, values)]


async def requests(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> dict[str, tuple[datetime, str]]:
    """When each request was decided, and the data of its event."""
    values = {"merchant": merchant_id, "ids": json_text.dump(list(claim_ids))}
    return {row.claim_id: (row.at, row.data) for row in await tx.fetch(_REQUESTS, values)}


async def shared_orders(tx: Tx, merchant_id: str, order_ids: Collection[str]) -> frozenset[str]:
    """The orders that have several claims."""
    values = {"merchant": merchant_id, "ids": json_text.dump(list(order_ids))}
    return frozenset(row.order_id for row in await tx.fetch(_SHARED, values))
