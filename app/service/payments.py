"""The refunds that an order's payments must cover."""

from app.engine.model.order import Order
from app.service.callers import Caller
from app.service.errors import ConflictError
from app.store import claims
from app.store.database import Tx


async def refuse_less_than_promised(tx: Tx, caller: Caller, before: Order, after: Order) -> None:
    """A refund that waits for the buyer's payment has no own payment yet. The captured money must cover this refund.

    Raises ConflictError if the rest of the captured money would be less than these refunds.
    """
    if after.captured_left >= before.captured_left:
        return
    held = await claims.held_of_order(tx, caller.merchant_id, before.order_id)
    promised = sum(claim.amounts.total for claim in held if claim.amounts)
    if after.captured_left < promised:
        raise ConflictError(
            "order_has_claims",
            why="refund_promised",
            promised=promised,
            currency=before.currency,
            field="payments",
        )
