"""Requests for the same claims at once, in bulk and one by one: each claim is decided once."""

from typing import Any

import httpx

from tests.races.conftest import Arena, everywhere
from tests.storefront import Storefront

CLAIMS, BULKS, SINGLES = 12, 4, 12


@everywhere
async def test_each_claim_is_decided_once_whoever_comes_first(arena: Arena) -> None:
    ids = []
    for number in range(CLAIMS):
        await arena.shop.push_order(f"order-{number}")
        ids.append((await arena.shop.claim("cancel", order_id=f"order-{number}"))["claim_id"])

    async def approve(shop: Storefront, number: int) -> httpx.Response:
        if number < BULKS:
            turned = ids if number % 2 else ids[::-1]
            return await shop.post(
                "/v1/claims/bulk", {"command": "approve", "claim_ids": turned}, key=f"b-{number % 2}"
            )
        return await shop.post(f"/v1/claims/{ids[number - BULKS]}/approve")

    answers = await arena.rush(approve, range(BULKS + SINGLES))
    again = [await approve(arena.shop, number) for number in range(2)]
    assert {answer.status_code for answer in again} == {200}
    in_bulk = [answer.json()["results"] for answer in (*answers[:BULKS], *again) if answer.status_code == 200]
    assert in_bulk
    for claim_id in ids:
        events: list[dict[str, Any]] = (await arena.shop.get(f"/v1/claims/{claim_id}/events")).json()["data"]
        assert [event["type"] for event in events].count("claim.approved") == 1
