"""Bad fields of withdrawals."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.messages import NOT_AN_ADDRESS
from tests.api.bad_input.values import (
    GONE,
    NOT_A_COUNT,
    NOT_A_LIST,
    NOT_A_NAME,
    NOT_AN_INSTANT,
    NOT_TO_A_BUYER,
    WITHOUT_WORDS,
    Row,
    every,
    unless_null,
)

LINE: dict[str, Any] = {"line_id": "1", "quantity": 1}
WITHDRAWAL: dict[str, Any] = {
    "order_number": "order-1",
    "name": "김민지",
    "email": "minji@example.com",
    "lines": [LINE],
}


def withdrawals() -> Iterator[Row]:
    post = "POST", "/v1/withdrawals", WITHDRAWAL
    for field in ("order_number", "name"):
        yield from every(*post, field, [*NOT_A_NAME, *WITHOUT_WORDS, None, GONE])
    yield from every(*post, "email", [*NOT_AN_ADDRESS, None, GONE])
    yield from every(*post, "language", ["nl", "KO", 1])
    yield from every(*post, "goods", [*NOT_TO_A_BUYER, "", "x" * 1001])
    yield from every(*post, "text", ["", "x" * 2001, 1, "a\0b"])
    yield from every(*post, "declared_at", unless_null(NOT_AN_INSTANT))
    match = "POST", "/v1/withdrawals/none/match", {"order_id": "order-1", "lines": [LINE]}
    yield from every(*match, "order_id", [*NOT_A_NAME, None, GONE])
    requests: tuple[tuple[str, str, dict[str, Any]], ...] = (post, match)
    for request in requests:
        yield from every(*request, "lines", [*NOT_A_LIST, [LINE, LINE]])
        yield from every(*request, "lines.0.line_id", [*NOT_A_NAME, None, GONE])
        yield from every(*request, "lines.0.quantity", [*NOT_A_COUNT, GONE])
    close = "POST", "/v1/withdrawals/none/close", {"reason": "Not an order of ours."}
    yield from every(*close, "reason", [*NOT_TO_A_BUYER, "", None, GONE])
    yield from every(*match, "actor", NOT_A_NAME)
    yield from every(*close, "actor", NOT_A_NAME)
