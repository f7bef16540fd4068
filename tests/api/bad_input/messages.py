"""Bad fields of the shop, buyers, templates, previews and contacts."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import (
    GONE,
    NOT_A_NAME,
    NOT_A_WORD,
    NOT_AN_INSTANT,
    NOT_TO_A_BUYER,
    Row,
    every,
    unless_null,
)
from tests.api.text_scenes import FAQ
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
    "=?utf-8?q?=0D=0ABcc=3Aeve=40x?=@example.com",
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
HIDDEN_LINES: list[Any] = [
    "=?utf-8?q?=0D=0ABcc:_eve@example.com?=",
    "머그 =?UTF-8?B?DQpCY2M6IGV2ZQ==?= 가게",
    "=?utf-8?q?=00?=",
    "=?euc-kr?q?=B8=D3=0A?=",
]
"""Encoded words (RFC 2047), which mail programs decode."""
WRONG_NAMES: dict[str, list[Any]] = {
    "event": ["", "Claim", "x" * 41, 1, None, "claim.rejected\n", GONE],
    "audience": ["everybody", 1, None, GONE],
    "language": ["nl", "KO", 1, None, GONE],
}


def people() -> Iterator[Row]:
    shop = "PUT", "/v1/shop", {"name": "머그 가게", "contact_email": "help@mug.example", "language": "ko"}
    yield from every(*shop, "name", [*NOT_A_NAME, *HIDDEN_LINES, None, GONE])
    yield from every(*shop, "contact_email", NOT_AN_ADDRESS)
    yield from every(*shop, "language", ["nl", "", 1])
    yield from shop_profiles(shop)
    settings = (
        "PUT",
        "/v1/message-settings",
        {"time_zone": "Asia/Seoul", "digest": {"hour": 9, "events": ["claim.requested"]}},
    )
    yield from every(*settings, "time_zone", ["Moon/Base", "", 1, None, GONE])
    yield from every(*settings, "digest.hour", [24, -1, "9", 9.5, None, GONE])
    yield from every(*settings, "digest.events", [[], "claim.requested", ["order.eaten"], [1], None, GONE])
    order = "PUT", "/v1/orders/order-1", {**ORDER, "buyer": {"email": "mina@example.com", "name": "미나"}}
    yield from every(*order, "buyer.email", NOT_AN_ADDRESS)
    yield from every(*order, "buyer.name", [*NOT_A_NAME, *HIDDEN_LINES])
    yield from every(*order, "buyer.language", ["nl", "", 1])
    yield from every(*order, "buyer.phone_ending", ["", "123", "12345", "12a4", "١٢٣٤", 1234, "010-1234"])
    yield from every(*order, "buyer.phone", ["1"])


def shop_profiles(shop: tuple[str, str, dict[str, Any]]) -> Iterator[Row]:
    not_a_line = ["", "x" * 301, "a\nb", "a\0b", *HIDDEN_LINES, 1]
    not_a_link = ["", "http://mug.example", "https://mug.example/a b", "javascript:alert(1)", "https://머그.example", 1]
    place, way = {"address": "Seoul"}, {"currency": "KRW", "account": "KB 1"}
    yield from every(*shop, "phone", ["", "1", "call me", "02-555\n0142", "1" * 41, 1])
    yield from every(*shop, "postal_address", not_a_line)
    yield from every(*shop, "chat_url", not_a_link)
    yield from _themes(*shop)
    not_an_origin: list[Any] = [
        "",
        "*",
        "null",
        "mug.example",
        "http://mug.example",
        "https://*.mug.example",
        "https://mug.example/",
    ]
    not_an_origin += ["https://Mug.example", "https://머그.example", "https://mug.example:443", "http://localhost:80"]
    not_an_origin += ["https://mug.example:65536", "https://a@mug.example", "http://localhost:*", "https://a.b\n", 1]
    yield from every(*_having(shop, "origins", ["https://mug.example"]), "origins.0", not_an_origin)
    yield *_having(shop, "origins", [f"https://{number}.example" for number in range(21)]), "origins"
    for texts in ("names", "hours"):
        yield from every(*_having(shop, texts, {"ko": "a"}), f"{texts}.ko", not_a_line)
        yield from every(*_having(shop, texts, {"ko": "a"}), f"{texts}.nl", ["a"])
    for field, values in {
        "address": [*not_a_line, None, GONE],
        "method.ko": not_a_line,
        "country": ["kr", "KOR"],
    }.items():
        yield from every(
            *_having(shop, "return_addresses", [{**place, "method": {}}]), f"return_addresses.0.{field}", values
        )
    for field, values in {"account": not_a_line, "url": not_a_link, "currency": ["KR", "XXX", None, GONE]}.items():
        yield from every(*_having(shop, "ways_to_pay", [way]), f"ways_to_pay.0.{field}", values)
    yield *_having(shop, "ways_to_pay", [{"currency": "KRW"}]), "ways_to_pay.0"
    yield *_having(shop, "ways_to_pay", [way, way]), "ways_to_pay"
    yield *_having(shop, "return_addresses", [place, place]), "return_addresses"


def _themes(method: str, path: str, body: dict[str, Any]) -> Iterator[Row]:
    shop = method, path, {**body, "theme": {"accent": "#1f4fbf"}}
    not_a_colour = ["", "blue", "#fff", "#1F4FBF", "#1f4fbf;", 1]
    yield from every(*shop, "theme.accent", [*not_a_colour, "#ffff00", "#777777"])
    yield from every(*shop, "theme.band", not_a_colour)
    not_a_logo = ["", "https://mug.example/logo.png", "data:image/svg+xml;base64,AAAA", "data:image/png;base64,AAA"]
    jpeg = b64encode(b"\xff\xd8\xff" + bytes(20)).decode()
    too_large = "data:image/jpeg;base64," + b64encode(b"\xff\xd8\xff" + bytes(20_000)).decode()
    yield from every(*shop, "theme.logo", [*not_a_logo, f"data:image/png;base64,{jpeg}", too_large, 1])


def _having(row: tuple[str, str, dict[str, Any]], field: str, value: Any) -> tuple[str, str, dict[str, Any]]:
    method, path, body = row
    return method, path, {**body, field: value}


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
    entry = "POST", "/v1/faq-entries", {**FAQ, "phrasings": ["택배비가 드나요?"]}
    yield from every(*entry, "entry_id", [*NOT_A_WORD, None, GONE])
    yield from every(*entry, "language", ["nl", "KO", 1, None, GONE])
    yield from every(*entry, "question", [*NOT_A_NAME, "?!", None, GONE])
    yield from every(*entry, "phrasings.0", [*NOT_A_NAME, "?!", None])
    yield from every(*entry, "phrasings", ["a", None, ["a"] * 21])
    yield from every(*entry, "answer", [*NOT_TO_A_BUYER, "", None, GONE])
    yield from every(*entry, "actor", NOT_A_NAME)
    yield "DELETE", "/v1/faq-entries/nl/return-cost", {}, "path.language"
    yield "DELETE", "/v1/faq-entries/ko/RETURN", {}, "path.entry_id"
    yield "DELETE", "/v1/message-templates/claim.rejected/buyer/nl", {}, "path.language"
    yield "DELETE", "/v1/message-templates/claim.rejected/seller/ko", {}, "event"
    yield "DELETE", "/v1/message-templates/claim.rejected/everybody/ko", {}, "path.audience"
    contact = "POST", "/v1/claims/{claim_id}/contacts", {"kind": "question", "text": "사진이 있을까요?"}
    yield from every(*contact, "kind", ["", "letter", None, GONE])
    yield from every(*contact, "text", [*NOT_TO_A_BUYER, None, "", "  ", "x" * 2001, GONE])
    yield from every(*contact, "actor", NOT_A_NAME)
    yield from every(*contact, "ends_at", unless_null(NOT_AN_INSTANT))
    yield (*contact[:2], {"kind": "note", "text": "a", "ends_at": "2026-06-10T00:00:00Z"}, "body")
