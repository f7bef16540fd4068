"""Claims that end by an offer, by goods that never arrive, or by the autopilot."""

from dataclasses import replace

from app.engine import next_command
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import AcceptOffer, DeclineOffer, MakeOffer
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Deduction, Kind, Reason, State
from app.engine.policy.rules import AutomaticWhen, AutomationRule
from tests.engine.commands import APPROVE, BUYER, DISPATCH, EXPIRE, RESHIP, SELLER, inspect, receive, request
from tests.engine.orders import NO_FEES, POLICY, TOO_LATE, delivered_line, order
from tests.engine.story import full_refund, given, wait_until

BROKEN = Reason.DEFECTIVE
CREDIT = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.STORE_CREDIT, message="?", amount=5_000)
ACCEPT = AcceptOffer(by=BUYER, offer_id=CREDIT.offer_id)
DELIVERED = given(order(delivered_line()))
REPLACEMENT_FIRST = replace(POLICY, advance_exchange=True)
IN_ADVANCE = DELIVERED.under(REPLACEMENT_FIRST)


def test_a_deduction_from_an_exchange_is_owed_by_the_buyer() -> None:
    inspection = inspect(deductions={Deduction.MISSING_PARTS: 500})
    DELIVERED.when(request(Kind.EXCHANGE, BROKEN), APPROVE, receive(condition=Condition.INCOMPLETE), inspection).then(
        buyer_owes=500
    )


def test_an_offer_has_an_id_of_its_own() -> None:
    no = DeclineOffer(by=BUYER, offer_id=CREDIT.offer_id, more_offers=True)
    DELIVERED.when(request(Kind.RETURN), CREDIT, no, CREDIT).then(refused=[Code.OFFER_ALREADY_MADE])


def test_goods_on_their_way_back_are_not_kept() -> None:
    DELIVERED.when(request(Kind.RETURN), APPROVE, DISPATCH, CREDIT).then(refused=[Code.OFFER_DOES_NOT_FIT])
    DELIVERED.when(request(Kind.RETURN), APPROVE, CREDIT, DISPATCH, ACCEPT).then(refused=[Code.OFFER_DOES_NOT_FIT])


def test_an_exchange_in_advance_ends_though_the_goods_never_come() -> None:
    IN_ADVANCE.when(request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, wait_until(TOO_LATE), EXPIRE).then(
        state=State.EXPIRED, buyer_owes=10_000
    )


def test_of_an_exchange_in_advance_the_buyer_owes_for_what_stayed_out() -> None:
    two = given(order(delivered_line(quantity=2, unit_price=9_999)), policy=REPLACEMENT_FIRST)
    way = (request(Kind.EXCHANGE, units={"1": 2}), APPROVE, RESHIP, receive({"1": 1}), wait_until(TOO_LATE), EXPIRE)
    story = two.when(*way)
    assert [(step.code, step.amount) for step in story.amounts.steps] == [
        (StepCode.EXCHANGE_FEE, -6_000),
        (StepCode.KEPT_GOODS, -9_999),
    ]
    story.then(buyer_owes=15_999)


def test_before_its_time_an_exchange_in_advance_does_not_expire() -> None:
    way = (request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, EXPIRE)
    IN_ADVANCE.when(*way).then(refused=[Code.COLLECTION_STILL_OPEN])


def test_store_credit_is_not_paid_back_a_second_time() -> None:
    DELIVERED.when(request(Kind.RETURN), CREDIT, ACCEPT).when(*full_refund(Kind.RETURN, claim_id="again")).then(
        total=10_000 - 5_000
    )


def test_store_credit_above_the_price_leaves_nothing_to_pay_back() -> None:
    DELIVERED.when(request(Kind.RETURN), replace(CREDIT, amount=12_000), ACCEPT).when(
        *full_refund(Kind.RETURN, claim_id="again")
    ).then(state=State.REFUNDED, total=0)


def test_compensation_and_coupons_come_on_top() -> None:
    for alternative in (Alternative.EXTRA_COMPENSATION, Alternative.DISCOUNT_COUPON):
        DELIVERED.when(request(Kind.RETURN), replace(CREDIT, alternative=alternative), ACCEPT).when(
            *full_refund(Kind.RETURN, claim_id="again")
        ).then(total=10_000)


def test_the_autopilot_is_never_refused() -> None:
    always = AutomationRule(kinds=frozenset(Kind), when=AutomaticWhen.ALWAYS, citation="house rule")
    story = DELIVERED.under(replace(POLICY, automation=(always,))).when(
        request(Kind.EXCHANGE, BROKEN, replacement=None)
    )
    assert (story.claim.state, next_command(story.claim, story.facts)) == (State.REQUESTED, None)


def test_a_replacement_that_arrived_before_the_goods_were_back_ends_the_exchange_with_them() -> None:
    story = IN_ADVANCE.when(request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP)
    first, replacement_line = story.order.lines
    arrived = story.with_order(lines=(first, replace(replacement_line, delivered=replacement_line.quantity)))
    arrived.when(receive(), inspect()).then(state=State.EXCHANGED)


def test_credited_units_get_no_second_credit() -> None:
    credit = replace(CREDIT, amount=10_000)
    story = given(order(delivered_line()), policy=NO_FEES).when(request(Kind.RETURN), credit, ACCEPT)
    story.when(request(Kind.RETURN, claim_id="second"), credit).then(refused=[Code.OFFER_DOES_NOT_FIT])
