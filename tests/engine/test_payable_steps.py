"""Refunds in whole steps of a payment, such as whole dollars: they are rounded one by one, and sum to what was paid."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.model.breakdown import StepCode
from app.engine.model.money import in_steps
from app.engine.model.order import Order, Payment
from app.engine.model.vocabulary import FeeCollection, Kind, Reason, State
from app.engine.policy.money_rules import Fees
from app.engine.policy.policy import Policy
from tests.engine.commands import RELEASE, SYSTEM, pay
from tests.engine.orders import NO_FEES, delivered_line, order
from tests.engine.story import Story, full_refund, pay_refunds
from tests.engine.story import given as story_of


def paid_in_steps(step: int, captured: int, quantity: int, unit_price: int, discount: int = 0) -> Order:
    purchase = order(delivered_line(quantity=quantity, unit_price=unit_price), discount=discount)
    payment = Payment(payment_id="card", method="card", captured=captured, payable_step=step)
    return replace(purchase, payments=(payment,))


def give_back(story: Story, units: int, number: int = 1) -> Story:
    return story.when(*full_refund(Kind.RETURN, {"1": units}, Reason.CHANGE_OF_MIND, f"claim-{number}"))


@pytest.mark.parametrize(
    ("purchase", "groups", "totals"),
    [
        (paid_in_steps(100, 20_000, 3, 10_000, 10_000), (1, 1, 1), [6_700, 6_600, 6_700]),
        (paid_in_steps(100, 20_000, 3, 10_000, 10_000), (2, 1), [13_300, 6_700]),
        (paid_in_steps(1, 20_000, 3, 10_000, 10_000), (1, 1, 1), [6_667, 6_666, 6_667]),
        (paid_in_steps(10, 10_000, 3, 3_333), (1, 1, 1), [3_330, 3_340, 3_330]),
        (paid_in_steps(5, 200, 1, 198), (1,), [200]),
        (paid_in_steps(5, 200, 2, 99), (1, 1), [100, 100]),
        (paid_in_steps(5, 190, 2, 96), (1, 1), [95, 95]),
        (paid_in_steps(100, 10, 2, 5), (1, 1), [0, 10]),
        (paid_in_steps(100, 15_050, 1, 15_050), (1,), [15_050]),
    ],
    ids=[
        "TWD 3 x 100.00 less 100.00 in whole dollars",
        "two at once",
        "no step",
        "KWD 9.999 and tens of fils",
        "cash rounded up",
        "cash rounded up, one by one",
        "cash rounded down, one by one",
        "a step above the price",
        "the whole payment goes back as it was captured",
    ],
)
def test_each_running_sum_is_rounded_to_whole_steps(
    purchase: Order, groups: tuple[int, ...], totals: list[int]
) -> None:
    story, given_back = story_of(purchase, policy=NO_FEES), []
    for number, units in enumerate(groups):
        story = give_back(story, units, number)
        amounts = story.amounts
        assert sum(each.amount for each in amounts.steps) == amounts.total == sum(s.amount for s in amounts.shares)
        given_back.append(amounts.total)
        story.then(state=State.REFUNDED)
    assert (given_back, story.order.captured_left) == (totals, 0)


def test_the_breakdown_says_what_was_rounded_and_the_order_keeps_it() -> None:
    story = give_back(story_of(paid_in_steps(100, 20_000, 3, 10_000, 10_000), policy=NO_FEES), 1)
    assert [(each.code, each.amount) for each in story.amounts.steps] == [
        (StepCode.GOODS, 6_667),
        (StepCode.ROUNDING, 33),
    ]
    assert story.order.rounded == 33


def test_only_the_payment_with_a_step_is_rounded() -> None:
    """Points first and exactly, then the card in whole dollars."""
    purchase = replace(
        paid_in_steps(100, 0, 3, 10_000, 10_000),
        payments=(
            Payment(payment_id="points", method="points", captured=5_050),
            Payment(payment_id="card", method="card", captured=14_950, payable_step=100),
        ),
    )
    points_first = replace(NO_FEES, refund_order=("points", "card"))
    story, shares = story_of(purchase, policy=points_first), []
    for number in range(3):
        story = give_back(story, 1, number)
        shares.append({share.payment_id: share.amount for share in story.amounts.shares})
    assert shares == [{"points": 5_050, "card": 1_600}, {"card": 6_700}, {"card": 6_650}]


def test_a_refund_that_waited_for_a_fee_is_rounded_when_it_is_paid() -> None:
    """The fee is paid apart. Another claim was rounded in the meantime."""
    policy = replace(NO_FEES, fees=Fees(return_shipping=2_500), fee_collection=FeeCollection.EXTRA_PAYMENT)
    story = give_back(story_of(paid_in_steps(100, 20_000, 3, 10_000, 10_000), policy=policy), 1, 1)
    waiting = story.claim
    assert (waiting.amounts and waiting.amounts.total, story.order.rounded) == (6_700, 0)
    other = give_back(story, 1, 2)
    other = other.when(pay(2_500, "fee-2"), pay_refunds)
    assert [share.amount for share in other.amounts.shares] == [6_700]
    paid = other.with_claim(waiting).when(pay(2_500, "fee-1"), pay_refunds)
    assert [share.amount for share in paid.amounts.shares] == [6_600]
    assert paid.order.rounded == -33


@st.composite
def purchases(draw: st.DrawFn) -> Order:
    """Paid by points and then in steps, rounded as cash is."""
    step, quantity = draw(st.sampled_from([1, 5, 10, 100, 1_000])), draw(st.integers(1, 5))
    price = draw(st.integers(1, 30_000))
    discount = draw(st.integers(0, quantity * price))
    whole = quantity * price - discount
    points = draw(st.integers(0, whole))
    in_cash = in_steps(whole - points, step)
    return replace(
        paid_in_steps(1, 0, quantity, price, discount),
        payments=(
            Payment(payment_id="points", method="points", captured=points),
            Payment(payment_id="cash", method="cash", captured=in_cash, payable_step=step),
        ),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return replace(
        NO_FEES,
        refund_order=("points", "cash"),
        fees=Fees(return_shipping=draw(st.sampled_from([0, 0, 333]))),
        fee_collection=draw(st.sampled_from(FeeCollection)),
    )


@settings(max_examples=300, deadline=None)
@given(purchase=purchases(), policy=policies(), data=st.data())
def test_however_an_order_comes_back_refunds_and_kept_fees_sum_to_what_was_captured(
    purchase: Order, policy: Policy, data: st.DataObject
) -> None:
    story = story_of(purchase, policy=policy)
    step = purchase.payments[1].payable_step
    for number in range(purchase.lines[0].quantity):
        if not (left := story.order.lines[0].untouched):
            break
        before = story.order
        story = give_back(story, data.draw(st.integers(1, left)), number)
        if story.claim.hold is not None:
            automatic = [replace(RELEASE, by=SYSTEM)] if story.claim.hold.ends_at else []
            ways = [pay(story.claim.still_owed, f"extra-{number}"), *automatic]
            story = story.when(data.draw(st.sampled_from(ways)), pay_refunds)
        amounts = story.amounts
        assert sum(each.amount for each in amounts.steps) == amounts.total - amounts.buyer_owes
        assert sum(share.amount for share in amounts.shares) == amounts.total
        for share in amounts.shares:
            payment = before.payment(share.payment_id)
            assert payment is None or share.amount == payment.left or share.amount % payment.payable_step == 0
        assert abs(story.order.rounded) < max(2, step)
    assert story.order.captured_left >= 0
    if not policy.fees.return_shipping:
        assert story.order.captured_left == 0
