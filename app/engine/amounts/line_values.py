"""The value of units: the amount that the buyer paid for them, minus earlier refunds. All units of a line are equal.
Each running sum is rounded separately, so units that are returned one by one, in any groups, sum to exactly the paid
amount."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.amounts.taxes import part_of_tax, tax_on
from app.engine.model.breakdown import BreakdownStep, StepCode, step
from app.engine.model.claim import Claim, ClaimLine, DeductedAmount
from app.engine.model.claim_lines import pairs
from app.engine.model.money import allocate, portion
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Deduction
from app.engine.policy.money_rules import DeductionRule
from app.engine.policy.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class LineValue:
    """The value of one claimed line in steps, and the value of its replacement."""

    claimed: ClaimLine
    line: OrderLine
    amount: int
    tax: int
    steps: tuple[BreakdownStep, ...]
    carried: int
    carried_tax: int


def line_values(claim: Claim, order: Order) -> tuple[LineValue, ...]:
    """The values of the claimed lines, in the claim's order. After an exchange has fixed values, the fixed values."""
    shares = order.discount_shares() if order.discount else {}
    return tuple(
        [
            _current_value(claimed, line, order, shares)
            if claimed.given_up is None
            else _fixed_value(claimed, line, claimed.given_up)
            for claimed, line in pairs(claim, order)
        ]
    )


def value_by_line(claim: Claim, order: Order) -> dict[str, int]:
    """The value of the claimed units, by line."""
    return {value.line.line_id: value.amount for value in line_values(claim, order)}


def remaining_value(line: OrderLine, order: Order) -> int:
    """The value of the units of a line that were not refunded."""
    settled = line.units.settled
    rest = portion(order.paid_for(line), line.quantity, settled, line.quantity - settled)
    return rest + line.recharged - line.credited


def _fixed_value(claimed: ClaimLine, line: OrderLine, given_up: int) -> LineValue:
    goods = step(
        StepCode.GOODS,
        given_up,
        tax=claimed.given_up_tax,
        line_id=line.line_id,
        quantity=claimed.payable,
    )
    return LineValue(
        claimed=claimed,
        line=line,
        amount=given_up,
        tax=claimed.given_up_tax,
        steps=(goods,),
        carried=claimed.carried,
        carried_tax=claimed.carried_tax,
    )


def _current_value(claimed: ClaimLine, line: OrderLine, order: Order, shares: dict[str, int]) -> LineValue:
    count, settled = claimed.payable, line.units.settled
    paid = order.paid_with(line, shares.get(line.line_id, 0))
    amount = portion(paid, line.quantity, settled, count)
    tax = portion(line.tax, line.quantity, settled, count) if line.tax else 0
    goods = step(StepCode.GOODS, amount, tax=tax, line_id=line.line_id, quantity=count)
    adjusted: tuple[BreakdownStep, ...] = ()
    if line.credited or line.recharged:
        adjusted = tuple(_adjustments(line, count, paid, goods))
        amount += sum(each.amount for each in adjusted)
        tax += sum(each.tax for each in adjusted)
    carried, carried_tax = (
        (amount, tax) if claimed.replacement is None else _replacement_value(claimed, line, order, amount, tax)
    )
    return LineValue(
        claimed=claimed,
        line=line,
        amount=amount,
        tax=tax,
        steps=(goods, *adjusted),
        carried=carried,
        carried_tax=carried_tax,
    )


def _adjustments(line: OrderLine, count: int, paid: int, goods: BreakdownStep) -> Iterator[BreakdownStep]:
    """The earlier credits on these units, and the discount that was charged again for them."""
    changes = {
        StepCode.EARLIER_CREDIT: -_credit_in(line, count, paid),
        StepCode.DISCOUNT_RESTORED: recharge_in(line, count),
    }
    for code, amount in changes.items():
        yield step(code, amount, tax=part_of_tax(goods.tax, amount, goods.amount), line_id=line.line_id)


def _credit_in(line: OrderLine, count: int, paid: int) -> int:
    """The part of the value that was paid back already, while the buyer kept the units. Units without a credit are
    settled first: a credit stays with the units that the buyer keeps, as long as they are worth it."""
    kept = line.quantity - line.units.settled - count
    worth_of_kept = portion(paid, line.quantity, line.units.settled + count, kept)
    worth_of_kept += line.recharged - recharge_in(line, count)
    return max(0, line.credited - worth_of_kept)


def recharge_in(line: OrderLine, count: int) -> int:
    """The share of the next `count` units in the discount that was charged again."""
    return portion(line.recharged, line.quantity - line.units.settled, 0, count)


def _replacement_value(claimed: ClaimLine, line: OrderLine, order: Order, amount: int, tax: int) -> tuple[int, int]:
    """The value and the tax of the replacement: the same as the units', or its own price at the line's tax rate."""
    replacement = claimed.replacement
    if replacement is None or replacement.unit_price is None:
        return amount, tax
    price = replacement.unit_price * claimed.payable
    if order.prices_include_tax:
        return price, part_of_tax(tax, price, amount)
    added = part_of_tax(tax, price, amount - tax) if line.tax_rate is None else tax_on(price, line.tax_rate)
    return price + added, added


def credit_changes(claim: Claim, order: Order) -> dict[str, int]:
    """The change of the credits on units that stay, by line. A partial refund raises them. Settling units with a credit
    lowers them."""
    values = line_values(claim, order)
    if claim.submission.amount is not None:
        parts = allocate(claim.submission.amount, tuple(value.amount for value in values))
        return {value.line.line_id: part for value, part in zip(values, parts, strict=True)}
    return {value.line.line_id: _sum(value, StepCode.EARLIER_CREDIT) for value in values}


def restored_discounts(claim: Claim, order: Order) -> dict[str, int]:
    """The discount that was charged again and is restored now because its units are settled, by line."""
    if claim.submission.amount is not None:
        return {}
    return {value.line.line_id: _sum(value, StepCode.DISCOUNT_RESTORED) for value in line_values(claim, order)}


def _sum(value: LineValue, code: StepCode) -> int:
    return sum(each.amount for each in value.steps if each.code is code)


def deduction_rule(
    policy: Policy, reason: Deduction, claim: Claim, line: OrderLine, order: Order
) -> DeductionRule | None:
    """The rule that allows the deduction from the price of this line. None without a rule."""
    shown = line.records | order.records
    rules = deduction_rules(policy, reason, claim, line)
    return next((rule for rule in rules if rule.records <= shown), None)


def deduction_rules(policy: Policy, reason: Deduction, claim: Claim, line: OrderLine) -> list[DeductionRule]:
    """The rules that allow the deduction if the seller has the records that they require."""
    return [
        rule
        for rule in policy.deductions
        if rule.reason is reason
        and claim.fault in rule.faults
        and claim.reason not in rule.except_reasons
        and (not rule.natures or line.nature in rule.natures)
    ]


def deduction_steps(claim: Claim, values: tuple[LineValue, ...], order: Order, policy: Policy) -> list[BreakdownStep]:
    """A step for each deduction of the inspection and for used parts, each with the rule that allows it."""
    steps: list[BreakdownStep] = []
    if claim.submission.amount is not None:  # an agreed amount has no deductions
        return steps
    for value in values:
        for deducted in _deductions(value):
            rule = deduction_rule(policy, deducted.reason, claim, value.line, order)
            if rule is not None:
                steps.append(_deduction_step(value, deducted, rule))
    return steps


def _deduction_step(value: LineValue, deducted: DeductedAmount, rule: DeductionRule) -> BreakdownStep:
    return step(
        StepCode(deducted.reason.value),
        -deducted.amount,
        tax=-part_of_tax(value.tax, deducted.amount, value.amount),
        line_id=value.line.line_id,
        citation=rule.citation,
    )


def _deductions(value: LineValue) -> tuple[DeductedAmount, ...]:
    if not value.claimed.used_parts:
        return value.claimed.deductions
    used = DeductedAmount(reason=Deduction.USED_PART, amount=used_part(value))
    return (used, *value.claimed.deductions)


def used_part(value: LineValue) -> int:
    """The share of the used parts in the value of the units."""
    return portion(value.amount, value.claimed.payable * value.line.parts, 0, value.claimed.used_parts)


def kept_goods(claim: Claim) -> Iterator[BreakdownStep]:
    """The buyer has these goods and their replacement. For goods that came back, only a difference in price remains."""
    for line in claim.lines:
        yield from _difference_of_what_came(line)
        out = line.quantity - line.received
        kept = portion(line.carried, line.quantity, line.received, out)
        tax = portion(line.carried_tax, line.quantity, line.received, out)
        yield step(StepCode.KEPT_GOODS, -kept, tax=-tax, line_id=line.line_id, quantity=out)


def _difference_of_what_came(line: ClaimLine) -> Iterator[BreakdownStep]:
    if line.given_up is None or line.replacement is None or line.replacement.unit_price is None:
        return
    came = line.received
    for code, sign, amount, tax in (
        (StepCode.GOODS, 1, line.given_up, line.given_up_tax),
        (StepCode.REPLACEMENT, -1, line.carried, line.carried_tax),
    ):
        yield step(
            code,
            sign * portion(amount, line.quantity, 0, came),
            tax=sign * portion(tax, line.quantity, 0, came),
            line_id=line.line_id,
            quantity=came,
        )
