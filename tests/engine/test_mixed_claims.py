"""Claims whose lines have different verdicts: a quote, a rejection and an approval take the lines apart."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.engine import actions, quote, standing_of
from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.commands import Approve, Reclassify, Reject
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Declared, Fault, Ground, Kind, Nature, Reason, Record, State
from app.engine.policy.law import violations
from app.engine.policy.merging import merge_terms
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, ExceptionRule, Period, Unit, WindowRule
from app.engine.policy.terms import Terms
from app.engine.quote import Quote
from app.presets.loader import preset
from tests.engine.commands import APPROVE, SELLER, inspect, receive, reject, request
from tests.engine.orders import DELIVERED, POLICY, SEOUL, SHIPPED, SOON, TOO_LATE, deliver, delivered_line, line, order
from tests.engine.story import Story, given, pay_refunds
from tests.engine.under_law import compared_days

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
KOREA = preset("kr")
ASKED = datetime(2026, 11, 28, 10, tzinfo=SEOUL)
BOTH = {"1": 1, "2": 1}
TWO = order(delivered_line("1", unit_price=20_000), delivered_line("2", unit_price=10_000))


def _delivered(line_id: str, price: int, day: datetime) -> OrderLine:
    return replace(deliver(line(line_id, unit_price=price)), shipped_at=day, delivered_at=day)


def _late_and_fresh(policy: Policy = KOREA) -> Story:
    """Line 1 came weeks before the request, and line 2 a few days before it."""
    paid = datetime(2026, 10, 25, 9, tzinfo=SEOUL)
    late = _delivered("1", 90_000, datetime(2026, 11, 1, 12, tzinfo=SEOUL))
    fresh = _delivered("2", 1_000, datetime(2026, 11, 25, 12, tzinfo=SEOUL))
    return given(replace(order(late, fresh), paid_at=paid), now=ASKED, policy=policy)


def _from_the_delivery() -> Policy:
    """The default of two states counts from the purchase. A policy that is shown takes its place: here 14 days from the
    delivery."""
    days = (Period(length=14, unit=Unit.DAYS, anchor=Anchor.DELIVERED),)
    given_by = WindowRule(
        code="ours", kinds=frozenset({Kind.RETURN}), faults=frozenset({Fault.BUYER}), periods=days, citation="our terms"
    )
    terms = Terms(windows=(given_by,))
    law = preset("us")
    forbidden = violations(law, terms, compared_days("us"))
    return merge_terms(law, terms, forbidden, policy_id="ours", version=1)


def _made_and_standard() -> Story:
    shown = frozenset({Record.NOTICE, Record.CONSENT})
    made = delivered_line("1", unit_price=20_000, nature=Nature.CUSTOM_MADE, records=shown)
    return given(order(made, delivered_line("2", unit_price=10_000)))


def _reject(ground: Ground, *line_ids: str, **more: Any) -> Reject:
    return reject(ground, alternatives=(Alternative.STORE_CREDIT,), line_ids=line_ids, **more)


@pytest.mark.parametrize("policy", [KOREA, preset("jp"), _from_the_delivery()], ids=["kr", "jp", "us with terms"])
def test_the_window_of_one_line_is_not_the_window_of_another(policy: Policy) -> None:
    story = _late_and_fresh(policy)
    told = quote(request(Kind.RETURN, units=BOTH, requested_at=ASKED), story.facts)
    assert isinstance(told, Quote)
    late, fresh = told.standing.assessment.lines
    assert (late.verdict, late.grounds) == (INELIGIBLE, (Ground.WINDOW_CLOSED,))
    assert (fresh.verdict, fresh.grounds) == (ELIGIBLE, ())
    assert told.standing.amounts.total == 1_000
    assert [step.line_id for step in told.standing.amounts.steps] == ["2"]


def test_the_last_days_of_two_lines_in_korea() -> None:
    story = _late_and_fresh().when(request(Kind.RETURN, units=BOTH, requested_at=ASKED))
    windows = [line.window for line in standing_of(story.claim, story.facts).assessment.lines]
    assert [window and window.ends_on for window in windows] == [date(2026, 11, 9), date(2026, 12, 2)]


def test_the_last_day_of_a_line_by_the_terms_of_the_seller() -> None:
    story = _late_and_fresh(_from_the_delivery()).when(request(Kind.RETURN, units=BOTH, requested_at=ASKED))
    windows = [line.window for line in standing_of(story.claim, story.facts).assessment.lines]
    assert [(window and (window.rule, window.ends_on)) for window in windows] == [
        ("ours", date(2026, 11, 15)),
        ("ours", date(2026, 12, 9)),
    ]


def test_a_request_without_an_eligible_line_is_quoted_as_a_whole() -> None:
    told = quote(request(Kind.RETURN, units=BOTH, requested_at=TOO_LATE), given(TWO, now=TOO_LATE).facts)
    assert isinstance(told, Quote)
    assert {line.verdict for line in told.standing.assessment.lines} == {INELIGIBLE}
    assert [step.line_id for step in told.standing.amounts.steps if step.line_id] == ["1", "2"]


def test_the_ground_of_one_line_ends_that_line_alone() -> None:
    story = _made_and_standard().when(request(Kind.RETURN, units=BOTH), _reject(Ground.CUSTOM_MADE))
    story.then(state=State.REQUESTED, untouched=1)
    (gone,) = story.claim.rejected_lines
    assert (gone.line.line_id, gone.rejection.ground, gone.rejection.message) == (
        "1",
        Ground.CUSTOM_MADE,
        "We are sorry.",
    )
    assert story.claim.rejection is None
    assert [line.line_id for line in story.claim.lines] == ["2"]
    paid = story.when(APPROVE, receive({"2": 1}), inspect({"2": 1}))
    paid.then(state=State.ACCEPTED, steps={"goods": 10_000, "return_fee": -3_000}, total=7_000)
    paid.when(pay_refunds).then(state=State.REFUNDED)


def test_the_quote_is_the_money_after_the_rejection() -> None:
    story = _made_and_standard().when(request(Kind.RETURN, units=BOTH))
    projected = standing_of(story.claim, story.facts).amounts
    after = story.when(_reject(Ground.CUSTOM_MADE), APPROVE, receive({"2": 1}), inspect({"2": 1}))
    assert after.amounts == projected


def test_the_units_of_a_rejected_line_can_be_claimed_again() -> None:
    story = _made_and_standard().when(request(Kind.RETURN, units=BOTH), _reject(Ground.CUSTOM_MADE))
    story.when(request(Kind.RETURN, Reason.DEFECTIVE, claim_id="again"), APPROVE).then(state=State.APPROVED)


def test_the_last_lines_end_the_claim() -> None:
    story = _made_and_standard().when(request(Kind.RETURN, units=BOTH), _reject(Ground.CUSTOM_MADE))
    ended = story.when(_reject(Ground.DUPLICATE, evidence=("claim 7",)))
    ended.then(state=State.REJECTED, untouched=1)
    assert ended.claim.rejection is not None
    assert ended.claim.rejection.ground is Ground.DUPLICATE
    assert [line.untouched for line in ended.order.lines] == [1, 1]


def test_evidence_ends_all_lines_or_the_named_lines() -> None:
    asked = _made_and_standard().when(request(Kind.RETURN, units=BOTH))
    asked.when(_reject(Ground.DUPLICATE, evidence=("claim 7",))).then(state=State.REJECTED)
    named = asked.when(_reject(Ground.DUPLICATE, "2", evidence=("claim 7",)))
    named.then(state=State.REQUESTED)
    assert [line.line_id for line in named.claim.lines] == ["1"]
    asked.when(_reject(Ground.DUPLICATE, "2")).then(refused=[Code.EVIDENCE_REQUIRED])


def test_a_rejection_names_lines_of_the_claim_that_have_the_ground() -> None:
    asked = _made_and_standard().when(request(Kind.RETURN, units=BOTH))
    asked.when(_reject(Ground.CUSTOM_MADE, "9")).then(refused=[Code.UNKNOWN_LINE])
    asked.when(_reject(Ground.CUSTOM_MADE, "1", "1")).then(refused=[Code.LINE_TWICE])
    asked.when(_reject(Ground.SEAL_BROKEN)).then(refused=[Code.NO_GROUND_FOR_REJECTION])
    refused = asked.when(_reject(Ground.CUSTOM_MADE, "1", "2"))
    refused.then(refused=[Code.NO_GROUND_FOR_LINE])
    assert refused.refusals[0].params["line_id"] == "2"


def test_an_approval_of_mixed_lines_is_refused_with_the_lines() -> None:
    asked = _made_and_standard().when(request(Kind.RETURN, units=BOTH))
    refused = asked.when(APPROVE)
    refused.then(refused=[Code.INELIGIBLE])
    assert refused.refusals[0].params == {"ground": Ground.CUSTOM_MADE, "line_ids": ("1",)}
    overridden = asked.when(Approve(by=SELLER, override="a regular"), receive(BOTH), inspect(BOTH))
    overridden.then(total=27_000)


def test_a_part_of_the_price_is_shared_by_the_lines_that_remain() -> None:
    asked = given(TWO).when(request(Kind.REFUND, Reason.DEFECTIVE, BOTH, amount=6_000))
    left = asked.when(_reject(Ground.DUPLICATE, "1", evidence=("claim 7",)))
    assert left.claim.submission.amount == 2_000
    left.when(APPROVE).then(total=2_000)


def _in_doubt() -> Story:
    """Line 1 may have been used, which the seller must show."""
    rule = ExceptionRule(
        ground=Ground.USED_OR_CONSUMED,
        kinds=frozenset({Kind.RETURN}),
        faults=frozenset({Fault.BUYER}),
        natures=frozenset({Nature.HYGIENE}),
        conditions=frozenset({Declared.USED}),
        needs_proof=True,
        citation="a rule",
    )
    bought = order(delivered_line("1", nature=Nature.HYGIENE), delivered_line("2"))
    story = given(bought, policy=replace(POLICY, exceptions=(rule,)))
    return story.when(request(Kind.RETURN, units=BOTH, conditions=frozenset({Declared.USED})))


def test_a_doubt_is_a_ground_for_a_seller_with_evidence() -> None:
    story = _in_doubt()
    standing = standing_of(story.claim, story.facts)
    assert [line.verdict for line in standing.assessment.lines] == [REVIEW, ELIGIBLE]
    assert [doubt.why for doubt in standing.assessment.doubts] == [Unclear.PROOF_NEEDED]
    (possible,) = [action.grounds for action in actions(story.claim, story.facts) if action.command == "reject"]
    assert Ground.USED_OR_CONSUMED in possible
    story.when(_reject(Ground.USED_OR_CONSUMED)).then(refused=[Code.EVIDENCE_REQUIRED])
    ended = story.when(_reject(Ground.USED_OR_CONSUMED, evidence=("photo-1",)))
    ended.then(state=State.REQUESTED)
    assert [line.line_id for line in ended.claim.lines] == ["2"]
    story.when(_reject(Ground.USED_OR_CONSUMED, "2", evidence=("photo-1",))).then(refused=[Code.NO_GROUND_FOR_LINE])


def _knowable(at: datetime, **more: Any) -> Reclassify:
    known = {"reason": Reason.DEFECTIVE, "evidence": ("chat-1",), **more}
    return Reclassify(by=SELLER, knowable_at=at, **known)


def test_the_time_from_the_discovery_begins_when_the_buyer_could_have_known() -> None:
    now = DELIVERED + timedelta(days=50)
    asked = given(order(delivered_line()), now, preset("kr")).when(
        request(Kind.RETURN, Reason.DEFECTIVE, requested_at=now)
    )
    assert standing_of(asked.claim, asked.facts).assessment.verdict is ELIGIBLE
    shown = asked.when(_knowable(DELIVERED + timedelta(days=1)))
    assert shown.claim.knowable_at == DELIVERED + timedelta(days=1)
    late = standing_of(shown.claim, shown.facts).assessment
    assert late.verdict is REVIEW  # KR Civil Act 580, 582: rescission for a serious defect, six months from knowing
    asked.when(_knowable(now - timedelta(days=5))).when(APPROVE).then(state=State.APPROVED)


def test_what_the_buyer_could_have_known_is_shown_with_evidence_and_possible() -> None:
    asked = given(order(delivered_line())).when(request(Kind.RETURN, Reason.DEFECTIVE))
    at = DELIVERED + timedelta(hours=1)
    asked.when(_knowable(at, evidence=())).then(refused=[Code.PROOF_REQUIRED])
    asked.when(_knowable(SOON)).then(refused=[Code.KNOWABLE_IN_FUTURE])
    asked.when(_knowable(SHIPPED - timedelta(hours=1))).then(refused=[Code.KNOWABLE_BEFORE_SHIPPING])
    asked.when(_knowable(at, reason=Reason.CHANGE_OF_MIND)).then(refused=[Code.KNOWABLE_NOT_ALLOWED])
    asked.when(APPROVE, _knowable(at)).then(refused=[Code.KNOWABLE_NOT_ALLOWED])
    asked.when(_knowable(at)).when(_knowable(at)).then(refused=[Code.NOTHING_CHANGES])
