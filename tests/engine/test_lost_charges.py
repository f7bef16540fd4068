"""What the buyer pays because the kept goods are below a minimum: the order's discount, and the shipping."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Replacement
from app.engine.model.order import Order, OrderLine, Units
from app.engine.model.vocabulary import Kind, Reason
from app.engine.option_change import with_option
from app.engine.policy.money_rules import Fees, LostDiscount
from app.engine.policy.rules import Overtaken
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.orders import NO_FEES, deliver, delivered_line, line, order
from tests.engine.story import Story, full_refund, given, ship

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
RECALCULATED = replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE)
TERMS = "the terms that the discount was given under, and the seller's for losing it"
SHIPS_FREE = replace(
    NO_FEES, fees=Fees(outbound=3_000, free_shipping_from=20_000, tax_rate=1_000, citation="price list")
)


def lost(story: Story) -> list[tuple[int, int, str | None, str | None]]:
    """Amount, tax, line and citation of each lost share of the discount."""
    steps = [each for each in story.amounts.steps if each.code is StepCode.DISCOUNT_LOST]
    return [(each.amount, each.tax, each.line_id, each.citation) for each in steps]


def two(rate: int | None = 1_000, **more: Any) -> Order:
    """Two things for 10,000 each, 2,000 off together from 20,000 on."""
    lines = (delivered_line(name, tax_rate=rate) for name in ("1", "2"))
    return order(*lines, discount=2_000, **{"discount_minimum": 20_000, **more})


@pytest.mark.parametrize(
    ("bought", "steps"),
    [
        (two(), [(-1_000, -91, "2", TERMS)]),
        (two(prices_include_tax=False), [(-1_100, -100, "2", TERMS)]),
        (two(None, prices_include_tax=False), [(-1_000, 0, "2", TERMS)]),
        (two(discount_minimum=20_001), []),
        (two(discount_minimum=10_000), []),
        (two(discount_minimum=10_001), [(-1_000, -91, "2", TERMS)]),
        (two(discount_minimum=None), []),
    ],
    ids=["tax within", "tax on top", "no rate", "never reached", "still reached", "just lost", "no minimum"],
)
def test_the_share_of_the_kept_goods_in_a_lost_discount_is_charged_with_its_tax(
    bought: Order, steps: list[tuple[int, int, str | None, str | None]]
) -> None:
    assert lost(given(bought, policy=RECALCULATED).when(*full_refund(Kind.RETURN, reason=MIND))) == steps


def test_a_line_counts_for_the_minimum_after_its_own_discount() -> None:
    """9,000 stay, and 19,000 were there before: below 20,000 there was no discount to lose."""
    lines = delivered_line("1"), delivered_line("2", discount=1_000)
    for minimum, amounts in ((20_000, []), (19_000, [-947]), (9_000, [])):
        story = given(order(*lines, discount=2_000, discount_minimum=minimum), policy=RECALCULATED)
        story = story.when(*full_refund(Kind.RETURN, reason=MIND))
        assert [amount for amount, *_ in lost(story)] == amounts


@pytest.mark.parametrize(
    ("price", "minimum", "is_lost"),
    [(5_000, 15_000, True), (4_999, 15_000, False)],
    ids=["15,000 before, and 10,000 after", "never reached"],
)
def test_a_replacement_counts_for_the_minimum_with_its_own_price(price: int, minimum: int, *, is_lost: bool) -> None:
    bought = two(discount_minimum=minimum)
    exchanged = replace(bought.lines[0], units=Units(exchanged=1))
    sent = delivered_line("3", unit_price=price, replaces="1", discountable=False)
    story = given(replace(bought, lines=(exchanged, bought.lines[1], sent)), policy=RECALCULATED)
    back = story.when(*full_refund(Kind.RETURN, {"3": 1}, MIND))
    assert [amount for amount, *_ in lost(back)] == ([-1_000] if is_lost else [])


def test_goods_without_a_discount_do_not_count_for_its_minimum() -> None:
    """Neither does what they were exchanged for."""
    plain = delivered_line("3", discountable=False)
    exchanged = replace(plain, units=Units(exchanged=1))
    sent = delivered_line("4", replaces="3", discountable=False)
    for others in ((plain,), (exchanged, sent)):
        bought = two(discount_minimum=20_001)
        story = given(replace(bought, lines=(*bought.lines, *others)), policy=RECALCULATED)
        assert lost(story.when(*full_refund(Kind.RETURN, reason=MIND))) == []


def test_the_units_of_a_line_that_stay_have_the_rest_of_its_share() -> None:
    """Of 1,000 off 29,999 for three units, the unit that comes back has 334."""
    bought = order(delivered_line(quantity=3, discount=1), discount=1_000, discount_minimum=29_000)
    story = given(bought, policy=RECALCULATED).when(*full_refund(Kind.RETURN, reason=MIND))
    assert lost(story) == [(-666, 0, "1", TERMS)]


def test_units_of_another_option_have_their_share_of_the_lost_discount_rounded_down() -> None:
    """Line 2 had 3,001 of the discount: 1,000 are lost with the unit that is left, and 2,000 with the two others."""
    lines = line("1"), line("2", quantity=3)
    bought = order(*lines, discount=4_001, discount_minimum=40_000)
    changed = with_option(bought, "2", 2, Replacement(sku="L"), "change", 0)
    story = given(replace(changed, lines=tuple(map(deliver, changed.lines))), policy=RECALCULATED)
    back = story.when(*full_refund(Kind.RETURN, reason=MIND))
    assert [(amount, line_id) for amount, _, line_id, _ in lost(back)] == [(-1_000, "2"), (-2_000, "change")]


def test_a_lost_discount_on_goods_without_a_rate_has_no_tax_however_much_it_is() -> None:
    lines = (delivered_line(name, unit_price=100_000) for name in ("1", "2"))
    bought = order(*lines, discount=40_000, discount_minimum=200_000, prices_include_tax=False)
    story = given(bought, policy=RECALCULATED).when(*full_refund(Kind.RETURN, reason=MIND))
    assert lost(story) == [(-20_000, 0, "2", TERMS)]


def test_a_fee_of_an_order_without_tax_has_no_tax_however_much_it_is() -> None:
    policy = replace(NO_FEES, fees=Fees(return_shipping=60_000, tax_rate=1_000))
    story = given(order(delivered_line(unit_price=100_000), tax_exempt=True), policy=policy)
    story = story.when(*full_refund(Kind.RETURN, reason=MIND))
    assert (story.steps["return_fee"], story.amounts.tax) == (-60_000, 0)


def test_a_return_that_the_seller_caused_by_sending_during_a_cancellation_loses_no_discount() -> None:
    bought = order(line("1"), line("2"), discount=2_000, discount_minimum=20_000)
    for overtaken, steps in ((Overtaken.RETURN_AT_SELLERS_COST, 0), (Overtaken.RETURN_BY_FAULT, 1)):
        story = given(bought, policy=replace(RECALCULATED, overtaken=overtaken)).when(
            request(Kind.CANCEL, MIND), ship()
        )
        story = story.when(APPROVE, receive(), inspect())
        assert len(lost(story)) == steps


def ships_free(*lines: OrderLine, **more: Any) -> Story:
    return given(order(*lines, **more), policy=SHIPS_FREE).when(*full_refund(Kind.RETURN, reason=MIND))


@pytest.mark.parametrize(
    ("lines", "more", "fee"),
    [
        ((delivered_line("1"), delivered_line("2")), {}, (-3_000, -273, "price list")),
        ((delivered_line("1"), delivered_line("2", unit_price=9_999)), {}, None),
        ((delivered_line("1"), delivered_line("2", unit_price=20_000)), {}, None),
        ((delivered_line("1"), delivered_line("2", unit_price=19_999)), {}, (-3_000, -273, "price list")),
        ((delivered_line("1"), delivered_line("2", unit_price=10_001)), {"discount": 2}, None),
        ((delivered_line("1"), delivered_line("2", unit_price=10_001)), {"discount": 1}, (-3_000, -273, "price list")),
        ((delivered_line("1"), delivered_line("2")), {"tax_exempt": True}, (-3_000, 0, "price list")),
        ((delivered_line("1"), delivered_line("2")), {"prices_include_tax": False}, (-3_300, -300, "price list")),
    ],
    ids=[
        "20,000 before, and 10,000 after",
        "never free",
        "still free",
        "1 short",
        "a discount that was below it",
        "a discount that was just enough",
        "an order without tax",
        "tax on top",
    ],
)
def test_shipping_is_charged_when_the_kept_goods_are_below_the_value_for_free_shipping(
    lines: tuple[OrderLine, ...], more: dict[str, Any], fee: tuple[int, int, str] | None
) -> None:
    story = ships_free(*lines, **more)
    fees = [each for each in story.amounts.steps if each.code is StepCode.OUTBOUND_FEE]
    assert [(each.amount, each.tax, each.citation) for each in fees] == ([fee] if fee else [])


def test_units_that_two_lines_replace_are_not_kept_beside_their_replacements() -> None:
    """Two of three units were exchanged one by one: the buyer keeps 30,000 and not 50,000 of goods."""
    original = delivered_line("1", quantity=3)
    original = replace(original, units=replace(original.units, exchanged=2))
    others = [delivered_line(name, replaces="1", discountable=False) for name in ("2", "3")]
    policy = replace(SHIPS_FREE, fees=replace(SHIPS_FREE.fees, free_shipping_from=30_000))
    story = given(replace(order(original), lines=(original, *others)), policy=policy)
    story = story.when(*full_refund(Kind.RETURN, {"2": 1}, MIND))
    assert story.steps["outbound_fee"] == -3_000


def test_the_kept_units_of_a_line_are_worth_the_rest_of_its_price() -> None:
    """Of 3 units for 14,999 the first was worth 5,000. The two others are worth 9,999."""
    policy = replace(SHIPS_FREE, fees=replace(SHIPS_FREE.fees, free_shipping_from=10_000))
    bought = order(delivered_line(quantity=3, unit_price=5_000, discount=1))
    story = given(bought, policy=policy).when(*full_refund(Kind.RETURN, reason=MIND))
    assert story.steps["outbound_fee"] == -3_000
