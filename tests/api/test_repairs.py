"""What a repair leaves on the order, over HTTP."""

from typing import Any

from tests.api.claims import begin, history, order_of, refusals, take
from tests.api.walks import BLUE, PAY, WALKS, Step
from tests.storefront import Storefront

NAMED = [{"line_id": "1", "replacement": BLUE}]


async def walked(shop: Storefront, *more: Step, steps: int = 4) -> dict[str, Any]:
    """A repair after its first steps, and after more steps."""
    walk = WALKS["a repair"]
    claim = await begin(shop, walk)
    for step in (*walk.steps[:steps], *more):
        claim = await take(shop, claim, step)
    return claim


async def test_the_order_counts_the_repair_and_the_days_without_the_goods(shop: Storefront) -> None:
    walk = WALKS["a repair"]
    claim = await walked(shop)
    shop.clock.turn(days=5)
    for step in walk.steps[4:]:
        claim = await take(shop, claim, step)
    line = (await order_of(shop, claim))["lines"][0]
    assert (line["repairs"], line["repaired_at"], line["cure_days"]) == (1, claim["closed_at"], 5)
    assert line["units"]["untouched"] == line["quantity"]


async def test_a_repair_that_fails_is_paid_back_and_counts(shop: Storefront) -> None:
    claim = await walked(shop, ("convert", {"because": "failed"}), PAY, steps=5)
    assert (claim["kind"], claim["state"], claim["amounts"]["total"]) == ("return", "refunded", 12000)
    line = (await order_of(shop, claim))["lines"][0]
    assert (line["repairs"], line["repaired_at"], line["units"]["returned"]) == (1, None, 1)
    assert [event["type"] for event in await history(shop, claim)][5:7] == ["claim.repaired", "claim.converted"]


async def test_a_refused_repair_stays_on_record_whatever_the_storefront_pushes(shop: Storefront) -> None:
    claim = await walked(shop, ("convert", {"to": "exchange", "because": "refused", "replacements": NAMED}))
    assert (claim["kind"], claim["state"]) == ("exchange", "accepted")
    assert (await order_of(shop, claim))["lines"][0]["records"] == ["cure_refused"]
    await shop.push_order()
    assert (await order_of(shop, claim))["lines"][0]["records"] == ["cure_refused"]
    claim = await shop.give(claim, "reship", {"tracking": {"carrier": "cj", "number": "77"}})
    original, sent = (await order_of(shop, claim))["lines"]
    assert (sent["replaces"], sent["records"]) == ("1", ["cure_refused"])
    await shop.push_order()
    assert (await order_of(shop, claim))["lines"] == [original, sent]


async def test_an_exchange_in_the_place_of_a_repair_names_its_goods(shop: Storefront) -> None:
    claim = await walked(shop)
    assert await refusals(shop, claim, "convert", to="exchange") == ["replacement_unnamed"]
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/convert", {"replacements": NAMED})
    assert answer.status_code == 422


async def test_a_repair_has_not_failed_before_the_goods_were_accepted(shop: Storefront) -> None:
    claim = await walked(shop, steps=2)
    assert await refusals(shop, claim, "convert", because="failed") == ["nothing_was_repaired"]
