"""Claims of one order whose goods come back in one parcel: one fee for the way back."""

from typing import Any

from tests.api.claims import history, order_of, pay, read
from tests.storefront import Storefront

PARCEL = {"carrier": "cj", "number": "640000000001"}


async def buy_two_coats(shop: Storefront) -> None:
    lines = [{"line_id": line_id, "quantity": 1, "unit_price": 60_000} for line_id in ("1", "2")]
    payments = [{"payment_id": "pay-1", "method": "card", "amount": 120_000}]
    await shop.push_order(shipping_charged=0, lines=lines, payments=payments)
    await shop.ship()


async def send_back(shop: Storefront, line_id: str, **claim: Any) -> dict[str, Any]:
    """A return of one line that is on its way in the parcel."""
    requested = await shop.claim("return", lines=[{"line_id": line_id, "quantity": 1}], **claim)
    await shop.give(requested, "approve")
    return await shop.give(requested, "dispatch", {"tracking": PARCEL})


async def accept(shop: Storefront, claim: dict[str, Any]) -> dict[str, Any]:
    line_id = claim["lines"][0]["line_id"]
    await shop.give(claim, "receive", {"lines": [{"line_id": line_id, "quantity": 1}]})
    return await shop.give(claim, "inspect", {"lines": [{"line_id": line_id, "accepted": 1}]})


def fees(claim: dict[str, Any]) -> dict[str, int]:
    return {step["code"]: step["amount"] for step in claim["amounts"]["steps"] if step["code"].endswith("_fee")}


async def test_two_claims_in_one_parcel_give_back_what_one_claim_for_both_gives(shop: Storefront) -> None:
    await buy_two_coats(shop)
    sent = [await send_back(shop, line_id) for line_id in ("1", "2")]
    first, second = [await accept(shop, claim) for claim in sent]
    assert [first["amounts"]["total"], second["amounts"]["total"]] == [57_000, 57_000]
    assert (fees(first), first["fee_carried_by"]) == ({"return_fee": -3_000}, None)
    assert (fees(second), second["fee_carried_by"]) == ({"outbound_fee": -3_000}, first["claim_id"])
    accepted = [event for event in await history(shop, second) if event["type"] == "claim.accepted"]
    assert [event["data"]["claim"]["fee_carried_by"] for event in accepted] == [first["claim_id"]]
    for claim in (first, second):
        await pay(shop, claim)
    assert (await order_of(shop, first))["payments"][0]["refunded"] == 114_000


async def test_an_answer_and_a_list_project_the_fee_as_a_read_does(shop: Storefront) -> None:
    """As soon as another claim carries the fee, the projection of this claim has none."""
    await buy_two_coats(shop)
    first = await accept(shop, await send_back(shop, "1"))
    second = await shop.claim("return", lines=[{"line_id": "2", "quantity": 1}])
    approved = await shop.give(second, "approve")
    assert fees(approved) == {"return_fee": -3_000, "outbound_fee": -3_000}
    sent = await shop.give(second, "dispatch", {"tracking": PARCEL})
    assert fees(sent) == fees(await read(shop, second)) == {"outbound_fee": -3_000}
    listed = {claim["claim_id"]: claim for claim in (await shop.get("/v1/claims")).json()["data"]}
    assert fees(listed[second["claim_id"]]) == {"outbound_fee": -3_000}
    assert (await accept(shop, sent))["fee_carried_by"] == first["claim_id"]


async def test_a_claim_that_is_retracted_on_the_way_carries_no_fee(shop: Storefront) -> None:
    await buy_two_coats(shop)
    first, second = [await send_back(shop, line_id) for line_id in ("1", "2")]
    await shop.give(first, "retract")
    accepted = await accept(shop, second)
    assert (fees(accepted)["return_fee"], accepted["fee_carried_by"]) == (-3_000, None)


async def test_the_parcel_of_another_order_is_another_parcel(shop: Storefront) -> None:
    await buy_two_coats(shop)
    first = await accept(shop, await send_back(shop, "1"))
    lines = [{"line_id": "2", "quantity": 2, "unit_price": 60_000}]
    payments = [{"payment_id": "pay-2", "method": "card", "amount": 120_000}]
    await shop.push_order("order-2", shipping_charged=0, lines=lines, payments=payments)
    await shop.ship("order-2")
    other = await accept(shop, await send_back(shop, "2", order_id="order-2"))
    assert (fees(first)["return_fee"], fees(other)["return_fee"]) == (-3_000, -3_000)
