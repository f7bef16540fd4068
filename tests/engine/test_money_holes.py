"""Ways in which money could have been lost, paid twice, or stuck, each told as the story that it was found in."""

from dataclasses import replace

from app.engine.model.breakdown import StepCode
from app.engine.model.commands import AcceptOffer, Convert, MakeOffer, NewReplacement, Reclassify
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Kind, Reason, State
from app.engine.policy.money_rules import Fees, LostDiscount
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
    pay,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, POLICY, SHIPPED, TOO_LATE, deliver, delivered_line, line, order
from tests.engine.story import full_refund, given, pay_refunds, wait_until

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
BACK = (APPROVE, receive(), inspect())
CONVERT = Convert(by=SELLER)
RECALCULATED = replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE)


def credit(amount: int, name: str = "offer") -> MakeOffer:
    return MakeOffer(by=SELLER, offer_id=name, alternative=Alternative.STORE_CREDIT, message="?", amount=amount)


ACCEPT = AcceptOffer(by=BUYER, offer_id="offer")


def test_an_exchange_that_is_paid_back_loses_the_discount_as_a_return_does() -> None:
    lines = (delivered_line("1", unit_price=10_000), delivered_line("2", unit_price=10_000))
    story = given(order(*lines, discount=4_000, discount_minimum=15_000), policy=RECALCULATED)
    exchange = story.when(request(Kind.EXCHANGE, MIND), *BACK, CONVERT)
    returned = story.when(request(Kind.RETURN, MIND), *BACK)
    assert exchange.amounts.total == returned.amounts.total == 6_000
    assert [bought.recharged for bought in exchange.order.lines] == [0, 2_000]


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
    given(order(delivered_line()), policy=NO_FEES).when(request(Kind.RETURN, MIND), credit(10_000), ACCEPT).when(
        request(Kind.EXCHANGE, BROKEN, claim_id="second"), *BACK, CONVERT
    ).then(total=0)


def test_nobody_is_given_credit_for_nothing() -> None:
    given(order(delivered_line()), policy=NO_FEES).when(request(Kind.RETURN, MIND), credit(10_000), ACCEPT).when(
        request(Kind.RETURN, MIND, claim_id="second"), credit(10_000)
    ).then(refused=[Code.OFFER_DOES_NOT_FIT])


def test_a_discount_that_was_never_paid_back_is_not_given_back() -> None:
    lines = (delivered_line("1", unit_price=1_000), delivered_line("2", unit_price=20_000))
    story = given(order(*lines, discount=10_500, discount_minimum=20_500), policy=RECALCULATED)
    first = story.when(request(Kind.RETURN, MIND), *BACK, RELEASE).then(buyer_owes=9_500)
    assert first.order.line("2").recharged == 500  # type: ignore[union-attr] # it is there
    first.when(*full_refund(Kind.RETURN, {"2": 1}, MIND, "second")).then(total=10_000 + 500)
    settled = story.when(request(Kind.RETURN, MIND), *BACK, pay(9_500))
    assert settled.order.line("2").recharged == 10_000  # type: ignore[union-attr] # the same


def test_a_partial_refund_on_units_without_their_discount_leaves_them_worth_something() -> None:
    lines = (delivered_line("1", quantity=2, unit_price=10_000), delivered_line("2", unit_price=10_000))
    story = given(order(*lines, discount=6_000, discount_minimum=25_000), policy=RECALCULATED).when(
        *full_refund(Kind.RETURN, {"2": 1}, MIND, "first")
    )
    asked = request(Kind.REFUND, BROKEN, {"1": 2}, amount=19_000, claim_id="second")
    story = story.when(asked, APPROVE, pay_refunds)
    totals = []
    for name in ("third", "fourth"):
        story = story.when(*full_refund(Kind.RETURN, {"1": 1}, MIND, name))
        totals.append(story.amounts.total)
    assert sum(totals) == 1_000
    story.then(captured_left=0)


def test_what_was_never_captured_pays_no_fee() -> None:
    """What is given is cut down first, and the fee comes off what is left."""
    half_paid = order(delivered_line(unit_price=10_000), payments={"card": 5_000})
    story = given(half_paid).when(request(Kind.RETURN, MIND), *BACK)
    amounts = story.amounts
    assert (amounts.amount_of(StepCode.NOT_CAPTURED), amounts.total, amounts.buyer_owes) == (-5_000, 2_000, 0)


def test_an_order_that_nobody_has_paid_leaves_no_debts() -> None:
    unpaid = replace(order(delivered_line(unit_price=10_000)), payments=())
    given(unpaid).when(request(Kind.RETURN, MIND), *BACK).then(total=0, buyer_owes=0)


def test_shipping_that_was_charged_after_all_goes_back_when_the_order_was_for_nothing() -> None:
    bought = order(delivered_line("1", unit_price=30_000), delivered_line("2", unit_price=30_000))
    first = given(bought).when(request(Kind.RETURN, MIND), *BACK, pay_refunds).then(total=30_000 - 3_000 - 3_000)
    first.when(*full_refund(Kind.RETURN, {"2": 1}, MIND, "second")).then(total=30_000 - 3_000)
    broken = first.when(*full_refund(Kind.RETURN, {"2": 1}, BROKEN, "second"))
    assert broken.amounts.amount_of(StepCode.OUTBOUND_RETURNED) == 3_000
    broken.then(total=33_000, outbound_charged=0)


def test_shipping_that_a_buyer_was_let_off_does_not_go_back() -> None:
    """Nor is it charged again."""
    lines = (delivered_line("1", unit_price=2_000), delivered_line("2", quantity=2, unit_price=24_500))
    story = (
        given(order(*lines))
        .when(request(Kind.RETURN, MIND), *BACK, RELEASE)
        .then(buyer_owes=4_000, outbound_charged=0)
        .when(*full_refund(Kind.RETURN, {"2": 1}, MIND, "second"))
    )
    broken = story.when(*full_refund(Kind.RETURN, {"2": 1}, BROKEN, "third"))
    assert (broken.amounts.total, story.order.outbound_charged) == (24_500, 0)


def test_who_is_let_off_the_price_of_what_has_come_back_is_credited_no_more_than_it_is_worth() -> None:
    in_advance = replace(NO_FEES, advance_exchange=True)
    story = given(order(delivered_line(quantity=2)), policy=in_advance)
    dear = replace(BLUE, unit_price=12_000)
    two = {"1": 2}
    held = (APPROVE, RESHIP, receive(two), inspect(two))
    first = story.when(request(Kind.EXCHANGE, BROKEN, two, dear), *held)
    sent = first.order.lines[-1].line_id
    again = request(Kind.REFUND, BROKEN, {sent: 2}, claim_id="again")
    story = first.when(again, APPROVE, pay_refunds).with_claim(first.claim).when(RELEASE)
    assert story.order.lines[-1].credited == 0


def test_a_discount_is_lost_once() -> None:
    lines = (delivered_line(str(number), unit_price=10_000) for number in (1, 2, 3))
    story = given(order(*lines, discount=6_000, discount_minimum=25_000), policy=RECALCULATED).when(
        *full_refund(Kind.RETURN, {"3": 1}, MIND, "first")
    )
    dear = replace(BLUE, unit_price=20_000)
    units = {"2": 1}
    exchange = request(Kind.EXCHANGE, BROKEN, units, replacement=dear, claim_id="second")
    story = story.when(exchange, APPROVE, receive(units), inspect(units))
    story = story.when(pay(story.amounts.buyer_owes), RESHIP)
    sent = story.order.lines[-1].line_id
    story = story.with_order(lines=tuple(map(deliver, story.order.lines)))
    story = story.when(*full_refund(Kind.RETURN, {sent: 1}, MIND, "third"))
    assert story.amounts.amount_of(StepCode.DISCOUNT_LOST) == 0


def test_of_an_exchange_in_advance_that_came_in_part_the_difference_is_settled_too() -> None:
    policy = replace(NO_FEES, advance_exchange=True)
    for unit_price, owes, total in ((15_000, 20_000, 0), (4_000, 0, 2_000)):
        story = given(order(delivered_line(quantity=2)), policy=policy)
        asked = request(Kind.EXCHANGE, BROKEN, {"1": 2}, replacement=replace(BLUE, unit_price=unit_price))
        story.when(asked, APPROVE, RESHIP, receive({"1": 1}), wait_until(TOO_LATE), EXPIRE).then(
            state=State.EXPIRED, buyer_owes=owes, total=total
        )


def test_what_a_discount_was_never_given_for_does_not_keep_it_once_it_is_exchanged() -> None:
    lines = (*(delivered_line(str(n)) for n in (1, 2)), delivered_line("3", discountable=False))
    story = given(order(*lines, discount=2_000, discount_minimum=20_000), policy=RECALCULATED)
    three = {"3": 1}
    swapped = (APPROVE, receive(three), inspect(three), RESHIP, CONFIRM_DELIVERY)
    exchanged = story.when(request(Kind.EXCHANGE, BROKEN, three, claim_id="first"), *swapped)
    for before in (story, exchanged):
        returned = before.when(request(Kind.RETURN, MIND), *BACK)
        assert returned.amounts.amount_of(StepCode.DISCOUNT_LOST) == -1_000


def test_what_was_used_up_is_of_the_units_that_can_still_be_cancelled() -> None:
    story = given(order(line(quantity=2, parts=3, shipped=1, shipped_at=SHIPPED)))
    asked = request(Kind.CANCEL, units={"1": 2})
    used_up = replace(asked, lines=tuple(replace(each, used_parts=6) for each in asked.lines))
    story = story.when(used_up)
    assert [(each.quantity, each.used_parts) for each in story.claim.lines] == [(1, 3)]


def test_what_was_used_up_is_not_restocked() -> None:
    policy = replace(POLICY, fees=Fees(restocking_percent=20))
    given(order(delivered_line(parts=10)), policy=policy).when(
        request(Kind.RETURN), APPROVE, receive(), inspect(used_parts=10)
    ).then(total=0, buyer_owes=0)


def test_parts_of_what_never_came_were_not_used_up() -> None:
    lines = (delivered_line("1", parts=10), delivered_line("2", parts=10))
    whole = request(Kind.RETURN, MIND, {"1": 1, "2": 1})
    in_part = replace(whole, lines=tuple(replace(each, used_parts=3) for each in whole.lines))
    given(order(*lines), policy=NO_FEES).when(in_part, APPROVE, receive(close=True), inspect()).then(total=7_000)
