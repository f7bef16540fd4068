"""What a claim changes in the money of its order: fees of the buyer, money that waits for a capture, a surplus."""

from app.engine.model.breakdown import RefundBreakdown, StepCode
from app.engine.model.claim import Claim
from app.engine.model.copies import replace
from app.engine.model.effects import ChargeOrder, DeferRefund, Effect, RefundSurplus
from app.engine.model.order import Order


def fee_changes(before: Claim, amounts: RefundBreakdown, after: Claim) -> list[Effect]:
    """The change of the fees that the buyer has borne."""
    earlier = before.amounts.fees_charged(debt_is_paid=before.buyer_payment is not None) if before.amounts else 0
    change = amounts.fees_charged(debt_is_paid=after.buyer_payment is not None) - earlier
    return [ChargeOrder(fees_charged=change)] if change else []


def late_money_changes(before: RefundBreakdown | None, after: RefundBreakdown) -> list[Effect]:
    """The changes of what waits for a capture, and of the surplus that went back."""
    deferred = after.not_captured - (before.not_captured if before else 0)
    surplus = after.amount_of(StepCode.SURPLUS) - (before.amount_of(StepCode.SURPLUS) if before else 0)
    effects: list[Effect] = [DeferRefund(amount=deferred)] if deferred else []
    return [*effects, RefundSurplus(amount=surplus)] if surplus else effects


def without_fixed_amounts(current: Claim, order: Order) -> Order:
    """The order as if this claim had not fixed its amounts: a converted claim fixes them again."""
    if current.amounts is None:
        return order
    surplus = order.surplus_refunded - current.amounts.amount_of(StepCode.SURPLUS)
    return replace(order, not_captured=order.not_captured - current.amounts.not_captured, surplus_refunded=surplus)
