"""The value of the units of an exchange, before, during and after the exchange."""

from dataclasses import replace

import pytest

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import AcceptOffer, Convert, MakeOffer, NewReplacement, Reclassify
from app.engine.model.order import Order
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Ground, Kind, Reason, State
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    CONFIRM_DELIVERY,
    EXPIRE,
    RELEASE,
    RESHIP,
    SELLER,
    inspect,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, POLICY, TOO_LATE, delivered_line, order
from tests.engine.story import Step, full_refund, given, pay_refunds, wait_until

IN_ADVANCE = replace(POLICY, advance_exchange=True)
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
BACK = (APPROVE, receive(), inspect())
EXCHANGED = (*BACK, RESHIP, CONFIRM_DELIVERY)
CONVERT = Convert(by=SELLER)
CREDIT = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.STORE_CREDIT, message="?", amount=10_000)
ACCEPT = AcceptOffer(by=BUYER, offer_id="offer")


def test_a_replacement_carries_what_its_units_were_worth_at_the_inspection() -> None:
    story = given(order(delivered_line(quantity=3, unit_price=4, discount=2)), policy=NO_FEES)
    exchange = story.when(request(Kind.EXCHANGE, BROKEN), APPROVE, receive(), inspect())
    returned = exchange.when(*full_refund(Kind.RETURN, claim_id="second"))
    story = returned.with_claim(exchange.claim).when(RESHIP)
    original, replacement_line = story.order.lines
    one_by_one = [story.order.paid_for(replacement_line), returned.amounts.total, _worth(story.order, {"1": 1})]
    assert sum(one_by_one) == story.order.paid_for(original) == 10


def test_what_was_paid_back_on_exchanged_units_is_not_paid_back_again() -> None:
    story = (
        given(order(delivered_line(unit_price=30_000), delivered_line("2")), policy=NO_FEES)
        .when(request(Kind.REFUND, BROKEN, amount=10_000), APPROVE, pay_refunds)
        .when(request(Kind.EXCHANGE, BROKEN, claim_id="second"), *EXCHANGED)
    )
    replacement_line = story.order.lines[-1]
    assert _worth(story.order, {replacement_line.line_id: 1}) == 20_000


@pytest.mark.parametrize(
    "steps",
    [
        [
            MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.PARTIAL_REFUND, message="?", amount=1_000),
            ACCEPT,
        ],
        [
            receive(condition=Condition.DAMAGED_BY_BUYER),
            inspect({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="Broken by a fall."),
        ],
    ],
    ids=["an offer is accepted", "the goods are sent back"],
)
def test_goods_and_replacement_cannot_both_be_kept(steps: list[Step]) -> None:
    reshipped = given(order(delivered_line()), policy=IN_ADVANCE).when(request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP)
    reshipped.when(*steps).then(refused=[Code.ALREADY_RESHIPPED])


def test_an_exchange_under_way_keeps_its_order() -> None:
    two = order(delivered_line(), delivered_line("2"), shipping_charged=3_000)
    story = (
        given(two)
        .when(request(Kind.EXCHANGE, BROKEN), APPROVE, receive(), inspect())
        .when(*full_refund(Kind.RETURN, {"2": 1}, claim_id="second"))
    )
    assert story.amounts.amount_of(StepCode.SHIPPING) == 0


def _worth(bought: Order, units: dict[str, int]) -> int:
    """The refund of these units if they were returned now at the seller's cost."""
    story = given(bought, policy=NO_FEES).when(request(Kind.RETURN, BROKEN, units, claim_id="quote"))
    steps = refund_breakdown(story.claim, story.order, story.facts.policy).steps
    return sum(step.amount for step in steps if step.code is not StepCode.NOT_CAPTURED)


def test_a_settled_price_and_what_was_sent_do_not_change() -> None:
    story = given(order(delivered_line(), delivered_line("2")), policy=replace(NO_FEES, advance_exchange=True))
    dear = Reclassify(
        by=SELLER,
        reason=BROKEN,
        replacements=(NewReplacement(line_id="1", replacement=replace(BLUE, unit_price=30_000)),),
    )
    story.when(request(Kind.EXCHANGE, BROKEN), *BACK, dear).then(refused=[Code.PRICE_SETTLED])
    story.when(request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, dear).then(refused=[Code.ALREADY_RESHIPPED])


def test_what_was_credited_in_full_is_not_paid_back_by_way_of_an_exchange() -> None:
    given(order(delivered_line()), policy=NO_FEES).when(request(Kind.RETURN, MIND), CREDIT, ACCEPT).when(
        request(Kind.EXCHANGE, BROKEN, claim_id="second"), *BACK, CONVERT
    ).then(total=0)


def test_a_waived_price_credits_no_more_than_the_returned_units_are_worth() -> None:
    in_advance = replace(NO_FEES, advance_exchange=True)
    story = given(order(delivered_line(quantity=2)), policy=in_advance)
    dear = replace(BLUE, unit_price=12_000)
    two = {"1": 2}
    steps = (APPROVE, RESHIP, receive(two), inspect(two))
    first = story.when(request(Kind.EXCHANGE, BROKEN, two, dear), *steps)
    replacement_id = first.order.lines[-1].line_id
    again = request(Kind.REFUND, BROKEN, {replacement_id: 2}, claim_id="again")
    story = first.when(again, APPROVE, pay_refunds).with_claim(first.claim).when(RELEASE)
    assert story.order.lines[-1].credited == 0


def test_of_an_exchange_in_advance_that_came_in_part_the_difference_is_settled_too() -> None:
    policy = replace(NO_FEES, advance_exchange=True)
    for unit_price, owes, total in ((15_000, 20_000, 0), (4_000, 0, 2_000)):
        story = given(order(delivered_line(quantity=2)), policy=policy)
        exchange_request = request(Kind.EXCHANGE, BROKEN, {"1": 2}, replacement=replace(BLUE, unit_price=unit_price))
        story.when(exchange_request, APPROVE, RESHIP, receive({"1": 1}), wait_until(TOO_LATE), EXPIRE).then(
            state=State.EXPIRED, buyer_owes=owes, total=total
        )
