"""Orders in tests over HTTP: the reports of storefronts, and the reads of an order."""

from typing import Any

from tests.storefront import ORDER, Storefront

LINE: dict[str, Any] = ORDER["lines"][0]
PAYMENT: dict[str, Any] = ORDER["payments"][0]
Body = dict[str, Any]


def lines_with(**changes: Any) -> list[dict[str, Any]]:
    return [{**LINE, **changes}]


async def read(shop: Storefront, order_id: str = "order-1") -> dict[str, Any]:
    answer = await shop.get(f"/v1/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def line_of(order: dict[str, Any], line_id: str = "1") -> dict[str, Any]:
    return next(dict(line) for line in order["lines"] if line["line_id"] == line_id)


def parcel(number: str = "T-1", **fields: Any) -> dict[str, Any]:
    return {"carrier": "cj", "tracking_number": number, **fields}


def shipment(number: str = "T-1", at: str = "2026-06-06T00:00:00Z", **units: int) -> dict[str, Any]:
    """A shipped parcel with a number of units for each line: `shipment(line_1=2)`."""
    lines = [{"line_id": name.removeprefix("line_"), "quantity": count} for name, count in units.items()]
    return parcel(number, shipped_at=at, lines=lines)


def delivery(number: str = "T-1", at: str = "2026-06-08T00:00:00Z") -> dict[str, Any]:
    return parcel(number, delivered_at=at)


async def a_week_later(shop: Storefront, order_id: str = "order-1", **order: Any) -> None:
    await shop.push_order(order_id, **order)
    shop.clock.turn(days=7)


async def report(shop: Storefront, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.post(f"/v1/orders/order-1/{path}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def progress(order: dict[str, Any], line_id: str = "1") -> tuple[int, int, str | None, str | None]:
    line = line_of(order, line_id)
    return line["shipped"], line["delivered"], line["shipped_at"], line["delivered_at"]


async def post_report(shop: Storefront, path: str, body: Any = None, order_id: str = "order-1") -> Body:
    answer = await shop.post(f"/v1/orders/{order_id}/{path}", body)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def refusal_of(shop: Storefront, path: str, body: Any = None) -> tuple[int, str, str | None]:
    """Status, code, and the field that the error names."""
    answer = await shop.post(f"/v1/orders/order-1/{path}", body)
    assert answer.is_error, answer.text
    (error,) = answer.json().get("errors") or [{"field": None}]
    return answer.status_code, answer.json()["code"], error["field"]
