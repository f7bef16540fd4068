"""The shipping of a withdrawal in the Union and in each of its countries: CRD 13(1), (2) and 14(1)."""

import pytest

from app.engine.model.vocabulary import Fault
from app.engine.standing import Standing, standing_of
from tests.engine.europe import ZONES, Asked, Purchase, story

each_country = pytest.mark.parametrize("country", ZONES)
WITHDRAWAL = Asked(at="2026-06-10T10:00")
TOLD = ("return_cost_notice",)


@each_country
@pytest.mark.parametrize(("records", "payer"), [(TOLD, Fault.BUYER), ((), Fault.SELLER)])
def test_the_buyer_sends_the_goods_back_at_the_buyers_cost_if_the_seller_said_so(
    country: str, records: tuple[str, ...], payer: Fault
) -> None:
    assert standing(Purchase(country=country, records=records)).assessment.return_shipping_payer is payer


@each_country
def test_a_withdrawal_gives_back_the_shipping_that_the_buyer_paid(country: str) -> None:
    bought = Purchase(country=country, records=TOLD, shipping_charged=900)
    assert shipping_of(bought) == {"shipping": 900}


@each_country
def test_a_withdrawal_gives_back_no_more_than_the_cheapest_standard_delivery(country: str) -> None:
    bought = Purchase(country=country, records=TOLD, shipping_charged=900, standard_shipping=400)
    assert shipping_of(bought) == {"standard_shipping": 400}


def shipping_of(bought: Purchase) -> dict[str, int]:
    steps = standing(bought).amounts.steps
    return {step.code.value: step.amount for step in steps if step.code.value.endswith("shipping")}


def standing(bought: Purchase) -> Standing:
    told = story(bought, WITHDRAWAL)
    return standing_of(told.claim, told.facts)
