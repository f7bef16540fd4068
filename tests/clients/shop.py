"""What the tests of the clients ask for: orders with a mug, and claims about the mug."""

from typing import Any
from uuid import uuid4

from tests.clients.driving import Client


def new_order(client: Client) -> str:
    """The id of a paid order with three mugs."""
    order_id = f"order-{uuid4()}"
    body = {
        "currency": "KRW",
        "lines": [{"line_id": "1", "quantity": 3, "unit_price": 12000}],
        "payments": [{"payment_id": "pay-1", "method": "card", "amount": 36000}],
    }
    client.call("put_order", order_id=order_id, body=body)
    return order_id


def wish(order_id: str) -> dict[str, Any]:
    """The cancellation of one mug."""
    lines = [{"line_id": "1", "quantity": 1}]
    return {"order_id": order_id, "kind": "cancel", "reason": "change_of_mind", "lines": lines}
