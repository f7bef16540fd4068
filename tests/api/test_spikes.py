"""The report of spikes: a product that is claimed for a reason far more often in a week than in the eight before."""

from fractions import Fraction
from math import comb

import pytest

from app.service.reports.spikes import tail
from app.store.database import Database
from tests.api.report_lives import count_all
from tests.storefront import Storefront


@pytest.mark.parametrize(("claims", "all_claims"), [(5, 5), (5, 6), (5, 13), (9, 40), (1, 1), (60, 300), (0, 7)])
def test_the_probability_is_the_tail_of_the_binomial_distribution(claims: int, all_claims: int) -> None:
    share = Fraction(1, 9)
    exact = sum(
        comb(all_claims, number) * share**number * (1 - share) ** (all_claims - number)
        for number in range(claims, all_claims + 1)
    )
    assert tail(claims, all_claims) == pytest.approx(float(exact), rel=1e-9)


async def _claim(shop: Storefront, sku: str, count: int) -> None:
    for _ in range(count):
        order_id = f"order-{shop.clock().isoformat()}"
        line = {"line_id": "1", "sku": sku, "quantity": 2, "unit_price": 12000}
        await shop.push_order(order_id, lines=[line], paid_at=shop.clock().isoformat())
        await shop.claim("cancel", order_id=order_id)
        shop.clock.turn(minutes=1)


async def test_a_week_with_far_more_claims_than_before_is_a_spike(shop: Storefront, database: Database) -> None:
    for _ in range(8):
        await _claim(shop, "JUMPS", 1)
        await _claim(shop, "STEADY", 3)
        shop.clock.turn(days=7)
    await _claim(shop, "JUMPS", 7)
    await _claim(shop, "STEADY", 5)
    await _claim(shop, "FEW", 4)
    await count_all(database, shop)
    last = shop.clock().date().isoformat()
    (row,) = (await shop.get("/v1/reports/spikes", to_on=last)).json()["rows"]
    told = (row["sku"], row["reason"], row["claims"], row["claims_per_week_before"], row["probability"] < 0.01)
    assert told == ("JUMPS", "change_of_mind", 7, 1.0, True)
    assert row["to_on"] == last
    before = await shop.get("/v1/reports/spikes", to_on="2026-06-14")
    assert before.json()["rows"] == []
    assert (await shop.get("/v1/reports/spikes", to_on=last, sku="STEADY")).json()["rows"] == []
