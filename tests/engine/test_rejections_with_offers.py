"""A rejection makes offers that the buyer can choose among, and ends the offers that were open before it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.engine import next_timeout
from app.engine.model.commands import AcceptOffer, DeclineOffer, Reject
from app.engine.model.offers import NewOffer
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Ground, Kind, OfferStatus, Reason, State
from app.engine.policy.rules import Overtaken
from app.engine.reminders import next_reminder
from tests.engine.commands import APPROVE, BLUE, BUYER, inspect, receive, reject, request
from tests.engine.orders import NOW, POLICY, SOON, delivered_line, line, order
from tests.engine.refused_offers import ACCEPT, CHOICE, EARLIER, LAPSE, REFUSE, offer
from tests.engine.story import Story, given, ship, wait_until

HOME = given(order(delivered_line(quantity=2)))
ASKED = HOME.when(request(Kind.RETURN, Reason.DEFECTIVE))
MONEY = NewOffer(offer_id="money", alternative=Alternative.PARTIAL_REFUND, amount=2_000, expires_at=SOON)
GOODS = NewOffer(offer_id="goods", alternative=Alternative.EXCHANGE, replacement=BLUE)


def refuse(*offers: NewOffer, keep: tuple[str, ...] = (), **more: Any) -> Reject:
    return reject(Ground.DUPLICATE, evidence=("claim 1",), offers=offers, kept_offer_ids=keep, **more)


def statuses(story: Story) -> dict[str, str]:
    return {each.offer_id: each.status.value for each in story.claim.offers}


def test_the_offers_of_a_rejection_open_with_it() -> None:
    story = ASKED.when(refuse(MONEY, GOODS))
    assert (story.state, statuses(story)) == (State.REJECTED, {"money": "open", "goods": "open"})
    money, goods = story.claim.offers
    assert (money.made_at, money.amount, money.expires_at, goods.replacement) == (NOW, 2_000, SOON, BLUE)
    assert story.claim.rejection is not None
    assert story.claim.rejection.alternatives == (Alternative.PARTIAL_REFUND, Alternative.EXCHANGE)


def test_the_buyer_chooses_one_offer_and_that_closes_the_others() -> None:
    chosen = ASKED.when(refuse(*CHOICE, MONEY, GOODS), AcceptOffer(by=BUYER, offer_id="money"))
    assert (chosen.kind, chosen.state, chosen.total) == (Kind.REFUND, State.APPROVED, 2_000)
    closed = {"offer": "superseded", "credit": "superseded", "goods": "superseded"}
    assert statuses(chosen) == {**closed, "money": "accepted"}
    assert next_timeout(chosen.claim) is None
    chosen.when(AcceptOffer(by=BUYER, offer_id="goods")).then(refused=[Code.ILLEGAL_TRANSITION])


def test_a_choice_that_leaves_the_claim_rejected_is_the_only_one() -> None:
    chosen = ASKED.when(refuse(*CHOICE), ACCEPT)
    assert (chosen.state, statuses(chosen)) == (State.REJECTED, {"offer": "accepted", "credit": "superseded"})
    chosen.when(AcceptOffer(by=BUYER, offer_id="credit")).then(refused=[Code.NO_OPEN_OFFER, Code.OFFER_CLOSED])


def test_an_offer_that_the_buyer_declines_leaves_the_others_open() -> None:
    declined = ASKED.when(refuse(*CHOICE), DeclineOffer(by=BUYER, offer_id="credit"))
    assert statuses(declined) == {"offer": "open", "credit": "declined"}
    declined.when(ACCEPT).then(state=State.REJECTED)


def test_offers_that_end_at_one_instant_lapse_together_and_have_one_reminder() -> None:
    later = replace(MONEY, expires_at=SOON + timedelta(days=2))
    story = ASKED.when(refuse(*CHOICE, later))
    first = next_reminder(story.claim, since=SOON - timedelta(days=9))
    assert first is not None
    assert first.due_at == SOON
    second = next_reminder(story.claim, since=first.at)
    assert second is not None
    assert second.due_at == SOON + timedelta(days=2)
    lapsed = story.when(wait_until(SOON), LAPSE)
    assert statuses(lapsed) == {"offer": "lapsed", "credit": "lapsed", "money": "open"}
    timeout = next_timeout(lapsed.claim)
    assert timeout is not None
    assert timeout.at == SOON + timedelta(days=2)


def test_an_offer_is_the_alternative_that_the_policy_asks_for() -> None:
    strict = replace(POLICY, rejection=replace(POLICY.rejection, alternative_required=True))
    asked = given(order(delivered_line(quantity=2)), policy=strict).when(request(Kind.RETURN, Reason.DEFECTIVE))
    asked.when(refuse()).then(refused=[Code.ALTERNATIVE_REQUIRED])
    asked.when(refuse(MONEY)).then(state=State.REJECTED)
    asked.when(EARLIER, refuse(keep=("earlier",))).then(state=State.REJECTED)


UNFIT = {
    "no amount": (replace(MONEY, amount=None), Code.OFFER_DOES_NOT_FIT, "offers.1.amount"),
    "no goods to send": (
        replace(GOODS, offer_id="x", replacement=None),
        Code.OFFER_DOES_NOT_FIT,
        "offers.1.replacement",
    ),
    "more than the price": (replace(MONEY, amount=90_000), Code.AMOUNT_ABOVE_VALUE, "offers.1.amount"),
    "a day that has passed": (replace(MONEY, expires_at=NOW), Code.ALREADY_PAST, "offers.1.expires_at"),
    "an id of the same rejection": (replace(MONEY, offer_id="goods"), Code.OFFER_ALREADY_MADE, "offers.1.offer_id"),
    "an id of another offer": (replace(MONEY, offer_id="earlier"), Code.OFFER_ALREADY_MADE, "offers.1.offer_id"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_an_offer_that_does_not_fit_refuses_the_whole_rejection_and_is_named_by_its_place(case: str) -> None:
    second, code, field = UNFIT[case]
    refused = ASKED.when(EARLIER, refuse(GOODS, second))
    assert refused.refusals[0].code is code
    assert {refusal.field for refusal in refused.refusals} == {field}


def test_an_offer_is_not_made_for_a_part_of_a_claim() -> None:
    two = given(order(delivered_line("1"), delivered_line("2"))).when(request(Kind.RETURN, units={"1": 1, "2": 1}))
    refused = two.when(refuse(MONEY, line_ids=("1",)))
    assert [(each.code, each.params["why"]) for each in refused.refusals] == [
        (Code.OFFER_DOES_NOT_FIT, "other_lines_go_on")
    ]
    two.when(EARLIER, refuse(line_ids=("1",))).then(state=State.REQUESTED)


def test_a_rejection_of_some_lines_ends_the_offer_before_it_too() -> None:
    two = given(order(delivered_line("1"), delivered_line("2"))).when(request(Kind.RETURN, units={"1": 1, "2": 1}))
    partly = two.when(EARLIER, refuse(line_ids=("1",)))
    assert (partly.state, statuses(partly)) == (State.REQUESTED, {"earlier": "superseded"})
    assert next_timeout(partly.claim) == next_timeout(two.claim)
    partly.when(AcceptOffer(by=BUYER, offer_id="earlier")).then(refused=[Code.NO_OPEN_OFFER, Code.OFFER_CLOSED])
    kept = two.when(EARLIER, refuse(line_ids=("1",), keep=("earlier",)))
    assert statuses(kept) == {"earlier": "open"}
    kept.when(refuse()).then(state=State.REJECTED)


def test_a_rejection_ends_the_offer_before_it() -> None:
    rejected = ASKED.when(EARLIER, refuse(MONEY))
    assert statuses(rejected) == {"earlier": "superseded", "money": "open"}
    rejected.when(AcceptOffer(by=BUYER, offer_id="earlier")).then(refused=[Code.OFFER_CLOSED])
    assert statuses(ASKED.when(EARLIER, REFUSE)) == {"earlier": "superseded"}


def test_an_offer_that_the_rejection_names_stays_open_as_it_was() -> None:
    before = ASKED.when(EARLIER)
    kept = before.when(refuse(keep=("earlier",)))
    assert kept.claim.offers == before.claim.offers
    assert kept.claim.rejection is not None
    assert kept.claim.rejection.alternatives == (EARLIER.alternative,)
    assert statuses(kept.when(AcceptOffer(by=BUYER, offer_id="earlier"))) == {"earlier": "accepted"}


@pytest.mark.parametrize("ended", ["unknown", "declined", "lapsed"])
def test_only_an_open_offer_can_be_kept(ended: str) -> None:
    story = ASKED.when(EARLIER)
    if ended == "declined":
        story = story.when(DeclineOffer(by=BUYER, offer_id="earlier"))
    if ended == "lapsed":
        story = story.when(wait_until(SOON))
    named = "none" if ended == "unknown" else "earlier"
    refused = story.when(refuse(keep=(named,)))
    code = Code.UNKNOWN_OFFER if ended == "unknown" else Code.OFFER_CLOSED
    assert [(each.code, each.field) for each in refused.refusals] == [(code, "keep_offers")]


def test_a_rejection_at_the_inspection_ends_the_offer_before_it() -> None:
    back = HOME.when(request(Kind.RETURN), APPROVE, replace(offer(Alternative.FREE_RETURN_SHIPPING), offer_id="ship"))
    worn = back.when(receive(condition=Condition.DAMAGED_BY_BUYER))
    rejected = worn.when(inspect({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="It is torn."))
    assert (rejected.state, statuses(rejected)) == (State.REJECTED, {"ship": "superseded"})


def test_an_offer_stands_where_the_order_left_and_nobody_rejected() -> None:
    policy = replace(POLICY, overtaken=Overtaken.REFUSE)
    asked = given(order(line(quantity=1)), policy=policy).when(request(Kind.CANCEL), EARLIER)
    left = asked.when(ship())
    assert (left.state, left.claim.offers[0].status) == (State.REJECTED, OfferStatus.OPEN)
