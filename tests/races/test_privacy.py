"""Erasures beside decisions, and many erasures of one order at once."""

import httpx

from tests.races.conftest import CALLERS, ORDERS, Arena, tally
from tests.storefront import Storefront

BUYER = {"name": "남궁민아", "email": "namgung@mail.example", "phone_ending": "9876"}


async def test_a_claim_that_is_approved_beside_an_erasure_keeps_the_data_of_its_buyer(arena: Arena) -> None:
    claims = await arena.cancellations(buyer=BUYER)

    async def approve(shop: Storefront, order_id: str) -> httpx.Response:
        return await shop.post(f"/v1/claims/{claims[order_id]}/approve")

    async def erase(shop: Storefront, order_id: str) -> httpx.Response:
        return await shop.post(f"/v1/orders/{order_id}/erase")

    assert set(await arena.duel(approve, erase, ORDERS)) == {("200", "200")}
    for order_id in ORDERS:
        held = (await arena.shop.get(f"/v1/orders/{order_id}/privacy")).json()
        assert {group["erased_at"] for group in held["groups"]} == {None}
        assert held["erases_next_at"] is not None
        assert (await arena.shop.get(f"/v1/orders/{order_id}/buyer")).json()["phone_ending"] == "9876"


async def test_many_requests_at_once_erase_an_order_once(arena: Arena) -> None:
    await arena.shop.push_order(buyer=BUYER)
    answers = await arena.rush(lambda shop, _: shop.post("/v1/orders/order-1/erase"), range(CALLERS))
    assert tally(answers) == {"200": CALLERS}
    assert len({answer.text for answer in answers}) == 1
    entries = (await arena.shop.get("/v1/audit-entries", action="buyer.erased")).json()["data"]
    assert len(entries) == 1
