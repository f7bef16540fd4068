"""What a refusal says about a deduction: the amounts, the limit, what is missing, and the rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Condition, Deduction, Fault, Kind, Nature, Reason, Record
from app.engine.policy.money_rules import DeductionLimit, DeductionRule
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, Period, Unit
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.orders import DELIVERED, NO_FEES, NOW, delivered_line, order
from tests.engine.story import Step, Story, given

USED, DAMAGE, PARTS, USED_PART = Deduction.USED_VALUE, Deduction.DAMAGE, Deduction.MISSING_PARTS, Deduction.USED_PART
TWO = {"1": 2}


def rule(reason: Deduction = USED, citation: str = "Article 1", **more: Any) -> DeductionRule:
    return DeductionRule(reason=reason, faults=frozenset(Fault), citation=citation, **more)


def policy(*rules: DeductionRule) -> Policy:
    return replace(NO_FEES, deductions=rules)


def back(
    *rules: DeductionRule,
    bought: OrderLine | None = None,
    condition: Condition = Condition.USED,
    kind: Kind = Kind.RETURN,
    used_parts: int = 0,
    requested_at: datetime = NOW,
) -> Story:
    """Two units are back. The buyer has stated the used parts."""
    goods = bought or delivered_line(quantity=2, unit_price=10_005)
    asked = request(kind, Reason.DEFECTIVE, TWO, requested_at=requested_at)
    asked = replace(asked, lines=tuple(replace(line, used_parts=used_parts) for line in asked.lines))
    return given(order(goods), policy=policy(*rules)).when(asked, APPROVE, receive(TWO, condition))


def deduct(amount: int, reason: Deduction = USED, **more: Any) -> Step:
    return inspect(TWO, deductions={reason: amount}, **more)


def refused(code: Code, reason: Deduction = USED, citation: str = "Article 1", **params: Any) -> list[Refusal]:
    return [refuse(code, line_id="1", deduction=reason, citation=citation, field="lines", **params)]


def above_limit(deducted: int, limit: int) -> list[Refusal]:
    return refused(Code.DEDUCTION_ABOVE_LIMIT, deducted=deducted, limit=limit, currency="KRW")


LESSONS = delivered_line(quantity=2, parts=10)
NOTICE = frozenset({Record.NOTICE})
MONTH = Period(length=30, unit=Unit.DAYS, anchor=Anchor.DELIVERED)
AFTER = rule(after=MONTH)
AFTER_REPAIR = rule(after=replace(MONTH, anchor=Anchor.REPAIRED))
CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "more than the value": (
        back(rule()),
        deduct(20_011),
        [
            refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line_id="1",
                deducted=20_011,
                value=20_010,
                currency="KRW",
                field="lines",
            )
        ],
    ),
    "the value": (back(rule()), deduct(20_010), []),
    "the value with the used parts": (
        back(rule(), rule(USED_PART), bought=LESSONS),
        deduct(15_000, used_parts=5),
        [],
    ),
    "more than the value with the used parts": (
        back(rule(), rule(USED_PART), bought=LESSONS),
        deduct(15_001, used_parts=5),
        [
            refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line_id="1",
                deducted=20_001,
                value=20_000,
                currency="KRW",
                field="lines",
            )
        ],
    ),
    "no rule": (
        back(),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, citation=NO_FEES.restocking.citation, missing_records=()),
    ),
    "a rule for another reason": (
        back(rule(DAMAGE)),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, citation=NO_FEES.restocking.citation, missing_records=()),
    ),
    "a rule for other goods": (
        back(rule(natures=frozenset({Nature.DIGITAL}))),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, missing_records=()),
    ),
    "a rule at another's fault": (
        back(replace(rule(), faults=frozenset({Fault.BUYER}))),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, missing_records=()),
    ),
    "a rule that the complaint excepts": (
        back(rule(except_reasons=frozenset({Reason.DEFECTIVE}))),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, missing_records=()),
    ),
    "a rule that asks for records": (
        back(
            rule(records=frozenset({Record.NOTICE, Record.CONSENT, Record.CONFIRMATION})),
            rule(citation="Article 2", records=NOTICE | {Record.CONSENT}),
            bought=delivered_line(quantity=2, records=NOTICE),
        ),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, missing_records=(Record.CONFIRMATION, Record.CONSENT)),
    ),
    "a rule that asks for a record that the order has": (
        back(rule(records=NOTICE)).with_order(records=NOTICE),
        deduct(500),
        [],
    ),
    "goods in no condition of the rule": (
        back(rule(citation="Article 0", records=NOTICE), rule(), condition=Condition.AS_SOLD),
        deduct(500),
        refused(Code.DEDUCTION_NOT_SHOWN),
    ),
    "the second rule fits": (
        back(rule(records=NOTICE), rule(citation="Article 2", limit_percent=10)),
        deduct(2_002),
        refused(Code.DEDUCTION_ABOVE_LIMIT, citation="Article 2", deducted=2_002, limit=2_001, currency="KRW"),
    ),
    "no evidence": (back(rule(needs_evidence=True)), deduct(500), refused(Code.DEDUCTION_NEEDS_EVIDENCE)),
    "evidence": (back(rule(needs_evidence=True)), deduct(500, evidence=("photo",)), []),
    "used parts as the buyer has stated them": (
        back(rule(USED_PART, needs_evidence=True), bought=LESSONS, used_parts=3),
        inspect(TWO, used_parts=3),
        [],
    ),
    "more used parts than the buyer has stated": (
        back(rule(USED_PART, needs_evidence=True), bought=LESSONS, used_parts=3),
        inspect(TWO, used_parts=4),
        refused(Code.DEDUCTION_NEEDS_EVIDENCE, USED_PART),
    ),
    "used parts that only the buyer has stated, without a rule": (
        back(bought=LESSONS, used_parts=3),
        inspect(TWO),
        [],
    ),
    "used parts that the warehouse has counted, without a rule": (
        back(bought=LESSONS, used_parts=3),
        inspect(TWO, used_parts=3),
        refused(Code.DEDUCTION_NOT_ALLOWED, USED_PART, citation=NO_FEES.restocking.citation, missing_records=()),
    ),
    "a used part as an amount, without a rule": (
        back(bought=LESSONS),
        deduct(500, USED_PART),
        refused(Code.DEDUCTION_NOT_ALLOWED, USED_PART, citation=NO_FEES.restocking.citation, missing_records=()),
    ),
    "used parts that only the buyer has stated, beside a deduction": (
        back(rule(limit_percent=10), bought=LESSONS, used_parts=3),
        deduct(2_001),
        above_limit(2_001, 2_000),
    ),
    "used parts that the buyer has not stated, beside a deduction with evidence": (
        back(rule(needs_evidence=True), rule(USED_PART), bought=LESSONS),
        deduct(500, used_parts=4, evidence=("photo",)),
        [],
    ),
    "used parts of a repair": (back(bought=LESSONS, kind=Kind.REPAIR), inspect(TWO, used_parts=3), []),
    "a deduction from a repair": (
        back(rule(), kind=Kind.REPAIR),
        deduct(500),
        refused(Code.DEDUCTION_NOT_ALLOWED, missing_records=()),
    ),
    "more used parts than the units have": (
        back(rule(USED_PART), bought=LESSONS),
        inspect(TWO, used_parts=21),
        [
            refuse(Code.USED_ABOVE_UNITS, line_id="1", parts=20, used=21, field="lines"),
            refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line_id="1",
                deducted=21_000,
                value=20_000,
                currency="KRW",
                field="lines",
            ),
        ],
    ),
    "all parts are used": (back(rule(USED_PART), bought=LESSONS), inspect(TWO, used_parts=20), []),
    "a share of the value, rounded down": (back(rule(limit_percent=35)), deduct(7_003), []),
    "more than a share of the value": (back(rule(limit_percent=35)), deduct(7_004), above_limit(7_004, 7_003)),
    "more than the consumable part of each unit": (
        back(rule(limit=DeductionLimit.CONSUMABLE), bought=delivered_line(quantity=2, consumable_cost=700)),
        deduct(1_401),
        above_limit(1_401, 1_400),
    ),
    "a consumable part without a cost": (
        back(rule(limit=DeductionLimit.CONSUMABLE)),
        deduct(1),
        above_limit(1, 0),
    ),
    "the lower of two limits": (
        back(
            rule(limit_percent=5, limit=DeductionLimit.CONSUMABLE),
            bought=delivered_line(quantity=2, consumable_cost=700),
        ),
        deduct(1_001),
        above_limit(1_001, 1_000),
    ),
    "a month after the delivery": (
        back(AFTER),
        deduct(500),
        refused(Code.DEDUCTION_TOO_EARLY, ends_by="2026-07-09T00:00:00+09:00"),
    ),
    "a month after a repair that there was not": (
        back(AFTER_REPAIR),
        deduct(500),
        refused(Code.DEDUCTION_TOO_EARLY, ends_by=""),
    ),
    "a month after the delivery of the order": (
        back(rule(after=replace(MONTH, anchor=Anchor.ORDER_DELIVERED))),
        deduct(500),
        refused(Code.DEDUCTION_TOO_EARLY, ends_by="2026-07-09T00:00:00+09:00"),
    ),
    "a month after the request": (
        back(rule(after=replace(MONTH, anchor=Anchor.REQUESTED))),
        deduct(500),
        refused(Code.DEDUCTION_TOO_EARLY, ends_by="2026-07-11T00:00:00+09:00"),
    ),
    "a month that ended with the request": (
        back(
            AFTER,
            bought=replace(delivered_line(quantity=2), delivered_at=NOW - timedelta(days=31)),
            requested_at=NOW.replace(hour=0),
        ),
        deduct(500),
        [],
    ),
    "a month after a delivery of long ago": (
        back(
            AFTER,
            bought=replace(delivered_line(quantity=2), delivered_at=DELIVERED - timedelta(days=31)),
        ),
        deduct(500),
        [],
    ),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals
