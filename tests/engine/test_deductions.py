"""Deductions as the law allows them: what the warehouse must have found, evidence, limits, and time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Deduction, Fault, Kind, Reason, Record
from app.engine.policy.money_rules import DeductionLimit, DeductionRule
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, Period, Unit
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.orders import DELIVERED, NO_FEES, NOW, delivered_line, order
from tests.engine.story import Story, given

USED, DAMAGE, PARTS = Deduction.USED_VALUE, Deduction.DAMAGE, Deduction.MISSING_PARTS


def allowing(reason: Deduction = USED, **more: Any) -> Policy:
    rule = DeductionRule(reason=reason, faults=frozenset(Fault), citation="Article 1", **more)
    return replace(NO_FEES, deductions=(rule,))


def back(policy: Policy, condition: Condition = Condition.USED, line: OrderLine | None = None) -> Story:
    bought = order(line or delivered_line())
    return given(bought, policy=policy).when(request(Kind.RETURN), APPROVE, receive(condition=condition))


@pytest.mark.parametrize("reason", [USED, DAMAGE, PARTS])
@pytest.mark.parametrize("condition", [Condition.AS_SOLD, Condition.DAMAGED_IN_TRANSIT, Condition.WRONG_ITEM])
def test_nothing_comes_off_goods_that_the_buyer_has_not_changed(reason: Deduction, condition: Condition) -> None:
    inspection = inspect(deductions={reason: 9_000})
    back(allowing(reason), condition).when(inspection).then(refused=[Code.DEDUCTION_NOT_SHOWN])


def test_no_rule_can_name_goods_as_sold() -> None:
    policy = allowing(conditions=frozenset({Condition.AS_SOLD}))
    back(policy, Condition.AS_SOLD).when(inspect(deductions={USED: 1})).then(refused=[Code.DEDUCTION_NOT_SHOWN])


@pytest.mark.parametrize(
    ("condition", "refused"), [(Condition.INCOMPLETE, []), (Condition.USED, [Code.DEDUCTION_NOT_SHOWN])]
)
def test_parts_are_missing_from_incomplete_goods_alone(condition: Condition, refused: list[Code]) -> None:
    back(allowing(PARTS), condition).when(inspect(deductions={PARTS: 500})).then(refused=refused)


@pytest.mark.parametrize(
    ("condition", "refused"), [(Condition.WRONG_ITEM, []), (Condition.USED, [Code.DEDUCTION_NOT_SHOWN])]
)
def test_a_rule_names_the_conditions_that_it_is_about(condition: Condition, refused: list[Code]) -> None:
    policy = allowing(conditions=frozenset({Condition.WRONG_ITEM}))
    back(policy, condition).when(inspect(deductions={USED: 500})).then(refused=refused)


def test_a_rule_does_not_apply_with_records_against_it() -> None:
    policy = allowing(without_records=frozenset({Record.INFORMATION_MISSING}))
    back(policy).when(inspect(deductions={USED: 500})).then(total=9_500)
    uninformed = delivered_line(records=frozenset({Record.INFORMATION_MISSING}))
    back(policy, line=uninformed).when(inspect(deductions={USED: 500})).then(refused=[Code.DEDUCTION_NOT_ALLOWED])


def test_where_the_seller_bears_the_proof_a_deduction_needs_evidence() -> None:
    story = back(allowing(needs_evidence=True))
    story.when(inspect(deductions={USED: 500})).then(refused=[Code.DEDUCTION_NEEDS_EVIDENCE])
    shown = story.when(inspect(deductions={USED: 500}, evidence=("photo-7",))).then(total=9_500)
    assert shown.claim.lines[0].deductions[0].evidence == ("photo-7",)


@pytest.mark.parametrize(("used_parts", "refused"), [(2, []), (3, [Code.DEDUCTION_NEEDS_EVIDENCE])])
def test_used_parts_need_evidence_beyond_what_the_buyer_has_stated(used_parts: int, refused: list[Code]) -> None:
    stated = request(Kind.RETURN)
    stated = replace(stated, lines=tuple(replace(line, used_parts=2) for line in stated.lines))
    story = given(order(delivered_line(parts=10)), policy=allowing(Deduction.USED_PART, needs_evidence=True))
    story.when(stated, APPROVE, receive(condition=Condition.OPENED), inspect(used_parts=used_parts)).then(
        refused=refused
    )


@pytest.mark.parametrize(("amount", "refused"), [(3_000, []), (3_001, [Code.DEDUCTION_ABOVE_LIMIT])])
def test_a_limit_is_a_share_of_the_value(amount: int, refused: list[Code]) -> None:
    back(allowing(limit_percent=30)).when(inspect(deductions={USED: amount})).then(refused=refused)


@pytest.mark.parametrize(
    ("cost", "amount", "refused"),
    [
        (1_200, 2_400, []),
        (1_200, 2_401, [Code.DEDUCTION_ABOVE_LIMIT]),
        (None, 1, [Code.DEDUCTION_ABOVE_LIMIT]),
    ],
)
def test_use_costs_no_more_than_the_consumable_part_of_each_unit(
    cost: int | None, amount: int, refused: list[Code]
) -> None:
    """KR E-Commerce Act 18(8), Enforcement Decree 24(1)."""
    two = {"1": 2}
    bought = given(
        order(delivered_line(quantity=2, consumable_cost=cost)), policy=allowing(limit=DeductionLimit.CONSUMABLE)
    )
    story = bought.when(request(Kind.RETURN, units=two), APPROVE, receive(two, Condition.USED))
    story.when(inspect(two, deductions={USED: amount})).then(refused=refused)


@pytest.mark.parametrize(
    ("days", "refused"), [(29, [Code.DEDUCTION_TOO_EARLY]), (30, [Code.DEDUCTION_TOO_EARLY]), (31, [])]
)
def test_use_is_paid_for_after_a_period_by_the_day_of_the_request(days: int, refused: list[Code]) -> None:
    """UK Consumer Rights Act 24(10): no deduction if the right is exercised in the first six months."""
    policy = allowing(after=Period(length=30, unit=Unit.DAYS, anchor=Anchor.DELIVERED))
    asked = request(Kind.RETURN, Reason.DEFECTIVE, requested_at=DELIVERED + timedelta(days=days))
    story = given(order(delivered_line()), now=NOW + timedelta(days=80), policy=policy)
    story.when(asked, replace(APPROVE, override="late"), receive(condition=Condition.USED)).when(
        inspect(deductions={USED: 500})
    ).then(refused=refused)


def test_a_period_that_has_not_begun_has_not_ended() -> None:
    policy = allowing(after=Period(length=30, unit=Unit.DAYS, anchor=Anchor.REPAIRED))
    back(policy).when(inspect(deductions={USED: 500})).then(refused=[Code.DEDUCTION_TOO_EARLY])
