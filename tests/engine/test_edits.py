"""A buyer changes what a claim asks for: what stays in time, what is refused, and what stays as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from app.engine import Progress, Quote, actions, advance, quote_edit, standing_of
from app.engine.model.assessment import Verdict
from app.engine.model.claim import Replacement
from app.engine.model.commands import AcceptOffer, MakeOffer, Reclassify, RequestedLine
from app.engine.model.order import Order
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Declared, Fault, Ground, Kind, OfferStatus, Reason, State
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import AutomaticWhen, AutomationRule, Unanswered
from tests.engine.commands import APPROVE, BLUE, BUYER, HOLD, MARK_OVERDUE, RETRACT, SELLER, edit, reject, request
from tests.engine.orders import DELIVERED, NOW, POLICY, SOON, TOO_LATE, delivered_line, facts_of, line, order
from tests.engine.story import Step, Story, given, new_id, ship, wait_until

MIND, SIZE, BROKEN, OTHER = Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.DEFECTIVE, Reason.OTHER
ONE, TWO, BOTH = {"1": 1}, {"1": 2}, {"1": 1, "2": 1}
TOMORROW = NOW + timedelta(days=1)
LATE = wait_until(DELIVERED + timedelta(days=12))
"""The seven days for a change of mind are over. The months for a defect are not."""
CHANGED_FEE = MakeOffer(
    by=SELLER, offer_id="offer", alternative=Alternative.FREE_RETURN_SHIPPING, message="?", expires_at=None
)
ACCEPTED = AcceptOffer(by=BUYER, offer_id="offer")


def bought() -> Order:
    return order(delivered_line("1", quantity=3), delivered_line("2", quantity=2))


def returned(reason: Reason = MIND, units: dict[str, int] = ONE) -> Story:
    return given(bought()).when(request(Kind.RETURN, reason, units))


def returned_late(reason: Reason) -> Story:
    late = LATE(facts_of(bought())).now
    return given(bought(), late).when(request(Kind.RETURN, reason, requested_at=late))


def verdict_of(story: Story) -> Verdict:
    return assess(story.claim, story.facts).verdict


def test_an_edit_changes_what_is_asked_and_neither_the_instant_nor_the_deadline() -> None:
    before = returned()
    wish = edit({"1": 2, "2": 1}, BROKEN, note="It is torn.", conditions=frozenset({Declared.OPENED}))
    after = before.when(wait_until(NOW + timedelta(hours=5)), wish)
    claim = after.claim
    assert (claim.state, claim.version, claim.reason, claim.fault) == (State.REQUESTED, 2, BROKEN, Fault.SELLER)
    assert {each.line_id: each.quantity for each in claim.lines} == {"1": 2, "2": 1}
    assert (claim.submission.note, claim.submission.conditions) == ("It is torn.", frozenset({Declared.OPENED}))
    assert claim.submission.requested_at == NOW
    assert claim.submission.requester == before.claim.submission.requester
    assert claim.deadlines == before.claim.deadlines
    assert claim.turn == before.claim.turn
    assert [each.untouched for each in after.order.lines] == [1, 1]


@pytest.mark.parametrize(
    ("first", "steps"),
    [
        (returned(), (LATE, edit(ONE, MIND, note="Please hurry."))),
        (returned(units=TWO), (LATE, edit(ONE, MIND))),
        (returned(), (LATE, edit(ONE, SIZE))),
        (returned(), (LATE, edit({"1": 2, "2": 2}, BROKEN))),
        (returned(), (edit(ONE, BROKEN), LATE, edit(ONE, MIND))),
        (returned(BROKEN), (LATE, edit(ONE, MIND))),
        (returned(), (edit(TWO, MIND), LATE, edit(ONE, MIND), edit(TWO, MIND))),
        (returned(units=BOTH), (edit(ONE, MIND), LATE, edit(BOTH, MIND))),
        (returned(OTHER), (LATE, edit(ONE, MIND))),
    ],
    ids=[
        *("a note", "fewer units", "a reason of the same right", "the goods, which have their own time"),
        *("a reason that was asked before", "no reason after a defect", "units that were asked before"),
        *("a line that was asked before", "a reason for a request without one"),
    ],
)
def test_what_was_asked_in_time_stays_in_time(first: Story, steps: tuple[Step, ...]) -> None:
    assert verdict_of(first.when(*steps)) is Verdict.ELIGIBLE


@pytest.mark.parametrize(
    ("first", "steps", "field"),
    [
        (returned(), (LATE, edit(TWO, MIND)), "lines"),
        (returned(), (LATE, edit(BOTH, MIND)), "lines"),
        (returned(), (LATE, edit({"2": 1}, MIND)), "lines"),
        (returned_late(BROKEN), (edit(ONE, MIND),), "reason"),
        (returned(), (LATE, edit(BOTH, BROKEN), edit(BOTH, MIND)), "reason"),
    ],
    ids=["more units", "another line", "a line instead", "another right", "goods of another right"],
)
def test_what_is_new_must_be_asked_in_its_own_time(first: Story, steps: tuple[Step, ...], field: str) -> None:
    refused = first.when(*steps).then(refused=[Code.ASKED_TOO_LATE])
    (refusal,) = refused.refusals
    assert refusal.citation
    assert "17" in refusal.citation
    assert (refusal.params["ended_on"], refusal.field) == ("2026-06-15", field)


def test_a_claim_that_is_late_already_may_change_and_stays_late() -> None:
    late = given(bought(), DELIVERED + timedelta(days=12))
    story = late.when(request(Kind.RETURN, MIND, requested_at=late.facts.now), edit(ONE, SIZE), edit(TWO, SIZE))
    (judged,) = assess(story.claim, story.facts).lines
    assert judged.grounds == (Ground.WINDOW_CLOSED,)


def test_a_request_that_was_backdated_is_edited_as_of_now() -> None:
    """The instant of the request does not carry goods that the edit has added."""
    story = given(bought(), DELIVERED + timedelta(days=12)).when(request(Kind.RETURN, MIND))
    assert verdict_of(story) is Verdict.ELIGIBLE
    story.when(edit(BOTH, MIND)).then(refused=[Code.ASKED_TOO_LATE])


SET = Reclassify(by=SELLER, reason=MIND, evidence=("photo",))
PART = reject(Ground.DUPLICATE, evidence=("claim 7",), line_ids=("2",))
GOODWILL = request(Kind.REFUND, Reason.GOODWILL, amount=500)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((request(Kind.RETURN), edit()), Code.NOTHING_CHANGES),
        ((request(Kind.RETURN, BROKEN), SET, edit(ONE, BROKEN)), Code.REASON_RECLASSIFIED),
        ((request(Kind.RETURN), edit(ONE, Reason.GOODWILL)), Code.GIVEN_FREELY),
        ((GOODWILL, edit(ONE, Reason.GOODWILL, amount=9_000)), Code.GIVEN_FREELY),
        ((request(Kind.RETURN), CHANGED_FEE, ACCEPTED, edit(TWO)), Code.CANNOT_GROW),
        ((request(Kind.RETURN, MIND, BOTH), PART, edit(BOTH)), Code.LINE_REJECTED),
        ((request(Kind.RETURN), edit({"1": 4})), Code.UNITS_UNAVAILABLE),
        ((request(Kind.RETURN), edit({"9": 1})), Code.UNKNOWN_LINE),
        ((request(Kind.RETURN), edit({})), Code.NO_LINES),
        ((request(Kind.RETURN), edit({"1": 0})), Code.QUANTITY_NOT_POSITIVE),
        ((request(Kind.RETURN), edit(amount=500)), Code.AMOUNT_NOT_ALLOWED),
        ((request(Kind.RETURN), edit(discovered_at=NOW + timedelta(days=1))), Code.DISCOVERED_IN_FUTURE),
        ((request(Kind.RETURN), APPROVE, edit(TWO)), Code.ILLEGAL_TRANSITION),
        ((request(Kind.RETURN), RETRACT, edit(TWO)), Code.ILLEGAL_TRANSITION),
    ],
    ids=[
        *("the same", "a classified reason", "goodwill", "money given freely", "accepted terms", "a rejected line"),
        *("units", "a line", "no lines", "no units", "an amount", "a later day", "approved", "retracted"),
    ],
)
def test_an_edit_is_refused(steps: tuple[Step, ...], code: Code) -> None:
    assert code in given(bought()).when(*steps).codes


def test_after_a_seller_has_set_the_reason_the_rest_may_change() -> None:
    story = returned(BROKEN).when(SET, edit(TWO, MIND))
    assert (story.claim.reason, story.claim.fault) == (MIND, Fault.BUYER)


def test_units_of_another_claim_are_not_free_for_an_edit() -> None:
    first = returned(units=TWO)
    second = first.when(request(Kind.REFUND, BROKEN, ONE, claim_id="second"))
    assert Code.UNITS_UNAVAILABLE in second.with_claim(first.claim).when(edit({"1": 3})).codes


def test_an_offer_ends_with_what_it_was_made_for() -> None:
    offered = returned().when(CHANGED_FEE)
    assert offered.when(edit(note="?")).claim.offers[0].status is OfferStatus.OPEN
    later = offered.when(wait_until(NOW + timedelta(days=1)), edit(TWO))
    assert later.claim.offers[0].status is OfferStatus.SUPERSEDED
    assert later.claim.turn is not None
    assert later.claim.turn.party == "seller"


def test_a_held_claim_is_edited_and_stays_on_hold() -> None:
    held = returned().when(HOLD)
    assert held.when(edit(TWO)).claim.hold == held.claim.hold


def test_an_edit_is_approved_by_the_policy_as_a_request_is() -> None:
    rule = AutomationRule(kinds=frozenset({Kind.CANCEL}), when=AutomaticWhen.ALWAYS, citation="ours")
    made = order(line("1", quantity=2), line("2", unit_price=500))
    held = given(made, policy=replace(POLICY, automation=())).when(request(Kind.CANCEL))
    assert held.state is State.REQUESTED
    approved = held.under(replace(POLICY, automation=(rule,))).when(edit(TWO))
    assert (approved.state, approved.claim.lines[0].quantity) == (State.APPROVED, 2)


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        (edit(note="?"), State.APPROVED),
        (edit(ONE, BROKEN), State.REQUESTED),
        (edit(TWO), State.REQUESTED),
    ],
    ids=["a note", "another reason", "more units"],
)
def test_silence_grants_what_the_request_asked_for_alone(wish: Step, state: State) -> None:
    story = returned().under(replace(POLICY, unanswered=Unanswered.APPROVE)).when(wait_until(SOON), wish)
    assert story.when(wait_until(TOO_LATE), MARK_OVERDUE).state is state
    late = returned().under(replace(POLICY, unanswered=Unanswered.ESCALATE)).when(wait_until(TOO_LATE), MARK_OVERDUE)
    assert late.under(story.facts.policy).when(edit(ONE, BROKEN)).state is State.REQUESTED


def test_neither_goods_that_had_left_before_they_were_asked_for_nor_units_given_up_are_returned() -> None:
    """A return at the seller's cost is for what was shipped after the buyer had asked to cancel it."""
    made = order(line("1", quantity=3), line("2"))
    story = given(made).when(request(Kind.CANCEL, units=TWO), ship({"1": 1, "2": 1}), wait_until(TOMORROW))
    progress = advance(story.claim, edit(BOTH), story.facts, new_id)
    assert isinstance(progress, Progress)
    assert [each.event.type for each in progress.decisions] == ["claim.edited", "claim.overtaken"]
    assert progress.split is None
    assert [(each.line_id, each.quantity) for each in progress.claim.lines] == [("1", 1)]
    assert [each.untouched for each in progress.facts.order.lines] == [2, 1]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (None, replace(BLUE, unit_price=12_000)),
        (Replacement(sku=BLUE.sku), replace(BLUE, unit_price=12_000)),
        (Replacement(sku="shirt-red"), Replacement(sku="shirt-red")),
    ],
)
def test_the_sellers_price_stays_with_the_goods_that_it_is_for(wanted: Replacement | None, kept: Replacement) -> None:
    story = given(bought()).when(request(Kind.EXCHANGE, replacement=replace(BLUE, unit_price=12_000)))
    lines = (RequestedLine(line_id="1", quantity=2, replacement=wanted),)
    assert story.when(edit(lines=lines)).claim.lines[0].replacement == kept


def test_a_quote_of_an_edit_is_the_claim_after_it() -> None:
    story, wish = returned(units={"1": 3}), edit({"1": 3, "2": 2}, BROKEN)
    quoted, after = quote_edit(story.claim, wish, story.facts), story.when(wish)
    assert isinstance(quoted, Quote)
    assert quoted.claim == after.claim
    assert quoted.standing == standing_of(after.claim, after.facts)


@st.composite
def _wishes(draw: st.DrawFn) -> Any:
    units = draw(st.dictionaries(st.sampled_from(("1", "2")), st.integers(1, 2), min_size=1))
    conditions = frozenset(draw(st.sets(st.sampled_from((Declared.OPENED, Declared.USED)))))
    return edit(units, draw(st.sampled_from((MIND, SIZE, BROKEN, OTHER))), note=draw(st.sampled_from((None, "?"))),
                conditions=conditions)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@for_all(st.sampled_from((Kind.RETURN, Kind.REPAIR, Kind.CANCEL, Kind.REFUND)), _wishes(), st.lists(_wishes()))
def test_an_edit_back_and_forth_leaves_what_the_claim_may_do(kind: Kind, first: Any, between: list[Any]) -> None:
    """After any edits, the edit back to the request has the same units, amounts, assessment and commands."""
    sold = [line("1", quantity=3), line("2", quantity=2)]
    made = bought() if kind is not Kind.CANCEL else order(*sold)
    asked = replace(request(kind, first.reason, note=first.note, conditions=first.conditions), lines=first.lines)
    before = after = Story(facts_of(made)).when(asked)
    for hours, wish in enumerate(between):
        tried = after.when(wait_until(NOW + timedelta(hours=hours)), wish)
        after = after if tried.refusals else tried
    tried = after.when(first)
    after = after if tried.codes == [Code.NOTHING_CHANGES] else tried
    late = replace(after.facts, now=DELIVERED + timedelta(days=30))
    assert replace(after.order) == before.order
    assert standing_of(after.claim, late) == standing_of(before.claim, late)
    assert actions(after.claim, late) == actions(before.claim, late)
    approved = [Story(late, claim).when(replace(APPROVE, override="whatever")) for claim in (before.claim, after.claim)]
    assert approved[0].codes == approved[1].codes
    if not approved[0].refusals:
        assert approved[0].claim.amounts == approved[1].claim.amounts
