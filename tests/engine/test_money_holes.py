"""Ways in which money could have been lost, paid twice, or stuck, each told as the story that it was found in."""

from dataclasses import replace

from app.engine.model.breakdown import StepCode
from app.engine.model.commands import AcceptOffer, Convert, MakeOffer, NewReplacement, Reclassify
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Kind, Reason, State
from app.engine.policy.money_rules import Fees, LostDiscount
from tests.engine.given import (
    APPROVE,
    BLUE,
    BUYER,
    CONFIRM_DELIVERY,
    EXPIRE,
    NO_FEES,
    POLICY,
    RELEASE,
    RESHIP,
    SELLER,
    SHIPPED,
    TOO_LATE,
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
    pays,
    receives,
    refused,
    walked,
)

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
BACK = (APPROVE, receives(), inspects())
CONVERT = Convert(by=SELLER)
RECALCULATED = replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE)


def credit(amount: int, name: str = "offer") -> MakeOffer:
    return MakeOffer(by=SELLER, offer_id=name, alternative=Alternative.STORE_CREDIT, message="?", amount=amount)


ACCEPT = AcceptOffer(by=BUYER, offer_id="offer")


def test_an_exchange_that_is_paid_back_loses_the_discount_as_a_return_does() -> None:
    lines = (delivered(line("1", unit_price=10_000)), delivered(line("2", unit_price=10_000)))
    now = facts(order(*lines, discount=4_000, discount_minimum=15_000), policy=RECALCULATED)
    exchange, then = walked(now, asks(Kind.EXCHANGE, MIND), *BACK, CONVERT)
    returned, _ = walked(now, asks(Kind.RETURN, MIND), *BACK)
    assert amounts_of(exchange).total == amounts_of(returned).total == 6_000
    assert [bought.recharged for bought in then.order.lines] == [0, 2_000]


def test_a_settled_price_and_what_was_sent_do_not_change() -> None:
    now = facts(order(delivered(line()), delivered(line("2"))), policy=replace(NO_FEES, advance_exchange=True))
    dear = Reclassify(
        by=SELLER,
        reason=BROKEN,
        replacements=(NewReplacement(line_id="1", replacement=replace(BLUE, unit_price=30_000)),),
    )
    assert refused(now, asks(Kind.EXCHANGE, BROKEN), *BACK, dear) == [Code.PRICE_SETTLED]
    assert refused(now, asks(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, dear) == [Code.ALREADY_RESHIPPED]


def test_what_was_credited_in_full_is_not_paid_back_by_way_of_an_exchange() -> None:
    now = facts(order(delivered(line())), policy=NO_FEES)
    _, now = walked(now, asks(Kind.RETURN, MIND), credit(10_000), ACCEPT)
    claim, _ = walked(now, asks(Kind.EXCHANGE, BROKEN, claim_id="second"), *BACK, CONVERT)
    assert amounts_of(claim).total == 0


def test_nobody_is_given_credit_for_nothing() -> None:
    now = facts(order(delivered(line())), policy=NO_FEES)
    _, now = walked(now, asks(Kind.RETURN, MIND), credit(10_000), ACCEPT)
    assert refused(now, asks(Kind.RETURN, MIND, claim_id="second"), credit(10_000)) == [Code.OFFER_DOES_NOT_FIT]


def test_a_discount_that_was_never_paid_back_is_not_given_back() -> None:
    lines = (delivered(line("1", unit_price=1_000)), delivered(line("2", unit_price=20_000)))
    now = facts(order(*lines, discount=10_500, discount_minimum=20_500), policy=RECALCULATED)
    first, waive_debt = walked(now, asks(Kind.RETURN, MIND), *BACK, RELEASE)
    assert amounts_of(first).buyer_owes == 9_500
    assert waive_debt.order.line("2").recharged == 500  # type: ignore[union-attr] # it is there
    second, _ = walked(waive_debt, *granted(Kind.RETURN, {"2": 1}, MIND, "second"))
    assert amounts_of(second).total == 10_000 + 500
    _, settled = walked(now, asks(Kind.RETURN, MIND), *BACK, pays(9_500))
    assert settled.order.line("2").recharged == 10_000  # type: ignore[union-attr] # the same


def test_a_partial_refund_on_units_without_their_discount_leaves_them_worth_something() -> None:
    lines = (delivered(line("1", quantity=2, unit_price=10_000)), delivered(line("2", unit_price=10_000)))
    now = facts(order(*lines, discount=6_000, discount_minimum=25_000), policy=RECALCULATED)
    _, now = walked(now, *granted(Kind.RETURN, {"2": 1}, MIND, "first"))
    asked = asks(Kind.REFUND, BROKEN, {"1": 2}, amount=19_000, claim_id="second")
    _, now = walked(now, asked, APPROVE, paid)
    totals = []
    for name in ("third", "fourth"):
        claim, now = walked(now, *granted(Kind.RETURN, {"1": 1}, MIND, name))
        totals.append(amounts_of(claim).total)
    assert sum(totals) == 1_000
    assert now.order.captured_left == 0


def test_what_was_never_captured_pays_no_fee() -> None:
    """What is given is cut down first, and the fee comes off what is left."""
    half_paid = order(delivered(line(unit_price=10_000)), payments={"card": 5_000})
    claim, _ = walked(facts(half_paid), asks(Kind.RETURN, MIND), *BACK)
    amounts = amounts_of(claim)
    assert (amounts.amount_of(StepCode.NOT_CAPTURED), amounts.total, amounts.buyer_owes) == (-5_000, 2_000, 0)


def test_an_order_that_nobody_has_paid_leaves_no_debts() -> None:
    unpaid = replace(order(delivered(line(unit_price=10_000))), payments=())
    claim, _ = walked(facts(unpaid), asks(Kind.RETURN, MIND), *BACK)
    assert (amounts_of(claim).total, amounts_of(claim).buyer_owes) == (0, 0)


def test_shipping_that_was_charged_after_all_goes_back_when_the_order_was_for_nothing() -> None:
    bought = order(delivered(line("1", unit_price=30_000)), delivered(line("2", unit_price=30_000)))
    first, now = walked(facts(bought), asks(Kind.RETURN, MIND), *BACK, paid)
    assert amounts_of(first).total == 30_000 - 3_000 - 3_000
    kept, _ = walked(now, *granted(Kind.RETURN, {"2": 1}, MIND, "second"))
    assert amounts_of(kept).total == 30_000 - 3_000
    broken, then = walked(now, *granted(Kind.RETURN, {"2": 1}, BROKEN, "second"))
    assert amounts_of(broken).amount_of(StepCode.OUTBOUND_RETURNED) == 3_000
    assert (amounts_of(broken).total, then.order.outbound_charged) == (33_000, 0)


def test_shipping_that_a_buyer_was_let_off_does_not_go_back() -> None:
    """Nor is it charged again."""
    lines = (delivered(line("1", unit_price=2_000)), delivered(line("2", quantity=2, unit_price=24_500)))
    first, now = walked(facts(order(*lines)), asks(Kind.RETURN, MIND), *BACK, RELEASE)
    assert (amounts_of(first).buyer_owes, now.order.outbound_charged) == (4_000, 0)
    _, now = walked(now, *granted(Kind.RETURN, {"2": 1}, MIND, "second"))
    broken, _ = walked(now, *granted(Kind.RETURN, {"2": 1}, BROKEN, "third"))
    assert (amounts_of(broken).total, now.order.outbound_charged) == (24_500, 0)


def test_who_is_let_off_the_price_of_what_has_come_back_is_credited_no_more_than_it_is_worth() -> None:
    in_advance = replace(NO_FEES, advance_exchange=True)
    now = facts(order(delivered(line(quantity=2))), policy=in_advance)
    dear = replace(BLUE, unit_price=12_000)
    two = {"1": 2}
    held = (APPROVE, RESHIP, receives(two), inspects(two))
    first, now = walked(now, asks(Kind.EXCHANGE, BROKEN, two, dear), *held)
    sent = now.order.lines[-1].line_id
    again = asks(Kind.REFUND, BROKEN, {sent: 2}, claim_id="again")
    _, now = walked(now, again, APPROVE, paid)
    _, now = walked(now, RELEASE, claim=first)
    assert now.order.lines[-1].credited == 0


def test_a_discount_is_lost_once() -> None:
    lines = (delivered(line(str(number), unit_price=10_000)) for number in (1, 2, 3))
    now = facts(order(*lines, discount=6_000, discount_minimum=25_000), policy=RECALCULATED)
    _, now = walked(now, *granted(Kind.RETURN, {"3": 1}, MIND, "first"))
    dear = replace(BLUE, unit_price=20_000)
    units = {"2": 1}
    exchange = asks(Kind.EXCHANGE, BROKEN, units, replacement=dear, claim_id="second")
    claim, now = walked(now, exchange, APPROVE, receives(units), inspects(units))
    claim, now = walked(now, pays(amounts_of(claim).buyer_owes), RESHIP, claim=claim)
    sent = now.order.lines[-1].line_id
    now = replace(now, order=replace(now.order, lines=tuple(map(delivered, now.order.lines))))
    claim, now = walked(now, *granted(Kind.RETURN, {sent: 1}, MIND, "third"))
    assert amounts_of(claim).amount_of(StepCode.DISCOUNT_LOST) == 0


def test_of_an_exchange_in_advance_that_came_in_part_the_difference_is_settled_too() -> None:
    policy = replace(NO_FEES, advance_exchange=True)
    for unit_price, owes, total in ((15_000, 20_000, 0), (4_000, 0, 2_000)):
        now = facts(order(delivered(line(quantity=2))), policy=policy)
        asked = asks(Kind.EXCHANGE, BROKEN, {"1": 2}, replacement=replace(BLUE, unit_price=unit_price))
        claim, _ = walked(now, asked, APPROVE, RESHIP, receives({"1": 1}), at(TOO_LATE), EXPIRE)
        assert (claim.state, amounts_of(claim).buyer_owes, amounts_of(claim).total) == (State.EXPIRED, owes, total)


def test_what_a_discount_was_never_given_for_does_not_keep_it_once_it_is_exchanged() -> None:
    lines = (*(delivered(line(str(n))) for n in (1, 2)), delivered(line("3", discountable=False)))
    now = facts(order(*lines, discount=2_000, discount_minimum=20_000), policy=RECALCULATED)
    three = {"3": 1}
    swapped = (APPROVE, receives(three), inspects(three), RESHIP, CONFIRM_DELIVERY)
    _, then = walked(now, asks(Kind.EXCHANGE, BROKEN, three, claim_id="first"), *swapped)
    for facts_ in (now, then):
        claim, _ = walked(facts_, asks(Kind.RETURN, MIND), *BACK)
        assert amounts_of(claim).amount_of(StepCode.DISCOUNT_LOST) == -1_000


def test_what_was_used_up_is_of_the_units_that_can_still_be_cancelled() -> None:
    now = facts(order(line(quantity=2, parts=3, shipped=1, shipped_at=SHIPPED)))
    asked = asks(Kind.CANCEL, units={"1": 2})
    used_up = replace(asked, lines=tuple(replace(each, used_parts=6) for each in asked.lines))
    claim, _ = walked(now, used_up)
    assert [(each.quantity, each.used_parts) for each in claim.lines] == [(1, 3)]


def test_what_was_used_up_is_not_restocked() -> None:
    policy = replace(POLICY, fees=Fees(restocking_percent=20))
    now = facts(order(delivered(line(parts=10))), policy=policy)
    claim, _ = walked(now, asks(Kind.RETURN), APPROVE, receives(), inspects(used_parts=10))
    assert (amounts_of(claim).total, amounts_of(claim).buyer_owes) == (0, 0)


def test_parts_of_what_never_came_were_not_used_up() -> None:
    lines = (delivered(line("1", parts=10)), delivered(line("2", parts=10)))
    request = asks(Kind.RETURN, MIND, {"1": 1, "2": 1})
    request = replace(request, lines=tuple(replace(each, used_parts=3) for each in request.lines))
    claim, _ = walked(facts(order(*lines), policy=NO_FEES), request, APPROVE, receives(close=True), inspects())
    assert amounts_of(claim).total == 7_000
