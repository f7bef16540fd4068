"""What an order's payments have to cover."""

from app.engine.model.order import Order
from app.service.callers import Caller
from app.service.errors import ConflictError
from app.store import claims
from app.store.database import Tx


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
