"""When fixed amounts may change, because the payments of the order have changed."""

from collections.abc import Iterator

from app.engine.amounts.captures import late_money
from app.engine.model.commands import AdjustRefund
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.transitions.context import DecisionContext


def money_has_come(context: DecisionContext, command: AdjustRefund) -> Iterator[Refusal]:
    """A claim owes no more than its missing part, and no more than what was captured."""
    if command.voided:
        return
    order, claim = context.facts.order, context.before
    requested = command.captured_later + command.surplus + command.reversal_won
    shares = late_money(order, (claim,))
    available = sum(share.captured_later + share.surplus + share.reversal_won for share in shares)
    if requested > available or not requested:
        yield refuse(Code.REFUND_EXCEEDS_CAPTURED, requested=requested, available=available, currency=order.currency)
