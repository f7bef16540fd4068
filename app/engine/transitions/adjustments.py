"""The steps of a claim whose fixed amounts change, because the payments of its order have changed."""

from collections.abc import Iterable

from app.engine.amounts.captures import given_later
from app.engine.amounts.refund_breakdown import merge_shares, split_over_payments, total_steps
from app.engine.amounts.tax_free import split_tax_free, tax_free_of, with_tax_free
from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import BreakdownStep, PaymentShare, RefundBreakdown, StepCode, step
from app.engine.model.claim import Claim
from app.engine.model.commands import AdjustRefund
from app.engine.model.copies import replace
from app.engine.model.effects import ChargeOrder, CreateRefund, Effect, VoidRefund
from app.engine.model.order import Order
from app.engine.policy.deadlines import refund_due_on
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.ledger import apply_effects
from app.engine.transitions.order_money import late_money_changes
from app.engine.transitions.settlement import pay_or_hold


def adjust_refund(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The claim owes more. A claim on hold is settled again: the money may cover what the buyer owes."""
    command, before = context.command, current.amounts
    if not isinstance(command, AdjustRefund) or before is None:
        raise TypeError("an AdjustRefund changes fixed amounts")
    added = _added_steps(before, command)
    if current.hold is not None:
        order = _with_added(context.facts.order, command)
        amounts = total_steps((*before.steps, *added), order, context.facts.policy)
        return pay_or_hold(replace(current, hold=None, amounts=amounts), amounts, context, [])
    if command.voided:
        return _owe_what_is_left(current, before, command.voided, context)
    order, owed = context.facts.order, sum(each.amount for each in added)
    shares = split_over_payments(owed - order.rounded, order, context.facts.policy)
    paid = sum(share.amount for share in shares)
    rounding = (step(StepCode.ROUNDING, paid - owed),) if paid != owed else ()
    steps = (*before.steps, *added, *rounding)
    shares = with_tax_free(shares, steps, order, given=tax_free_of(before.shares))
    amounts = replace(
        before,
        steps=steps,
        tax=before.tax + sum(each.tax for each in added),
        total=before.total + paid,
        shares=merge_shares(before.shares, shares),
    )
    refunds: list[Effect] = [CreateRefund(share=share) for share in shares]
    evened_out = [ChargeOrder(rounded=paid - owed)] if rounding else []
    effects = [*late_money_changes(before, amounts), *evened_out, *refunds]
    return _due_from_now(replace(current, amounts=amounts), context), effects


def _added_steps(before: RefundBreakdown, command: AdjustRefund) -> tuple[BreakdownStep, ...]:
    later, won, over = command.captured_later, command.reversal_won, command.surplus
    return (
        *((given_later(before, StepCode.CAPTURED_LATER, later),) if later else ()),
        *((given_later(before, StepCode.REVERSAL_WON, won),) if won else ()),
        *((step(StepCode.SURPLUS, over),) if over else ()),
    )


def _owe_what_is_left(
    current: Claim, before: RefundBreakdown, voided: tuple[PaymentShare, ...], context: DecisionContext
) -> tuple[Claim, Iterable[Effect]]:  # fmt: skip
    """Of the refunds that have ended, the claim owes again what is left of the payments. Its due day stays."""
    ended: list[Effect] = [VoidRefund(share=share) for share in voided]
    order = apply_effects(context.facts, ended).order
    whole = sum(share.amount for share in voided)
    shares = split_over_payments(min(whole, order.captured_left), order, context.facts.policy)
    owed = sum(share.amount for share in shares)
    shares = split_tax_free(shares, part_of_tax(tax_free_of(voided), owed, whole), order)
    taken = whole - owed
    tax = part_of_tax(before.tax, taken, before.total)
    cut = (step(StepCode.REVERSED, -taken, tax=-tax),) if taken else ()
    amounts = replace(
        before,
        steps=(*before.steps, *cut),
        tax=before.tax - (tax if taken else 0),
        total=before.total - taken,
        shares=merge_shares(before.shares, (*(_taken_back(each) for each in voided), *shares)),
    )
    return replace(current, amounts=amounts), [*ended, *(CreateRefund(share=share) for share in shares)]


def _taken_back(share: PaymentShare) -> PaymentShare:
    return replace(share, amount=-share.amount, tax_free=-share.tax_free)


def _with_added(order: Order, command: AdjustRefund) -> Order:
    """The order after the added steps, so that they are not cut again."""
    return replace(
        order,
        not_captured=order.not_captured - command.captured_later,
        surplus_refunded=order.surplus_refunded + command.surplus,
    )


def _due_from_now(claim: Claim, context: DecisionContext) -> Claim:
    """The time for the added refund begins when its money was captured."""
    due_on = refund_due_on(claim, context.facts, not_before=context.facts.now)
    due_by = context.facts.calendar.end_of(due_on) if due_on else None
    return replace(claim, deadlines=replace(claim.deadlines, refund_due_on=due_on, refund_due_by=due_by))
