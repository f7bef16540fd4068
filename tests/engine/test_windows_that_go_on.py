"""Rights that do not end with a window: a remedy that opens later, and a defect that was discovered in time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.order import Order
from app.engine.model.vocabulary import Fault, Ground, Kind, Reason, Record
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import Anchor, Opening, Period, Unit, WindowRule
from tests.engine.commands import request
from tests.engine.orders import DELIVERED, POLICY, delivered_line, order
from tests.engine.story import given

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
DEFECT = Reason.DEFECTIVE


def days(length: int, anchor: Anchor = Anchor.DELIVERED) -> Period:
    return Period(length=length, unit=Unit.DAYS, anchor=anchor)


def window(code: str, *periods: Period, fault: Fault = Fault.SELLER, **more: Any) -> WindowRule:
    return WindowRule(
        code=code, kinds=frozenset({Kind.RETURN}), faults=frozenset({fault}), periods=periods, citation=code, **more
    )


SHORT = window("short", days(30))
CURE_FIRST = window("cure_first", days(730), opens_after=frozenset({Opening.REFUSED, Opening.REPAIRED}))
GOES_ON = window("goes_on", days(120, Anchor.DISCOVERED), discovered_within=days(30))
UNINFORMED = window(
    "uninformed",
    replace(days(14), then_months=12),
    days(14, Anchor.INFORMED),
    fault=Fault.BUYER,
    records=frozenset({Record.INFORMATION_MISSING}),
)


def answer(
    bought: Order, after: int, *windows: WindowRule, reason: Reason = DEFECT, discovered: int | None = None
) -> Any:
    """The verdict, and the last day as days after the delivery, or else what is against the claim."""
    asked = DELIVERED + timedelta(days=after)
    told = given(bought, asked, replace(POLICY, windows=windows)).when(
        request(Kind.RETURN, reason, requested_at=asked, discovered_at=_later(discovered))
    )
    said = assess(told.claim, told.facts)
    if said.verdict is ELIGIBLE:
        assert said.window is not None
        assert said.window.ends_on is not None
        return ELIGIBLE, (said.window.ends_on - DELIVERED.date()).days
    return said.verdict, next(iter(said.grounds), None) or said.doubts[0].why


def _later(days_later: int | None) -> datetime | None:
    return None if days_later is None else DELIVERED + timedelta(days=days_later)


BOUGHT = order(delivered_line())
REFUSED = order(delivered_line(), records=frozenset({Record.CURE_REFUSED}))
NOT_TOLD = order(delivered_line(), records=frozenset({Record.INFORMATION_MISSING}))


@pytest.mark.parametrize(
    ("bought", "after", "expected"),
    [
        (BOUGHT, 30, (ELIGIBLE, 30)),
        (BOUGHT, 31, (REVIEW, Unclear.REMEDY_NOT_OPEN)),
        (REFUSED, 31, (ELIGIBLE, 730)),
        (BOUGHT, 731, (INELIGIBLE, Ground.WINDOW_CLOSED)),
    ],
)
def test_a_closed_window_refuses_nothing_while_a_further_remedy_may_open(
    bought: Order, after: int, expected: tuple[Verdict, Any]
) -> None:
    assert answer(bought, after, SHORT, CURE_FIRST) == expected


def test_a_repair_that_was_not_made_lengthens_nothing() -> None:
    """The line shows its repairs, so nothing can come to light later."""
    longer = replace(CURE_FIRST, opens_after=frozenset({Opening.REPAIRED}))
    assert answer(BOUGHT, 31, SHORT, longer) == (INELIGIBLE, Ground.WINDOW_CLOSED)


@pytest.mark.parametrize(
    ("after", "discovered", "expected"),
    [
        (30, 20, (ELIGIBLE, 30)),
        (31, 20, (ELIGIBLE, 140)),
        (140, 20, (ELIGIBLE, 140)),
        (141, 20, (INELIGIBLE, Ground.WINDOW_CLOSED)),
        (40, 31, (INELIGIBLE, Ground.WINDOW_CLOSED)),
        (31, None, (REVIEW, Unclear.DISCOVERY_UNSTATED)),
    ],
)
def test_a_window_goes_on_for_a_defect_that_was_discovered_in_time(
    after: int, discovered: int | None, expected: tuple[Verdict, Any]
) -> None:
    assert answer(BOUGHT, after, SHORT, GOES_ON, discovered=discovered) == expected


@pytest.mark.parametrize(
    ("informed", "after", "expected"),
    [
        (None, 379, (ELIGIBLE, 379)),
        (None, 380, (INELIGIBLE, Ground.WINDOW_CLOSED)),
        (100, 114, (ELIGIBLE, 114)),
        (100, 115, (INELIGIBLE, Ground.WINDOW_CLOSED)),
    ],
)
def test_a_window_ends_with_the_first_of_the_periods_that_have_begun(
    informed: int | None, after: int, expected: tuple[Verdict, Any]
) -> None:
    bought = replace(NOT_TOLD, informed_at=_later(informed))
    assert answer(bought, after, UNINFORMED, reason=Reason.CHANGE_OF_MIND) == expected
