"""How units are taken, come back and are free again: scenarios by number.

Thirty, taught by the test suites and bug trackers of other commerce systems. Those about two callers at once, one
provider or another merchant are told over HTTP, elsewhere.
"""

from dataclasses import replace

import pytest

from app.engine.model.commands import Receive, RequestedLine
from app.engine.model.order import Units
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Ground, Kind, Reason, State
from tests.engine.given import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    NO_FEES,
    RESHIP,
    RETRACT,
    SELLER,
    TOO_LATE,
    BreakdownStep,
    amounts_of,
    asks,
    at,
    delivered,
    facts,
    granted,
    inspects,
    line,
    order,
    paid,
    receives,
    refused,
    rejects,
    shipped,
    walked,
)

CANCEL, RETURN, EXCHANGE, REFUND = Kind
BROKEN = Reason.DEFECTIVE


@pytest.mark.parametrize("kind", [RETURN, EXCHANGE, REFUND])
def test_scenario_01_units_in_an_open_return_are_taken_whatever_the_next_claim_is(kind: Kind) -> None:
    _, now = walked(facts(order(delivered(line(quantity=3)))), asks(RETURN, units={"1": 2}))
    assert Code.UNITS_UNAVAILABLE in refused(now, asks(kind, BROKEN, {"1": 2}, claim_id="second"))
    walked(now, asks(kind, BROKEN, {"1": 1}, claim_id="second"))


def test_scenario_02_the_refund_is_for_what_came_and_the_rest_is_free_again() -> None:
    now = facts(order(delivered(line(quantity=3, unit_price=8_999))), policy=NO_FEES)
    ask = asks(RETURN, BROKEN, {"1": 3})
    claim, then = walked(now, ask, APPROVE, receives({"1": 2}, close=True), inspects({"1": 2}), paid)
    assert amounts_of(claim).total == 17_998
    assert then.order.lines[0].units == Units(returned=2)
    assert then.order.lines[0].untouched == 1


@pytest.mark.parametrize(("good", "damaged", "fits"), [(1, 1, True), (3, 0, False), (1, 2, False), (2, 0, True)])
def test_scenario_03_no_more_can_come_than_was_announced(good: int, damaged: int, fits: bool) -> None:
    parts = ((good, Condition.AS_SOLD), (damaged, Condition.DAMAGED_IN_TRANSIT))
    came = tuple(found for n, condition in parts if n for found in receives({"1": n}, condition).lines)
    claim, now = walked(facts(order(delivered(line(quantity=2)))), asks(RETURN, units={"1": 2}), APPROVE)
    parcel = Receive(by=SELLER, lines=came)
    if fits:
        assert walked(now, parcel, claim=claim)[0].lines[0].received == good + damaged
    else:
        assert refused(now, parcel, claim=claim) == [Code.RECEIVED_ABOVE_ANNOUNCED]


def test_scenario_04_a_return_is_received_when_all_has_come_or_the_seller_closes_it() -> None:
    claim, now = walked(facts(order(delivered(line(quantity=2)))), asks(RETURN, units={"1": 2}), APPROVE)
    partly, then = walked(now, receives({"1": 1}), claim=claim)
    assert (partly.state, partly.lines[0].received) == (State.COLLECTING, 1)
    assert walked(then, receives({"1": 1}), claim=partly)[0].state is State.RECEIVED
    assert walked(then, Receive(by=SELLER, lines=(), close=True), claim=partly)[0].state is State.RECEIVED


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
    wanted = tuple(RequestedLine(line_id=line_id, quantity=n) for line_id, n in lines)
    assert code in refused(facts(order(delivered(line(quantity=2)))), replace(asks(kind), lines=wanted))


def test_scenario_07_cancelled_and_returned_units_add_up() -> None:
    now = facts(order(line(quantity=2, unit_price=5_000, discount=1)), policy=NO_FEES)
    _, now = walked(now, *granted(CANCEL, {"1": 1}), shipped({"1": 1}))
    _, now = walked(now, *granted(RETURN, {"1": 1}, claim_id="second"))
    assert now.order.lines[0].units == Units(cancelled=1, returned=1)
    assert now.order.captured_left == 0
    assert Code.UNITS_UNAVAILABLE in refused(now, asks(RETURN, claim_id="third"))


@pytest.mark.parametrize(
    ("steps", "state", "free"),
    [
        ([RETRACT], State.RETRACTED, 1),
        ([APPROVE, DISPATCH, RETRACT], State.RETRACTED, 1),
        ([rejects(Ground.BUYER_AGREED, evidence=("call 3",))], State.REJECTED, 1),
        ([APPROVE, at(TOO_LATE), EXPIRE], State.EXPIRED, 1),
        ([APPROVE, receives()], State.RECEIVED, 0),
        ([APPROVE, receives(), inspects(), paid], State.REFUNDED, 0),
    ],
)
def test_scenario_08_a_claim_that_came_to_nothing_frees_its_units(
    steps: list[BreakdownStep], state: State, free: int
) -> None:
    claim, now = walked(facts(order(delivered(line()))), asks(RETURN, BROKEN), *steps)
    assert (claim.state, now.order.lines[0].untouched) == (state, free)


def test_scenario_09_an_exchanged_item_comes_back_as_what_it_was_exchanged_for() -> None:
    now = facts(order(delivered(line(quantity=2, unit_price=5_000, discount=1))), policy=NO_FEES)
    steps = (asks(EXCHANGE, BROKEN), APPROVE, receives(), inspects(), RESHIP, CONFIRM_DELIVERY)
    claim, now = walked(now, *steps)
    assert claim.state is State.EXCHANGED
    sent = now.order.lines[1]
    assert (sent.replaces, sent.sku, sent.delivered) == ("1", BLUE.sku, 1)
    _, now = walked(now, *granted(RETURN, {sent.line_id: 1}, claim_id="second"))
    _, now = walked(now, *granted(RETURN, {"1": 1}, claim_id="third"))
    assert now.order.captured_left == 0
    assert Code.UNITS_UNAVAILABLE in refused(now, asks(RETURN, claim_id="fourth"))
