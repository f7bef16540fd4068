"""Services and goods that are used in parts, and the other deductions from a refund."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.model.assessment import Verdict
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Declared, Deduction, Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.engine.policy.money_rules import Fees
from app.engine.policy.policy import Policy
from app.presets.loader import preset
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.orders import NO_FEES, POLICY, SHIPPED, delivered_line, line, order
from tests.engine.story import Story, given

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
BEGUN = frozenset({Declared.BEGUN})


def course(**more: Any) -> OrderLine:
    """Twelve lessons for 120,000."""
    shown = frozenset({Record.NOTICE, Record.PREVIEW})
    return line(unit_price=120_000, nature=Nature.SERVICE, **{"parts": 12, "records": shown, **more})


def used(parts: int, kind: Kind = Kind.CANCEL, reason: Reason = MIND, **more: Any) -> Request:
    whole_request = request(kind, reason, **more)
    return replace(whole_request, lines=(RequestedLine(line_id="1", quantity=1, used_parts=parts),))


@pytest.mark.parametrize(("parts", "verdict"), [(0, "eligible"), (3, "eligible"), (12, "ineligible")])
def test_what_has_not_been_begun_of_a_service_in_parts_can_be_cancelled_in_korea(parts: int, verdict: str) -> None:
    story = given(order(course())).when(used(parts, conditions=BEGUN))
    assert assess(story.claim, story.facts).verdict == Verdict(verdict)


def test_what_has_been_used_of_it_is_paid_for() -> None:
    story = given(order(course())).when(used(3, conditions=BEGUN), APPROVE)
    steps = {step.code: (step.amount, step.citation) for step in story.amounts.steps}
    assert steps == {
        StepCode.GOODS: (120_000, None),
        StepCode.USED_PART: (
            -30_000,
            "KR E-Commerce Act 18(8); KR E-Commerce Decree 24(2): the part that was used up",
        ),
    }
    story.then(total=90_000)


@pytest.mark.parametrize("policy", [POLICY, preset("us"), preset("jp")], ids=["kr", "us", "jp"])
def test_parts_that_are_given_back_are_quoted_as_what_they_will_be(policy: Policy) -> None:
    """A box of twelve capsules, three of them used. Without a rule for used parts, the whole price goes back."""
    bought = order(delivered_line(unit_price=12_000, parts=12))
    story = given(bought, policy=replace(policy, fees=Fees())).when(used(3, Kind.RETURN, BROKEN))
    quoted = refund_breakdown(story.claim, story.order, story.facts.policy)
    story.when(APPROVE, receive(), inspect()).then(amounts=quoted)


def test_used_parts_that_the_warehouse_counts_need_a_rule() -> None:
    bought = order(delivered_line(unit_price=12_000, parts=12))
    story = given(bought, policy=replace(preset("us"), fees=Fees())).when(used(3, Kind.RETURN, BROKEN))
    story.when(APPROVE, receive(), inspect(used_parts=4)).then([Code.DEDUCTION_NOT_ALLOWED])


def test_a_service_that_comes_whole_cannot_be_cancelled_once_begun() -> None:
    story = given(order(course(parts=1))).when(request(Kind.CANCEL, MIND, conditions=BEGUN))
    assert assess(story.claim, story.facts).verdict is Verdict.INELIGIBLE


@pytest.mark.parametrize(
    ("records", "paid_back"),
    [({Record.NOTICE, Record.CONSENT}, 90_000), ({Record.NOTICE}, 120_000), (set(), 120_000)],
    ids=["asked for and informed", "not asked for", "not informed either"],
)
def test_in_the_union_a_service_is_paid_for_only_where_its_begin_was_asked_for(
    records: set[Record], paid_back: int
) -> None:
    given(order(course(records=frozenset(records))), policy=preset("eu")).when(used(3), APPROVE).then(total=paid_back)


@pytest.mark.parametrize("parts", [-1, 13])
def test_no_more_can_be_used_than_there_is(parts: int) -> None:
    given(order(course())).when(used(parts)).then(refused=[Code.USED_ABOVE_UNITS])


def test_parts_used_up_of_goods_are_counted_at_the_inspection() -> None:
    story = given(order(delivered_line(unit_price=10_000, parts=30))).when(
        request(Kind.RETURN), APPROVE, receive(condition=Condition.OPENED), inspect(used_parts=7)
    )
    assert story.amounts.amount_of(StepCode.USED_PART) == -2_333


@pytest.mark.parametrize(
    ("law", "reason", "records", "deduction", "allowed"),
    [
        ("kr", MIND, (), Deduction.USED_VALUE, True),
        ("kr", BROKEN, (), Deduction.USED_VALUE, False),
        ("kr", BROKEN, (), Deduction.MISSING_PARTS, True),
        ("kr", BROKEN, (), Deduction.DAMAGE, False),
        ("eu", MIND, (Record.NOTICE,), Deduction.USED_VALUE, True),
        ("eu", MIND, (), Deduction.USED_VALUE, False),
        ("uk", MIND, (Record.NOTICE,), Deduction.DAMAGE, True),
        ("uk", MIND, (), Deduction.DAMAGE, False),
        ("jp", MIND, (), Deduction.DAMAGE, True),
        ("us", BROKEN, (), Deduction.USED_VALUE, False),
    ],
)
def test_a_deduction_needs_a_rule(
    law: str, reason: Reason, records: tuple[Record, ...], deduction: Deduction, allowed: bool
) -> None:
    story = bought(law, records)
    found = _FOUND[deduction]
    way = (request(Kind.RETURN, reason), APPROVE, receive(condition=found))
    inspection = inspect(deductions={deduction: 1_000})
    if allowed:
        story = story.when(*way, inspection)
        (step,) = [step for step in story.amounts.steps if step.code == deduction.value]
        assert (step.amount, bool(step.citation)) == (-1_000, True)
    else:
        (refusal,) = story.when(*way, inspection).refusals
        assert (refusal.code, bool(refusal.citation)) == (Code.DEDUCTION_NOT_ALLOWED, True)


_FOUND = {
    Deduction.USED_VALUE: Condition.USED,
    Deduction.DAMAGE: Condition.DAMAGED_BY_BUYER,
    Deduction.MISSING_PARTS: Condition.INCOMPLETE,
}


def bought(law: str, records: tuple[Record, ...]) -> Story:
    """The consumable part of the goods cost 1,000: KR E-Commerce Decree 24(1)."""
    goods = delivered_line(records=frozenset(records), consumable_cost=1_000)
    return given(order(goods), policy=preset(law))


def test_several_deductions_are_steps_of_their_own() -> None:
    deductions: Mapping[Deduction, int] = {Deduction.USED_VALUE: 700, Deduction.MISSING_PARTS: 300}
    bought("kr", ()).when(
        request(Kind.RETURN), APPROVE, receive(condition=Condition.INCOMPLETE), inspect(deductions=deductions)
    ).then(
        steps={
            StepCode.GOODS: 10_000,
            StepCode.USED_VALUE: -700,
            StepCode.MISSING_PARTS: -300,
        }
    )


def test_deductions_and_used_parts_together_stay_within_the_value() -> None:
    story = given(order(delivered_line(unit_price=10_000, parts=10, consumable_cost=4_001)))
    inspection = inspect(used_parts=6, deductions={Deduction.USED_VALUE: 4_001})
    story.when(request(Kind.RETURN), APPROVE, receive(condition=Condition.USED), inspection).then(
        refused=[Code.DEDUCTION_ABOVE_VALUE]
    )


def test_what_was_used_up_is_of_the_units_that_can_still_be_cancelled() -> None:
    story = given(order(line(quantity=2, parts=3, shipped=1, shipped_at=SHIPPED)))
    cancel_request = request(Kind.CANCEL, units={"1": 2})
    used_up = replace(cancel_request, lines=tuple(replace(each, used_parts=6) for each in cancel_request.lines))
    story = story.when(used_up)
    assert [(each.quantity, each.used_parts) for each in story.claim.lines] == [(1, 3)]


def test_what_was_used_up_is_not_restocked() -> None:
    policy = replace(POLICY, fees=Fees(restocking_percent=20))
    given(order(delivered_line(parts=10)), policy=policy).when(
        request(Kind.RETURN), APPROVE, receive(condition=Condition.OPENED), inspect(used_parts=10)
    ).then(total=0, buyer_owes=0)


def test_parts_of_what_never_came_were_not_used_up() -> None:
    lines = (delivered_line("1", parts=10), delivered_line("2", parts=10))
    whole = request(Kind.RETURN, MIND, {"1": 1, "2": 1})
    in_part = replace(whole, lines=tuple(replace(each, used_parts=3) for each in whole.lines))
    given(order(*lines), policy=NO_FEES).when(
        in_part, APPROVE, receive(condition=Condition.OPENED, close=True), inspect()
    ).then(total=7_000)
