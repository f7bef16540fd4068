"""United Kingdom: when the money is due, and what may be kept of it.

An order of 1 June 2026, sent on the 3rd, delivered on the 5th.
"""

from datetime import timedelta
from typing import Any

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.story import Story, wait_until
from tests.engine.under_law import asked, at, bought

RETURN = Kind.RETURN
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
GOODS, DIGITAL, SERVICE = Nature.STANDARD, Nature.DIGITAL, Nature.SERVICE


def uk(nature: Nature = GOODS, *records: Record, **more: Any) -> Order:
    return bought("uk", nature, records, **more)


def back(story: Story, day: str) -> Story:
    """The goods arrive on a local day and are inspected at once."""
    return story.when(APPROVE, wait_until(at("uk", day)), receive(), inspect())


@pytest.mark.parametrize(("nature", "due_on"), [(DIGITAL, "2026-06-24"), (SERVICE, "2026-06-24")])
def test_the_money_of_what_cannot_come_back_is_due_fourteen_days_after_the_declaration(
    nature: Nature, due_on: str
) -> None:
    """Regulation 34(6)."""
    story = asked("uk", RETURN, MIND, "2026-06-10", uk(nature)).when(APPROVE)
    assert str(story.claim.deadlines.refund_due_on) == due_on
    assert story.total == 10_000


@pytest.mark.parametrize(
    ("reason", "records", "due_on"),
    [
        pytest.param(MIND, (), "2026-07-04", id="34(5)(a) from the goods"),
        pytest.param(MIND, (Record.COLLECTION_OFFERED,), "2026-06-24", id="34(6) collection offered"),
        pytest.param(BROKEN, (), "2026-06-23", id="20(15) the day of agreeing is the first"),
    ],
)
def test_goods_that_were_back_on_20_june_are_paid_by(reason: Reason, records: tuple[Record, ...], due_on: str) -> None:
    story = back(asked("uk", RETURN, reason, "2026-06-10", uk(GOODS, *records)), "2026-06-20")
    assert str(story.claim.deadlines.refund_due_on) == due_on


@pytest.mark.parametrize(("records", "fee"), [((Record.RETURN_COST_NOTICE,), -399), ((), 0)])
def test_the_buyer_pays_the_way_back_only_if_told(records: tuple[Record, ...], fee: int) -> None:
    """Regulation 35(5)."""
    order = bought("storefront_uk", GOODS, records)
    story = back(asked("storefront_uk", RETURN, MIND, "2026-06-10", order), "2026-06-15")
    assert story.steps.get(StepCode.RETURN_FEE, 0) == fee


def test_late_goods_do_not_end_a_cancellation() -> None:
    """Regulation 33: a cancellation ends the obligations, and regulation 35(4) sets no loss of the right."""
    story = asked("uk", RETURN, MIND, "2026-06-10", uk()).when(APPROVE)
    story = story.when(wait_until(at("uk", "2026-06-10") + timedelta(days=60)), receive(), inspect())
    assert story.total == 10_000


@pytest.mark.parametrize(("reason", "total"), [(MIND, 10_399), (BROKEN, 11_990)])
def test_the_cheapest_standard_delivery_goes_back(reason: Reason, total: int) -> None:
    """Regulation 34(2), (3): not the dearer delivery that the buyer chose, unless the goods were defective."""
    order = uk(shipping_charged=1_990, standard_shipping=399)
    story = back(asked("uk", RETURN, reason, "2026-06-10", order), "2026-06-15")
    assert story.total == total
