"""Many decisions under the limit of a day at once: their sum keeps the limit. A command is granted once."""

from typing import Any

import httpx

from app import clock
from app.records.api_key import Scope
from app.store.database import Database
from tests.races.conftest import CALLERS, Arena, everywhere, tally
from tests.storefront import Storefront, new_key

EACH = 12_000
"""What a cancellation pays back."""
TOGETHER = 5
"""How many of them a day has room for."""


async def _key(arena: Arena) -> Storefront:
    """A key that decides claims, and that a limit is for."""
    database = Database(arena.database_url)
    scopes = frozenset({Scope.CLAIMS_DECIDE})
    _, token = await new_key(database, clock.now(), scopes, arena.shop.merchant_id)
    await database.close()
    (entry, *_) = (await arena.shop.get("/v1/audit-entries", action="api_key.created")).json()["data"]
    limit = {"holder_kind": "api_key", "holder": entry["subject_id"], "currency": "KRW", "per_day": TOGETHER * EACH}
    assert (await arena.shop.put("/v1/authority-limits", limit)).status_code == 200
    return Storefront(arena.shop.http, token, arena.shop.merchant_id)


async def _claims(shop: Storefront, count: int) -> list[str]:
    claims = []
    for number in range(count):
        await shop.push_order(f"order-{number}")
        claims.append(str((await shop.claim("cancel", order_id=f"order-{number}"))["claim_id"]))
    return claims


@everywhere
async def test_the_sum_of_a_day_keeps_its_limit_and_a_command_is_granted_once(arena: Arena) -> None:
    key = await _key(arena)
    claims = await _claims(arena.shop, CALLERS // 2)

    async def approve(shop: Storefront, claim_id: str) -> httpx.Response:
        as_key = Storefront(shop.http, key.token, key.merchant_id)
        return await as_key.post(f"/v1/claims/{claim_id}/approve")

    answers = tally(await arena.rush(approve, claims))
    assert answers == {"200": TOGETHER, "403 above_authority": len(claims) - TOGETHER}
    paid: list[Any] = (await arena.shop.get("/v1/refunds", limit=100)).json()["data"]
    assert sum(refund["amount"] for refund in paid) == TOGETHER * EACH
    waiting: list[Any] = (await arena.shop.get("/v1/approvals", status="open")).json()["data"]
    assert len(waiting) == len(claims) - TOGETHER

    async def grant(shop: Storefront, approval: Any) -> httpx.Response:
        return await shop.post(f"/v1/approvals/{approval['approval_id']}/grant")

    granted = tally(await arena.rush(grant, waiting[:1] * 8))
    assert granted == {"200": 1, "409 approval_decided": 7}
