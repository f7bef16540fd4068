"""How claims take units, return units and free units: scenarios by number.

The thirty scenarios come from the test suites and bug trackers of other commerce systems. Scenarios about two callers
at once, a provider or another merchant are tested over HTTP.
"""

from dataclasses import replace

import pytest

from app.engine.model.commands import Receive, RequestedLine
from app.engine.model.order import Units
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Ground, Kind, Reason, State
from tests.engine.commands import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    RESHIP,
    RETRACT,
    SELLER,
    inspect,
    receive,
    reject,
    request,
)
from tests.engine.orders import NO_FEES, TOO_LATE, delivered_line, line, order
from tests.engine.story import Step, full_refund, given, pay_refunds, ship, wait_until

CANCEL, RETURN, EXCHANGE, REFUND = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE, Kind.REFUND
BROKEN = Reason.DEFECTIVE


@pytest.mark.parametrize("kind", [RETURN, EXCHANGE, REFUND])
def test_scenario_01_units_in_an_open_return_are_refused_to_a_second_claim_of_any_kind(kind: Kind) -> None:
    story = given(order(delivered_line(quantity=3))).when(request(RETURN, units={"1": 2}))
    assert Code.UNITS_UNAVAILABLE in story.when(request(kind, BROKEN, {"1": 2}, claim_id="second")).codes
    story.when(request(kind, BROKEN, {"1": 1}, claim_id="second")).then()


def test_scenario_02_the_refund_is_for_what_came_and_the_rest_is_free_again() -> None:
    story = given(order(delivered_line(quantity=3, unit_price=8_999)), policy=NO_FEES)
    ask = request(RETURN, BROKEN, {"1": 3})
    story = story.when(ask, APPROVE, receive({"1": 2}, close=True), inspect({"1": 2}), pay_refunds).then(total=17_998)
    assert story.order.lines[0].units == Units(returned=2)
    story.then(untouched=1)


@pytest.mark.parametrize(("good", "damaged", "fits"), [(1, 1, True), (3, 0, False), (1, 2, False), (2, 0, True)])
def test_scenario_03_no_more_can_come_than_was_announced(good: int, damaged: int, fits: bool) -> None:
    parts = ((good, Condition.AS_SOLD), (damaged, Condition.DAMAGED_IN_TRANSIT))
    lines = tuple(line for count, condition in parts if count for line in receive({"1": count}, condition).lines)
    story = given(order(delivered_line(quantity=2))).when(request(RETURN, units={"1": 2}), APPROVE)
    parcel = Receive(by=SELLER, lines=lines)
    if fits:
        assert story.when(parcel).claim.lines[0].received == good + damaged
    else:
        story.when(parcel).then(refused=[Code.RECEIVED_ABOVE_ANNOUNCED])


def test_scenario_04_a_return_is_received_when_all_has_come_or_the_seller_closes_it() -> None:
    partly = (
        given(order(delivered_line(quantity=2))).when(request(RETURN, units={"1": 2}), APPROVE).when(receive({"1": 1}))
    )
    assert (partly.claim.state, partly.claim.lines[0].received) == (State.COLLECTING, 1)
    partly.when(receive({"1": 1})).then(state=State.RECEIVED)
    partly.when(Receive(by=SELLER, lines=(), close=True)).then(state=State.RECEIVED)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("1", 0)], Code.QUANTITY_NOT_POSITIVE),
        ([("1", -1)], Code.QUANTITY_NOT_POSITIVE),
        ([("9", 1)], Code.UNKNOWN_LINE),
        ([("1", 1), ("1", 1)], Code.LINE_TWICE),
    ],
)
@pytest.mark.parametrize("kind", Kind)
def test_scenario_05_a_claim_names_lines_of_the_order_once_each(
    kind: Kind, lines: list[tuple[str, int]], code: Code
) -> None:
    lines_of_claim = tuple(RequestedLine(line_id=line_id, quantity=n) for line_id, n in lines)
    assert code in given(order(delivered_line(quantity=2))).when(replace(request(kind), lines=lines_of_claim)).codes


def test_scenario_07_cancelled_and_returned_units_add_up() -> None:
    story = (
        given(order(line(quantity=2, unit_price=5_000, discount=1)), policy=NO_FEES)
        .when(*full_refund(CANCEL, {"1": 1}), ship({"1": 1}))
        .when(*full_refund(RETURN, {"1": 1}, claim_id="second"))
    )
    assert story.order.lines[0].units == Units(cancelled=1, returned=1)
    story.then(captured_left=0)
    assert Code.UNITS_UNAVAILABLE in story.when(request(RETURN, claim_id="third")).codes


@pytest.mark.parametrize(
    ("steps", "state", "free"),
    [
        ([RETRACT], State.RETRACTED, 1),
        ([APPROVE, DISPATCH, RETRACT], State.RETRACTED, 1),
        ([reject(Ground.BUYER_AGREED, evidence=("call 3",))], State.REJECTED, 1),
        ([APPROVE, wait_until(TOO_LATE), EXPIRE], State.EXPIRED, 1),
        ([APPROVE, receive()], State.RECEIVED, 0),
        ([APPROVE, receive(), inspect(), pay_refunds], State.REFUNDED, 0),
    ],
)
def test_scenario_08_a_claim_that_came_to_nothing_frees_its_units(steps: list[Step], state: State, free: int) -> None:
    given(order(delivered_line())).when(request(RETURN, BROKEN), *steps).then(state=state, untouched=free)


def test_scenario_09_an_exchanged_item_comes_back_as_what_it_was_exchanged_for() -> None:
    story = given(order(delivered_line(quantity=2, unit_price=5_000, discount=1)), policy=NO_FEES)
    steps = (request(EXCHANGE, BROKEN), APPROVE, receive(), inspect(), RESHIP, CONFIRM_DELIVERY)
    story = story.when(*steps).then(state=State.EXCHANGED)
    replacement_line = story.order.lines[1]
    assert (replacement_line.replaces, replacement_line.sku, replacement_line.delivered) == ("1", BLUE.sku, 1)
    story = (
        story.when(*full_refund(RETURN, {replacement_line.line_id: 1}, claim_id="second"))
        .when(*full_refund(RETURN, {"1": 1}, claim_id="third"))
        .then(captured_left=0)
    )
    assert Code.UNITS_UNAVAILABLE in story.when(request(RETURN, claim_id="fourth")).codes
