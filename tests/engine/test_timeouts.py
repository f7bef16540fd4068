"""What time does to a claim, told by its own clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.engine.model.claim import Claim
from app.engine.model.commands import AcceptOffer, HoldClaim, MakeOffer, Reclassify
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, HoldReason, Kind, OfferStatus, Reason, State
from app.engine.policy.facts import Facts
from app.engine.policy.rules import AutomaticWhen, AutomationRule, Unanswered
from app.engine.timeouts import Timeout, next_timeout
from tests.engine.given import (
    APPROVE,
    BUYER,
    DISPATCH,
    EXPIRE,
    HOLD,
    MARK_OVERDUE,
    NOW,
    POLICY,
    RELEASE,
    SELLER,
    SEOUL,
    asks,
    at,
    delivered,
    facts,
    line,
    order,
    receives,
    refusals,
    refused,
    under,
    walked,
)

HOME = facts(order(delivered(line(quantity=2))))
UNSHIPPED = facts(order(line()))
RESPOND_BY = datetime(2026, 6, 16, tzinfo=SEOUL)  # three business days after Wednesday the 10th
TWO_WEEKS_ON = datetime(2026, 6, 25, tzinfo=SEOUL)
APPROVING = under(replace(POLICY, unanswered=Unanswered.APPROVE), HOME)


def timeout_of(claim: Claim) -> Timeout:
    found = next_timeout(claim)
    assert found is not None
    return found


def fired(claim: Claim, facts: Facts) -> tuple[Claim, Facts]:
    """What the clock does next, at the very instant."""
    timeout = timeout_of(claim)
    return walked(facts, at(timeout.at), timeout.command, claim=claim)


# Answers


def test_a_request_is_to_be_answered_in_time() -> None:
    claim, _ = walked(HOME, asks(Kind.RETURN))
    assert (timeout_of(claim).name, timeout_of(claim).at) == ("respond_by", RESPOND_BY)


def test_a_request_that_nobody_answers_is_escalated_once_and_stays_a_request() -> None:
    claim, then = fired(*walked(HOME, asks(Kind.RETURN)))
    assert (claim.state, claim.escalated_at) == (State.REQUESTED, RESPOND_BY)
    assert next_timeout(claim) is None
    assert refused(then, MARK_OVERDUE, claim=claim) == [Code.OVERDUE_ALREADY]


def test_the_clock_cannot_be_put_forward() -> None:
    almost = at(RESPOND_BY - timedelta(microseconds=1))
    assert refused(HOME, asks(Kind.RETURN), almost, MARK_OVERDUE) == [Code.NOT_YET]


@pytest.mark.parametrize("answer", [APPROVE, HOLD])
def test_a_request_that_was_answered_is_not_late(answer: object) -> None:
    claim, _ = walked(HOME, asks(Kind.RETURN), answer)  # type: ignore[arg-type] # one of two commands
    assert timeout_of(claim).name != "respond_by"


@pytest.mark.parametrize(
    ("reason", "state"),
    [(Reason.DEFECTIVE, State.APPROVED), (Reason.OTHER, State.REQUESTED)],
    ids=["which the buyer is entitled to", "which a person must look at"],
)
def test_silence_grants_a_request(reason: Reason, state: State) -> None:
    claim, _ = fired(*walked(APPROVING, asks(Kind.RETURN, reason)))
    assert (claim.state, claim.escalated_at) == (state, RESPOND_BY)


def test_silence_grants_nothing_that_is_not_due() -> None:
    long_ago = replace(delivered(line()), delivered_at=NOW - timedelta(days=60))
    late = replace(APPROVING, order=order(long_ago))
    claim, _ = fired(*walked(late, asks(Kind.RETURN)))
    assert claim.state is State.REQUESTED


def test_silence_names_no_replacement() -> None:
    claim, _ = fired(*walked(APPROVING, asks(Kind.EXCHANGE, Reason.DEFECTIVE, replacement=None)))
    assert (claim.state, claim.escalated_at) == (State.REQUESTED, RESPOND_BY)


def test_what_was_silent_too_long_is_granted_as_soon_as_it_is_due() -> None:
    claim, then = fired(*walked(APPROVING, asks(Kind.RETURN, Reason.OTHER)))
    claim, _ = walked(then, Reclassify(by=SELLER, reason=Reason.DEFECTIVE), claim=claim)
    assert claim.state is State.APPROVED


# Holds


def test_a_hold_without_an_end_ends_with_the_policys_limit() -> None:
    claim, then = walked(HOME, asks(Kind.RETURN), HOLD)
    assert claim.hold
    assert claim.hold.ends_at == TWO_WEEKS_ON
    released, _ = fired(claim, then)
    assert released.hold is None


def test_a_hold_may_end_sooner_but_not_later() -> None:
    longest = HoldClaim(by=SELLER, reason=HoldReason.OTHER, ends_at=TWO_WEEKS_ON)
    claim, _ = walked(HOME, asks(Kind.RETURN), longest)
    assert timeout_of(claim).at == TWO_WEEKS_ON
    longer = replace(longest, ends_at=TWO_WEEKS_ON + timedelta(microseconds=1))
    (refusal,) = refusals(HOME, asks(Kind.RETURN), longer)
    assert (refusal.code, refusal.field, refusal.citation) == (
        Code.HOLD_TOO_LONG,
        "ends_at",
        "marketplace practice; no law sets a number",
    )


def test_where_there_is_no_limit_a_hold_may_stay_open() -> None:
    without = under(replace(POLICY, hold_within=None), HOME)
    claim, _ = walked(without, asks(Kind.RETURN), HOLD)
    assert claim.hold
    assert (claim.hold.ends_at, next_timeout(claim)) == (None, None)


def test_while_a_claim_is_held_its_other_deadlines_wait_and_are_late_afterwards() -> None:
    claim, then = walked(HOME, asks(Kind.RETURN), HOLD)
    assert refused(then, at(RESPOND_BY), MARK_OVERDUE, claim=claim) == [Code.ON_HOLD]
    claim, _ = walked(then, at(RESPOND_BY), RELEASE, claim=claim)
    assert (timeout_of(claim).name, timeout_of(claim).at) == ("respond_by", RESPOND_BY)


def test_a_hold_that_ends_lets_the_policy_go_on() -> None:
    always = AutomationRule(kinds=frozenset({Kind.RETURN}), when=AutomaticWhen.ALWAYS, citation="ours")
    held, then = walked(HOME, asks(Kind.RETURN), HOLD)
    claim, _ = fired(held, under(replace(POLICY, automation=(always,)), then))
    assert claim.state is State.APPROVED


# Offers


def offers(until: datetime | None = None, offer_id: str = "offer") -> MakeOffer:
    return MakeOffer(
        by=SELLER, offer_id=offer_id, alternative=Alternative.STORE_CREDIT, message="?", amount=1_000, expires_at=until
    )


def accepts(offer: MakeOffer) -> AcceptOffer:
    return AcceptOffer(by=BUYER, offer_id=offer.offer_id)


def test_an_offer_without_an_end_lapses_after_a_week_and_leaves_room_for_another() -> None:
    calm = under(replace(POLICY, respond_within=replace(POLICY.respond_within, length=30)), HOME)
    claim, then = walked(calm, asks(Kind.RETURN, more_offers=True), offers())
    assert timeout_of(claim).at == datetime(2026, 6, 18, tzinfo=SEOUL)
    claim, then = fired(claim, then)
    assert [offer.status for offer in claim.offers] == [OfferStatus.LAPSED]
    claim, _ = walked(then, offers(offer_id="another"), claim=claim)
    assert [offer.status for offer in claim.offers] == [OfferStatus.LAPSED, OfferStatus.OPEN]


def test_the_earlier_of_two_deadlines_comes_first() -> None:
    soon = NOW + timedelta(hours=3)
    claim, then = walked(HOME, asks(Kind.RETURN), offers(until=soon))
    assert timeout_of(claim).at == soon
    claim, _ = fired(claim, then)
    assert timeout_of(claim).at == RESPOND_BY


# Goods


def test_goods_that_were_never_sent_end_the_claim() -> None:
    claim, then = walked(HOME, asks(Kind.RETURN), APPROVE)
    assert (timeout_of(claim).name, timeout_of(claim).at) == ("collect_by", claim.deadlines.collect_by)
    claim, then = fired(claim, then)
    assert claim.state is State.EXPIRED
    assert then.order.lines[0].untouched == 2


@pytest.mark.parametrize("sign", [DISPATCH, receives({"1": 1})])
def test_goods_that_are_on_their_way_may_come_late(sign: object) -> None:
    steps = (asks(Kind.RETURN, units={"1": 2}), APPROVE, sign)
    claim, _ = walked(HOME, *steps)  # type: ignore[arg-type] # one of two commands
    assert (claim.state, next_timeout(claim)) == (State.COLLECTING, None)


def test_a_partial_refund_waits_for_no_goods() -> None:
    kept = replace(offers(), alternative=Alternative.PARTIAL_REFUND)
    claim, then = walked(HOME, asks(Kind.RETURN), APPROVE, kept)
    claim, _ = walked(then, accepts(kept), claim=claim)
    assert (claim.kind, claim.deadlines.collect_by is None, next_timeout(claim)) == (Kind.REFUND, False, None)


def test_an_order_past_its_ship_date_lets_its_buyer_go() -> None:
    """One who asked before the date need not ask again."""
    rule = AutomationRule(kinds=frozenset({Kind.CANCEL}), when=AutomaticWhen.SHIP_DATE_PASSED, citation="ours")
    expected = replace(UNSHIPPED.order, expected_ship_on=NOW.date())
    waiting = under(replace(POLICY, automation=(rule,)), replace(UNSHIPPED, order=expected))
    claim, then = walked(waiting, asks(Kind.CANCEL))
    assert claim.state is State.REQUESTED
    midnight = datetime(2026, 6, 11, tzinfo=SEOUL)
    for instant, state in ((midnight - timedelta(seconds=1), State.REQUESTED), (midnight, State.APPROVED)):
        claim, then = walked(then, at(instant), claim=claim)
        assert claim.state is state


def test_nothing_is_to_be_expected_of_a_claim_that_has_ended() -> None:
    claim, then = fired(*walked(HOME, asks(Kind.RETURN), APPROVE))
    assert next_timeout(claim) is None
    assert refused(then, EXPIRE, claim=claim) == [Code.ILLEGAL_TRANSITION]
