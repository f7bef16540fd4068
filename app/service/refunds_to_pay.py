"""What the payer of a shop reads: the refunds of which something is left to pay, and those that pasted lines name."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engine.model.refund import ENDED
from app.records.refund import OwedCounts, StoredRefund
from app.service.callers import Caller
from app.store import buyers, refunds_to_pay
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPage:
    """`names` are those of the buyers, by order."""

    rows: Sequence[StoredRefund]
    names: Mapping[str, str]


async def page(
    tx: Tx, caller: Caller, *, limit: int, after: tuple[datetime, str] | None, **where: Any
) -> OwedPage:  # fmt: skip
    """The refund whose last instant comes first is first. `where` has `due_until` or `status`."""
    rows = await refunds_to_pay.page(tx, caller.merchant_id, limit=limit, after=after, **where)
    return OwedPage(rows=rows, names=await names_of_buyers(tx, caller, [each.refund.order_id for each in rows]))


async def counts(tx: Tx, caller: Caller, now: datetime, tonight: datetime) -> OwedCounts:
    return await refunds_to_pay.counts(tx, caller.merchant_id, now, tonight)


async def named(tx: Tx, caller: Caller, names: Sequence[str]) -> Mapping[str, StoredRefund | None]:
    """The refunds that names mean: the key for the provider, the refund's id, or an order with one refund that is left.
    None for a name that means none, or several."""
    meant: dict[str, list[StoredRefund]] = defaultdict(list)
    for stored in await refunds_to_pay.named(tx, caller.merchant_id, names):
        refund = stored.refund
        for name in {refund.idempotency_key, refund.refund_id}:
            meant[name].append(stored)
        if refund.status not in ENDED:
            meant[refund.order_id].append(stored)
    return {name: meant[name][0] if len(meant[name]) == 1 else None for name in names}


async def names_of_buyers(tx: Tx, caller: Caller, order_ids: Sequence[str]) -> Mapping[str, str]:
    """By order, without orders whose buyer has no name."""
    return await buyers.names(tx, caller.merchant_id, sorted(set(order_ids)))
