"""Whatever was bought, at whatever discounts and taxes: given back piece by piece, it ends at what was paid."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.amounts.taxes import taxed
from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import FeeCollection, Kind, Reason, State
from app.engine.policy.facts import Facts
from app.engine.policy.money_rules import Fees, LostDiscount
from tests.engine.given import (
    NO_FEES,
    RELEASE,
    SYSTEM,
    amounts_of,
    asks,
    delivered,
    facts,
    granted,
    line,
    order,
    pays,
    walked,
)

PRICES = st.integers(0, 30_000)
RATES = st.sampled_from([0, 500, 1_000, 1_900, 2_100])


@st.composite
def lines(draw: st.DrawFn, number: int) -> OrderLine:
    quantity, price = draw(st.integers(1, 4)), draw(PRICES)
    return delivered(
        line(
            str(number),
            quantity=quantity,
            unit_price=price,
            discount=draw(st.integers(0, quantity * price)),
            discountable=draw(st.booleans()),
            tax_rate=draw(RATES),
        )
    )


@st.composite
def bought(draw: st.DrawFn) -> Order:
    """An order of up to three lines, paid in full in two ways."""
    several = [draw(lines(number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    room = sum(line.gross - line.discount for line in several if line.discountable)
    made = order(
        *several,
        discount=draw(st.integers(0, room)),
        discount_minimum=draw(st.none() | st.integers(0, sum(line.gross for line in several))),
        prices_include_tax=draw(st.booleans()),
    )
    made = taxed(made, frozenset(line.line_id for line in several), None)
    whole = paid_for(made)
    points = draw(st.integers(0, whole))
    return replace(
        made,
        payments=(
            Payment(payment_id="points", method="points", captured=points),
            Payment(payment_id="card", method="card", captured=whole - points),
        ),
    )


def paid_for(made: Order) -> int:
    return sum(made.paid_for(line) for line in made.lines)


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    policy = replace(
        NO_FEES,
        lost_discount=draw(st.sampled_from(LostDiscount)),
        fee_collection=draw(st.sampled_from(FeeCollection)),
    )
    return facts(draw(bought()), policy=policy)


@settings(max_examples=300, deadline=None)
@given(now=worlds(), data=st.data())
def test_refunds_piece_by_piece_end_at_exactly_what_was_paid(now: Facts, data: st.DataObject) -> None:
    paid, taxes = paid_for(now.order), sum(line.tax for line in now.order.lines)
    given_back = tax_given_back = 0
    for number in range(20):
        left = {line.line_id: line.untouched for line in now.order.lines if line.untouched}
        if not left:
            break
        line_id = data.draw(st.sampled_from(sorted(left)))
        units = {line_id: data.draw(st.integers(1, left[line_id]))}
        reason = data.draw(st.sampled_from([Reason.CHANGE_OF_MIND, Reason.DEFECTIVE]))
        moved, tax, now = _returned(now, units, reason, f"claim-{number}")
        given_back, tax_given_back = given_back + moved, tax_given_back + tax
    assert given_back == paid
    assert now.order.captured_left == sum(payment.captured for payment in now.order.payments) - sum(
        payment.refunded for payment in now.order.payments
    )
    assert all(line.recharged == 0 for line in now.order.lines)
    if now.policy.lost_discount is LostDiscount.KEEP:
        assert tax_given_back == taxes


def _returned(now: Facts, units: dict[str, int], reason: Reason, name: str) -> tuple[int, int, Facts]:
    """What a return gives back, less what the buyer had to pay for it, and the tax in that."""
    claim, then = walked(now, *granted(Kind.RETURN, units, reason, name))
    amounts = amounts_of(claim)
    assert sum(step.amount for step in amounts.steps) == amounts.total - amounts.buyer_owes
    assert sum(share.amount for share in amounts.shares) == amounts.total
    assert sum(step.tax for step in amounts.steps) == amounts.tax
    if amounts.buyer_owes:
        claim, then = walked(then, pays(amounts.buyer_owes, f"{name}-extra"), _all_paid, claim=claim)
    assert claim.state is State.REFUNDED
    return amounts.total - amounts.buyer_owes, amounts.tax, then


@st.composite
def worlds_with_fees(draw: st.DrawFn) -> Facts:
    """Orders that shipped free for what they were worth, or paid for it, and what it costs to give them back."""
    now = draw(worlds())
    fees = Fees(
        outbound=draw(st.integers(1, 5_000)),
        return_=draw(st.integers(0, 5_000)),
        free_shipping_from=draw(st.integers(1, max(1, paid_for(now.order)))),
        restocking_percent=draw(st.sampled_from([0, 0, 15])),
        tax_rate=draw(RATES),
    )
    shipping = draw(st.sampled_from([0, 0, 2_500]))
    paid_too = Payment(payment_id="shipping", method="card", captured=shipping)
    with_shipping = replace(now.order, shipping_charged=shipping, payments=(*now.order.payments, paid_too))
    return facts(with_shipping, policy=replace(now.policy, fees=fees))


@settings(max_examples=300, deadline=None)
@given(now=worlds_with_fees(), data=st.data())
def test_however_debts_end_what_is_left_of_the_payments_is_what_was_kept(now: Facts, data: st.DataObject) -> None:
    """Debts are paid, let off, or come off the refund once its day has passed."""
    price, steps, waive_debt, charged, reason = now.order.price, 0, 0, 0, Reason.DEFECTIVE
    for number in range(20):
        left = {line.line_id: line.untouched for line in now.order.lines if line.untouched}
        if not left:
            break
        line_id = data.draw(st.sampled_from(sorted(left)))
        units = {line_id: data.draw(st.integers(1, left[line_id]))}
        reason = data.draw(st.sampled_from([Reason.CHANGE_OF_MIND, Reason.DEFECTIVE]))
        claim, now = walked(now, *granted(Kind.RETURN, units, reason, f"claim-{number}"))
        if claim.hold is not None:
            ways = [pays(claim.still_owed, f"extra-{number}"), RELEASE]
            ways += [replace(RELEASE, by=SYSTEM)] if claim.hold.ends_at else []
            way = data.draw(st.sampled_from(ways))
            waive_debt += claim.still_owed if way == RELEASE else 0
            charged -= min(claim.still_owed, -_outbound(claim)) if way == RELEASE else 0
            claim, now = walked(now, way, _all_paid, claim=claim)
        assert (claim.state, claim.still_owed) == (State.REFUNDED, 0)
        steps += sum(step.amount for step in amounts_of(claim).steps)
        charged -= _outbound(claim) + amounts_of(claim).amount_of(StepCode.OUTBOUND_RETURNED)
        assert now.order.outbound_charged == charged
        assert now.order.captured_left == price - steps - waive_debt
    assert now.order.captured_left >= 0
    if reason is Reason.DEFECTIVE:
        assert (now.order.outbound_charged, now.order.shipping_refunded) == (0, now.order.shipping_charged)


def _outbound(claim: Claim) -> int:
    return amounts_of(claim).amount_of(StepCode.OUTBOUND_FEE)


def _all_paid(now: Facts) -> Facts:
    return replace(now, refunds_outstanding=0)


@settings(max_examples=200, deadline=None)
@given(now=worlds(), kind=st.sampled_from([Kind.RETURN, Kind.REFUND]), data=st.data())
def test_what_was_promised_when_it_was_asked_for_is_what_is_paid(now: Facts, kind: Kind, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(now.order.lines))
    units = {line.line_id: data.draw(st.integers(1, line.quantity))}
    asked, _ = walked(now, asks(kind, Reason.DEFECTIVE, units))
    promised = refund_breakdown(asked, now.order, now.policy)
    claim, _ = walked(now, *granted(kind, units))
    assert amounts_of(claim) == promised


@settings(max_examples=200, deadline=None)
@given(now=worlds(), unit_price=PRICES, data=st.data())
def test_an_exchange_at_a_price_leaves_the_buyer_with_what_it_costs(
    now: Facts, unit_price: int, data: st.DataObject
) -> None:
    """Given back at once, what was sent brings back all that was paid for it."""
    line = data.draw(st.sampled_from(now.order.lines))
    asked: Any = asks(Kind.EXCHANGE, Reason.DEFECTIVE, {line.line_id: 1})
    replacement = replace(asked.lines[0].replacement, unit_price=unit_price)
    asked = replace(asked, lines=(replace(asked.lines[0], replacement=replacement),))
    claim, then = walked(now, asked, *granted(Kind.RETURN, {line.line_id: 1})[1:-1])
    amounts = amounts_of(claim)
    given_up, carried = claim.lines[0].given_up or 0, claim.lines[0].carried
    assert amounts.total - amounts.buyer_owes == given_up - carried
    assert then.refunds_outstanding == len(amounts.shares)
