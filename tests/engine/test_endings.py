"""Claims that end otherwise than by goods for money: by an offer, by goods that never come, by themselves."""

from dataclasses import replace

from app.engine.autopilot import next_command
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import AcceptOffer, DeclineOffer, MakeOffer
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Deduction, Kind, Reason, State
from app.engine.policy.rules import AutomaticWhen, AutomationRule
from tests.engine.given import (
    APPROVE,
    BUYER,
    DISPATCH,
    EXPIRE,
    POLICY,
    RESHIP,
    SELLER,
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
    receives,
    refused,
    under,
    walked,
)

BROKEN = Reason.DEFECTIVE
CREDIT = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.STORE_CREDIT, message="?", amount=5_000)
ACCEPT = AcceptOffer(by=BUYER, offer_id=CREDIT.offer_id)
DELIVERED = facts(order(delivered(line())))
IN_ADVANCE = under(replace(POLICY, advance_exchange=True), DELIVERED)


def test_a_deduction_from_an_exchange_is_owed_by_the_buyer() -> None:
    found = inspects(deductions={Deduction.MISSING_PARTS: 500})
    claim, _ = walked(DELIVERED, asks(Kind.EXCHANGE, BROKEN), APPROVE, receives(), found)
    assert amounts_of(claim).buyer_owes == 500


def test_an_offer_has_an_id_of_its_own() -> None:
    no = DeclineOffer(by=BUYER, offer_id=CREDIT.offer_id, more_offers=True)
    assert refused(DELIVERED, asks(Kind.RETURN), CREDIT, no, CREDIT) == [Code.OFFER_ALREADY_MADE]


def test_goods_on_their_way_back_are_not_kept() -> None:
    assert refused(DELIVERED, asks(Kind.RETURN), APPROVE, DISPATCH, CREDIT) == [Code.OFFER_DOES_NOT_FIT]
    assert refused(DELIVERED, asks(Kind.RETURN), APPROVE, CREDIT, DISPATCH, ACCEPT) == [Code.OFFER_DOES_NOT_FIT]


def test_an_exchange_in_advance_ends_though_the_goods_never_come() -> None:
    claim, _ = walked(IN_ADVANCE, asks(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, at(TOO_LATE), EXPIRE)
    assert (claim.state, amounts_of(claim).buyer_owes) == (State.EXPIRED, 10_000)


def test_of_an_exchange_in_advance_the_buyer_owes_for_what_stayed_out() -> None:
    two = replace(IN_ADVANCE, order=order(delivered(line(quantity=2, unit_price=9_999))))
    way = (asks(Kind.EXCHANGE, units={"1": 2}), APPROVE, RESHIP, receives({"1": 1}), at(TOO_LATE), EXPIRE)
    claim, _ = walked(two, *way)
    assert [(step.code, step.amount) for step in amounts_of(claim).steps] == [
        (StepCode.EXCHANGE_FEE, -6_000),
        (StepCode.KEPT_GOODS, -9_999),
    ]
    assert amounts_of(claim).buyer_owes == 15_999


def test_before_its_time_an_exchange_in_advance_does_not_expire() -> None:
    way = (asks(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, EXPIRE)
    assert refused(IN_ADVANCE, *way) == [Code.COLLECTION_STILL_OPEN]


def test_store_credit_is_not_paid_back_a_second_time() -> None:
    _, then = walked(DELIVERED, asks(Kind.RETURN), CREDIT, ACCEPT)
    claim, _ = walked(then, *granted(Kind.RETURN, claim_id="again"))
    assert amounts_of(claim).total == 10_000 - 5_000


def test_store_credit_above_the_price_leaves_nothing_to_pay_back() -> None:
    _, then = walked(DELIVERED, asks(Kind.RETURN), replace(CREDIT, amount=12_000), ACCEPT)
    claim, _ = walked(then, *granted(Kind.RETURN, claim_id="again"))
    assert (claim.state, amounts_of(claim).total) == (State.REFUNDED, 0)


def test_compensation_and_coupons_come_on_top() -> None:
    for alternative in (Alternative.EXTRA_COMPENSATION, Alternative.DISCOUNT_COUPON):
        _, then = walked(DELIVERED, asks(Kind.RETURN), replace(CREDIT, alternative=alternative), ACCEPT)
        claim, _ = walked(then, *granted(Kind.RETURN, claim_id="again"))
        assert amounts_of(claim).total == 10_000


def test_the_autopilot_is_never_refused() -> None:
    always = AutomationRule(kinds=frozenset(Kind), when=AutomaticWhen.ALWAYS, citation="house rule")
    now = under(replace(POLICY, automation=(always,)), DELIVERED)
    claim, then = walked(now, asks(Kind.EXCHANGE, BROKEN, replacement=None))
    assert (claim.state, next_command(claim, then)) == (State.REQUESTED, None)


def test_a_replacement_that_arrived_before_the_goods_were_back_ends_the_exchange_with_them() -> None:
    claim, then = walked(IN_ADVANCE, asks(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP)
    first, sent = then.order.lines
    arrived = replace(then, order=replace(then.order, lines=(first, replace(sent, delivered=sent.quantity))))
    assert walked(arrived, receives(), inspects(), claim=claim)[0].state is State.EXCHANGED
