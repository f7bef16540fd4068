"""What an order's payments decide besides money: which policy judges it, and what they have to cover."""

from datetime import datetime

from app.engine.copying import replace
from app.engine.order import Order
from app.service.callers import Caller
from app.service.errors import ConflictError
from app.service.policies import in_force, is_preset
from app.store import claims
from app.store.database import Tx


async def judged_from_payment(tx: Tx, caller: Caller, before: Order, paid: Order, now: datetime) -> Order:
    """An order that was pushed before it was paid is judged by the version in force at its payment, unless the
    storefront named one, or something has been claimed already."""
    claimed = any(line.untouched < line.quantity for line in paid.lines)
    name = paid.policy.partition("@")[0]
    if before.paid_at is not None or paid.paid_at is None or claimed or paid.version_named or is_preset(name):
        return paid
    return replace(paid, policy=(await in_force(tx, caller, name, paid.paid_at, now)).key)


async def keep_what_is_promised(tx: Tx, caller: Caller, before: Order, after: Order) -> None:
    """A refund that waits for the buyer to pay something claims no payment yet, and is to be covered by them.

    Raises ConflictError where what is left of the payments would be less.
    """
    if after.captured_left >= before.captured_left:
        return
    held = await claims.held_of_order(tx, caller.merchant_id, before.order_id)
    promised = sum(claim.amounts.total for claim in held if claim.amounts)
    if after.captured_left < promised:
        raise ConflictError(
            "order_has_claims",
            f"{promised} is to be paid back as soon as the buyer has paid: what was captured cannot shrink below.",
            "payments",
        )
