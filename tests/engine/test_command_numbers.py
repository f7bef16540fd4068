"""Numbers, lines and instants that are refused in a command."""

import pytest

from app.engine.model.commands import MakeOffer, Receive
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Deduction, Ground, Kind, Reason
from tests.engine.commands import APPROVE, SELLER, inspect, receive, request
from tests.engine.orders import TOO_LATE, delivered_line, order
from tests.engine.story import given

BROKEN = Reason.DEFECTIVE


def test_a_deduction_below_zero_is_refused() -> None:
    story = given(order(delivered_line()))
    inspection = inspect(deductions={Deduction.MISSING_PARTS: -100})
    story.when(request(Kind.RETURN, BROKEN), APPROVE, receive(condition=Condition.INCOMPLETE), inspection).then(
        refused=[Code.BELOW_ZERO]
    )


def test_fewer_than_no_units_cannot_be_accepted() -> None:
    story = given(order(delivered_line(unit_price=0)))
    parcel = receive(condition=Condition.DAMAGED_BY_BUYER)
    inspection = inspect({"1": -1}, ground=Ground.DAMAGED_BY_BUYER, message="Broken by a fall.")
    story.when(request(Kind.RETURN, BROKEN), APPROVE, parcel, inspection).then(
        refused=[Code.BELOW_ZERO, Code.NO_GROUND_FOR_REJECTION]
    )


@pytest.mark.parametrize("amount", [0, -100])
def test_a_refund_of_nothing_or_less_cannot_be_asked_for(amount: int) -> None:
    given(order(delivered_line())).when(request(Kind.REFUND, BROKEN, amount=amount)).then(
        refused=[Code.AMOUNT_NOT_POSITIVE]
    )


@pytest.mark.parametrize("alternative", [Alternative.PARTIAL_REFUND, Alternative.STORE_CREDIT])
def test_an_offer_below_zero_is_refused(alternative: Alternative) -> None:
    offer = MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", amount=-100)
    given(order(delivered_line())).when(request(Kind.RETURN), offer).then(refused=[Code.OFFER_DOES_NOT_FIT])


@pytest.mark.parametrize("kind", Kind)
def test_a_claim_without_lines_is_refused(kind: Kind) -> None:
    given(order(delivered_line())).when(request(kind, units={})).then(refused=[Code.NO_LINES])


def test_a_fault_cannot_be_discovered_in_the_future() -> None:
    given(order(delivered_line())).when(request(Kind.RETURN, BROKEN, discovered_at=TOO_LATE)).then(
        refused=[Code.DISCOVERED_IN_FUTURE]
    )


def test_a_parcel_with_nothing_in_it_is_refused() -> None:
    story = given(order(delivered_line(quantity=2))).when(request(Kind.RETURN, units={"1": 2}), APPROVE, receive())
    story.when(Receive(by=SELLER, lines=())).then(refused=[Code.NO_LINES])
