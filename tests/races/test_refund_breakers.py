"""Many decisions at once: no two of them slip under the limit of a breaker together, and it opens once."""

from typing import Any

import httpx

from tests.races.conftest import CALLERS, Arena, everywhere, tally
from tests.storefront import Storefront

EACH = 12_000
"""What a cancellation pays back."""
TOGETHER = 5
"""How many of them an hour has room for."""


@everywhere
async def test_the_sum_of_an_hour_keeps_its_limit_and_the_breaker_opens_once(arena: Arena) -> None:
    limits = {"amount_per_hour": TOGETHER * EACH + 1, "decisions_per_day": 2 * TOGETHER}
    assert (await arena.shop.put("/v1/refund-breakers/KRW", limits)).status_code == 200
    claims = []
    for number in range(CALLERS // 2):
        await arena.shop.push_order(f"order-{number}")
        claims.append(str((await arena.shop.claim("cancel", order_id=f"order-{number}"))["claim_id"]))

    async def approve(shop: Storefront, claim_id: str) -> httpx.Response:
        return await shop.post(f"/v1/claims/{claim_id}/approve")

    answers = tally(await arena.rush(approve, claims))
    assert answers == {"200": TOGETHER, "409 refund_breaker_open": len(claims) - TOGETHER}
    paid: list[Any] = (await arena.shop.get("/v1/refunds", limit=100)).json()["data"]
    assert sum(refund["amount"] for refund in paid) == TOGETHER * EACH
    breakers: list[Any] = (await arena.shop.get("/v1/refund-breakers")).json()["data"]
    assert breakers[0]["opening"] is not None
