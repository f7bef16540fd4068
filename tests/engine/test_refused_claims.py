"""A rejection goes on: the seller offers something else until a day, and the buyer may choose it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.engine import next_timeout
from app.engine.model.breakdown import StepCode
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Ground, Kind, OfferStatus, Reason, State
from tests.engine.commands import APPROVE, EXPIRE, RETRACT, inspect, receive, request
from tests.engine.orders import NOW, SOON, TOO_LATE, delivered_line, order
from tests.engine.refused_offers import ACCEPT, DECLINE, LAPSE, OFFER, REFUSE, offer
from tests.engine.story import Story, given, pay_refunds, wait_until

HOME = given(order(delivered_line(quantity=2)))
REFUSED = HOME.when(request(Kind.RETURN, Reason.DEFECTIVE), REFUSE)
GOES_ON = {
    Alternative.EXCHANGE: (Kind.EXCHANGE, State.APPROVED),
    Alternative.FREE_RETURN_SHIPPING: (Kind.RETURN, State.APPROVED),
    Alternative.PARTIAL_REFUND: (Kind.REFUND, State.APPROVED),
}


def offered(alternative: Alternative) -> Story:
    return REFUSED.when(offer(alternative))


@pytest.mark.parametrize("alternative", Alternative)
def test_the_buyer_chooses_what_was_offered_after_the_rejection(alternative: Alternative) -> None:
    story = offered(alternative)
    assert (story.state, story.claim.offers[-1].expires_at) == (State.REJECTED, SOON)
    chosen = story.when(ACCEPT)
    assert (chosen.kind, chosen.state) == GOES_ON.get(alternative, (Kind.RETURN, State.REJECTED))
    assert chosen.claim.offers[-1].status is OfferStatus.ACCEPTED
    goes_on = alternative in GOES_ON
    assert (chosen.claim.rejection is None, chosen.claim.closed_at is None) == (goes_on, goes_on)


def test_a_partial_refund_after_a_rejection_is_paid_and_leaves_the_goods_with_the_buyer() -> None:
    story = offered(Alternative.PARTIAL_REFUND).when(ACCEPT)
    assert (story.total, story.untouched, story.refunds_outstanding) == (2_000, 2, 1)
    assert (story.claim.approved_at, story.claim.deadlines.refund_due_on is None) == (NOW, False)
    story.when(pay_refunds).then(state=State.REFUNDED)
    assert story.order.lines[0].credited == 2_000


def test_goods_after_a_rejection_come_back_as_in_any_other_claim() -> None:
    story = offered(Alternative.FREE_RETURN_SHIPPING).when(ACCEPT)
    assert (story.untouched, story.claim.deadlines.collect_by is None) == (1, False)
    story = story.when(receive(), inspect())
    assert (story.state, StepCode.RETURN_FEE in story.steps) == (State.ACCEPTED, False)


@pytest.mark.parametrize("step", [DECLINE, LAPSE])
def test_a_claim_whose_offer_ends_stays_rejected_since_its_rejection(step: object) -> None:
    assert next_timeout(offered(Alternative.STORE_CREDIT).claim) is not None
    later = wait_until(SOON + timedelta(hours=1) if step is LAPSE else SOON - timedelta(minutes=1))
    ended = offered(Alternative.STORE_CREDIT).when(later, LAPSE if step is LAPSE else DECLINE)
    assert (ended.state, ended.claim.closed_at, next_timeout(ended.claim)) == (State.REJECTED, NOW, None)
    ended.when(ACCEPT).then(refused=[Code.NO_OPEN_OFFER, Code.OFFER_CLOSED])


def test_units_that_another_claim_has_taken_cannot_be_chosen_for() -> None:
    story = offered(Alternative.PARTIAL_REFUND)
    other = story.when(request(Kind.RETURN, Reason.DEFECTIVE, {"1": 2}, claim_id="other"))
    assert other.untouched == 0
    other.with_claim(story.claim).when(ACCEPT).then(refused=[Code.UNITS_UNAVAILABLE])


def test_one_offer_is_open_at_a_time_and_another_can_follow() -> None:
    again = replace(OFFER, offer_id="again")
    offered(Alternative.STORE_CREDIT).when(again).then(refused=[Code.OFFER_ALREADY_OPEN])
    offered(Alternative.STORE_CREDIT).when(DECLINE, again).then(state=State.REJECTED)


def test_a_granted_claim_takes_no_such_offer() -> None:
    ended = HOME.when(request(Kind.RETURN, Reason.DEFECTIVE), APPROVE, receive(), inspect(), pay_refunds)
    ended.when(OFFER).then(refused=[Code.ILLEGAL_TRANSITION])


def test_an_alternative_that_needs_goods_is_refused_where_none_come_back() -> None:
    refused = HOME.when(request(Kind.REFUND, Reason.DEFECTIVE), REFUSE)
    refused.when(offer(Alternative.FREE_RETURN_SHIPPING)).then(refused=[Code.OFFER_DOES_NOT_FIT])


@pytest.mark.parametrize("alternative", [Alternative.EXCHANGE, Alternative.FREE_RETURN_SHIPPING])
def test_goods_that_an_inspection_has_refused_come_back_and_are_inspected_anew(alternative: Alternative) -> None:
    refuse = inspect({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="It is torn.")
    sent_back = HOME.when(request(Kind.RETURN), APPROVE, receive(condition=Condition.DAMAGED_BY_BUYER), refuse)
    later = wait_until(SOON - timedelta(minutes=1))
    chosen = sent_back.when(offer(alternative), later, ACCEPT)
    assert (chosen.state, chosen.claim.received_at, chosen.claim.lines[0].received) == (State.APPROVED, None, 0)
    assert chosen.claim.approved_at == SOON - timedelta(minutes=1)
    chosen.when(inspect()).then(refused=[Code.ILLEGAL_TRANSITION])
    chosen.when(receive(), inspect()).then(state=State.ACCEPTED)
    chosen.when(RETRACT).then(state=State.RETRACTED, untouched=2)
    chosen.when(wait_until(TOO_LATE), EXPIRE).then(state=State.EXPIRED, untouched=2)


def test_store_credit_is_not_granted_for_a_price_that_another_claim_has_paid_back() -> None:
    whole = replace(offer(Alternative.STORE_CREDIT), amount=20_000)
    story = HOME.when(request(Kind.RETURN, Reason.DEFECTIVE, {"1": 2}), REFUSE, whole)
    paid = story.when(
        request(Kind.REFUND, Reason.DEFECTIVE, {"1": 2}, claim_id="b", amount=8_000), APPROVE, pay_refunds
    )
    paid.with_claim(story.claim).when(ACCEPT).then(refused=[Code.OFFER_DOES_NOT_FIT])
    story.when(ACCEPT).then(state=State.REJECTED)
