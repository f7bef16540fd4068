"""When a right has ended, and when it has not: by what is not open yet, by what has not begun, and by what nobody has
decided."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.vocabulary import Fault, Ground, Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import Anchor, Period, Unit, WindowRule
from app.presets.loader import preset
from tests.engine.commands import request
from tests.engine.europe import DEFECT, Answer, Asked, Purchase, answer, eligible, refused, review
from tests.engine.orders import DELIVERED, POLICY, SHIPPED, delivered_line, line, order
from tests.engine.story import given
from tests.engine.under_law import at, bought, judged

CONSENT = ("consent", "acknowledgement")
BOUGHT_IN_2022: dict[str, Any] = {
    "contract": "2022-05-27T10:00",
    "delivered": "2022-05-27T10:01",
    "nature": Nature.DIGITAL,
}
ROWS = {
    "BGB 475e(3), 475d: after the two years a rescission waits for a cure too": (
        Purchase(country="DE"),
        Asked(reason=DEFECT, at="2028-06-20T10:00", discovered="2028-05-20T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "BGB 475e(3): four months after the defect showed nothing is left to wait for": (
        Purchase(country="DE"),
        Asked(reason=DEFECT, at="2028-09-21T00:00", discovered="2028-05-20T10:00"),
        refused(Ground.WINDOW_CLOSED),
    ),
    "Codice del consumo 133(3): after twenty-six months nobody asks when the defect was discovered": (
        Purchase(country="IT"),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-08-09T00:00"),
        refused(Ground.WINDOW_CLOSED, "2028-06-08"),
    ),
    "SGD 10(1), 15: a lower price that never opened ends with the liability": (
        Purchase(),
        Asked(kind=Kind.REFUND, reason=DEFECT, at="2028-06-10T00:00", discovered="2028-06-09T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-06-08"),
    ),
    "SGD 10(1): if the fault is not decided, the withdrawal is not the last right": (
        Purchase(),
        Asked(reason=Reason.OTHER, at="2026-06-24T00:00"),
        review(Unclear.FAULT_UNDECIDED),
    ),
    "TRLGDCU 122(1), 124: the days of a cure lengthen the time in which the defect shows": (
        Purchase(country="ES", line=(("repairs", 1), ("repaired_at", "2026-10-01T10:00"), ("cure_days", 20))),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2029-07-10T10:00", discovered="2029-06-20T10:00"),
        eligible("2034-06-20"),
    ),
    **{
        f"CRD 16(m): digital content that was begun before 28 May 2022, in {country}": (
            Purchase(country=country, records=CONSENT, **BOUGHT_IN_2022),
            Asked(at="2022-05-30T10:00", declared=("begun",)),
            refused(Ground.DIGITAL_BEGUN),
        )
        for country in ("DE", "FR", "ES", "IT")
    },
}


@pytest.mark.parametrize("about", ROWS)
def test_the_end_of_a_right_in_europe(about: str) -> None:
    purchase, asked, expected = ROWS[about]
    told: Answer = answer(purchase, asked, expected)
    assert told == expected


@pytest.mark.parametrize("law", ["kr", "jp", "tw"])
def test_nobody_discovers_a_defect_of_goods_that_have_not_come(law: str) -> None:
    """The months from knowing do not run before the delivery."""
    on_the_way = bought(law, arrived=None, of_line={"shipped": 1, "shipped_at": at(law, "2026-06-03")})
    told = judged(law, Kind.EXCHANGE, DEFECT, "2028-06-20", on_the_way, discovered="2026-06-05")
    assert (told.verdict, told.doubts[0].why) == (Verdict.REVIEW, Unclear.NOT_DELIVERED)


def test_goods_that_are_lost_are_known_to_be_lost_without_a_delivery() -> None:
    """CN Civil Code 188: three years from knowing."""
    on_the_way = bought("cn", arrived=None, of_line={"shipped": 1, "shipped_at": at("cn", "2026-06-03")})
    told = judged("cn", Kind.REFUND, Reason.LOST_IN_DELIVERY, "2029-06-20", on_the_way, discovered="2026-06-20")
    assert told.window is not None
    assert (told.verdict, str(told.window.ends_on)) == (Verdict.ELIGIBLE, "2029-06-20")


def test_a_hidden_defect_of_perishables_is_mended_for_thirty_days_from_its_discovery() -> None:
    """CDC 26 § 3, which is about products that do not last too."""
    goods = bought("br", Nature.PERISHABLE)
    told = judged("br", Kind.REPAIR, DEFECT, "2026-09-30", goods, discovered="2026-08-31")
    assert told.window is not None
    assert (told.verdict, str(told.window.ends_on)) == (Verdict.ELIGIBLE, "2026-09-30")


@pytest.mark.parametrize(("kind", "rule"), [(Kind.RETURN, "jp_rescission"), (Kind.REFUND, "jp_lower_price")])
def test_a_japanese_seller_who_knew_gets_no_notice_in_a_year(kind: Kind, rule: str) -> None:
    """Civil Code 566 proviso: for every remedy."""
    goods = bought("jp", records=(Record.SELLER_KNEW, Record.CURE_REFUSED))
    told = judged("jp", kind, DEFECT, "2031-06-06", goods, discovered="2026-06-06")
    assert told.window is not None
    assert (told.verdict, told.window.rule) == (Verdict.ELIGIBLE, f"{rule}_if_the_seller_knew")


def test_what_was_sent_for_lost_goods_has_its_own_time() -> None:
    """TRLGDCU 120, 122: nothing was delivered before, so no time has run."""
    lost = replace(line("1"), shipped=1, shipped_at=SHIPPED)
    bought_again = order(lost, delivered_line("2", replaces="1", cure_days=12), country="ES")
    story = given(bought_again, DELIVERED + timedelta(days=400), preset("eu", country="ES")).when(
        request(Kind.EXCHANGE, DEFECT, {"2": 1}, requested_at=DELIVERED + timedelta(days=400))
    )
    assert assess(story.claim, story.facts).verdict is Verdict.ELIGIBLE


def test_nobody_asks_since_when_a_concealed_defect_was_known() -> None:
    """TW Civil Code 365(2): the six months do not apply, so the five years stand on their own."""
    goods = bought("tw", records=(Record.SELLER_KNEW,))
    assert judged("tw", Kind.RETURN, Reason.WRONG_ITEM, "2031-06-05", goods).verdict is Verdict.ELIGIBLE


def test_an_exception_waits_until_the_fault_is_decided() -> None:
    """CCR 37(2) ends the cancellation, and CRA 42 is about defects."""
    begun = judged(
        "uk", Kind.RETURN, Reason.OTHER, "2026-06-08", bought("uk", Nature.DIGITAL, map(Record, CONSENT)), ("begun",)
    )
    assert (begun.verdict, begun.doubts[0].why) == (Verdict.REVIEW, Unclear.FAULT_UNDECIDED)


def _window(code: str, anchor: Anchor) -> WindowRule:
    period = Period(length=30, unit=Unit.DAYS, anchor=anchor)
    scope: dict[str, Any] = {"kinds": frozenset({Kind.RETURN}), "faults": frozenset({Fault.BUYER})}
    return WindowRule(code=code, periods=(period,), citation=code, **scope)


@pytest.mark.parametrize(("after", "rule"), [(30, "from_this_line"), (31, "from_the_last")])
def test_a_window_that_has_not_begun_outlasts_one_that_has_closed(after: int, rule: str) -> None:
    missing = replace(line("2"), shipped=1, shipped_at=SHIPPED)
    windows = (_window("from_this_line", Anchor.DELIVERED), _window("from_the_last", Anchor.ORDER_DELIVERED))
    asked = DELIVERED + timedelta(days=after)
    story = given(order(delivered_line(), missing), asked, replace(POLICY, windows=windows)).when(
        request(Kind.RETURN, requested_at=asked)
    )
    told = assess(story.claim, story.facts)
    assert told.window is not None
    assert (told.verdict, told.window.rule) == (Verdict.ELIGIBLE, rule)
