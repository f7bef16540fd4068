"""What an approval can give besides the approval: the goods stay with the buyer, or the way back costs nothing."""

from collections.abc import Iterable

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim
from app.engine.model.commands import Approve
from app.engine.model.copies import replace
from app.engine.model.effects import Effect
from app.engine.model.vocabulary import Kind
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.steps import reassess, take_over_return_shipping

_OF_THE_WAY_OUT = (StepCode.SHIPPING, StepCode.STANDARD_SHIPPING, StepCode.OUTBOUND_RETURNED)


def leave_the_goods(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The claim pays for goods that stay, and gives back the shipping that the return would have given back: no buyer
    gets less because nothing is collected."""
    amounts = refund_breakdown(current, context.facts.order, context.facts.policy)
    shipping = sum(amounts.amount_of(code) for code in _OF_THE_WAY_OUT)
    submission = replace(current.submission, shipping=shipping)
    return reassess(replace(current, kind=Kind.REFUND, submission=submission), context)


def waive_return_fee(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    command = context.command
    if not isinstance(command, Approve) or not command.waive_fee:
        return current, ()
    taken_over, _ = take_over_return_shipping(current, context)
    return reassess(taken_over, context)
