"""The value of units: the amount that the buyer paid for them, minus earlier refunds. All units of a line are equal.
Each running sum is rounded separately, so units that are returned one by one, in any groups, sum to exactly the paid
amount."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.engine.amounts.taxes import part_of_tax, tax_on
from app.engine.model.breakdown import BreakdownStep, StepCode, step
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.claim_lines import pairs
from app.engine.model.copies import replace
from app.engine.model.money import allocate, portion
from app.engine.model.order import Order, OrderLine

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_GOODS = StepCode.GOODS


class LineValue(NamedTuple):
    """The value of one claimed line in steps, and the value of its replacement. A tuple, because every quote makes one
    for each line, and a frozen dataclass would take twice as long."""

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


def value_of_units(line: OrderLine, count: int, order: Order) -> tuple[int, int]:
    """The value of the next units of a line, with tax, and the tax in it."""
    shares = order.discount_shares() if order.discount else {}
    value = _current_value(ClaimLine(line_id=line.line_id, quantity=count), line, order, shares)
    return value.amount, value.tax


def value_by_line(claim: Claim, order: Order) -> dict[str, int]:
    """The value of the claimed units, by line."""
    return {value.line.line_id: value.amount for value in line_values(claim, order)}


def remaining_value(line: OrderLine, order: Order, shares: Mapping[str, int]) -> int:
    """The value of the units of a line that were not refunded. `shares` are those of the order's discount."""
    settled = line.units.settled
    rest = portion(order.paid_with(line, shares[line.line_id]), line.quantity, settled, line.quantity - settled)
    return rest + line.recharged - line.credited


def _fixed_value(claimed: ClaimLine, line: OrderLine, given_up: int) -> LineValue:
    goods = step(
        _GOODS,
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
    settled = line.units.settled
    count = min(claimed.payable, line.quantity - settled)  # goodwill holds no units, and these may be settled meanwhile
    paid = order.paid_with(line, shares.get(line.line_id, 0))
    amount = portion(paid, line.quantity, settled, count)
    tax = portion(line.tax, line.quantity, settled, count) if line.tax else 0
    goods = step(_GOODS, amount, tax=tax, line_id=line.line_id, quantity=count)
    adjusted: tuple[BreakdownStep, ...] = ()
    if line.credited or line.recharged:
        adjusted = tuple(_adjustments(line, count, paid, goods))
        amount += sum(each.amount for each in adjusted)
        tax += sum(each.tax for each in adjusted)
    carried, carried_tax = (  # without a price of its own, the replacement is worth the same
        (amount, tax)
        if claimed.replacement is None or claimed.replacement.unit_price is None
        else _price_of(claimed.replacement.unit_price * claimed.payable, line, order, amount, tax)
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


def _price_of(price: int, line: OrderLine, order: Order, amount: int, tax: int) -> tuple[int, int]:
    """The value and the tax of a replacement at a price of its own, at the line's tax rate."""
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


def with_lines(claim: Claim, lines: Iterable[ClaimLine], order: Order) -> Claim:
    """The claim with only these of its lines. Of an amount below the full value, only their shares are left."""
    remaining = tuple(lines)
    submission = claim.submission
    if submission.amount is not None:
        shares = credit_changes(claim, order)
        submission = replace(submission, amount=sum(shares[line.line_id] for line in remaining))
    return replace(claim, lines=remaining, submission=submission)


def restored_discounts(claim: Claim, order: Order) -> dict[str, int]:
    """The discount that was charged again and is restored now because its units are settled, by line."""
    if claim.submission.amount is not None:
        return {}
    return {value.line.line_id: _sum(value, StepCode.DISCOUNT_RESTORED) for value in line_values(claim, order)}


def _sum(value: LineValue, code: StepCode) -> int:
    return sum(each.amount for each in value.steps if each.code is code)


def kept_goods(claim: Claim, order: Order) -> Iterator[BreakdownStep]:
    """The buyer has these goods and their replacement. For goods that came back, only a difference in price remains."""
    for line, ordered in pairs(claim, order):
        came = line.received if ordered.comes_back else line.quantity
        yield from _difference_of_what_came(line, came)
        out = line.quantity - came
        kept = portion(line.carried, line.quantity, came, out)
        tax = portion(line.carried_tax, line.quantity, came, out)
        yield step(StepCode.KEPT_GOODS, -kept, tax=-tax, line_id=line.line_id, quantity=out)


def _difference_of_what_came(line: ClaimLine, came: int) -> Iterator[BreakdownStep]:
    if line.given_up is None or line.replacement is None or line.replacement.unit_price is None:
        return
    for code, sign, amount, tax in (
        (_GOODS, 1, line.given_up, line.given_up_tax),
        (StepCode.REPLACEMENT, -1, line.carried, line.carried_tax),
    ):
        yield step(
            code,
            sign * portion(amount, line.quantity, 0, came),
            tax=sign * portion(tax, line.quantity, 0, came),
            line_id=line.line_id,
            quantity=came,
        )
