"""Tax by rate: within prices or on top of them, on goods, shipping and fees, and exact to the last unit."""

from dataclasses import replace

import pytest

from app.engine.amounts.taxes import part_of_tax, tax_on, tax_within, with_taxes
from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.money_rules import Fees
from tests.engine.commands import request
from tests.engine.orders import POLICY, delivered_line, line, order
from tests.engine.story import Step, full_refund, given

BROKEN, MIND = Reason.DEFECTIVE, Reason.CHANGE_OF_MIND


def rated(bought: Order, shipping_rate: int | None = None) -> Order:
    return with_taxes(bought, frozenset(line.line_id for line in bought.lines), shipping_rate)


@pytest.mark.parametrize(
    ("amount", "rate", "within", "on_top"),
    [
        (11_000, 1_000, 1_000, 1_100),
        (1_210, 2_100, 210, 254),
        (1_000, 2_100, 174, 210),
        (0, 2_000, 0, 0),
        (999, 0, 0, 0),
        (5, 1_000, 0, 1),
        (1, 10_000, 1, 1),
    ],
)
def test_tax_is_rounded_half_up(amount: int, rate: int, within: int, on_top: int) -> None:
    assert (tax_within(amount, rate), tax_on(amount, rate)) == (within, on_top)


def test_a_line_is_taxed_after_its_discount_and_its_share_of_the_orders() -> None:
    lines = (line("1", unit_price=10_000, discount=1_000, tax_rate=1_000), line("2", unit_price=9_000, tax_rate=0))
    included = rated(order(*lines, discount=2_000))
    assert [bought.tax for bought in included.lines] == [727, 0]
    added = rated(order(*lines, discount=2_000, prices_include_tax=False))
    assert [bought.tax for bought in added.lines] == [800, 0]


def test_only_named_lines_with_a_rate_are_taxed_anew() -> None:
    lines = (line("1", tax_rate=1_000, tax=5), line("2", tax_rate=1_000, tax=6), line("3", tax=7))
    named = with_taxes(order(*lines, shipping_tax=8), frozenset({"1", "3"}), None)
    assert ([bought.tax for bought in named.lines], named.shipping_tax) == ([909, 6, 7], 8)


def test_a_part_of_nothing_has_no_tax() -> None:
    assert part_of_tax(10, 5, 0) == 0


def test_scenario_12_ten_and_five_of_shipping_at_21_percent_are_18_15() -> None:
    bought = order(line(unit_price=1_000, tax_rate=2_100), shipping_charged=500, prices_include_tax=False)
    bought = rated(bought, 2_100)
    paid = replace(bought, payments=(replace(bought.payments[0], captured=1_815),))
    story = given(paid).when(*full_refund(Kind.CANCEL))
    amounts = story.amounts
    assert (amounts.total, amounts.tax) == (1_815, 315)
    assert {step.code: (step.amount, step.tax) for step in amounts.steps} == {
        StepCode.GOODS: (1_210, 210),
        StepCode.SHIPPING: (605, 105),
    }


def test_tax_given_back_unit_by_unit_ends_at_what_was_charged() -> None:
    story = given(rated(order(delivered_line(quantity=7, unit_price=999, discount=5, tax_rate=1_000))))
    taxes = []
    for number in range(7):
        story = story.when(*full_refund(Kind.RETURN, claim_id=f"claim-{number}"))
        taxes.append(story.amounts.tax)
    assert sum(taxes) == story.order.lines[0].tax == 635
    assert max(taxes) - min(taxes) <= 1


@pytest.mark.parametrize(
    ("included", "fee", "tax"), [(True, -3_000, -273), (False, -3_300, -300)], ids=["within", "on top"]
)
def test_a_fee_has_its_tax(included: bool, fee: int, tax: int) -> None:
    policy = replace(POLICY, fees=Fees(return_shipping=3_000, tax_rate=1_000))
    bought = order(delivered_line(unit_price=20_000), prices_include_tax=included)
    story = given(bought, policy=policy).when(*full_refund(Kind.RETURN, reason=MIND))
    (step,) = [step for step in story.amounts.steps if step.code is StepCode.RETURN_FEE]
    assert (step.amount, step.tax) == (fee, tax)


def test_a_partial_refund_has_its_share_of_the_tax() -> None:
    bought = rated(order(delivered_line(unit_price=11_000, tax_rate=1_000)))
    half = given(bought).when(*partial_refund(5_500))
    rest = half.when(*full_refund(Kind.RETURN, claim_id="rest"))
    assert (half.amounts.tax, rest.amounts.tax) == (500, 500)


def partial_refund(amount: int) -> list[Step]:
    return [request(Kind.REFUND, BROKEN, amount=amount), *full_refund(Kind.REFUND, reason=BROKEN)[1:]]
