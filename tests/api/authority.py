"""Limits of authority, claims that wait for a decision, and the approvals that are open."""

from typing import Any

from tests.storefront import Storefront


async def limit(shop: Storefront, kind: str, holder: str, **amounts: Any) -> dict[str, Any]:
    body = {"holder_kind": kind, "holder": holder, "currency": "KRW", **amounts}
    answer = await shop.put("/v1/authority-limits", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def approve(who: Storefront, claim: dict[str, Any], **body: Any) -> Any:
    return await who.post(f"/v1/claims/{claim['claim_id']}/approve", body)


async def cancellations(shop: Storefront, count: int) -> list[dict[str, Any]]:
    """Claims of 12,000 won each, which wait for a decision."""
    claims = []
    for number in range(count):
        await shop.push_order(f"order-{number}")
        claims.append(await shop.claim("cancel", order_id=f"order-{number}"))
    return claims


async def open_approvals(shop: Storefront) -> list[dict[str, Any]]:
    return list((await shop.get("/v1/approvals", status="open")).json()["data"])
