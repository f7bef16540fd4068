"""United States: the default of two states, the Uniform Commercial Code as default law, and the FTC's rule.

An order of 1 June 2026, sent on the 3rd, delivered on the 5th.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.order import Order
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record
from app.engine.policy.deadlines import refund_due_on
from app.engine.policy.law import violations
from app.engine.policy.rules import Anchor, Basis, DeadlineRule, Period, Unit, WindowRule
from app.engine.policy.terms import Terms
from app.presets.loader import preset
from tests.engine.under_law import asked, bought, compared_days, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, MISSING, LATE = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.MISSING_ITEM, Reason.DELAYED_DELIVERY
GOODS = Nature.STANDARD


def us(nature: Nature = GOODS, *records: Record, arrived: str | None = "2026-06-05", **more: Any) -> Order:
    return bought("us", nature, records, arrived, **more)


@pytest.mark.parametrize(
    ("kind", "reason", "day", "order", "verdict"),
    [
        pytest.param(RETURN, MIND, "2026-07-01", us(), ELIGIBLE, id="1723(c)(1) thirty days from the purchase"),
        pytest.param(RETURN, MIND, "2026-07-02", us(), INELIGIBLE, id="1723(c)(1) over"),
        pytest.param(RETURN, BROKEN, "2026-06-10", us(), REVIEW, id="2-602(1) a reasonable time"),
        pytest.param(RETURN, BROKEN, "2029-12-05", us(), REVIEW, id="2-607(3)(a) month 42"),
        pytest.param(RETURN, BROKEN, "2026-08-05", us(GOODS, Record.SERIOUS_DEFECT), ELIGIBLE, id="2-608(1)"),
        pytest.param(RETURN, BROKEN, "2026-08-05", us(GOODS, Record.CURE_LATE), ELIGIBLE, id="2-608(1)(a)"),
        pytest.param(RETURN, BROKEN, "2030-06-06", us(GOODS, Record.SERIOUS_DEFECT), INELIGIBLE, id="2-725(1)"),
        pytest.param(EXCHANGE, BROKEN, "2026-06-10", us(), REVIEW, id="no right to a replacement"),
        pytest.param(REPAIR, BROKEN, "2026-06-10", us(), REVIEW, id="2-508, 2-719 no right to a repair"),
        pytest.param(REFUND, BROKEN, "2026-06-10", us(), REVIEW, id="2-714 damages have no amount"),
        pytest.param(REFUND, MISSING, "2026-06-10", us(), ELIGIBLE, id="2-711(1) not delivered"),
        pytest.param(RETURN, MIND, "2026-06-10", us(Nature.SERVICE), REVIEW, id="no rule for services"),
    ],
)
def test_no_time_is_guessed_where_the_code_says_reasonable(
    kind: Kind, reason: Reason, day: str, order: Order, verdict: Verdict
) -> None:
    assert judged("us", kind, reason, day, order).verdict is verdict


@pytest.mark.parametrize(
    ("order", "declared", "grounds"),
    [
        (us(), (Declared.USED,), [Ground.USED_OR_CONSUMED]),
        (us(), (Declared.DAMAGED,), [Ground.DAMAGED_BY_BUYER]),
        (us(GOODS, Record.NO_RETURNS_IN_AD), (), [Ground.NO_RETURNS_AGREED]),
        (us(Nature.PERISHABLE), (), [Ground.VALUE_LOST_BY_TIME]),
        (us(Nature.CUSTOM_MADE), (), [Ground.CUSTOM_MADE]),
        (us(), (Declared.OPENED,), []),
    ],
)
def test_section_1723_b_lists_what_may_stay_with_the_buyer(
    order: Order, declared: Iterable[Declared], grounds: list[Ground]
) -> None:
    assert list(judged("us", RETURN, MIND, "2026-06-10", order, declared).grounds) == grounds


@pytest.mark.parametrize(
    ("records", "reason", "rule"),
    [
        ((), MIND, "us_before_shipping"),
        ((), LATE, "us_before_shipping"),
        ((Record.CURE_LATE,), MIND, "us_before_shipping"),
        ((Record.CURE_LATE,), LATE, "us_late_shipment"),
    ],
)
def test_the_rule_on_late_goods_is_for_late_goods_alone(records: tuple[Record, ...], reason: Reason, rule: str) -> None:
    window = judged("us", CANCEL, reason, "2026-06-02", us(GOODS, *records, arrived=None)).window
    assert window is not None
    assert window.rule == rule


def test_a_contract_may_change_the_code() -> None:
    shorter = WindowRule(
        code="two_years",
        kinds=frozenset({RETURN}),
        faults=frozenset({Fault.SELLER}),
        periods=(Period(length=24, unit=Unit.MONTHS, anchor=Anchor.DELIVERED),),
        citation="our terms",
    )
    assert not violations(preset("us"), Terms(windows=(shorter,)), compared_days("us"))


def test_a_promise_for_a_voluntary_cancellation_may_be_later_than_the_rule() -> None:
    promise = DeadlineRule(
        kinds=frozenset({CANCEL}),
        periods=(Period(length=14, unit=Unit.DAYS, anchor=Anchor.REQUESTED),),
        citation="our terms",
        reasons=frozenset({MIND}),
    )
    assert not violations(preset("us"), Terms(promises=(promise,)), compared_days("us"))


@pytest.mark.parametrize(
    ("reason", "order", "due_on"),
    [
        pytest.param(
            LATE, us(GOODS, Record.CURE_LATE, arrived=None), "2026-06-22", id="435.1(b)(1) seven working days"
        ),
        pytest.param(Reason.OUT_OF_STOCK, us(GOODS, Record.CURE_LATE, arrived=None), "2026-06-22", id="never sent"),
        pytest.param(LATE, us(arrived=None), "None", id="435.2 not late yet"),
        pytest.param(MIND, us(GOODS, Record.CURE_LATE, arrived=None), "None", id="voluntary"),
        pytest.param(LATE, us(Nature.SERVICE, Record.CURE_LATE, arrived=None), "None", id="435.1 merchandise"),
    ],
)
def test_the_law_sets_a_day_for_late_goods_alone(reason: Reason, order: Order, due_on: str) -> None:
    rules = tuple(rule for rule in preset("us").refund_deadlines if rule.basis is Basis.STATUTE)
    story = asked("us", CANCEL, reason, "2026-06-10", order).under(replace(preset("us"), refund_deadlines=rules))
    assert str(refund_due_on(story.claim, story.facts)) == due_on


def test_every_window_for_defects_is_default_law() -> None:
    assert {window.basis for window in preset("us").windows if RETURN in window.kinds} == {Basis.DEFAULT_LAW}
