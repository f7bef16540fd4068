"""Bad fields of imports of orders. The fields of the form are in `tests/api/test_order_imports.py`."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import NOT_A_NAME, Row, every

MATCHING: dict[str, Any] = {"columns": {"order_id": "order no"}}


def imports() -> Iterator[Row]:
    match = "PUT", "/v1/order-imports/none/matching", MATCHING
    yield from every(*match, "columns", [None, [], "order_id", 1, {"order_id": ""}, {"order_id": 1}, {"x" * 201: "a"}])
    yield from every(*match, "columns", [{f"f{number}": "a" for number in range(61)}])
    yield from every(*match, "currency", ["WON", "won", 1, ""])
    yield from every(*match, "time_zone", ["Seoul", "", 1])
    yield from every(*match, "policy", NOT_A_NAME)
    yield from every("POST", "/v1/order-imports/none/start", {}, "notify_buyers", ["maybe", 2, [], {}])
    yield "POST", "/v1/order-imports/none/start", {"quiet": True}, "quiet"
