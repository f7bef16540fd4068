"""Several claims of one order in one parcel: one fee for the way back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import standing_of
from app.engine.amounts.parcel_fees import parcel_fee
from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Tracking
from app.engine.model.commands import Convert, Dispatch
from app.engine.model.order import Order
from app.engine.model.vocabulary import Condition, FeeCollection, Ground, HoldReason, Kind, Reason, State
from tests.engine.commands import APPROVE, BUYER, DISPATCH, PARCEL, SELLER, inspect, pay, receive, request
from tests.engine.orders import POLICY, delivered_line, order
from tests.engine.story import Story, pay_refunds
from tests.engine.story import given as story_of

RETURN, EXCHANGE = Kind.RETURN, Kind.EXCHANGE
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
OTHER_PARCEL = Tracking(carrier="cj", number="640000000002")
OTHER_CARRIER = Tracking(carrier="hanjin", number=PARCEL.number)


def two_coats() -> Order:
    return order(delivered_line("1", unit_price=60_000), delivered_line("2", unit_price=60_000))


def come_back(
    story: Story, line_id: str, kind: Kind = RETURN, reason: Reason = MIND, parcel: Tracking | None = PARCEL
) -> Story:  # fmt: skip
    """A claim for one line, named after the line. Its fee is among the facts of the claims after it."""
    return accept(send_back(story, line_id, kind, reason, parcel), line_id)


def send_back(
    story: Story, line_id: str, kind: Kind = RETURN, reason: Reason = MIND, parcel: Tracking | None = PARCEL
) -> Story:  # fmt: skip
    units = {line_id: 1}
    sent = Dispatch(by=BUYER, tracking=parcel)
    return story.when(request(kind, reason, units, claim_id=line_id), APPROVE, sent, receive(units))


def accept(story: Story, line_id: str, accepted: int = 1, **inspection: Any) -> Story:
    story = story.when(inspect({line_id: accepted}, **inspection), pay_refunds)
    fee = parcel_fee(story.claim)
    fees = story.facts.parcel_fees if fee is None else (*story.facts.parcel_fees, fee)
    return Story(replace(story.facts, parcel_fees=fees), story.claim)


def test_two_claims_in_one_parcel_cost_what_one_claim_for_both_costs() -> None:
    first = come_back(story_of(two_coats()), "1").then(total=57_000)
    second = come_back(first, "2").then(total=57_000, steps={"goods": 60_000, "outbound_fee": -3_000})
    assert (first.claim.fee_carried_by, second.claim.fee_carried_by) == (None, "1")


@pytest.mark.parametrize("parcel", [OTHER_PARCEL, OTHER_CARRIER, None])
def test_another_parcel_has_a_fee_of_its_own(parcel: Tracking | None) -> None:
    second = come_back(come_back(story_of(two_coats()), "1"), "2", parcel=parcel)
    second.then(total=54_000, steps={"goods": 60_000, "return_fee": -3_000, "outbound_fee": -3_000})
    assert second.claim.fee_carried_by is None


def test_a_claim_without_tracking_carries_no_fee_for_others() -> None:
    second = come_back(come_back(story_of(two_coats()), "1", parcel=None), "2", parcel=None)
    assert second.steps["return_fee"] == -3_000


@pytest.mark.parametrize(
    ("first", "then", "fees", "carried_by"),
    [
        ((RETURN, MIND), (RETURN, BROKEN), {}, None),
        ((RETURN, BROKEN), (RETURN, MIND), {"return_fee": -3_000}, None),
        ((RETURN, MIND), (EXCHANGE, MIND), {"replacement_fee": -3_000}, "1"),
        ((EXCHANGE, MIND), (RETURN, MIND), {}, "1"),
        ((EXCHANGE, MIND), (EXCHANGE, MIND), {"replacement_fee": -3_000}, "1"),
    ],
)
def test_who_carries_the_fee(
    first: tuple[Kind, Reason], then: tuple[Kind, Reason], fees: dict[str, int], carried_by: str | None
) -> None:
    """A claim that the seller pays for carries no fee, and has none that another claim could carry."""
    second = come_back(come_back(story_of(two_coats()), "1", *first), "2", *then)
    charged = {code: amount for code, amount in second.steps.items() if code in WAY_BACK}
    assert (charged, second.claim.fee_carried_by) == (fees, carried_by)


WAY_BACK = {"return_fee", "exchange_fee", "replacement_fee"}


def test_a_third_claim_has_no_fee_either() -> None:
    coats = order(*(delivered_line(number, unit_price=60_000) for number in ("1", "2", "3")))
    third = come_back(come_back(come_back(story_of(coats), "1"), "2", EXCHANGE), "3")
    assert (third.claim.fee_carried_by, third.steps.keys() & WAY_BACK) == ("1", set())


def test_the_fee_of_a_replacement_waits_for_the_buyer_as_the_fee_of_an_exchange() -> None:
    second = come_back(come_back(story_of(two_coats()), "1"), "2", EXCHANGE)
    second.then(buyer_owes=3_000)
    assert second.claim.hold is not None
    assert second.claim.hold.reason is HoldReason.EXCHANGE_FEE_UNPAID


def test_a_fee_that_is_collected_apart_is_carried_too() -> None:
    apart = replace(POLICY, fee_collection=FeeCollection.REMIT)
    first = come_back(story_of(two_coats(), policy=apart), "1").then(total=60_000, buyer_owes=3_000)
    come_back(first, "2").then(total=60_000, buyer_owes=3_000, steps={"goods": 60_000, "outbound_fee": -3_000})


def test_the_projection_has_no_fee_that_another_claim_carries() -> None:
    first = come_back(story_of(two_coats()), "1")
    waiting = send_back(first, "2")
    assert waiting.claim.fee_carried_by is None
    assert standing_of(waiting.claim, waiting.facts).amounts.amount_of(StepCode.RETURN_FEE) == 0
    alone = replace(waiting.facts, parcel_fees=())
    assert standing_of(waiting.claim, alone).amounts.amount_of(StepCode.RETURN_FEE) == -3_000


def test_a_claim_that_was_rejected_carries_no_fee() -> None:
    """The next claim that is accepted carries it."""
    units = {"1": 1}
    asked = request(RETURN, MIND, units, claim_id="1")
    sent = story_of(two_coats()).when(asked, APPROVE, DISPATCH, receive(units, Condition.WRONG_ITEM))
    rejected = accept(sent, "1", 0, ground=Ground.NOT_RETURNED, message="A stone came back.")
    rejected.then(state=State.REJECTED)
    come_back(rejected, "2").then(steps={"goods": 60_000, "return_fee": -3_000})


def test_fixed_amounts_stay_when_the_exchange_that_carries_the_fee_becomes_a_return() -> None:
    """Such a return is at the seller's cost. The next claim of the parcel carries the fee."""
    coats = order(*(delivered_line(number, unit_price=60_000) for number in ("1", "2", "3")))
    exchanged = come_back(story_of(coats), "1", EXCHANGE).when(pay(6_000))
    second = come_back(exchanged, "2")
    assert second.claim.fee_carried_by == "1"
    converted = second.with_claim(exchanged.claim).when(Convert(by=SELLER), pay_refunds)
    converted.then(kind=RETURN, steps={"goods": 60_000, "buyer_paid": 6_000})
    assert parcel_fee(converted.claim) is None
    third = come_back(Story(replace(converted.facts, parcel_fees=()), converted.claim), "3")
    third.then(steps={"goods": 60_000, "return_fee": -3_000, "outbound_fee": -3_000})


@settings(max_examples=200, deadline=None)
@given(
    prices=st.lists(st.integers(0, 70_000), min_size=2, max_size=4),
    deducted=st.sampled_from(FeeCollection),
)
def test_any_claims_in_one_parcel_cost_what_one_claim_costs(prices: list[int], deducted: FeeCollection) -> None:
    lines = {str(number): price for number, price in enumerate(prices, 1)}
    bought = order(*(delivered_line(line_id, unit_price=price) for line_id, price in lines.items()))
    policy = replace(POLICY, fee_collection=deducted)
    units = dict.fromkeys(lines, 1)
    whole = story_of(bought, policy=policy).when(request(RETURN, MIND, units), APPROVE, receive(units), inspect(units))
    story, paid = story_of(bought, policy=policy), 0
    for line_id in lines:
        story = come_back(story, line_id)
        paid += story.total - story.buyer_owes
    assert paid == whole.total - whole.buyer_owes
