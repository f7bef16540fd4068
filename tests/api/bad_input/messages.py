"""Bad fields of the shop, buyers, templates, previews and contacts."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import GONE, NOT_A_MESSAGE, NOT_A_NAME, NOT_AN_INSTANT, Row, every, unless_null
from tests.storefront import ORDER

NOT_AN_ADDRESS: list[Any] = [
    *("", "mina", "@example.com", "mina@", "a b@example.com", "mina@example.com\nBcc: x@example.com", 1, []),
    *(
        "Mina <mina@example.com>",
        "mina@-example.com",
        "a,b@example.com",
        "x" * 65 + "@example.com",
        "미나@example.com",
    ),
    *("mina@example.com\r\nX: 1", "mina@exam\0ple.com", "mina@" + "x" * 250, "mina@example.com,eve@example.com"),
]
NOT_A_TEMPLATE: list[Any] = [
    1,
    None,
    [],
    "",
    "x" * 16_001,
    "a\0b",
    "a",
    "a\n{{ nobody }}",
    "a\n{% if %}",
    "\udc00",
]
TEMPLATE: dict[str, Any] = {"event": "claim.rejected", "audience": "buyer", "language": "ko", "text": "a\nb"}
WRONG_NAMES: dict[str, list[Any]] = {
    "event": ["", "Claim", "x" * 41, 1, None, "claim.rejected\n", GONE],
    "audience": ["everybody", 1, None, GONE],
    "language": ["de", "KO", 1, None, GONE],
}


def people() -> Iterator[Row]:
    shop = "PUT", "/v1/shop", {"name": "머그 가게", "contact_email": "help@mug.example", "language": "ko"}
    yield from every(*shop, "name", [*NOT_A_NAME, None, GONE])
    yield from every(*shop, "contact_email", NOT_AN_ADDRESS)
    yield from every(*shop, "language", ["de", "", 1])
    order = "PUT", "/v1/orders/order-1", {**ORDER, "buyer": {"email": "mina@example.com", "name": "미나"}}
    yield from every(*order, "buyer.email", NOT_AN_ADDRESS)
    yield from every(*order, "buyer.name", NOT_A_NAME)
    yield from every(*order, "buyer.language", ["de", "", 1])
    yield from every(*order, "buyer.phone", ["1"])


def messages() -> Iterator[Row]:
    for path in ("/v1/message-templates", "/v1/messages/preview"):
        for field, values in WRONG_NAMES.items():
            yield from every("POST", path, TEMPLATE, field, values)
        yield "POST", path, {**TEMPLATE, "event": "claim.dispatched"}, "event"
        yield "POST", path, {**TEMPLATE, "audience": "seller"}, "event"
    for value in NOT_A_TEMPLATE:
        yield "POST", "/v1/message-templates", {**TEMPLATE, "text": value}, "text"
        if value is not None:
            yield "POST", "/v1/messages/preview", {**TEMPLATE, "text": value}, "text"
    yield "DELETE", "/v1/message-templates/claim.rejected/buyer/de", {}, "path.language"
    yield "DELETE", "/v1/message-templates/claim.rejected/seller/ko", {}, "event"
    yield "DELETE", "/v1/message-templates/claim.rejected/everybody/ko", {}, "path.audience"
    contact = "POST", "/v1/claims/{claim_id}/contacts", {"kind": "question", "text": "사진이 있을까요?"}
    yield from every(*contact, "kind", ["", "letter", None, GONE])
    yield from every(*contact, "text", [*NOT_A_MESSAGE, None, "", "  ", "x" * 2001, GONE])
    yield from every(*contact, "actor", NOT_A_NAME)
    yield from every(*contact, "ends_at", unless_null(NOT_AN_INSTANT))
    yield (*contact[:2], {"kind": "note", "text": "a", "ends_at": "2026-06-10T00:00:00Z"}, "body")
