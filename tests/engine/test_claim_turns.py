"""Whose turn a claim is, and what the seller's time to answer does while it is the buyer's turn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.engine import due_at, next_timeout
from app.engine.model.commands import (
    AcceptOffer,
    DeclineOffer,
    HoldClaim,
    LapseOffer,
    MakeOffer,
    Reclassify,
)
from app.engine.model.parties import Party, Turn
from app.engine.model.refusals import Code
from app.engine.model.turn import OF_HOLD, OF_STATE, with_turn
from app.engine.model.vocabulary import FINAL, Alternative, HoldReason, Kind, Reason, State
from app.engine.policy.rules import Limit, Unit
from tests.engine.commands import (
    APPROVE,
    BUYER,
    COMPLETE_REPAIR,
    CONFIRM_DELIVERY,
    DISPATCH,
    MARK_OVERDUE,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    SYSTEM,
    inspect,
    receive,
    request,
)
from tests.engine.orders import NOW, POLICY, SEOUL, delivered_line, line, order
from tests.engine.story import Step, Story, given, pay_refunds, wait_until
from tests.engine.under_law import asked, at, bought

HOME = given(order(delivered_line()))
UNSENT = given(order(line()), policy=replace(POLICY, automation=()))
RETURN, EXCHANGE, REPAIR = request(Kind.RETURN), request(Kind.EXCHANGE), request(Kind.REPAIR, Reason.DEFECTIVE)
OFFER = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.STORE_CREDIT, message="?", amount=1_000)
DECLINE, LAPSE = DeclineOffer(by=BUYER, offer_id="offer"), LapseOffer(by=SYSTEM, offer_id="offer")
QUESTION = HoldClaim(by=SELLER, reason=HoldReason.BUYER_QUESTION)


def midnight(day: int) -> datetime:
    """The local midnight that begins a day of June 2026. The 10th, `NOW`, is a Wednesday."""
    return datetime(2026, 6, day, tzinfo=SEOUL)


RESPOND_BY, OFFER_ENDS = midnight(16), midnight(18)


def turn_of(story: Story) -> tuple[Party, datetime, datetime | None]:
    assert story.claim.turn is not None
    return story.claim.turn.party, story.claim.turn.began_at, story.claim.turn.ends_by


@pytest.mark.parametrize("words", [OF_HOLD.keys() ^ set(HoldReason), OF_STATE.keys() ^ (set(State) - FINAL)])
def test_every_hold_and_every_open_state_has_a_row(words: set[str]) -> None:
    assert not words


WAYS: dict[str, tuple[Sequence[Step], Party]] = {
    "a request waits for the seller": ([RETURN], Party.SELLER),
    "an approved return waits for the buyer to send": ([RETURN, APPROVE], Party.BUYER),
    "goods on their way wait for the carrier": ([RETURN, APPROVE, DISPATCH], Party.CARRIER),
    "goods that came wait for the inspection": ([RETURN, APPROVE, receive()], Party.SELLER),
    "a refund that is owed waits for the seller": ([RETURN, APPROVE, receive(), inspect()], Party.SELLER),
    "an exchange with an unpaid fee waits for the buyer": ([EXCHANGE, APPROVE, receive(), inspect()], Party.BUYER),
    "a replacement on its way waits for the carrier": (
        [request(Kind.EXCHANGE, Reason.DEFECTIVE), APPROVE, receive(), inspect(), RESHIP],
        Party.CARRIER,
    ),
    "a repair waits for the seller": ([REPAIR, APPROVE, receive(), inspect()], Party.SELLER),
    "repaired goods wait for the seller": ([REPAIR, APPROVE, receive(), inspect(), COMPLETE_REPAIR], Party.SELLER),
    "an offer waits for the buyer": ([RETURN, OFFER], Party.BUYER),
    "a declined offer is the seller's turn": ([RETURN, OFFER, DECLINE], Party.SELLER),
    "a question waits for the buyer": ([RETURN, QUESTION], Party.BUYER),
    "an answer is the seller's turn": ([RETURN, QUESTION, RELEASE], Party.SELLER),
    "a hold of the seller's own waits for the seller": (
        [RETURN, OFFER, HoldClaim(by=SELLER, reason=HoldReason.SELLER_CHECK)],
        Party.SELLER,
    ),
}


@pytest.mark.parametrize(("steps", "party"), WAYS.values(), ids=WAYS)
def test_each_open_claim_says_whose_turn_it_is(steps: Sequence[Step], party: Party) -> None:
    story = HOME.when(*steps)
    assert turn_of(story)[0] is party


@pytest.mark.parametrize("steps", [[RETURN, RETRACT], [REPAIR, APPROVE, receive(), inspect(), COMPLETE_REPAIR]])
def test_a_claim_that_has_ended_is_nobodys_turn(steps: Sequence[Step]) -> None:
    story = HOME.when(*steps)
    story = story if story.claim.is_final else story.when(CONFIRM_DELIVERY)
    assert story.claim.turn is None


@pytest.mark.parametrize(("in_progress", "party"), [(0, Party.SELLER), (1, Party.SELLER), (2, Party.PROVIDER)])
def test_a_refund_is_the_providers_turn_once_the_provider_has_all_of_it(in_progress: int, party: Party) -> None:
    owed = UNSENT.when(request(Kind.CANCEL), APPROVE).claim
    turn = with_turn(owed, midnight(12), outstanding=2, in_progress=in_progress).turn
    began_at = NOW if party is Party.SELLER else midnight(12)
    assert turn == Turn(party=party, began_at=began_at, ends_by=owed.deadlines.refund_due_by)


@pytest.mark.parametrize(
    ("in_progress", "waiting", "party"),
    [(0, 1, Party.SELLER), (0, 2, Party.BUYER), (1, 1, Party.BUYER), (2, 0, Party.PROVIDER), (2, 1, Party.SELLER)],
)
def test_a_refund_is_the_buyers_turn_if_nothing_is_left_but_to_name_an_account(
    in_progress: int, waiting: int, party: Party
) -> None:
    """KR E-Commerce Act 18(2) has no word of an account, so the day of the money stays."""
    owed = UNSENT.when(request(Kind.CANCEL), APPROVE).claim
    turn = with_turn(owed, midnight(12), outstanding=2, in_progress=in_progress, waiting=waiting).turn
    assert turn is not None
    assert (turn.party, turn.ends_by) == (party, owed.deadlines.refund_due_by)


def test_a_refund_that_is_paid_is_nobodys_turn() -> None:
    assert UNSENT.when(request(Kind.CANCEL), APPROVE, pay_refunds).claim.turn is None


def test_a_turn_begins_when_it_passes_and_not_with_each_step() -> None:
    later = NOW + timedelta(hours=2)
    story = HOME.when(RETURN, wait_until(later), Reclassify(by=SELLER, reason=Reason.DEFECTIVE))
    assert turn_of(story) == (Party.SELLER, NOW, RESPOND_BY)
    assert turn_of(story.when(OFFER)) == (Party.BUYER, later, OFFER_ENDS)


# The seller's time to answer


GIVEN_BACK: dict[str, tuple[Step, Step, datetime, datetime]] = {
    "an offer that lapses over a weekend": (OFFER, LAPSE, OFFER_ENDS, midnight(23)),
    "an offer that is declined the same day": (OFFER, DECLINE, NOW + timedelta(hours=9), RESPOND_BY),
    "an offer that is declined the next day": (OFFER, DECLINE, NOW + timedelta(days=1), midnight(17)),
    "an offer that is declined on Sunday": (OFFER, DECLINE, NOW + timedelta(days=4), midnight(18)),
    "a question that is answered on Friday": (QUESTION, RELEASE, NOW + timedelta(days=2), midnight(18)),
}


@pytest.mark.parametrize(("ask", "answer", "when", "respond_by"), GIVEN_BACK.values(), ids=GIVEN_BACK)
def test_the_time_to_answer_gets_the_working_days_of_the_buyers_turn_back(
    ask: Step, answer: Step, when: datetime, respond_by: datetime
) -> None:
    story = HOME.when(RETURN, ask, wait_until(when), answer)
    assert turn_of(story) == (Party.SELLER, when, respond_by)
    assert (story.claim.deadlines.respond_by, due_at(story.claim)) == (respond_by, respond_by)


def test_a_hold_of_the_sellers_own_gives_no_day_back() -> None:
    own = HoldClaim(by=SELLER, reason=HoldReason.SELLER_CHECK)
    story = HOME.when(RETURN, own, wait_until(midnight(20)), RELEASE)
    assert story.claim.deadlines.respond_by == RESPOND_BY


def test_an_accepted_offer_that_leaves_the_request_open_gives_the_days_back() -> None:
    free = replace(OFFER, alternative=Alternative.FREE_RETURN_SHIPPING, amount=None)
    story = HOME.when(RETURN, free, wait_until(midnight(12)), AcceptOffer(by=BUYER, offer_id="offer"))
    assert (story.state, story.claim.deadlines.respond_by) == (State.REQUESTED, midnight(17))


def test_an_answer_that_was_late_before_the_offer_stays_late() -> None:
    late = HOME.when(RETURN, wait_until(RESPOND_BY), OFFER, wait_until(midnight(20)), DECLINE)
    assert (late.claim.deadlines.respond_by, due_at(late.claim)) == (RESPOND_BY, RESPOND_BY)


@pytest.mark.parametrize("ask", [OFFER, QUESTION, HoldClaim(by=SELLER, reason=HoldReason.SELLER_CHECK)])
def test_what_waits_is_not_overdue(ask: Step) -> None:
    story = HOME.when(RETURN, ask)
    assert due_at(story.claim) is None
    timeout = next_timeout(story.claim)
    assert timeout is not None
    assert timeout.name in ("hold_until", "offer_until")
    refused = Code.ON_HOLD if story.claim.hold else Code.NOT_YET
    story.when(wait_until(RESPOND_BY), MARK_OVERDUE).then(refused=[refused])


def test_goods_that_came_are_not_overdue_because_their_day_to_be_sent_has_passed() -> None:
    story = HOME.when(RETURN, APPROVE)
    assert due_at(story.claim) == story.claim.deadlines.collect_by
    assert due_at(story.when(receive()).claim) is None


def test_an_offer_on_a_request_lasts_no_longer_than_a_hold() -> None:
    longest = replace(OFFER, expires_at=midnight(25))
    HOME.when(RETURN, longest).then()
    too_long = replace(OFFER, expires_at=midnight(25) + timedelta(microseconds=1))
    HOME.when(RETURN, too_long).then(refused=[Code.OFFER_TOO_LONG])
    HOME.when(RETURN, APPROVE, too_long).then()


# The law's days


STANDS: dict[str, tuple[str, str | None, str]] = {
    "kr": ("kr", "2026-06-15", "2026-06-15"),
    "jp": ("jp", None, "2026-06-17"),
    "eu": ("eu", "2026-06-24", "2026-06-24"),
    "uk": ("uk", "2026-06-24", "2026-06-24"),
    "tw": ("tw", "2026-06-25", "2026-06-25"),
    "br": ("br", "2026-06-10", "2026-06-10"),
}
"""The preset, the law's last day for the money of a cancellation of the 10th, and the last day that the claim has."""


@pytest.mark.parametrize(("law", "latest", "due_on"), STANDS.values(), ids=STANDS)
def test_an_offer_does_not_move_the_laws_day_for_the_money(law: str, latest: str | None, due_on: str) -> None:
    story = asked(law, Kind.CANCEL, Reason.CHANGE_OF_MIND, "2026-06-10", bought(law, arrived=None))
    coupon = replace(OFFER, alternative=Alternative.DISCOUNT_COUPON, expires_at=at(law, "2026-06-20"))
    offered = story.when(coupon)
    ends = offered.claim.deadlines.respond_latest_by
    zone = at(law, "2026-06-10").tzinfo
    assert (ends and (ends - timedelta(seconds=1)).astimezone(zone).date().isoformat()) == latest
    declined = offered.when(wait_until(at(law, "2026-06-19")), DECLINE)
    respond_by = declined.claim.deadlines.respond_by
    assert respond_by is not None
    assert offered.claim.deadlines.respond_by is not None
    assert ends is None or respond_by <= max(ends, offered.claim.deadlines.respond_by)
    assert declined.claim.deadlines.respond_latest_by is None
    paid = declined.when(APPROVE)
    assert str(paid.claim.deadlines.refund_due_on) == due_on


def test_where_the_law_wants_the_money_in_the_time_to_answer_that_time_does_not_stand_still() -> None:
    story = UNSENT.when(request(Kind.CANCEL), replace(OFFER, alternative=Alternative.DISCOUNT_COUPON))
    timeout = next_timeout(story.claim)
    assert timeout is not None
    assert (timeout.name, timeout.at, due_at(story.claim)) == ("respond_by", RESPOND_BY, RESPOND_BY)
    late = story.when(wait_until(RESPOND_BY), MARK_OVERDUE)
    assert late.claim.escalated_at == RESPOND_BY


def test_the_result_is_due_by_law_however_often_the_buyer_is_asked() -> None:
    tight = replace(POLICY, result_within=Limit(length=4, unit=Unit.BUSINESS_DAYS, citation="Decree"))
    story = HOME.under(tight).when(RETURN, OFFER)
    assert (story.claim.deadlines.respond_latest_by, due_at(story.claim)) == (midnight(17), midnight(17))
    lapsed = story.when(wait_until(OFFER_ENDS), LAPSE)
    assert lapsed.claim.deadlines.respond_by == midnight(17)
