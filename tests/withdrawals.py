"""A shop in Germany, a buyer who withdraws, and the worker that looks for the order."""

from typing import Any

from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.service.withdrawal_matching import match_due
from app.store.database import Database
from tests.storefront import Storefront

BUYER = {"email": "Lena@example.com", "language": "de", "name": "Lena Vogt"}
IN_GERMANY: dict[str, Any] = {
    "currency": "EUR",
    "policy": "storefront_de",
    "country": "DE",
    "shipping_charged": 490,
    "lines": [{"line_id": "1", "sku": "MUG", "title": "Tasse", "quantity": 2, "unit_price": 1200}],
    "payments": [{"payment_id": "pay-1", "method": "card", "amount": 2890}],
    "buyer": BUYER,
}
DECLARATION: dict[str, Any] = {
    "order_number": "order-1",
    "name": "Lena Vogt",
    "email": "lena@example.com",
    "language": "de",
}


async def declare(shop: Storefront, **changes: Any) -> dict[str, Any]:
    """A withdrawal that the shop hands in. Returns the answer."""
    answer = await shop.post("/v1/withdrawals", {**DECLARATION, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def looked_at(shop: Storefront, database: Database, withdrawal: dict[str, Any]) -> dict[str, Any]:
    """The withdrawal after the worker has looked for its order."""
    await match_due(database, shop.clock())
    return dict((await shop.get(f"/v1/withdrawals/{withdrawal['withdrawal_id']}")).json())


async def claims_of(shop: Storefront, withdrawal: dict[str, Any]) -> list[dict[str, Any]]:
    """In the order of their kinds."""
    return [dict((await shop.get(f"/v1/claims/{claim_id}")).json()) for claim_id in withdrawal["claim_ids"]]


async def publish(shop: Storefront, database: Database) -> list[dict[str, Any]]:
    """Publish all events with their messages. Returns the bodies of the events about withdrawals."""
    while await fan_out(database, shop.clock(), compose=compose):
        pass
    events = (await shop.get("/v1/events", limit=1000)).json()["data"]
    return [event["body"] for event in events if event["subject"] == "withdrawal"]
