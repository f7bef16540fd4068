"""The use case of a storefront's order page: what the buyer may still request, and the claims that are open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.engine import LineOptions, Timeout, next_timeout, options
from app.engine.model.claim import Actor
from app.engine.model.order import Order
from app.engine.model.vocabulary import Reason
from app.records.claim import StoredClaim
from app.service.callers import Caller
from app.service.decisions import facts_of
from app.service.errors import NotFoundError
from app.store import claims
from app.store.database import Tx
from app.turns import in_turns

MOST_LINES = 50
_LINES_AT_ONCE = 8
"""A turn costs as much as a tenth of a line, and eight lines take about two milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """A claim that has not ended, and what the service does with it if nobody acts. None if nothing."""

    stored: StoredClaim
    next_timeout: Timeout | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOptions:
    """`time_zone` is the IANA name of the zone that local days are in. `more_line_ids` are the lines that are left
    over, because one answer judges `MOST_LINES`."""

    order: Order
    policy: str
    time_zone: str
    judged_at: datetime
    lines: tuple[LineOptions, ...]
    more_line_ids: tuple[str, ...]
    open_claims: tuple[OpenClaim, ...]


async def read_options(
    tx: Tx,
    caller: Caller,
    order_id: str,
    by: Actor,
    now: datetime,
    *,
    line_ids: Collection[str] = (),
    reasons: Collection[Reason] = (),
) -> OrderOptions:
    """The options of the lines with these ids and for these reasons. Without ids, of every line, and without reasons,
    for a typical reason of each side. Raises NotFoundError for an unknown order or line."""
    stored = await claims.order_with_open(tx, caller.merchant_id, order_id)
    if stored is None or not caller.reaches(order_id):
        raise NotFoundError("order", order_id)
    order, opened = stored
    for line_id in line_ids:
        if order.line(line_id) is None:
            raise NotFoundError("line", line_id)
    facts = await facts_of(tx, caller.merchant_id, order, now)
    asked = [line for line in order.lines if not line_ids or line.line_id in line_ids]
    options_of_lines = options(asked[:MOST_LINES], facts, by, reasons=reasons)
    judged = [line async for line in in_turns(options_of_lines, at_once=_LINES_AT_ONCE)]
    return OrderOptions(
        order=order,
        policy=facts.rules.key,
        time_zone=facts.calendar.zone.key,
        judged_at=now,
        lines=tuple(judged),
        more_line_ids=tuple([line.line_id for line in asked[MOST_LINES:]]),
        open_claims=tuple([OpenClaim(stored=each, next_timeout=next_timeout(each.claim)) for each in opened]),
    )
