"""Australia: what the Australian Consumer Law answers. Its guarantees have no number of months.

An order of 1 June 2026, sent on the 3rd, delivered on the 5th.
"""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.order import Order
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Declared, Deduction, Kind, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.under_law import asked, bought, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, LOST = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.LOST_IN_DELIVERY
GOODS, SERVICE = Nature.STANDARD, Nature.SERVICE
MAJOR, REFUSED = Record.SERIOUS_DEFECT, Record.CURE_REFUSED


def au(nature: Nature = GOODS, *records: Record, arrived: str | None = "2026-06-05", **more: Any) -> Order:
    return bought("au", nature, records, arrived, **more)


@pytest.mark.parametrize(
    ("kind", "reason", "day", "order", "verdict"),
    [
        pytest.param(CANCEL, MIND, "2026-06-02", au(arrived=None), ELIGIBLE, id="practice before shipping"),
        pytest.param(RETURN, MIND, "2026-06-06", au(), REVIEW, id="no right for a change of mind"),
        pytest.param(RETURN, BROKEN, "2026-06-06", au(), REVIEW, id="259(2) the supplier remedies first"),
        pytest.param(EXCHANGE, BROKEN, "2026-06-06", au(), REVIEW, id="261 the supplier chooses"),
        pytest.param(REPAIR, BROKEN, "2029-06-06", au(), ELIGIBLE, id="259(2)(a) a remedy, without a number of months"),
        pytest.param(REPAIR, BROKEN, "2026-06-06", au(GOODS, MAJOR), REVIEW, id="259(3) no remedy of a major failure"),
        pytest.param(REPAIR, MIND, "2026-06-06", au(), REVIEW, id="259(1) no failure"),
        pytest.param(RETURN, BROKEN, "2029-06-06", au(GOODS, MAJOR), ELIGIBLE, id="259(3)(a) major"),
        pytest.param(EXCHANGE, BROKEN, "2029-06-06", au(GOODS, MAJOR), ELIGIBLE, id="263(4)(b) replacement"),
        pytest.param(RETURN, BROKEN, "2026-07-06", au(GOODS, REFUSED), ELIGIBLE, id="259(2)(b) refused"),
        pytest.param(RETURN, BROKEN, "2026-07-06", au(GOODS, Record.CURE_LATE), ELIGIBLE, id="259(2)(b) late"),
        pytest.param(RETURN, BROKEN, "2026-07-06", au(of_line={"repairs": 1}), ELIGIBLE, id="259(2)(b) failed"),
        pytest.param(REFUND, BROKEN, "2026-06-06", au(), REVIEW, id="no compensation for a minor failure"),
        pytest.param(REFUND, BROKEN, "2026-06-06", au(GOODS, MAJOR), ELIGIBLE, id="259(3)(b) compensation"),
        pytest.param(RETURN, BROKEN, "2026-06-06", au(Nature.DIGITAL, MAJOR), ELIGIBLE, id="2(1) software is goods"),
        pytest.param(RETURN, BROKEN, "2026-06-06", au(Nature.AUCTION, MAJOR), REVIEW, id="54(1)(b) auction"),
        pytest.param(EXCHANGE, BROKEN, "2026-06-06", au(SERVICE), ELIGIBLE, id="267(2)(a) performed again"),
        pytest.param(RETURN, BROKEN, "2026-06-06", au(SERVICE), REVIEW, id="267(2)(a) the remedy comes first"),
        pytest.param(RETURN, BROKEN, "2026-06-06", au(SERVICE, MAJOR), ELIGIBLE, id="267(3)(a) termination"),
        pytest.param(REFUND, LOST, "2026-06-20", au(arrived=None, of_line={"shipped": 1}), REVIEW, id="36(4) no day"),
    ],
)
def test_a_failure_is_for_a_person_until_it_is_on_record(
    kind: Kind, reason: Reason, day: str, order: Order, verdict: Verdict
) -> None:
    assert judged("au", kind, reason, day, order).verdict is verdict


def test_a_review_of_a_failure_names_the_section() -> None:
    (doubt,) = judged("au", RETURN, BROKEN, "2026-06-06", au()).doubts
    assert doubt.citation is not None
    assert "s. 259(2)(b)(ii), (3)(a)" in doubt.citation


def test_a_remedy_is_the_suppliers_choice() -> None:
    window = judged("au", REPAIR, BROKEN, "2026-06-06", au()).window
    assert window is not None
    assert "s. 261: the supplier may replace or refund instead" in window.citation


@pytest.mark.parametrize("nature", [SERVICE, Nature.DATED_SERVICE, Nature.URGENT_REPAIR])
def test_what_was_consumed_of_a_service_stays_paid(nature: Nature) -> None:
    """Section 269(3): three of ten parts."""
    story = asked("au", RETURN, BROKEN, "2026-06-10", au(nature, MAJOR, of_line={"parts": 10}))
    used = replace(story.claim, lines=tuple(replace(line, used_parts=3) for line in story.claim.lines))
    assert story.with_claim(used).when(APPROVE).total == 7_000
    goods = asked("au", RETURN, BROKEN, "2026-06-10", au(GOODS, MAJOR, of_line={"parts": 10}))
    used = replace(goods.claim, lines=tuple(replace(line, used_parts=3) for line in goods.claim.lines))
    assert goods.with_claim(used).when(APPROVE, receive(), inspect()).total == 10_000


def test_the_seller_must_show_that_the_buyer_damaged_the_goods() -> None:
    assessment = judged("au", RETURN, BROKEN, "2026-06-06", au(GOODS, MAJOR), (Declared.DAMAGED,))
    assert (assessment.verdict, assessment.grounds) == (REVIEW, ())


@pytest.mark.parametrize(("day", "verdict"), [("2026-07-05", ELIGIBLE), ("2026-07-06", INELIGIBLE)])
def test_the_storefront_keeps_its_own_promise_of_thirty_days(day: str, verdict: Verdict) -> None:
    assert judged("storefront_au", RETURN, MIND, day, bought("storefront_au")).verdict is verdict


def test_a_promise_is_no_law() -> None:
    windows = judged("storefront_au", RETURN, BROKEN, "2026-06-06", bought("storefront_au"))
    assert windows.verdict is REVIEW


@pytest.mark.parametrize("deduction", Deduction)
def test_nothing_is_deducted_from_a_rejection(deduction: Deduction) -> None:
    """Section 263(4)(a): any money paid for the goods."""
    story = asked("au", RETURN, BROKEN, "2026-06-10", au(GOODS, MAJOR)).when(APPROVE, receive(condition=Condition.USED))
    story.when(inspect(deductions={deduction: 100})).then(refused=[Code.DEDUCTION_NOT_ALLOWED])
