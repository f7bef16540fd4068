"""The timeouts of a claim and what each changes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.engine import Timeout, next_timeout
from app.engine.model.commands import AcceptOffer, Command, HoldClaim, MakeOffer, Reclassify
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, HoldReason, Kind, OfferStatus, Reason, State
from app.engine.policy.rules import AutomaticWhen, AutomationRule, Unanswered
from tests.engine.commands import (
    APPROVE,
    BUYER,
    DISPATCH,
    EXPIRE,
    HOLD,
    MARK_OVERDUE,
    RELEASE,
    SELLER,
    receive,
    request,
)
from tests.engine.orders import NOW, POLICY, SEOUL, delivered_line, line, order
from tests.engine.story import Story, given, wait_until

HOME = given(order(delivered_line(quantity=2)))
RESPOND_BY = datetime(2026, 6, 16, tzinfo=SEOUL)  # three business days after Wednesday the 10th
TWO_WEEKS_ON = datetime(2026, 6, 25, tzinfo=SEOUL)
APPROVE_IF_UNANSWERED = replace(POLICY, unanswered=Unanswered.APPROVE)
APPROVING = HOME.under(APPROVE_IF_UNANSWERED)


def timeout_of(story: Story) -> Timeout:
    timeout = next_timeout(story.claim)
    assert timeout is not None
    return timeout


def time_out(story: Story) -> Story:
    """The story after its next timeout, at the very instant."""
    timeout = timeout_of(story)
    return story.when(wait_until(timeout.at), timeout.command)


# Answers


def test_a_request_is_to_be_answered_in_time() -> None:
    story = HOME.when(request(Kind.RETURN))
    assert (timeout_of(story).name, timeout_of(story).at) == ("respond_by", RESPOND_BY)


def test_a_request_that_nobody_answers_is_escalated_once_and_stays_a_request() -> None:
    story = time_out(HOME.when(request(Kind.RETURN)))
    assert (story.state, story.claim.escalated_at) == (State.REQUESTED, RESPOND_BY)
    assert next_timeout(story.claim) is None
    story.when(MARK_OVERDUE).then(refused=[Code.OVERDUE_ALREADY])


def test_a_timeout_before_its_time_is_refused() -> None:
    almost = wait_until(RESPOND_BY - timedelta(microseconds=1))
    HOME.when(request(Kind.RETURN), almost, MARK_OVERDUE).then(refused=[Code.NOT_YET])


@pytest.mark.parametrize("answer", [APPROVE, HOLD])
def test_a_request_that_was_answered_is_not_late(answer: Command) -> None:
    story = HOME.when(request(Kind.RETURN), answer)
    assert timeout_of(story).name != "respond_by"


@pytest.mark.parametrize(
    ("reason", "state"),
    [(Reason.DEFECTIVE, State.APPROVED), (Reason.OTHER, State.REQUESTED)],
    ids=["which the buyer is entitled to", "which a person must look at"],
)
def test_silence_grants_a_request(reason: Reason, state: State) -> None:
    story = time_out(APPROVING.when(request(Kind.RETURN, reason)))
    assert (story.state, story.claim.escalated_at) == (state, RESPOND_BY)


def test_silence_grants_nothing_that_is_not_due() -> None:
    long_ago = replace(delivered_line(), delivered_at=NOW - timedelta(days=60))
    late = given(order(long_ago), policy=APPROVE_IF_UNANSWERED)
    story = time_out(late.when(request(Kind.RETURN)))
    story.then(state=State.REQUESTED)


def test_silence_names_no_replacement() -> None:
    story = time_out(APPROVING.when(request(Kind.EXCHANGE, Reason.DEFECTIVE, replacement=None)))
    assert (story.state, story.claim.escalated_at) == (State.REQUESTED, RESPOND_BY)


def test_what_was_silent_too_long_is_granted_as_soon_as_it_is_due() -> None:
    story = time_out(APPROVING.when(request(Kind.RETURN, Reason.OTHER)))
    story.when(Reclassify(by=SELLER, reason=Reason.DEFECTIVE)).then(state=State.APPROVED)


# Holds


def test_a_hold_without_an_end_ends_with_the_policys_limit() -> None:
    story = HOME.when(request(Kind.RETURN), HOLD)
    assert story.claim.hold
    assert story.claim.hold.ends_at == TWO_WEEKS_ON
    story = time_out(story)
    assert story.claim.hold is None


def test_a_hold_may_end_sooner_but_not_later() -> None:
    longest = HoldClaim(by=SELLER, reason=HoldReason.OTHER, ends_at=TWO_WEEKS_ON)
    story = HOME.when(request(Kind.RETURN), longest)
    assert timeout_of(story).at == TWO_WEEKS_ON
    longer = replace(longest, ends_at=TWO_WEEKS_ON + timedelta(microseconds=1))
    (refusal,) = HOME.when(request(Kind.RETURN), longer).refusals
    assert (refusal.code, refusal.field, refusal.citation) == (
        Code.HOLD_TOO_LONG,
        "ends_at",
        "marketplace practice; no law sets a number",
    )


def test_where_there_is_no_limit_a_hold_may_stay_open() -> None:
    story = HOME.under(replace(POLICY, hold_within=None)).when(request(Kind.RETURN), HOLD)
    assert story.claim.hold
    assert (story.claim.hold.ends_at, next_timeout(story.claim)) == (None, None)


def test_while_a_claim_is_held_its_other_deadlines_wait_and_are_late_afterwards() -> None:
    story = HOME.when(request(Kind.RETURN), HOLD)
    story.when(wait_until(RESPOND_BY), MARK_OVERDUE).then(refused=[Code.ON_HOLD])
    story = story.when(wait_until(RESPOND_BY), RELEASE)
    assert (timeout_of(story).name, timeout_of(story).at) == ("respond_by", RESPOND_BY)


def test_a_hold_that_ends_lets_the_policy_go_on() -> None:
    always = AutomationRule(kinds=frozenset({Kind.RETURN}), when=AutomaticWhen.ALWAYS, citation="ours")
    held_story = HOME.when(request(Kind.RETURN), HOLD)
    time_out(held_story.under(replace(POLICY, automation=(always,)))).then(state=State.APPROVED)


# Offers


def make_offer(expires_at: datetime | None = None, offer_id: str = "offer") -> MakeOffer:
    return MakeOffer(
        by=SELLER,
        offer_id=offer_id,
        alternative=Alternative.STORE_CREDIT,
        message="?",
        amount=1_000,
        expires_at=expires_at,
    )


def accept(offer: MakeOffer) -> AcceptOffer:
    return AcceptOffer(by=BUYER, offer_id=offer.offer_id)


def test_an_offer_without_an_end_lapses_after_a_week_and_leaves_room_for_another() -> None:
    story = HOME.under(replace(POLICY, respond_within=replace(POLICY.respond_within, length=30))).when(
        request(Kind.RETURN, more_offers=True), make_offer()
    )
    assert timeout_of(story).at == datetime(2026, 6, 18, tzinfo=SEOUL)
    story = time_out(story)
    assert [offer.status for offer in story.claim.offers] == [OfferStatus.LAPSED]
    story = story.when(make_offer(offer_id="another"))
    assert [offer.status for offer in story.claim.offers] == [OfferStatus.LAPSED, OfferStatus.OPEN]


def test_the_earlier_of_two_deadlines_comes_first() -> None:
    soon = NOW + timedelta(hours=3)
    story = HOME.when(request(Kind.RETURN), make_offer(expires_at=soon))
    assert timeout_of(story).at == soon
    story = time_out(story)
    assert timeout_of(story).at == RESPOND_BY


# Goods


def test_goods_that_were_never_sent_end_the_claim() -> None:
    story = HOME.when(request(Kind.RETURN), APPROVE)
    assert (timeout_of(story).name, timeout_of(story).at) == (
        "collect_by",
        story.claim.deadlines.collect_by,
    )
    story = time_out(story)
    story.then(state=State.EXPIRED, untouched=2)


@pytest.mark.parametrize("sign", [DISPATCH, receive({"1": 1})])
def test_goods_that_are_on_their_way_may_come_late(sign: Command) -> None:
    steps = (request(Kind.RETURN, units={"1": 2}), APPROVE, sign)
    story = HOME.when(*steps)
    assert (story.claim.state, next_timeout(story.claim)) == (State.COLLECTING, None)


def test_a_partial_refund_waits_for_no_goods() -> None:
    refund_offer = replace(make_offer(), alternative=Alternative.PARTIAL_REFUND)
    story = HOME.when(request(Kind.RETURN), APPROVE, refund_offer).when(accept(refund_offer))
    assert (story.claim.kind, story.claim.deadlines.collect_by is None, next_timeout(story.claim)) == (
        Kind.REFUND,
        False,
        None,
    )


def test_an_order_past_its_ship_date_lets_its_buyer_go() -> None:
    """A buyer who asked before the date need not ask again."""
    rule = AutomationRule(kinds=frozenset({Kind.CANCEL}), when=AutomaticWhen.SHIP_DATE_PASSED, citation="ours")
    story = (
        given(order(line(), expected_ship_on=NOW.date()))
        .under(replace(POLICY, automation=(rule,)))
        .when(request(Kind.CANCEL))
        .then(state=State.REQUESTED)
    )
    midnight = datetime(2026, 6, 11, tzinfo=SEOUL)
    for instant, state in ((midnight - timedelta(seconds=1), State.REQUESTED), (midnight, State.APPROVED)):
        story = story.when(wait_until(instant)).then(state=state)


def test_a_claim_that_has_ended_has_no_timeout() -> None:
    story = time_out(HOME.when(request(Kind.RETURN), APPROVE))
    assert next_timeout(story.claim) is None
    story.when(EXPIRE).then(refused=[Code.ILLEGAL_TRANSITION])
