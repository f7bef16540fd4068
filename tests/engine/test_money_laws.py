"""Any order, with any discounts and taxes: refunds of its pieces sum to the payments."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.amounts.taxes import with_taxes
from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import FeeCollection, Kind, Reason, State
from app.engine.policy.money_rules import Fees, LostDiscount
from tests.engine.commands import BLUE, RELEASE, SYSTEM, pay, request
from tests.engine.orders import NO_FEES, delivered_line, order
from tests.engine.story import Story, full_refund, pay_refunds
from tests.engine.story import given as story_of

PRICES = st.integers(0, 30_000)
RATES = st.sampled_from([0, 500, 1_000, 1_900, 2_100])


@st.composite
def lines(draw: st.DrawFn, number: int) -> OrderLine:
    quantity, price = draw(st.integers(1, 4)), draw(PRICES)
    return delivered_line(
        str(number),
        quantity=quantity,
        unit_price=price,
        discount=draw(st.integers(0, quantity * price)),
        discountable=draw(st.booleans()),
        tax_rate=draw(RATES),
    )


@st.composite
def bought(draw: st.DrawFn) -> Order:
    """An order of up to three lines, paid in full in two ways."""
    several = [draw(lines(number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    room = sum(line.gross - line.discount for line in several if line.discountable)
    purchase = order(
        *several,
        discount=draw(st.integers(0, room)),
        discount_minimum=draw(st.none() | st.integers(0, sum(line.gross for line in several))),
        prices_include_tax=draw(st.booleans()),
    )
    purchase = with_taxes(purchase, frozenset(line.line_id for line in several), None)
    whole = paid_for(purchase)
    points = draw(st.integers(0, whole))
    return replace(
        purchase,
        payments=(
            Payment(payment_id="points", method="points", captured=points),
            Payment(payment_id="card", method="card", captured=whole - points),
        ),
    )


def paid_for(purchase: Order) -> int:
    return sum(purchase.paid_for(line) for line in purchase.lines)


@st.composite
def worlds(draw: st.DrawFn) -> Story:
    policy = replace(
        NO_FEES,
        lost_discount=draw(st.sampled_from(LostDiscount)),
        fee_collection=draw(st.sampled_from(FeeCollection)),
    )
    return story_of(draw(bought()), policy=policy)


@settings(max_examples=300, deadline=None)
@given(story=worlds(), data=st.data())
def test_refunds_piece_by_piece_end_at_exactly_what_was_paid(story: Story, data: st.DataObject) -> None:
    paid, taxes = paid_for(story.order), sum(line.tax for line in story.order.lines)
    refunded = refunded_tax = 0
    for number in range(20):
        left = {line.line_id: line.untouched for line in story.order.lines if line.untouched}
        if not left:
            break
        line_id = data.draw(st.sampled_from(sorted(left)))
        units = {line_id: data.draw(st.integers(1, left[line_id]))}
        reason = data.draw(st.sampled_from([Reason.CHANGE_OF_MIND, Reason.DEFECTIVE]))
        story, amount, tax = _give_back(story, units, reason, f"claim-{number}")
        refunded, refunded_tax = refunded + amount, refunded_tax + tax
    assert refunded == paid
    assert story.order.captured_left == sum(payment.captured for payment in story.order.payments) - sum(
        payment.refunded for payment in story.order.payments
    )
    assert all(line.recharged == 0 for line in story.order.lines)
    if story.facts.policy.lost_discount is LostDiscount.KEEP:
        assert refunded_tax == taxes


def _give_back(story: Story, units: dict[str, int], reason: Reason, name: str) -> tuple[Story, int, int]:
    """The story after a return, what the return gave back less what the buyer had to pay, and the tax in that."""
    story = story.when(*full_refund(Kind.RETURN, units, reason, name))
    amounts = story.amounts
    assert sum(step.amount for step in amounts.steps) == amounts.total - amounts.buyer_owes
    assert sum(share.amount for share in amounts.shares) == amounts.total
    assert sum(step.tax for step in amounts.steps) == amounts.tax
    if amounts.buyer_owes:
        story = story.when(pay(amounts.buyer_owes, f"{name}-extra"), pay_refunds)
    story.then(state=State.REFUNDED)
    return story, amounts.total - amounts.buyer_owes, amounts.tax


@st.composite
def worlds_with_fees(draw: st.DrawFn) -> Story:
    """Orders that shipped free for what they were worth, or paid for it, and what it costs to give them back."""
    story = draw(worlds())
    fees = Fees(
        outbound=draw(st.integers(1, 5_000)),
        return_shipping=draw(st.integers(0, 5_000)),
        free_shipping_from=draw(st.integers(1, max(1, paid_for(story.order)))),
        restocking_percent=draw(st.sampled_from([0, 0, 15])),
        tax_rate=draw(RATES),
    )
    shipping = draw(st.sampled_from([0, 0, 2_500]))
    paid_too = Payment(payment_id="shipping", method="card", captured=shipping)
    with_shipping = replace(story.order, shipping_charged=shipping, payments=(*story.order.payments, paid_too))
    return story_of(with_shipping, policy=replace(story.facts.policy, fees=fees))


@settings(max_examples=300, deadline=None)
@given(story=worlds_with_fees(), data=st.data())
def test_however_debts_end_what_is_left_of_the_payments_is_what_was_kept(story: Story, data: st.DataObject) -> None:
    """Debts are paid, waived, or deducted from the refund after its due day."""
    price, steps, waived, charged, reason = story.order.price, 0, 0, 0, Reason.DEFECTIVE
    for number in range(20):
        left = {line.line_id: line.untouched for line in story.order.lines if line.untouched}
        if not left:
            break
        line_id = data.draw(st.sampled_from(sorted(left)))
        units = {line_id: data.draw(st.integers(1, left[line_id]))}
        reason = data.draw(st.sampled_from([Reason.CHANGE_OF_MIND, Reason.DEFECTIVE]))
        story = story.when(*full_refund(Kind.RETURN, units, reason, f"claim-{number}"))
        if story.claim.hold is not None:
            ways = [pay(story.claim.still_owed, f"extra-{number}"), RELEASE]
            ways += [replace(RELEASE, by=SYSTEM)] if story.claim.hold.ends_at else []
            way = data.draw(st.sampled_from(ways))
            waived += story.claim.still_owed if way == RELEASE else 0
            charged -= min(story.claim.still_owed, -_outbound(story)) if way == RELEASE else 0
            story = story.when(way, pay_refunds)
        assert (story.claim.state, story.claim.still_owed) == (State.REFUNDED, 0)
        steps += sum(step.amount for step in story.amounts.steps)
        charged -= _outbound(story) + story.amounts.amount_of(StepCode.OUTBOUND_RETURNED)
        story.then(outbound_charged=charged, captured_left=price - steps - waived)
    assert story.order.captured_left >= 0
    if reason is Reason.DEFECTIVE:
        assert (story.order.outbound_charged, story.order.shipping_refunded) == (0, story.order.shipping_charged)


def _outbound(story: Story) -> int:
    return story.amounts.amount_of(StepCode.OUTBOUND_FEE)


@settings(max_examples=200, deadline=None)
@given(story=worlds(), kind=st.sampled_from([Kind.RETURN, Kind.REFUND]), data=st.data())
def test_the_refund_is_the_breakdown_of_the_request(story: Story, kind: Kind, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(story.order.lines))
    units = {line.line_id: data.draw(st.integers(1, line.quantity))}
    requested = story.when(request(kind, Reason.DEFECTIVE, units))
    promised = refund_breakdown(requested.claim, story.order, story.facts.policy)
    story.when(*full_refund(kind, units)).then(amounts=promised)


@settings(max_examples=200, deadline=None)
@given(story=worlds(), unit_price=PRICES, data=st.data())
def test_an_exchange_at_a_price_leaves_the_buyer_with_what_it_costs(
    story: Story, unit_price: int, data: st.DataObject
) -> None:
    """A replacement that is returned at once refunds all that was paid for it."""
    line = data.draw(st.sampled_from(story.order.lines))
    exchange = request(Kind.EXCHANGE, Reason.DEFECTIVE, {line.line_id: 1}, replace(BLUE, unit_price=unit_price))
    story = story.when(exchange, *full_refund(Kind.RETURN, {line.line_id: 1})[1:-1])
    amounts = story.amounts
    given_up, carried = story.claim.lines[0].given_up or 0, story.claim.lines[0].carried
    assert amounts.total - amounts.buyer_owes == given_up - carried
    story.then(refunds_outstanding=len(amounts.shares))
