"""Until when a claim may be made, and what ends the right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.engine import Decision, Facts, decide
from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.commands import Receive, Request
from app.engine.model.order import OrderLine, Units
from app.engine.model.vocabulary import Declared, Ground, Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import WindowEnd
from app.engine.transitions.ledger import apply_effects
from app.presets.loader import preset
from tests.engine.commands import APPROVE, DISPATCH, SELLER, inspect, receive, request
from tests.engine.orders import DELIVERED, NOW, POLICY, SEOUL, SHIPPED, delivered_line, facts_of, line, order
from tests.engine.story import given, wait_until

LONG_AGO = SHIPPED - timedelta(days=8)
ELIGIBLE, INELIGIBLE, REVIEW = Verdict
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
SEAL = frozenset({Declared.SEAL_BROKEN})


@pytest.mark.parametrize(
    ("law", "reason", "arrived", "requested", "last_day", "verdict"),
    [
        ("kr", MIND, "2026-06-08T15:00+09:00", "2026-06-15T23:59:59.999999+09:00", "2026-06-15", ELIGIBLE),
        ("kr", MIND, "2026-06-08T15:00+09:00", "2026-06-16T00:00+09:00", "2026-06-15", INELIGIBLE),
        ("kr", MIND, "2026-06-08T15:00+09:00", "2026-06-15T14:59:59+00:00", "2026-06-15", ELIGIBLE),
        ("kr", MIND, "2026-06-08T15:00+09:00", "2026-06-15T15:00+00:00", "2026-06-15", INELIGIBLE),
        ("kr", MIND, "2026-06-08T23:59+09:00", "2026-06-10T10:00+09:00", "2026-06-15", ELIGIBLE),
        ("kr", MIND, "2026-06-09T00:00+09:00", "2026-06-10T10:00+09:00", "2026-06-16", ELIGIBLE),
        ("kr", MIND, "2026-06-13T15:00+09:00", "2026-06-22T20:00+09:00", "2026-06-22", ELIGIBLE),
        ("kr", BROKEN, "2026-06-08T15:00+09:00", "2026-09-08T23:59+09:00", "2026-09-08", ELIGIBLE),
        ("kr", BROKEN, "2026-06-08T15:00+09:00", "2026-09-09T00:00+09:00", "2026-09-08", REVIEW),
        ("jp", MIND, "2026-06-01T15:00+09:00", "2026-06-08T23:59+09:00", "2026-06-08", ELIGIBLE),
        ("jp", MIND, "2026-06-01T15:00+09:00", "2026-06-09T00:00+09:00", "2026-06-08", INELIGIBLE),
    ],
)
def test_a_window_ends_at_the_local_midnight_after_its_last_day(
    law: str, reason: Reason, arrived: str, requested: str, last_day: str, verdict: Verdict
) -> None:
    bought = replace(delivered_line(), delivered_at=datetime.fromisoformat(arrived))
    now = datetime.fromisoformat(requested)
    assessment = _assessment(facts_of(order(bought), now, preset(law)), request(Kind.RETURN, reason, requested_at=now))
    assert assessment.window is not None
    assert (str(assessment.window.ends_on), assessment.verdict) == (last_day, verdict)


def test_a_window_is_half_open() -> None:
    window = _assessment(_delivered(), request(Kind.RETURN)).window
    assert window is not None
    assert window.opens_at == DELIVERED
    assert window.closes_at == datetime(2026, 6, 16, tzinfo=SEOUL)


def test_the_buyers_submit_time_counts_and_not_the_hour_of_the_decision() -> None:
    late = facts_of(order(delivered_line()), NOW + timedelta(days=30))
    assert _assessment(late, request(Kind.RETURN)).verdict is ELIGIBLE


@pytest.mark.parametrize(
    ("ends", "discovered", "last_day"),
    [
        (WindowEnd.FIRST, datetime(2026, 6, 9, 12, tzinfo=UTC), "2026-07-09"),
        (WindowEnd.LAST, datetime(2026, 6, 9, 12, tzinfo=UTC), "2026-09-08"),
        (WindowEnd.FIRST, None, "2026-07-10"),
    ],
)
def test_of_two_periods_the_policy_says_which_ends_the_window(
    ends: WindowEnd, discovered: datetime | None, last_day: str
) -> None:
    policy = replace(POLICY, windows=tuple(replace(window, ends=ends) for window in POLICY.windows))
    command = request(Kind.RETURN, BROKEN, discovered_at=discovered)
    window = _assessment(_delivered(policy=policy), command).window
    assert window is not None
    assert (window.opens_at, str(window.ends_on)) == (DELIVERED, last_day)


@pytest.mark.parametrize(("reason", "due_on"), [(MIND, "2026-06-15"), (Reason.OUT_OF_STOCK, "2026-06-10")])
def test_the_day_of_a_refund_goes_by_the_reason(reason: Reason, due_on: str) -> None:
    """KR E-Commerce Act 15(2): what cannot be sent is paid back within three business days of the payment."""
    story = given(order(line())).when(request(Kind.CANCEL, reason), APPROVE)
    assert str(story.claim.deadlines.refund_due_on) == due_on


@pytest.mark.parametrize(
    ("nature", "kind", "reason", "due_on"),
    [
        (Nature.DIGITAL, Kind.RETURN, BROKEN, "2026-06-15"),
        (Nature.SERVICE, Kind.REFUND, BROKEN, "2026-06-15"),
        (Nature.STANDARD, Kind.RETURN, BROKEN, "2026-06-30"),
        (Nature.STANDARD, Kind.REFUND, BROKEN, "2026-06-30"),
        (Nature.STANDARD, Kind.REFUND, Reason.MISSING_ITEM, "2026-06-15"),
    ],
)
def test_the_refund_does_not_wait_for_goods_that_cannot_come_back(
    nature: Nature, kind: Kind, reason: Reason, due_on: str
) -> None:
    """KR E-Commerce Act 18(2)2 and 3: from the withdrawal."""
    both = order(delivered_line(nature=nature), delivered_line("2"))
    back = (receive(), inspect()) if kind is Kind.RETURN and nature is Nature.STANDARD else ()
    later = wait_until(NOW + timedelta(days=15))
    story = given(both, policy=preset("kr")).when(request(kind, reason), later, APPROVE, *back)
    assert str(story.claim.deadlines.refund_due_on) == due_on


def test_each_line_has_the_window_of_its_own_delivery() -> None:
    second = replace(delivered_line("2"), delivered_at=DELIVERED + timedelta(days=1))
    both = facts_of(order(delivered_line(), second))
    assessment = _assessment(both, request(Kind.RETURN, units={"1": 1, "2": 1}))
    opened = {line.line_id: line.window.opens_at for line in assessment.lines if line.window}
    assert opened == {"1": DELIVERED, "2": second.delivered_at}


@pytest.mark.parametrize("law", ["eu", "uk"])
def test_a_withdrawal_has_time_until_the_last_of_the_order_has_been_there_for_two_weeks(law: str) -> None:
    """EU CRD 9(2)(b)(i); UK CCR 2013 reg. 30(4). What has arrived may go back before that begins."""
    long_ago = replace(delivered_line(), delivered_at=NOW - timedelta(days=20))
    on_its_way = replace(delivered_line("2", quantity=2), delivered=1)
    others = (
        line("3", units=Units(cancelled=1)),
        line("4", nature=Nature.SERVICE),
        line("5", replaces="1", shipped=1, shipped_at=NOW),
    )
    for rest, begun in ((on_its_way, False), (replace(on_its_way, delivered=2), True)):
        assessment = _assessment(facts_of(order(long_ago, rest, *others), policy=preset(law)), request(Kind.RETURN))
        assert assessment.verdict is ELIGIBLE
        assert assessment.window is not None
        assert assessment.window.opens_at == (DELIVERED if begun else None)


@pytest.mark.parametrize(
    ("kind", "rule"), [(Kind.RETURN, "uk_final_right_to_reject"), (Kind.REFUND, "uk_price_reduction")]
)
def test_a_replacement_that_is_faulty_too_may_be_rejected_for_good(kind: Kind, rule: str) -> None:
    """UK CRA 2015 s. 24(5)(a): not only within thirty days. Without it the goods can be rejected if a repair or a
    replacement is impossible or too slow, 24(5)(b), (c): a person must look."""
    long_ago = replace(delivered_line(), delivered_at=NOW - timedelta(days=100))
    sent = replace(long_ago, line_id="2", replaces="1")
    both = facts_of(order(long_ago, sent), policy=preset("uk"))
    first, second = (_assessment(both, request(kind, BROKEN, units={name: 1})) for name in ("1", "2"))
    assert (first.verdict, second.verdict) == (REVIEW, ELIGIBLE)
    assert second.window is not None
    assert second.window.rule == rule


@pytest.mark.parametrize(("law", "due_on"), [("eu", "2026-06-24"), ("uk", "2026-06-25"), ("kr", "2026-06-30")])
def test_where_the_law_says_so_the_money_does_not_wait_for_what_is_shown_to_be_on_its_way(
    law: str, due_on: str
) -> None:
    """EU CRD 13(3); UK CCR 2013 reg. 34(5). KR E-Commerce Act 18(2)1 waits for the goods."""
    story = given(order(delivered_line()), policy=preset(law))
    sent, back = wait_until(NOW + timedelta(days=1)), wait_until(NOW + timedelta(days=15))
    story = story.when(request(Kind.RETURN), APPROVE, sent, DISPATCH, back, receive(), inspect())
    assert str(story.claim.deadlines.refund_due_on) == due_on


@pytest.mark.parametrize(
    ("bought", "request_", "verdict"),
    [
        (line(), request(Kind.CANCEL), ELIGIBLE),
        (line(), request(Kind.CANCEL, BROKEN), ELIGIBLE),
        (line(), request(Kind.CANCEL, Reason.OTHER), REVIEW),
        (delivered_line(), request(Kind.CANCEL), INELIGIBLE),
        (delivered_line(), request(Kind.RETURN), ELIGIBLE),
        (delivered_line(), request(Kind.EXCHANGE), ELIGIBLE),
        (delivered_line(), request(Kind.RETURN, Reason.OTHER), REVIEW),
        (delivered_line(), request(Kind.REFUND), REVIEW),  # no rule says that goods may be kept at no fault
        (delivered_line(), request(Kind.REFUND, Reason.MISSING_ITEM), ELIGIBLE),
        (replace(line(), shipped=1, shipped_at=SHIPPED), request(Kind.RETURN), ELIGIBLE),  # on their way
        (replace(line(), shipped=1, shipped_at=LONG_AGO), request(Kind.RETURN), REVIEW),  # no delivery scan
        (replace(line(), shipped=1, shipped_at=SHIPPED), request(Kind.REFUND, Reason.LOST_IN_DELIVERY), ELIGIBLE),
    ],
)
def test_verdict(bought: OrderLine, request_: Request, verdict: Verdict) -> None:
    assert _assessment(facts_of(order(bought)), request_).verdict is verdict


@pytest.mark.parametrize(
    ("nature", "records", "declared", "reason", "grounds"),
    [
        (Nature.CUSTOM_MADE, "notice consent", "", MIND, "custom_made"),
        (Nature.CUSTOM_MADE, "notice", "", MIND, ""),
        (Nature.CUSTOM_MADE, "notice consent", "", BROKEN, ""),
        (Nature.SEALED_MEDIA, "seal_notice", "seal_broken", MIND, "seal_broken"),
        (Nature.SEALED_MEDIA, "seal_notice", "opened", MIND, ""),
        (Nature.SEALED_MEDIA, "", "seal_broken", MIND, ""),
        (Nature.STANDARD, "seal_notice", "seal_broken", MIND, ""),
        (Nature.STANDARD, "", "used", MIND, ""),
        (Nature.DIGITAL, "notice preview", "begun", MIND, "digital_begun"),
        (Nature.SERVICE, "notice preview", "begun", MIND, "service_begun"),
    ],
)
def test_an_exception_binds_when_all_that_it_names_is_there(
    nature: Nature, records: str, declared: str, reason: Reason, grounds: str
) -> None:
    bought = delivered_line(nature=nature, records=frozenset(map(Record, records.split())))
    command = request(Kind.RETURN, reason, conditions=frozenset(map(Declared, declared.split())))
    assert _assessment(facts_of(order(bought)), command).grounds == tuple(map(Ground, grounds.split()))


def test_a_record_may_be_on_the_order_as_well_as_on_the_line() -> None:
    disc = delivered_line(nature=Nature.SEALED_MEDIA)
    noted = facts_of(order(disc, records=frozenset({Record.SEAL_NOTICE})))
    assert _assessment(noted, request(Kind.RETURN, conditions=SEAL)).grounds == (Ground.SEAL_BROKEN,)


def test_a_finding_names_its_lines_and_its_law() -> None:
    disc = delivered_line("2", nature=Nature.SEALED_MEDIA, records=frozenset({Record.SEAL_NOTICE}))
    both = facts_of(order(delivered_line(), disc))
    (finding,) = _assessment(both, request(Kind.RETURN, units={"1": 1, "2": 1}, conditions=SEAL)).findings
    assert finding.line_ids == ("2",)
    assert "17(2)4" in finding.citation


def test_an_assessment_names_its_policy_and_its_holidays() -> None:
    assessment = _assessment(_delivered(), request(Kind.RETURN))
    assert assessment.policy == "storefront_kr@2"
    assert assessment.holidays.startswith("holidays ")


def _delivered(**more: Any) -> Facts:
    return facts_of(order(delivered_line()), **more)


def _assessment(facts: Facts, request: Request) -> Assessment:
    decision = decide(None, request, facts)
    assert isinstance(decision, Decision), decision
    return assess(decision.claim, apply_effects(facts, decision.effects))


def test_closing_a_receipt_late_does_not_put_off_the_refund() -> None:
    story = given(order(delivered_line(quantity=2))).when(
        *(request(Kind.RETURN, units={"1": 2}), APPROVE, receive({"1": 1})),
        *(wait_until(NOW + timedelta(days=9)), Receive(by=SELLER, lines=(), close=True), inspect({"1": 1})),
    )
    assert str(story.claim.deadlines.refund_due_on) == "2026-06-15"


@pytest.mark.parametrize(("arrived", "last_day"), [("2026-04-30", "2026-07-31"), ("2027-02-28", "2027-05-31")])
def test_three_months_from_a_last_day_are_three_whole_months(arrived: str, last_day: str) -> None:
    day = datetime.fromisoformat(f"{arrived}T12:00+09:00")
    requested = datetime.fromisoformat(f"{last_day}T12:00+09:00")
    facts = facts_of(order(replace(delivered_line(), delivered_at=day)), requested)
    window = _assessment(facts, request(Kind.RETURN, BROKEN, requested_at=requested)).window
    assert window is not None
    assert str(window.ends_on) == last_day
