"""What money that comes after a decision is for: the rest of the price, debts, missing parts, and then a surplus."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine import LateMoney, late_money
from app.engine.model.order import Order, Payment
from app.engine.model.vocabulary import FeeCollection, Kind, Reason
from app.engine.policy.money_rules import Deposit
from tests.engine.commands import (
    APPROVE,
    BLUE,
    COMPLETE_REPAIR,
    CONFIRM_DELIVERY,
    RESHIP,
    inspect,
    pay,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, delivered_line, order
from tests.engine.story import given
from tests.engine.test_late_captures import CHEAP, totals
from tests.engine.test_reversals import Bank

GOES_BACK = replace(NO_FEES, deposit=Deposit.GOES_BACK)
FEES_APART = replace(CHEAP, fee_collection=FeeCollection.REMIT)


def late(bank: Bank, captured: int) -> tuple[LateMoney, ...]:
    """What this capture would bring."""
    payment = Payment(payment_id="late", method="card", captured=captured)
    return late_money(replace(bank.order, payments=(*bank.order.payments, payment)), bank.claims.values())


def change_payment(bank: Bank, **changes: Any) -> None:
    payment = replace(bank.payment("pay-0"), **changes)
    bank.facts = replace(bank.facts, order=replace(bank.order, payments=(payment,)))


def bought(*prices: int) -> Order:
    """Each line has one unit."""
    return order(*(delivered_line(str(n), unit_price=price) for n, price in enumerate(prices, 1)))


@pytest.mark.parametrize("surplus", [1, 200])
def test_a_surplus_goes_back_with_the_claim_that_gives_the_last_unit_back(surplus: int) -> None:
    bank = Bank(bought(1_000, 600), NO_FEES)
    bank.pay(1_600 + surplus)
    bank.give_back("1", 1)
    bank.give_back("2", 1)
    assert totals(bank) == [1_000, 600 + surplus]


def test_an_agreed_amount_is_no_more_than_what_was_agreed_whatever_was_captured() -> None:
    story = given(order(delivered_line(unit_price=1_000), payments={"card": 1_200}), policy=NO_FEES)
    story.when(request(Kind.REFUND, Reason.DEFECTIVE, amount=1_000), APPROVE).then(total=1_000)


def test_a_deposit_goes_back_where_it_does_not_stand_for_the_goods_that_stay() -> None:
    for policy, total in ((NO_FEES, 700), (GOES_BACK, 1_000)):
        bank = Bank(bought(1_000, 600), policy)
        bank.pay(1_300)
        bank.give_back("1", 1)
        assert totals(bank) == [total]


def test_a_surplus_that_comes_later_goes_back_with_the_last_claim_when_the_last_unit_has_come_back() -> None:
    bank = Bank(bought(1_000, 600), CHEAP)
    bank.pay(1_600)
    bank.give_back("1", 1)
    bank.pay(200)
    assert totals(bank) == [700]
    bank.give_back("2", 1)
    assert totals(bank) == [700, 300 + 200]
    bank.pay(1)
    assert totals(bank) == [700, 501]
    bank.pay(50)
    assert totals(bank) == [700, 551]
    assert (bank.order.surplus_refunded, bank.order.captured_left) == (251, 600)
    assert late(bank, 30) == (LateMoney(claim_id="claim-1", surplus=30),)


def test_the_debt_of_a_buyer_is_covered_before_a_surplus_goes_back() -> None:
    """The fee of 300 is above the price of 200: the buyer owes 100. The surplus pays the debt once it is above it."""
    bank = Bank(bought(200, 1_000), CHEAP)
    bank.pay(1_200)
    bank.give_back("1", 1)
    bank.give_back("2", 1)
    assert [claim.still_owed for claim in bank.claims.values()] == [100, 0]
    assert late(bank, 100) == ()
    assert late(bank, 130) == (LateMoney(claim_id="claim-1", surplus=30),)


def test_a_claim_pays_its_own_debt_from_the_surplus_that_it_gets() -> None:
    bank = Bank(bought(1_000, 200), CHEAP)
    bank.pay(1_200)
    bank.give_back("1", 1)
    bank.give_back("2", 1)
    assert [claim.still_owed for claim in bank.claims.values()] == [0, 100]
    assert late(bank, 100) == ()
    assert late(bank, 101) == (LateMoney(claim_id="claim-1", surplus=101),)
    bank.pay(130)
    assert (totals(bank), bank.claims["claim-1"].still_owed) == ([700, 30], 0)


def test_the_oldest_claim_gets_the_rest_of_the_price_first() -> None:
    bank = Bank(bought(1_000, 1_000), NO_FEES)
    bank.pay(500)
    bank.give_back("1", 1)
    bank.give_back("2", 1)
    assert totals(bank) == [0, 500]
    assert late(bank, 300) == (LateMoney(claim_id="claim-0", captured_later=300),)
    assert late(bank, 1_200) == (
        LateMoney(claim_id="claim-0", captured_later=1_000),
        LateMoney(claim_id="claim-1", captured_later=200),
    )
    assert late(bank, 1_507) == (
        LateMoney(claim_id="claim-0", captured_later=1_000),
        LateMoney(claim_id="claim-1", captured_later=500, surplus=7),
    )


def test_a_debt_that_ends_with_the_missing_part_of_its_own_claim_does_not_keep_that_part() -> None:
    """200 of 1,000 were captured, and the fee is 300: the buyer owes 100 until the rest is captured."""
    bank = Bank(bought(1_000), CHEAP)
    bank.pay(200)
    bank.give_back("1", 1)
    assert (totals(bank), bank.claims["claim-0"].still_owed) == ([0], 100)
    assert late(bank, 800) == (LateMoney(claim_id="claim-0", captured_later=800),)
    assert late(bank, 50) == (LateMoney(claim_id="claim-0", captured_later=50),)
    bank.pay(800)
    assert (totals(bank), bank.claims["claim-0"].still_owed) == ([700], 0)


def test_a_fee_that_is_collected_separately_keeps_money_until_the_buyer_has_paid_it() -> None:
    bank = Bank(bought(1_000), FEES_APART)
    bank.pay(200)
    bank.give_back("1", 1)
    assert (totals(bank), bank.claims["claim-0"].still_owed) == ([200], 300)
    assert late(bank, 800) == (LateMoney(claim_id="claim-0", captured_later=500),)
    bank.take("claim-0", pay(300))
    assert late(bank, 800) == (LateMoney(claim_id="claim-0", captured_later=800),)


@pytest.mark.parametrize(
    ("reversed_before", "captured", "surplus"),
    [(0, 240, 0), (0, 241, 201), (0, 250, 210), (350, 250, 160)],
)
def test_a_debt_ends_with_its_missing_part_and_the_rest_of_it_with_a_surplus(
    reversed_before: int, captured: int, surplus: int
) -> None:
    """60 of 100 were captured for the first goods back, and the fee is 300: the buyer owes 240. 40 end with the missing
    part, and 200 with the surplus. The older claim is decided later, and the seller keeps its fee."""
    bank = Bank(bought(1_000, 100), CHEAP)
    bank.pay(1_060)
    bank.take("claim-0", request(Kind.RETURN))
    bank.give_back("2", 1)
    bank.take("claim-0", APPROVE, receive(), inspect())
    assert (totals(bank), [claim.still_owed for claim in bank.claims.values()]) == ([700, 0], [0, 240])
    bank.reverse("pay-0", reversed_before)
    missing = min(captured - 200, 40)
    assert late(bank, captured) == (LateMoney(claim_id="claim-1", captured_later=missing, surplus=surplus),)


def test_a_refund_that_was_rounded_up_leaves_the_exact_sum_for_late_money() -> None:
    """550 were refunded as 600, and the bank took the other 900. Of the late 500 the refund takes 450 more."""
    bank = Bank(bought(1_050, 950), NO_FEES)
    bank.pay(1_500)
    change_payment(bank, payable_step=100)
    bank.give_back("1", 1)
    bank.reverse("pay-0", 900)
    assert (totals(bank), bank.order.rounded, bank.order.captured_left) == ([600], 50, 0)
    assert late(bank, 400) == (LateMoney(claim_id="claim-0", captured_later=400),)
    bank.pay(500)
    assert (totals(bank), bank.order.rounded) == ([1_050], 0)


def test_money_that_was_won_goes_to_the_oldest_claim_first_and_is_no_surplus() -> None:
    bank = Bank(bought(1_000, 1_000), NO_FEES)
    bank.pay(2_000)
    bank.reverse("pay-0", 2_000)
    bank.give_back("1", 1)
    bank.give_back("2", 1)
    assert totals(bank) == [0, 0]
    assert late(bank, 300) == (LateMoney(claim_id="claim-1", surplus=300),)
    change_payment(bank, reversed=800)
    assert late_money(bank.order, bank.claims.values()) == (
        LateMoney(claim_id="claim-0", reversal_won=1_000),
        LateMoney(claim_id="claim-1", reversal_won=200),
    )


def test_a_claim_that_waits_for_the_price_of_a_dearer_replacement_needs_nothing_of_what_was_won() -> None:
    bank = Bank(bought(1_000, 1_000), NO_FEES)
    bank.pay(2_000)
    bank.reverse("pay-0", 2_000)
    bank.give_back("1", 1)
    two = {"2": 1}
    dearer = request(Kind.EXCHANGE, Reason.CHANGE_OF_MIND, two, replace(BLUE, unit_price=1_400), claim_id="claim-1")
    bank.take("claim-1", dearer, APPROVE, receive(two), inspect(two))
    assert bank.claims["claim-1"].still_owed == 400
    bank.win("pay-0", 300)
    assert totals(bank) == [300, 0]


def test_the_tax_of_what_was_missing_is_the_tax_of_the_goods_and_not_of_the_fees() -> None:
    bank = Bank(order(delivered_line(unit_price=11_000, tax=1_000)), CHEAP)
    bank.pay(1_100)
    bank.give_back("1", 1)
    taxes = []
    for amount in (1_100, 8_800):
        bank.pay(amount)
        amounts = bank.claims["claim-0"].amounts
        taxes.append(amounts and (amounts.total, amounts.tax))
    assert taxes == [(1_900, 200), (10_700, 1_000)]


def test_what_was_not_captured_and_what_the_bank_has_taken_share_the_missing_tax() -> None:
    """800 of 1,100 were captured, and the bank took 500 of them: 300 are left to refund, with 27 of the 100 of tax."""
    bank = Bank(order(delivered_line(unit_price=1_100, tax=100)), NO_FEES)
    bank.pay(800)
    bank.reverse("pay-0", 500)
    bank.give_back("1", 1)
    amounts = bank.claims["claim-0"].amounts
    assert amounts
    assert [(each.code, each.amount, each.tax) for each in amounts.steps] == [
        ("goods", 1_100, 100),
        ("not_captured", -300, -27),
        ("reversed", -500, -46),
    ]


def test_money_that_comes_before_a_claim_is_decided_is_not_late() -> None:
    bank = Bank(bought(1_000), NO_FEES)
    bank.pay(400)
    bank.take("claim-0", request(Kind.RETURN, Reason.DEFECTIVE), APPROVE, receive())
    assert late(bank, 700) == ()
    bank.pay(700)
    bank.take("claim-0", inspect())
    assert totals(bank) == [1_100]


def test_a_repair_pays_no_money_and_gets_no_surplus() -> None:
    bank = Bank(bought(1_000), CHEAP)
    bank.pay(1_000)
    bank.take(
        "claim-0",
        request(Kind.REPAIR, claim_id="claim-0"),
        APPROVE,
        receive(),
        inspect(),
        COMPLETE_REPAIR,
        RESHIP,
        CONFIRM_DELIVERY,
    )
    bank.give_back("1", 1)
    repair, refund = bank.claims.values()
    payment = Payment(payment_id="late", method="card", captured=50)
    paid = replace(bank.order, payments=(*bank.order.payments, payment))
    assert late_money(paid, [refund, repair]) == (LateMoney(claim_id="claim-1", surplus=50),)
