"""What was not captured, or was captured above the price: who waits for it, and when it goes back.

The price minus the captured money is missing. A missing part is missing from the refunds first, because a deposit
stands for what the buyer keeps. What is missing from refunds is owed as soon as it is captured.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import BreakdownStep, RefundBreakdown, StepCode, step
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State
from app.engine.policy.money_rules import Deposit
from app.engine.policy.policy import Policy

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every quote reads this one.
_STANDS = Deposit.STANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class LateMoney:
    """What a claim owes in addition, in minor units."""

    claim_id: str
    captured_later: int = 0
    surplus: int = 0
    reversal_won: int = 0


def surplus(claim: Claim, order: Order) -> tuple[BreakdownStep, ...]:
    """What was captured above the price goes back with the last units of the order."""
    if claim.submission.amount is not None or not _takes_the_rest(claim, order):
        return ()
    above = -order.unpaid - order.surplus_refunded
    return (step(StepCode.SURPLUS, above),) if above > 0 else ()


def _takes_the_rest(claim: Claim, order: Order) -> bool:
    """True if no unit of the order is left to settle after the claim."""
    given_back = {line.line_id: line.payable for line in claim.lines}
    return all(line.quantity - line.units.settled <= given_back.get(line.line_id, 0) for line in order.lines)


def not_captured(whole: int, tax: int, due: int, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """What is missing from a refund: what was not captured, and what the bank or the provider has paid back. `whole`
    and `tax` are the sums before fees and deductions, and `due` is the sum after them.

    For an order without a known payment the cut leaves no debt of the buyer.
    """
    captured = max(0, order.captured_left + order.rounded)
    missing = max(0, order.unpaid - order.not_captured)
    if not missing and whole <= captured:
        return ()
    stands = policy.deposit is _STANDS
    cut = min(max(missing if stands else 0, whole - captured), whole if captured else min(whole, due))
    if cut <= 0:
        return ()
    taken = min(max(0, cut - missing), sum(payment.reversed for payment in order.payments))
    tax_of_all, tax_of_rest = part_of_tax(tax, cut, whole), part_of_tax(tax, cut - taken, whole)
    parts = {StepCode.NOT_CAPTURED: (cut - taken, tax_of_rest), StepCode.REVERSED: (taken, tax_of_all - tax_of_rest)}
    return tuple(step(code, -amount, tax=-tax) for code, (amount, tax) in parts.items() if amount)


_MISSING_BEFORE = {
    StepCode.CAPTURED_LATER: frozenset({StepCode.NOT_CAPTURED, StepCode.CAPTURED_LATER}),
    StepCode.REVERSAL_WON: frozenset({StepCode.REVERSED, StepCode.REVERSAL_WON}),
}


def given_later(before: RefundBreakdown, code: StepCode, amount: int) -> BreakdownStep:
    """The step of money that comes after the decision, with its share of the tax that is missing."""
    missing = [each for each in before.steps if each.code in _MISSING_BEFORE[code]]
    tax = part_of_tax(-sum(each.tax for each in missing), amount, -sum(each.amount for each in missing))
    return step(code, amount, tax=tax)


def late_money(order: Order, claims: Collection[Claim]) -> tuple[LateMoney, ...]:
    """What the payments of an order bring to its claims, the oldest claim first.

    The rest of the price and the debts of the buyer are covered before the claims. A debt that ends with the missing
    part of its own claim does not count. A claim on hold keeps what its refund needs before fees: that sum is compared
    with the captured money again when the hold ends. A surplus goes back when every unit of the order is settled, with
    the last claim that pays money. Reversals have brought back what was neither captured later nor is a surplus, though
    debts may keep both.
    """
    owing = [(claim, claim.amounts) for claim in claims if claim.amounts is not None and may_owe_more(claim)]
    if not owing:
        return ()
    held = [amounts for claim, amounts in owing if claim.hold is not None]
    debts = sum(claim.still_owed for claim in claims) - sum(_debt_of_what_is_missing(amounts) for amounts in held)
    promised = sum(max(0, amounts.before_fees) for amounts in held)
    room = max(0, order.captured_left + order.rounded - promised)
    brought, rest = _later_and_above(order, room, order.unpaid + debts)
    came_back = room - sum(_later_and_above(order, room, order.unpaid))
    last, amounts_of_last = owing[-1]
    if rest and last.hold is not None:
        rest = min(room - brought, rest + _debt_that_a_surplus_ends(amounts_of_last))
    shares = []
    for claim, amounts in owing:
        share, won = min(amounts.not_captured, brought), min(amounts.reversed, came_back)
        over = rest if claim is last else 0
        brought, came_back = brought - share, came_back - won
        if share or over or won:
            late = LateMoney(claim_id=claim.claim_id, captured_later=share, surplus=over, reversal_won=won)
            shares.append(late)
    return tuple(shares)


def may_owe_more(claim: Claim) -> bool:
    """True for a claim in a state from which its refund can grow."""
    return (claim.kind, claim.state) in PAYS_MONEY


def _later_and_above(order: Order, room: int, unpaid: int) -> tuple[int, int]:
    """The parts of the captured money that were missing from claims, and that are above the price."""
    later = max(0, min(room, order.not_captured - max(0, unpaid)))
    is_settled = all(line.units.settled == line.quantity for line in order.lines)
    return later, max(0, min(room - later, -unpaid - order.surplus_refunded)) if is_settled else 0


def _debt_without_fees(amounts: RefundBreakdown) -> int:
    """What a claim on hold waits for, without the fees that are collected separately: a larger refund lowers it."""
    return amounts.buyer_owes - amounts.fees_apart


def _debt_of_what_is_missing(amounts: RefundBreakdown) -> int:
    """The part of that debt that ends when the missing part of the claim's own refund comes."""
    return min(amounts.not_captured, _debt_without_fees(amounts))


def _debt_that_a_surplus_ends(amounts: RefundBreakdown) -> int:
    """The other part of that debt: a claim that gets the surplus pays its own debt from it. Otherwise each turn would
    bring the surplus above what is left of the debt, and the turns would be as many as the debt has units."""
    return _debt_without_fees(amounts) - _debt_of_what_is_missing(amounts)


PAYS_MONEY = frozenset(
    {
        *((kind, state) for kind in (Kind.CANCEL, Kind.REFUND) for state in (State.APPROVED, State.REFUNDED)),
        *((Kind.RETURN, state) for state in (State.ACCEPTED, State.REFUNDED)),
        *((Kind.EXCHANGE, state) for state in (State.ACCEPTED, State.RESHIPPING, State.EXCHANGED, State.EXPIRED)),
    }
)
"""The kinds and states of claims whose amounts are fixed, and which pay money."""
