"""Repairs: the goods come back to the buyer, or another remedy takes the place of the repair."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.commands import AcceptOffer, Convert, MakeOffer, NewReplacement, Request
from app.engine.model.order import Units
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import (
    Alternative,
    Condition,
    CureFailure,
    Deduction,
    FeeCollection,
    Ground,
    HoldReason,
    Kind,
    Nature,
    Reason,
    Record,
    State,
)
from app.engine.policy.deadlines import refund_due_on
from app.engine.policy.rules import Opening
from app.engine.transitions.context import standing_assessment
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    COMPLETE_REPAIR,
    CONFIRM_DELIVERY,
    DISPATCH,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    inspect,
    pay,
    receive,
    request,
)
from tests.engine.orders import NOW, POLICY, delivered_line, order
from tests.engine.story import Step, Story, given, pay_refunds, wait_until

DEFECT = request(Kind.REPAIR, Reason.DEFECTIVE)
BACK = (COMPLETE_REPAIR, RESHIP, CONFIRM_DELIVERY)
LATER = NOW + timedelta(days=12)
BOUGHT = order(delivered_line(quantity=2), payments={"card": 20_000})
BLUE_FOR_ONE = (NewReplacement(line_id="1", replacement=BLUE),)
TO_STATE: dict[State, tuple[Step, ...]] = {
    State.REQUESTED: (),
    State.APPROVED: (APPROVE,),
    State.COLLECTING: (APPROVE, DISPATCH),
    State.RECEIVED: (APPROVE, DISPATCH, receive()),
    State.ACCEPTED: (APPROVE, DISPATCH, receive(), inspect()),
    State.REPAIRED: (APPROVE, DISPATCH, receive(), inspect(), COMPLETE_REPAIR),
}


def to_return(because: CureFailure | None = None) -> Convert:
    return Convert(by=SELLER, because=because)


def to_exchange(because: CureFailure | None = None) -> Convert:
    return Convert(by=SELLER, to=Kind.EXCHANGE, because=because, replacements=BLUE_FOR_ONE)


def repair_in(state: State, asked: Request = DEFECT) -> Story:
    return given(BOUGHT).when(asked, *TO_STATE[state])


def test_repaired_goods_are_free_again_and_their_line_counts_the_repair_and_the_days() -> None:
    story = given(BOUGHT).when(DEFECT, APPROVE, DISPATCH, receive(), inspect())
    story.then(state=State.ACCEPTED, untouched=1, total=0, buyer_owes=0)
    story = story.when(wait_until(LATER), *BACK).then(state=State.SENT_BACK, untouched=2)
    line = story.order.lines[0]
    assert (line.repairs, line.repaired_at, line.cure_days) == (1, LATER, 12)
    assert story.claim.closed_at == LATER


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ((APPROVE, wait_until(NOW + timedelta(days=2)), receive(), inspect()), 10),
        ((APPROVE, wait_until(NOW + timedelta(days=2)), DISPATCH, receive(), inspect()), 10),
        ((APPROVE, DISPATCH, wait_until(NOW + timedelta(days=2)), receive(), inspect()), 12),
    ],
)
def test_the_buyer_waits_from_when_the_goods_left_or_else_from_their_receipt(
    steps: tuple[Step, ...], days: int
) -> None:
    story = given(BOUGHT).when(DEFECT, *steps, wait_until(LATER), *BACK)
    assert story.order.lines[0].cure_days == days


def test_a_second_repair_adds_to_the_first() -> None:
    again = replace(DEFECT, claim_id="second", requested_at=LATER)
    story = given(BOUGHT).when(DEFECT, *TO_STATE[State.ACCEPTED], wait_until(LATER), *BACK)
    much_later = LATER + timedelta(days=3)
    story = story.when(again, *TO_STATE[State.ACCEPTED], wait_until(much_later), *BACK).then(state=State.SENT_BACK)
    line = story.order.lines[0]
    assert (line.repairs, line.repaired_at, line.cure_days) == (2, much_later, 15)


def test_units_that_are_not_repaired_are_free_before_the_repair_ends() -> None:
    both = request(Kind.REPAIR, Reason.DEFECTIVE, {"1": 2})
    refused = inspect({"1": 1}, ground=Ground.NOTHING_WRONG_FOUND, message="One works.")
    story = given(BOUGHT).when(both, APPROVE, receive({"1": 2}), refused)
    story.then(state=State.ACCEPTED, untouched=1)
    story.when(*BACK).then(state=State.SENT_BACK, untouched=2)
    story.when(to_return(), pay_refunds).then(state=State.REFUNDED, total=10_000, untouched=1)


def test_the_buyer_may_fetch_the_repaired_goods() -> None:
    repair_in(State.REPAIRED).when(CONFIRM_DELIVERY).then(state=State.SENT_BACK, untouched=2)


def test_digital_content_is_repaired_without_a_parcel() -> None:
    story = given(order(delivered_line(nature=Nature.DIGITAL))).when(DEFECT, APPROVE).then(state=State.ACCEPTED)
    story.when(COMPLETE_REPAIR, CONFIRM_DELIVERY).then(state=State.SENT_BACK, untouched=1)


def test_goods_are_not_sent_before_they_are_repaired() -> None:
    repair_in(State.ACCEPTED).when(RESHIP).then(refused=[Code.ILLEGAL_TRANSITION])
    repair_in(State.RECEIVED).when(COMPLETE_REPAIR).then(refused=[Code.ILLEGAL_TRANSITION])


def test_a_repair_can_be_retracted_until_the_goods_are_back() -> None:
    repair_in(State.COLLECTING).when(RETRACT).then(state=State.RETRACTED, untouched=2)
    repair_in(State.RECEIVED).when(RETRACT).then(refused=[Code.ILLEGAL_TRANSITION])


# Money


def test_a_repair_at_the_sellers_fault_costs_nothing() -> None:
    repair_in(State.ACCEPTED).then(buyer_owes=0, steps={})


def test_the_buyer_pays_the_way_of_a_repair_at_the_buyers_fault() -> None:
    mind = request(Kind.REPAIR, Reason.CHANGE_OF_MIND)
    story = repair_in(State.ACCEPTED, mind).then(buyer_owes=6_000, steps={"exchange_fee": -6_000})
    assert story.claim.hold is not None
    assert story.claim.hold.reason is HoldReason.EXTRA_FEE_UNPAID
    story.when(COMPLETE_REPAIR).then(refused=[Code.ON_HOLD])
    story.when(pay(6_000), *BACK).then(state=State.SENT_BACK, captured_left=26_000)
    story.when(RELEASE, *BACK).then(state=State.SENT_BACK, captured_left=20_000)


def test_a_paid_fee_is_given_back_with_the_goods_and_not_charged_a_second_time() -> None:
    mind = request(Kind.REPAIR, Reason.CHANGE_OF_MIND)
    paid = repair_in(State.ACCEPTED, mind).when(pay(6_000))
    paid.when(to_exchange()).then(state=State.ACCEPTED, kind=Kind.EXCHANGE, buyer_owes=0, steps={})
    paid.when(to_return()).then(steps={"goods": 10_000, "buyer_paid": 6_000, "return_fee": -3_000}, total=13_000)


def test_nothing_is_deducted_from_a_repair() -> None:
    story = repair_in(State.RECEIVED)
    deducting = inspect(deductions={Deduction.MISSING_PARTS: 500})
    story.when(deducting).then(refused=[Code.DEDUCTION_NOT_ALLOWED])


def test_used_parts_do_not_stop_a_repair() -> None:
    used = replace(DEFECT, lines=(replace(DEFECT.lines[0], used_parts=1),))
    repair_in(State.ACCEPTED, used).when(*BACK).then(state=State.SENT_BACK)


# Another remedy


@pytest.mark.parametrize("state", TO_STATE)
def test_a_repair_becomes_a_return_from_every_state_before_the_goods_leave(state: State) -> None:
    story = repair_in(state).when(to_return(CureFailure.LATE)).then(kind=Kind.RETURN)
    assert story.order.lines[0].records == {Record.CURE_LATE}
    rest: dict[State, tuple[Step, ...]] = {
        State.REQUESTED: (APPROVE, receive(), inspect()),
        State.APPROVED: (receive(), inspect()),
        State.COLLECTING: (receive(), inspect()),
        State.RECEIVED: (inspect(),),
    }
    story = story.when(*rest.get(state, ()), pay_refunds).then(state=State.REFUNDED, total=10_000)
    assert story.order.lines[0].units == Units(returned=1)


@pytest.mark.parametrize("state", TO_STATE)
def test_a_repair_becomes_an_exchange_from_every_state_before_the_goods_leave(state: State) -> None:
    story = repair_in(state).when(to_exchange(CureFailure.REFUSED)).then(kind=Kind.EXCHANGE)
    rest: dict[State, tuple[Step, ...]] = {
        State.REQUESTED: (APPROVE, receive(), inspect()),
        State.APPROVED: (receive(), inspect()),
        State.COLLECTING: (receive(), inspect()),
        State.RECEIVED: (inspect(),),
    }
    story = story.when(*rest.get(state, ()), RESHIP, CONFIRM_DELIVERY).then(state=State.EXCHANGED)
    original, sent = story.order.lines
    assert original.units == Units(exchanged=1)
    assert original.records == sent.records == {Record.CURE_REFUSED}


def test_a_failed_repair_counts_as_a_repair_of_the_line_and_of_its_replacement() -> None:
    story = repair_in(State.REPAIRED).when(wait_until(LATER), to_exchange(CureFailure.FAILED))
    assert (story.order.lines[0].repairs, story.order.lines[0].repaired_at) == (1, None)
    story = story.when(RESHIP, CONFIRM_DELIVERY).then(state=State.EXCHANGED)
    assert (story.order.lines[1].repairs, story.order.lines[1].cure_days) == (1, 12)


@pytest.mark.parametrize("state", [state for state in TO_STATE if state not in (State.ACCEPTED, State.REPAIRED)])
def test_only_a_repair_whose_goods_were_accepted_can_have_failed(state: State) -> None:
    repair_in(state).when(to_return(CureFailure.FAILED)).then(refused=[Code.NOTHING_WAS_REPAIRED])


def test_an_exchange_records_why_it_becomes_a_return_and_cannot_become_itself() -> None:
    exchange = given(BOUGHT).when(request(Kind.EXCHANGE, Reason.DEFECTIVE), APPROVE, receive(), inspect())
    exchange.when(to_return(CureFailure.FAILED)).then(refused=[Code.NOTHING_WAS_REPAIRED])
    exchange.when(to_exchange()).then(refused=[Code.NOTHING_CHANGES])
    late = exchange.when(to_return(CureFailure.LATE)).then(kind=Kind.RETURN, total=10_000)
    assert late.order.lines[0].records == {Record.CURE_LATE}
    assert exchange.when(to_return()).order.lines[0].records == frozenset()


def test_an_exchange_instead_of_a_repair_names_what_is_sent() -> None:
    unnamed = Convert(by=SELLER, to=Kind.EXCHANGE)
    sold_out = (NewReplacement(line_id="1", replacement=replace(BLUE, sellable=False)),)
    elsewhere = (NewReplacement(line_id="9", replacement=BLUE),)
    for state in (State.REQUESTED, State.REPAIRED):
        story = repair_in(state)
        story.when(unnamed).then(refused=[Code.REPLACEMENT_UNNAMED])
        story.when(replace(unnamed, replacements=sold_out)).then(refused=[Code.REPLACEMENT_UNSELLABLE])
        story.when(replace(unnamed, replacements=elsewhere)).then(refused=[Code.UNKNOWN_LINE, Code.REPLACEMENT_UNNAMED])


def test_the_price_of_a_replacement_is_settled_when_it_takes_the_place_of_a_repair() -> None:
    named = (NewReplacement(line_id="1", replacement=replace(BLUE, unit_price=12_000)),)
    convert = replace(to_exchange(), replacements=named)
    story = repair_in(State.ACCEPTED).under(replace(POLICY, fee_collection=FeeCollection.DEDUCT)).when(convert)
    story.then(state=State.ACCEPTED, buyer_owes=2_000)
    story.when(pay(2_000), RESHIP, CONFIRM_DELIVERY).then(state=State.EXCHANGED)


def test_the_refund_of_a_converted_repair_is_due_from_the_conversion() -> None:
    story = repair_in(State.ACCEPTED).when(wait_until(LATER), to_return(CureFailure.LATE))
    due_on = story.claim.deadlines.refund_due_on
    assert due_on is not None
    assert due_on > LATER.date() > (refund_due_on(story.claim, story.facts) or LATER.date())


def test_an_exchange_can_be_offered_instead_of_a_repair() -> None:
    offer = MakeOffer(by=SELLER, offer_id="o", alternative=Alternative.EXCHANGE, message="?", replacement=BLUE)
    accept = AcceptOffer(by=BUYER, offer_id="o")
    repair_in(State.RECEIVED).when(offer, accept).then(kind=Kind.EXCHANGE, state=State.RECEIVED)


# What opens the next remedy


@pytest.mark.parametrize(
    ("opening", "story"),
    [
        (Opening.REPAIRED, repair_in(State.REPAIRED).when(CONFIRM_DELIVERY)),
        (Opening.LATE, repair_in(State.RECEIVED).when(to_exchange(CureFailure.LATE), inspect({"1": 1}))),
        (Opening.REFUSED, repair_in(State.REQUESTED).when(to_exchange(CureFailure.REFUSED))),
    ],
)
def test_a_window_opens_after_a_cure_that_did_not_help(opening: Opening, story: Story) -> None:
    windows = tuple(
        replace(window, opens_after=frozenset({opening})) if Kind.RETURN in window.kinds else window
        for window in POLICY.windows
    )
    policy = replace(POLICY, windows=windows)
    asked = request(Kind.RETURN, Reason.DEFECTIVE, claim_id="next")
    fresh = given(BOUGHT).under(policy).when(asked)
    assert standing_assessment(fresh.claim, fresh.facts).verdict is Verdict.REVIEW
    after = story.under(policy).when(asked)
    assert standing_assessment(after.claim, after.facts).verdict is Verdict.ELIGIBLE


def test_goods_that_arrive_broken_by_the_buyer_are_sent_back_without_a_repair() -> None:
    story = given(BOUGHT).when(DEFECT, APPROVE, receive(condition=Condition.DAMAGED_BY_BUYER))
    refused = inspect({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="It fell.")
    story.when(refused).then(state=State.REJECTED, untouched=2)
    assert story.order.lines[0].repairs == 0
