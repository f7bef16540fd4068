"""An order of 1,000 lines works from its push to the paid refund."""

from typing import Any

from app import json_text
from app.webhooks.payload import BODY_SIZE_MAX
from tests.api.claims import history, pay, read
from tests.api.scenes import fan_out_all
from tests.storefront import Storefront

COUNT = 1000
TITLE = "손으로 빚은 머그컵, 350 ml, 흰색"
LINES = [
    {"line_id": str(n), "sku": f"MUG-{n:05}", "title": TITLE, "quantity": 1, "unit_price": 1000 + n, "tax_rate": 1000}
    for n in range(1, COUNT + 1)
]
VALUE = sum(1000 + n for n in range(1, COUNT + 1))
UNITS = [{"line_id": str(n), "quantity": 1} for n in range(1, COUNT + 1)]
ACCEPTED = [{"line_id": str(n), "accepted": 1} for n in range(1, COUNT + 1)]


async def push(shop: Storefront, lines: list[dict[str, Any]]) -> Any:
    payments = [{"payment_id": "pay-1", "method": "card", "amount": VALUE}]
    body = {"currency": "KRW", "policy": "storefront_kr", "lines": lines, "payments": payments}
    return await shop.put("/v1/orders/order-1", body)


async def test_an_order_of_1000_lines_is_returned_whole(shop: Storefront) -> None:
    for status in (201, 200):
        assert (await push(shop, LINES)).status_code == status
    await shop.ship()
    request = {"order_id": "order-1", "kind": "return", "reason": "defective", "lines": UNITS}
    quote = await shop.post("/v1/claims/quote", request)
    assert (quote.status_code, quote.json()["amounts"]["total"]) == (200, VALUE)
    claim = await shop.claim("return", "defective", lines=UNITS)
    claim = await shop.give(claim, "approve")
    claim = await shop.give(claim, "receive", {"lines": UNITS})
    claim = await shop.give(claim, "inspect", {"lines": ACCEPTED})
    assert (claim["state"], claim["amounts"]["total"], len(claim["lines"])) == ("accepted", VALUE, COUNT)
    await pay(shop, claim)
    assert (await read(shop, claim))["state"] == "refunded"
    assert [event["type"] for event in await history(shop, claim)][-1] == "claim.refunded"
    await fan_out_all(shop)
    feed = (await shop.get("/v1/events", limit=100)).json()["data"]
    assert {"claim.requested", "claim.accepted", "claim.refunded"} <= {event["type"] for event in feed}
    assert max(len(json_text.dump(event["body"]).encode()) for event in feed) <= BODY_SIZE_MAX
    order = (await shop.get("/v1/orders/order-1")).json()
    assert {line["units"]["returned"] for line in order["lines"]} == {1}


async def test_an_order_of_more_lines_is_refused(shop: Storefront) -> None:
    answer = await push(shop, [*LINES, {**LINES[0], "line_id": "one more"}])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "lines")
