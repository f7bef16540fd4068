"""The steps about money: an amount is fixed, paid out, or held until the buyer has paid."""

from collections.abc import Iterable, Mapping

from app.engine.amounts.line_values import (
    credit_changes,
    line_values,
    remaining_value,
    restored_discounts,
    value_by_line,
)
from app.engine.amounts.parcel_fees import with_fee_carrier
from app.engine.amounts.refund_breakdown import (
    kept_goods_breakdown,
    refund_breakdown,
    split_again,
    total_steps,
)
from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import RefundBreakdown, StepCode
from app.engine.model.claim import BuyerPayment, Claim, ClaimLine, Deadlines, Hold
from app.engine.model.commands import ConfirmPayment
from app.engine.model.copies import replace
from app.engine.model.effects import (
    ChargeOrder,
    CreateRefund,
    CreditLine,
    Effect,
    RechargeLine,
    TakePayment,
    UnitStatus,
)
from app.engine.model.money import allocate
from app.engine.model.order import Order
from app.engine.model.vocabulary import FeeCollection, HoldReason, Kind
from app.engine.policy.deadlines import refund_due_on
from app.engine.policy.policy import Policy
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.ledger import apply_effects
from app.engine.transitions.order_money import fee_changes, late_money_changes, without_fixed_amounts
from app.engine.transitions.steps import accepted_offer, move, replacement_lines


def carry_value(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Fix the value of the replacement: the value of its units now, before they are settled."""
    order = context.facts.order
    lines = tuple(
        replace(
            value.claimed,
            given_up=value.amount,
            given_up_tax=value.tax,
            carried=value.carried,
            carried_tax=value.carried_tax,
        )
        for value in line_values(current, order)
    )
    return replace(current, lines=lines), _credits(current, context)


def owe_refund(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Fix the refund, its payments and its due day. If the buyer owes something, the buyer pays first. A refund of
    nothing has no due day."""
    current = with_fee_carrier(current, context.facts)
    amounts = refund_breakdown(current, without_fixed_amounts(current, context.facts.order), context.facts.policy)
    deadlines = _with_due_day(current, context) if amounts.total else current.deadlines
    owing = replace(current, amounts=amounts, deadlines=deadlines)
    effects = [*_credits(current, context), *_recharges(_covered_discounts(amounts))]
    charge = ChargeOrder(
        shipping_refunded=amounts.amount_of(StepCode.SHIPPING) + amounts.amount_of(StepCode.STANDARD_SHIPPING),
        outbound_charged=-amounts.amount_of(StepCode.OUTBOUND_FEE) - amounts.amount_of(StepCode.OUTBOUND_RETURNED),
    )
    if charge.shipping_refunded or charge.outbound_charged:
        effects.append(charge)
    return pay_or_hold(owing, amounts, context, effects)


def settle_exchange(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """An exchange refunds at most a price difference, and a repair nothing. The buyer may owe a price difference or the
    fee."""
    current = with_fee_carrier(current, context.facts)
    amounts = refund_breakdown(current, without_fixed_amounts(current, context.facts.order), context.facts.policy)
    return _settle(current, amounts, context)


def settle_converted_exchange(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The same for an exchange that takes the place of a repair. The fee of the repair is settled, and there is no
    second one."""
    order = without_fixed_amounts(current, context.facts.order)
    amounts = refund_breakdown(current, order, context.facts.policy)
    others = (step for step in amounts.steps if step.code not in _SETTLED_WITH_THE_REPAIR)
    return _settle(current, total_steps(others, order, context.facts.policy), context)


_SETTLED_WITH_THE_REPAIR = (StepCode.EXCHANGE_FEE, StepCode.REPLACEMENT_FEE, StepCode.NOT_CAPTURED)


def _settle(
    current: Claim, amounts: RefundBreakdown, context: DecisionContext
) -> tuple[Claim, Iterable[Effect]]:  # fmt: skip
    deadlines = _with_due_day(current, context) if amounts.total else current.deadlines
    return pay_or_hold(replace(current, amounts=amounts, deadlines=deadlines), amounts, context, [])


def _with_due_day(current: Claim, context: DecisionContext) -> Deadlines:
    """A repair owes no refund before it is converted, however long ago the goods came back."""
    not_before = context.facts.now if context.before.kind is Kind.REPAIR else None
    due_on = refund_due_on(current, context.facts, not_before=not_before)
    due_by = context.facts.calendar.end_of(due_on) if due_on else None
    return replace(current.deadlines, refund_due_on=due_on, refund_due_by=due_by)


def pay_or_hold(
    current: Claim, amounts: RefundBreakdown, context: DecisionContext, effects: list[Effect]
) -> tuple[Claim, Iterable[Effect]]:  # fmt: skip
    """Pay the refund at once, unless the buyer owes something: then the claim is on hold. The hold ends on the due day
    of a refund that covers the debt."""
    before = context.before
    effects = [*effects, *late_money_changes(before.amounts, amounts), *fee_changes(before, amounts, current)]
    if amounts.buyer_owes:
        ends_at = current.deadlines.refund_due_by if amounts.total > amounts.buyer_owes else None
        hold = Hold(reason=_fee_hold(current, amounts), held_at=context.facts.now, ends_at=ends_at)
        return replace(current, hold=hold), effects
    return current, [*effects, *_refunds(amounts)]


def _refunds(amounts: RefundBreakdown) -> Iterable[Effect]:
    rounded = amounts.amount_of(StepCode.ROUNDING)
    evened_out = [ChargeOrder(rounded=rounded)] if rounded else []
    return [*evened_out, *(CreateRefund(share=share) for share in amounts.shares)]


def _fee_hold(claim: Claim, amounts: RefundBreakdown) -> HoldReason:
    if claim.kind is Kind.REPAIR:
        return HoldReason.EXTRA_FEE_UNPAID
    exchange_fees = amounts.amount_of(StepCode.EXCHANGE_FEE) + amounts.amount_of(StepCode.REPLACEMENT_FEE)
    if amounts.buyer_owes <= -exchange_fees:
        return HoldReason.EXCHANGE_FEE_UNPAID
    is_for_return = claim.kind is Kind.RETURN and amounts.amount_of(StepCode.RETURN_FEE)
    return HoldReason.RETURN_FEE_UNPAID if is_for_return else HoldReason.EXTRA_FEE_UNPAID


def take_payment(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The buyer's payment becomes a payment of the order, and settles only this debt."""
    command = context.command
    if not isinstance(command, ConfirmPayment):
        raise TypeError("only a ConfirmPayment brings a payment")
    payment = BuyerPayment(
        payment_id=command.payment_id,
        method=command.method,
        amount=command.amount,
        paid_at=command.paid_at or context.facts.now,
    )
    effect = TakePayment(
        payment_id=payment.payment_id, method=payment.method, amount=payment.amount, settles=current.claim_id
    )
    paid = replace(current, buyer_payment=payment, hold=None)
    return paid, [
        effect,
        *(fee_changes(current, current.amounts, paid) if current.amounts else ()),
        *_recharges(_uncovered_discounts(current.amounts)),
    ]


def pay_out(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Pay the refund that waited for the buyer's payment, split over the unrefunded payments now."""
    if current.amounts is None:
        return current, ()
    amounts = split_again(current.amounts, context.facts.order, context.facts.policy)
    return replace(current, amounts=amounts), [*late_money_changes(current.amounts, amounts), *_refunds(amounts)]


def deduct_unpaid_fee(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Deduct the unpaid fee from the refund, because its day has passed."""
    amounts = total_steps(
        current.amounts.steps if current.amounts else (), context.facts.order, _with_deducted_fees(context.facts.policy)
    )
    if amounts.buyer_owes:  # the unrefunded payments are too small, so nothing is deducted
        return replace(current, hold=context.before.hold and replace(context.before.hold, ends_at=None)), ()
    charged = fee_changes(context.before, amounts, current)
    return replace(current, amounts=amounts), [
        *charged,
        *late_money_changes(current.amounts, amounts),
        *_refunds(amounts),
    ]


def _with_deducted_fees(policy: Policy) -> Policy:
    return replace(policy, fee_collection=FeeCollection.DEDUCT)


def waive_debt(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """If the price of a replacement is waived, the replacement is worth no more than the returned goods. Waived
    outbound shipping was not charged."""
    owed = current.amounts.buyer_owes if current.amounts else 0
    outbound = min(owed, -current.amounts.amount_of(StepCode.OUTBOUND_FEE)) if current.amounts else 0
    not_charged = [ChargeOrder(outbound_charged=-outbound)] if outbound else []
    dearer = {line.line_id: max(0, line.carried - (line.given_up or 0)) for line in current.lines}
    cheaper = sum(max(0, (line.given_up or 0) - line.carried) for line in current.lines)
    unpaid = min(owed, max(0, sum(dearer.values()) - cheaper))
    parts = dict(zip(dearer, allocate(unpaid, tuple(dearer.values())), strict=True))
    if current.reshipped:
        return current, _credits_of_what_was_sent(current, parts, context.facts.order)
    lines = tuple(_reduce_carried(line, parts[line.line_id]) for line in current.lines)
    return replace(current, lines=lines), not_charged


def _credits_of_what_was_sent(claim: Claim, parts: Mapping[str, int], order: Order) -> list[CreditLine]:
    """At most the present value of the replacement: a part of its value may be refunded already."""
    sent = [(order.line(line_id), parts[line.line_id]) for line_id, line in replacement_lines(claim)]
    shares = order.discount_shares()
    worth_less = [(line.line_id, min(part, remaining_value(line, order, shares))) for line, part in sent if line]
    return [CreditLine(line_id=line_id, amount=amount) for line_id, amount in worth_less if amount > 0]


def _reduce_carried(line: ClaimLine, by: int) -> ClaimLine:
    tax = part_of_tax(line.carried_tax, line.carried - by, line.carried)
    return replace(line, carried=line.carried - by, carried_tax=tax) if by else line


def pay_instead(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Pay for the accepted goods as in a return, because their replacement cannot be sent."""
    moved = [
        move(line.line_id, line.payable, UnitStatus.EXCHANGED, UnitStatus.RETURNED)
        for line in current.lines
        if line.payable
    ]
    taken_back = [replace(each, target=UnitStatus.UNTOUCHED) for each in moved]
    before_them = apply_effects(context.facts, taken_back)  # as in a return, where no unit is settled yet
    as_return = DecisionContext(context.before, context.amended, context.command, before_them, context.assessment)
    owing, effects = owe_refund(replace(current, kind=Kind.RETURN), as_return)
    return owing, [*moved, *effects]


def charge_unreturned_goods(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The replacement was sent first and the goods did not come back. The buyer has both and owes for the goods."""
    amounts = kept_goods_breakdown(current, context.facts.order, context.facts.policy)
    deadlines = _with_due_day(current, context) if amounts.total else current.deadlines
    return replace(current, amounts=amounts, deadlines=deadlines), [
        *late_money_changes(current.amounts, amounts),
        *_refunds(amounts),
    ]


def credit_what_was_granted(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Store credit refunds the price of the goods. The price must not be refunded a second time."""
    values = value_by_line(current, context.facts.order)
    amount = min(accepted_offer(context).amount or 0, sum(values.values()))
    parts = zip(values, allocate(amount, tuple(values.values())), strict=True)
    return current, [CreditLine(line_id=line_id, amount=part) for line_id, part in parts if part]


def _credits(current: Claim, context: DecisionContext) -> list[Effect]:
    order = context.facts.order
    credited, given_back = credit_changes(current, order), restored_discounts(current, order)
    return [
        *(CreditLine(line_id=line_id, amount=amount) for line_id, amount in credited.items() if amount),
        *(RechargeLine(line_id=line_id, amount=-amount) for line_id, amount in given_back.items() if amount),
    ]


def _recharges(lost: Mapping[str, int]) -> list[Effect]:
    return [RechargeLine(line_id=line_id, amount=amount) for line_id, amount in lost.items() if amount]


def _lost_discounts(amounts: RefundBreakdown) -> dict[str, int]:
    """The part of the order's discount that is charged again, by line."""
    return {
        step.line_id: -step.amount
        for step in amounts.steps
        if step.code is StepCode.DISCOUNT_LOST and step.line_id is not None
    }


def _covered_discounts(amounts: RefundBreakdown) -> dict[str, int]:
    """The part of the lost discount that the refund covers. The rest is charged when the buyer pays it, or never."""
    lost = _lost_discounts(amounts)
    whole = sum(lost.values())
    missing = min(whole, amounts.buyer_owes - amounts.fees_apart)
    return dict(zip(lost, allocate(whole - missing, tuple(lost.values())), strict=True))


def _uncovered_discounts(amounts: RefundBreakdown | None) -> dict[str, int]:
    if amounts is None:
        return {}
    covered = _covered_discounts(amounts)
    return {line_id: amount - covered[line_id] for line_id, amount in _lost_discounts(amounts).items()}
