"""Whatever comes in, the answer says what is wrong with it and where, and nothing is stored."""

import base64
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from tests.api.answers import ROUTES, assert_problem, method_of, route_of
from tests.api.scenes import BODILESS, COMMANDS, ELSEWHERE, SCENES
from tests.api.walks import BLUE, ONE, PARCEL
from tests.storefront import ORDER, Storefront

LINE: dict[str, Any] = ORDER["lines"][0]
PAYMENT: dict[str, Any] = ORDER["payments"][0]
CLAIM: dict[str, Any] = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": [ONE]}
SENT: dict[str, Any] = {"carrier": "cj", "tracking_number": "T-1"}
SHIPMENT: dict[str, Any] = {**SENT, "shipped_at": "2026-06-08T00:00:00Z"}
DELIVERY: dict[str, Any] = {**SENT, "delivered_at": "2026-06-08T00:00:00Z"}
REPORT: dict[str, Any] = {"amount": 12000, "method": "card", "provider_reference": "re_1"}
GONE = object()

Row = tuple[str, str, Any, str | tuple[str, ...]]
"""Method, path, body, and the field that the answer must name, or one of several."""


def with_value(body: Any, path: str, value: Any) -> Any:
    """A copy of a body with the value at a path put in, or taken out where it is GONE."""
    copy = json.loads(json.dumps(body))
    *way, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    inner = copy
    for part in way:
        inner = inner[part]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return copy


NOT_A_COUNT: list[Any] = [0, -1, 1.5, 1.0, "1", True, None, [], {}, 10**6 + 1, 10**30, float("nan"), float("inf")]
NOT_AN_AMOUNT: list[Any] = [-1, 1.5, 0.0, "0", True, [], {}, 10**13 + 1, 10**30, float("nan"), float("-inf")]
NOT_A_NAME: list[Any] = ["", 1, True, [], {}, "x" * 201, "a\nb", "a\tb", "a\0b", "\x1b[2J", "\x7f", "\ud800"]
NOT_A_WORD: list[Any] = ["", "Card", "two words", "카드", "-card", "x" * 41, "card\n", 7, "\0", "\udfff"]
NOT_A_MESSAGE: list[Any] = [1, True, [], {}, "x" * 4001, "a\0b", "a\rb", "\x85\x07", "\udc00"]
NOT_AN_INSTANT: list[Any] = [
    "2026-06-08T12:00:00",
    "2026-06-08",
    "yesterday",
    "2026-06-31T12:00:00Z",
    "2026-06-08T25:00:00Z",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "1999-12-31T23:59:59Z",
    "2100-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "1780000000",
    "",
    1780000000,
    1780000000.5,
    True,
    [],
    {},
    float("nan"),
    10**30,
]
NOT_A_DAY: list[Any] = [
    "2026-6-8",
    "2026-02-30",
    "2026-06-08T00:00:00Z",
    "1999-12-31",
    "2100-01-01",
    20612,
    "",
    [],
]
NOT_A_FLAG: list[Any] = ["true", 1, 0, "yes", None, [], {}]
NOT_A_WORD_OF_THE_LIST: list[Any] = ["", "CANCEL", "swap", 1, None, [], {}, "cancel\0", "\ud800"]
NOT_A_LIST: list[Any] = [None, {}, "1", 1]


def every(method: str, path: str, body: Any, field: str, values: list[Any]) -> Iterator[Row]:
    return ((method, path, with_value(body, field, value), field) for value in values)


def unless_null(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None]


NOT_A_RECORD: list[Any] = [[word] for word in NOT_A_WORD_OF_THE_LIST]
WRONG_IN_AN_ORDER: dict[str, list[Any]] = {
    "lines": [*NOT_A_LIST, [], [None], [LINE, LINE], [{**LINE, "line_id": str(n)} for n in range(201)]],
    "lines.0.line_id": [*NOT_A_NAME, None, GONE],
    "lines.0.quantity": [*NOT_A_COUNT, GONE],
    "lines.0.unit_price": [*NOT_AN_AMOUNT, None, GONE],
    "lines.0.discount": [*NOT_AN_AMOUNT, None],
    "lines.0.tax": NOT_AN_AMOUNT,
    "lines.0.tax_rate": [-1, 10_001, 1.5, "10", True],
    "lines.0.parts": [0, 10_001, 1.5, "2", True, None],
    "lines.0.sku": NOT_A_NAME,
    "lines.0.title": NOT_A_NAME,
    "lines.0.discountable": NOT_A_FLAG,
    "lines.0.nature": NOT_A_WORD_OF_THE_LIST,
    "lines.0.records": [*NOT_A_LIST, *NOT_A_RECORD, ["notice"] * 21],
    "lines.0.price": [1],
    "lines.0": [{**LINE, "quantity": 10**6, "unit_price": 10**13}],
    "payments": [*NOT_A_LIST, [1], [PAYMENT, PAYMENT], [{**PAYMENT, "payment_id": str(n)} for n in range(21)]],
    "payments.0.payment_id": [*NOT_A_NAME, None, GONE],
    "payments.0.method": [*NOT_A_WORD, None, GONE],
    "payments.0.amount": [*NOT_AN_AMOUNT, None, GONE],
    "payments.0.currency": ["KRW"],
    "currency": ["krw", "KRWX", "K1W", "", 410, None, "₩", "KRW\n", GONE],
    "country": ["kr", "KOR", "", 82],
    "policy": NOT_A_NAME,
    "buyer_id": NOT_A_NAME,
    "paid_at": NOT_AN_INSTANT,
    "confirmed_at": NOT_AN_INSTANT,
    "expected_ship_on": NOT_A_DAY,
    "prices_include_tax": NOT_A_FLAG,
    "discount": [*NOT_AN_AMOUNT, None],
    "shipping_charged": [*NOT_AN_AMOUNT, None],
    "shipping_tax": NOT_AN_AMOUNT,
    "shipping_tax_rate": [-1, 10_001, 1.5, "10", True],
    "discount_minimum": NOT_AN_AMOUNT,
    "records": [*NOT_A_LIST, *NOT_A_RECORD, ["notice"] * 21],
    "order_id": ["order-2"],
    "\u202e": [1],
}


def orders() -> Iterator[Row]:
    for field, values in WRONG_IN_AN_ORDER.items():
        yield from every("PUT", "/v1/orders/order-2", ORDER, field, values)
    yield "PUT", "/v1/orders/order-2", with_value(ORDER, "lines", GONE), "lines"


def parcels() -> Iterator[Row]:
    for body, what, when in ((SHIPMENT, "shipments", "shipped_at"), (DELIVERY, "deliveries", "delivered_at")):
        post = "POST", f"/v1/orders/order-1/{what}"
        yield from every(*post, body, when, [*NOT_AN_INSTANT, None])
        yield from every(*post, body, "carrier", [*NOT_A_WORD, None])
        yield from every(*post, body, "tracking_number", [*NOT_A_NAME, None])
        yield *post, {**body, "weight": 1}, "weight"
    post = "POST", "/v1/orders/order-1/shipments"
    with_lines = {**SHIPMENT, "lines": [ONE]}
    yield from every(*post, with_lines, "lines.0.quantity", NOT_A_COUNT)
    yield from every(*post, with_lines, "lines.0.line_id", NOT_A_NAME)
    yield from every(*post, with_lines, "lines", [*NOT_A_LIST, [ONE, ONE], [ONE] * 201])
    yield from every("POST", "/v1/orders/order-1/confirm", {}, "confirmed_at", NOT_AN_INSTANT)
    post = "POST", "/v1/orders/order-1/payments"
    capture = {**PAYMENT, "payment_id": "pay-9"}
    yield from every(*post, capture, "amount", [*NOT_AN_AMOUNT, None])
    yield from every(*post, capture, "captured_at", NOT_AN_INSTANT)


NOT_WORDS: list[Any] = ["", " ", "\n", *NOT_A_MESSAGE[:4], "x" * 1001, *NOT_A_MESSAGE[5:], None, GONE]
NO_DAY: list[Any] = [*NOT_A_DAY, None, GONE]


def preparing() -> Iterator[Row]:
    order = "/v1/orders/order-1"
    yield from every("POST", f"{order}/expected-ship-date", {"expected_ship_on": ""}, "expected_ship_on", NO_DAY)
    later = {"reason": "preparing", "message": "?", "expected_ship_on": "2026-06-15"}
    yield from every("POST", f"{order}/delay", later, "reason", NOT_A_WORD_OF_THE_LIST)
    yield from every("POST", f"{order}/delay", later, "message", NOT_WORDS)
    yield from every("POST", f"{order}/delay", later, "expected_ship_on", NO_DAY)
    yield from every("POST", f"{order}/ready-to-ship", {}, "ready_at", NOT_AN_INSTANT)
    days = {"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}
    post = "POST", f"{order}/delivery-dates"
    yield from every(*post, days, "lines", [*NOT_A_LIST, [], days["lines"] * 2, days["lines"] * 201])
    yield from every(*post, days, "lines.0.line_id", [*NOT_A_NAME, None])
    yield from every(*post, days, "lines.0.deliver_on", NO_DAY)
    post = "POST", f"{order}/address-changes"
    yield from every(*post, ELSEWHERE, "address", [None, [], "서울", GONE])
    for field in ("recipient", "street"):
        yield from every(*post, ELSEWHERE, f"address.{field}", [*NOT_A_NAME, None, GONE])
    yield from every(*post, ELSEWHERE, "address.postal_code", [*NOT_A_NAME, "x" * 41, None, GONE])
    for field in ("detail", "city", "region", "phone", "note"):
        yield from every(*post, ELSEWHERE, f"address.{field}", NOT_A_NAME)
    yield from every(*post, ELSEWHERE, "address.country", WRONG_IN_AN_ORDER["country"])
    yield *post, {**ELSEWHERE, "buyer": "?"}, "buyer"
    yield "POST", f"{order}/address-changes/none/accept", {"why": "?"}, "why"
    yield from every("POST", f"{order}/address-changes/none/refuse", {"reason": "?"}, "reason", NOT_WORDS)


def claims() -> Iterator[Row]:
    for path in ("/v1/claims", "/v1/claims/quote"):
        post = "POST", path
        yield from every(*post, CLAIM, "lines.0.quantity", NOT_A_COUNT)
        yield from every(*post, CLAIM, "lines.0.line_id", [*NOT_A_NAME, None])
        yield from every(*post, CLAIM, "order_id", [*NOT_A_NAME, None])
        yield from every(*post, CLAIM, "kind", NOT_A_WORD_OF_THE_LIST)
        yield from every(*post, CLAIM, "reason", NOT_A_WORD_OF_THE_LIST)
        yield from every(*post, CLAIM, "requester", [*NOT_A_WORD_OF_THE_LIST, "system"])
        yield from every(*post, CLAIM, "requested_at", NOT_AN_INSTANT)
        yield from every(*post, CLAIM, "discovered_at", NOT_AN_INSTANT)
        yield from every(*post, CLAIM, "amount", NOT_AN_AMOUNT)
        yield from every(*post, CLAIM, "note", NOT_A_MESSAGE)
        yield from every(*post, CLAIM, "actor", NOT_A_NAME)
        yield from every(*post, CLAIM, "lines", [*NOT_A_LIST, [], [ONE] * 201])
        yield from every(*post, CLAIM, "conditions", [*NOT_A_LIST, ["used"] * 21])
        yield *post, {**CLAIM, "conditions": ["worn"]}, "conditions.0"
        yield *post, {**CLAIM, "claim_id": "mine"}, "claim_id"
        replaced = with_value(CLAIM, "lines.0.replacement", BLUE)
        yield from every(*post, replaced, "lines.0.replacement.sku", [*NOT_A_NAME, None])
        yield from every(*post, replaced, "lines.0.replacement.sellable", NOT_A_FLAG)


WRONG_WORDS: dict[str, dict[str, list[Any]]] = {
    "approve": {"override": NOT_A_MESSAGE, "actor": NOT_A_NAME},
    "reject": {
        "ground": NOT_A_WORD_OF_THE_LIST,
        "message": [*NOT_A_MESSAGE, None],
        "alternatives": [*NOT_A_LIST, ["exchange"] * 21],
        "evidence": [*NOT_A_LIST, ["e"] * 51],
        "evidence.0": NOT_A_NAME,
    },
    "retract": {"note": NOT_A_MESSAGE},
    "hold": {"reason": NOT_A_WORD_OF_THE_LIST, "ends_at": NOT_AN_INSTANT, "note": NOT_A_MESSAGE},
    "release": {"note": NOT_A_MESSAGE},
    "reclassify": {
        "reason": NOT_A_WORD_OF_THE_LIST,
        "fault": unless_null(NOT_A_WORD_OF_THE_LIST),
        "replacements": [*NOT_A_LIST, [{"line_id": "1", "replacement": BLUE}] * 201],
        "note": [*NOT_A_MESSAGE, None],
    },
    "offers": {
        "alternative": NOT_A_WORD_OF_THE_LIST,
        "message": [*NOT_A_MESSAGE, None],
        "amount": NOT_AN_AMOUNT,
        "expires_at": NOT_AN_INSTANT,
        "replacement": [[], "MUG-BLUE", 1],
    },
    "offers/none/accept": {"actor": NOT_A_NAME},
    "offers/none/decline": {"actor": NOT_A_NAME},
    "dispatch": {"tracking.carrier": [*NOT_A_WORD, None], "tracking.number": [*NOT_A_NAME, None]},
    "receive": {
        "lines": [*NOT_A_LIST, [ONE] * 201],
        "lines.0.quantity": NOT_A_COUNT,
        "lines.0.condition": NOT_A_WORD_OF_THE_LIST,
        "close": NOT_A_FLAG,
    },
    "inspect": {
        "lines": [*NOT_A_LIST, [], [{"line_id": "1", "accepted": 1}] * 201],
        "lines.0.accepted": [-1, 1.5, "1", True, None, 10**6 + 1, 10**30],
        "lines.0.deductions.0.amount": [*NOT_AN_AMOUNT, None],
        "lines.0.deductions.0.reason": [*NOT_A_WORD_OF_THE_LIST, "used_part"],
        "lines.0.used_parts": [-1, 1.5, "1", True, 10**10],
        "lines.0.disposition": NOT_A_WORD_OF_THE_LIST,
        "ground": unless_null(NOT_A_WORD_OF_THE_LIST),
        "message": [*NOT_A_MESSAGE, None],
    },
    "reship": {"tracking": [None, [], "T-1"], "tracking.number": [*NOT_A_NAME, None]},
    "confirm-payment": {
        "payment_id": [*NOT_A_NAME, None],
        "method": [*NOT_A_WORD, None],
        "amount": [*NOT_AN_AMOUNT, None],
    },
    "expire": {"evidence": [*NOT_A_LIST, ["e"] * 51], "evidence.0": NOT_A_NAME},
    "convert": {"note": [*NOT_A_MESSAGE, None]},
    "confirm-delivery": {"actor": NOT_A_NAME},
}


MORE_WORDS: dict[str, Any] = {
    "dispatch": {"tracking": PARCEL},
    "inspect": {"lines": [{"line_id": "1", "accepted": 1, "deductions": [{"reason": "missing_parts", "amount": 1}]}]},
}
"""What a sound body may say and need not."""


def commands() -> Iterator[Row]:
    bodies = {path.replace("{offer_id}", "none"): body for path, (_, _, body) in COMMANDS.items()}
    for path, fields in WRONG_WORDS.items():
        post = "POST", f"/v1/claims/{{claim_id}}/{path}"
        body = {**bodies[path], **MORE_WORDS.get(path, {})}
        for field, values in fields.items():
            yield from every(*post, body, field, values)
        yield *post, {**body, "why": "because"}, "why"


def reports() -> Iterator[Row]:
    for what in ("processing", "succeeded", "failed", "unknown"):
        post = "POST", f"/v1/refunds/{{refund_id}}/{what}"
        yield from every(*post, REPORT, "amount", NOT_AN_AMOUNT)
        yield from every(*post, REPORT, "method", NOT_A_WORD)
        yield from every(*post, REPORT, "provider_reference", NOT_A_NAME)
        yield from every(*post, REPORT, "idempotency_key", NOT_A_NAME)
        yield from every(*post, REPORT, "failure", NOT_A_MESSAGE)
        yield *post, {**REPORT, "status": "succeeded"}, "status"


PERIOD = {"length": 30, "unit": "days", "anchor": "delivered"}
TERMS = {
    "windows": [{"code": "house", "kinds": ["return"], "periods": [PERIOD]}],
    "exceptions": [{"ground": "custom_made", "kinds": ["return"]}],
    "promises": [{"kinds": ["return"], "periods": [PERIOD]}],
    "fees": {"return": 3000},
    "automation": [{"kinds": ["cancel"], "when": "always"}],
}
WRONG_TERMS: dict[str, list[Any]] = {
    "title": NOT_A_NAME,
    "language": ["", "de", 1, []],
    "windows": NOT_A_LIST,
    "windows.0.code": [*NOT_A_WORD, None],
    "windows.0.kinds": [*NOT_A_LIST, [], ["swap"]],
    "windows.0.periods.0.length": [-1, 3651, 1.5, "1", True, None],
    "windows.0.periods.0.unit": NOT_A_WORD_OF_THE_LIST,
    "exceptions.0.ground": NOT_A_WORD_OF_THE_LIST,
    "promises.0.periods": [*NOT_A_LIST, []],
    "fees.return": [*NOT_AN_AMOUNT, None],
    "fees.restocking_percent": [-1, 101, 1.5, "1", True, None],
    "automation.0.when": NOT_A_WORD_OF_THE_LIST,
    "late_interest_percent": [-1, 101, "15"],
    "closing_days": [*NOT_A_LIST, ["2026-02-30"]],
    "hold_within": [[], 14, {}, {"length": 1, "unit": "months"}],
    "offer_within": [{"length": 0}, {"length": 61}, {"length": 1.5}, {"length": 1, "anchor": "paid"}],
    "ship_date_within": [{"unit": "days"}, {"length": None}],
    "unanswered": unless_null(NOT_A_WORD_OF_THE_LIST),
}


def policies() -> Iterator[Row]:
    for path, more in (("/v1/policies/check", {}), ("/v1/policies", {"policy_id": "house"})):
        body = {"base": "kr", "terms": TERMS, **more}
        for field, values in WRONG_TERMS.items():
            yield from every("POST", path, body, f"terms.{field}", values)
        yield from every("POST", path, body, "base", [*NOT_A_NAME, None])
        yield "POST", path, {**body, "terms": {"discount": 1}}, "terms.discount"
    publish = "POST", "/v1/policies", {"base": "kr", "terms": TERMS, "policy_id": "house"}
    yield from every(*publish, "policy_id", ["", "House", "a/b", "x" * 101, 1, None])
    yield from every(*publish, "effective_at", unless_null(NOT_AN_INSTANT))


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


HOOK: dict[str, Any] = {"url": "https://shop.example/hook", "types": ["claim.approved"], "headers": {"X-A": "a"}}
NOT_A_URL: list[Any] = [
    *("", "shop.example", "ftp://shop.example/", "http://shop.example/", "https://", "https://shop.example/#top"),
    *("https://u:p@shop.example/", "https://127.0.0.1/", "https://2130706433/", "https://0177.0.0.1/"),
    *("https://[::ffff:127.0.0.1]/", "https://169.254.169.254/", "https://10.0.0.1/", "https://localhost/"),
    *("https://shop.example:0/", "https://shop.example:x/", "https://shop example/", "https://x/" + "x" * 2000),
    *("https://shop.example/\0", "\ud800", 1, True, None, [], {}),
]
WRONG_IN_AN_ENDPOINT: dict[str, list[Any]] = {
    "url": NOT_A_URL,
    "description": NOT_A_NAME,
    "types": [*NOT_A_LIST, ["claim.none"], ["Claim"], [1], ["claim.approved"] * 101],
    "headers": [
        *[1, "x", None, []],
        {"Host": "x"},
        {"webhook-id": "x"},
        {"X": "a\r\nB: c"},
        {"X Y": "a"},
        {"X": 1},
    ],
    "rate_limit": [0, -1, 1001, 1.5, "1", True],
    "paused": NOT_A_FLAG,
    "secret": ["whsec_mine"],
}
NOT_A_POSITION: list[Any] = [0, -1, 1.5, "1", True, 2**53, 10**30]


def webhooks() -> Iterator[Row]:
    one = "/v1/webhook-endpoints/{endpoint_id}"
    for method, path, only in (
        ("POST", "/v1/webhook-endpoints", {"ed25519": NOT_A_FLAG}),
        ("PATCH", one, {"disabled": [True, *NOT_A_FLAG]}),
    ):
        for field, values in (WRONG_IN_AN_ENDPOINT | only).items():
            for value in values:
                yield method, path, with_value(HOOK, field, value), field
    for path in (f"{one}/rotate-secret", f"{one}/test", "/v1/deliveries/{delivery_id}/resend"):
        yield "POST", path, {"why": "because"}, "why"
    yield from every("POST", f"{one}/recover", {}, "from_at", NOT_AN_INSTANT)
    yield "POST", f"{one}/recover", {}, "from_at"
    for field, wrong in (
        *(("from_position", NOT_A_POSITION), ("to_position", NOT_A_POSITION)),
        *(("from_at", NOT_AN_INSTANT), ("before_at", NOT_AN_INSTANT)),
    ):
        yield from every("POST", f"{one}/replay", {"from_position": 1}, field, wrong)
    yield "POST", f"{one}/replay", {"to_position": 1}, "body"


@pytest.fixture
async def filled(shop: Storefront) -> AsyncIterator[tuple[Storefront, dict[str, str]]]:
    """A shop with an order, a claim that waits and a refund that is owed; whatever comes in, they stay as
    they are. The ids go into the paths of the tables."""
    await shop.push_order()
    owed = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(owed)
    await shop.push_order("order-3")
    claim = await shop.claim("cancel", order_id="order-3")
    endpoint = (await shop.post("/v1/webhook-endpoints", HOOK)).json()
    before = await all_there_is(shop)
    ids = {"claim_id": claim["claim_id"], "refund_id": refund["refund_id"], "delivery_id": "none"}
    yield shop, {**ids, "endpoint_id": endpoint["endpoint_id"]}
    assert await all_there_is(shop) == before


async def all_there_is(shop: Storefront) -> list[Any]:
    lists = [(await shop.get(path, limit=100)).json() for path in ("/v1/orders", "/v1/claims", "/v1/refunds")]
    return [*lists, (await shop.get("/v1/webhook-endpoints")).json()]


@pytest.mark.parametrize(
    "rows", [orders, parcels, preparing, claims, commands, reports, policies, people, messages, webhooks]
)
async def test_what_makes_no_sense_is_refused_by_its_field(
    filled: tuple[Storefront, dict[str, str]], rows: Any
) -> None:
    shop, ids = filled
    wrong = []
    for method, template, body, field in rows():
        answer = await send(shop, method, template.format(**ids), as_json(body))
        named = [error["field"] for error in answer.json().get("errors", [])]
        if answer.status_code != 422 or not any(name.startswith(field) for name in named):
            wrong.append((method, template, str(body)[:300], field, answer.status_code, answer.text[:300]))
    assert wrong == []


def as_json(body: Any) -> bytes:
    """JSON as careless clients write it: with NaN and with halves of surrogate pairs."""
    return json.dumps(body).encode()


async def send(
    shop: Storefront, method: str, path: str, content: bytes | AsyncIterator[bytes], **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await shop.http.request(
        method,
        path,
        content=content,
        headers={
            "authorization": f"Bearer {shop.token}",
            "idempotency-key": "k",
            "content-type": "application/json",
            **named,
        },
    )


# Bodies that are no JSON object

DEEP = 20_000
BODIES: list[tuple[bytes, int, str]] = [
    (b"", 422, "invalid_request"),
    (b"null", 422, "invalid_request"),
    (b"[]", 422, "invalid_request"),
    (b'"text"', 422, "invalid_request"),
    (b"7", 422, "invalid_request"),
    (b"true", 422, "invalid_request"),
    (b"NaN", 422, "invalid_request"),
    (b"{", 400, "malformed_json"),
    (b"{]", 400, "malformed_json"),
    (b"{'order_id': 'order-1'}", 400, "malformed_json"),
    (b'{"order_id": "order-1",}', 400, "malformed_json"),
    (b'{"order_id": "a\nb"}', 400, "malformed_json"),
    (b"order_id=order-1", 400, "malformed_json"),
    (b"{} {}", 400, "malformed_json"),
    (b"\x00", 400, "malformed_json"),
    (b'{"order_id": "\xff"}', 400, "malformed_request"),
    (b"\xff\xfe{\x00", 400, "malformed_json"),
    (b'{"amount": ' + b"9" * 5000 + b"}", 400, "malformed_request"),
    (b"[" * DEEP + b"]" * DEEP, 400, "malformed_request"),
    (b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, "malformed_request"),
    (b'{"\\ud800": 1}', 422, "invalid_request"),
    (b'{"lines": ' + b"[" * 100 + b"]" * 100 + b"}", 422, "invalid_request"),
]


async def test_a_body_that_is_no_json_object_is_refused(filled: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = filled
    for template in (
        "PUT /v1/orders/order-2",
        "POST /v1/claims",
        "POST /v1/claims/quote",
        "POST /v1/claims/{claim_id}/reject",
        "POST /v1/orders/order-1/shipments",
    ):
        method, path = template.format(**ids).split(" ")
        for content, status, code in BODIES:
            answer = await send(shop, method, path, content)
            found = answer.status_code, answer.json()["code"]
            assert found == (status, code), (template, content[:50], answer.text)


async def test_a_body_of_another_type_is_refused(filled: tuple[Storefront, dict[str, str]]) -> None:
    shop, _ = filled
    for said in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "*"):
        answer = await send(shop, "POST", "/v1/claims", as_json(CLAIM), content_type=said)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type"), said
    headers = {"Authorization": f"Bearer {shop.token}", "Idempotency-Key": "k"}
    answer = await shop.http.post("/v1/claims", content=as_json(CLAIM), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


# Paths

NO_NAMES = ["%00", "a%00b", "a%0Ab", "a%09b", "%1B%5B2J", "a%7Fb", "x" * 201, "%F0%9F%8D%B5" * 201]
NO_IDS = ["a%2Fb", "..%2F..%2Fetc", "%ED%A0%80", "%FF", "'%20OR%201=1--", "%25s", "-1", "0", "null", "%E2%80%AE"]


async def test_a_path_segment_is_a_name_or_refused(filled: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = filled
    for name in (*SCENES, "GET /v1/orders/{order_id}", "GET /v1/claims/{claim_id}/events"):
        method, template = name.split(" ")
        for parameter in (
            *("order_id", "claim_id", "refund_id", "offer_id", "change_id"),
            *("endpoint_id", "delivery_id"),
        ):
            if f"{{{parameter}}}" not in template:
                continue
            for segment in NO_NAMES:
                path = template.replace(f"{{{parameter}}}", segment).format(
                    **{"order_id": "order-1", "offer_id": "none", "change_id": "none", **ids}
                )
                answer = await send(shop, method, path, b"{}")
                assert answer.status_code == 422, (path, answer.text)
                assert f"path.{parameter}" in [error["field"] for error in assert_problem(answer)["errors"]]


async def test_a_name_that_is_nobodys_is_not_found(filled: tuple[Storefront, dict[str, str]]) -> None:
    shop, _ = filled
    for segment in NO_IDS:
        for method, path in (
            ("GET", f"/v1/orders/{segment}"),
            ("POST", f"/v1/orders/{segment}/confirm"),
            ("GET", f"/v1/claims/{segment}"),
            ("GET", f"/v1/claims/{segment}/events"),
            ("POST", f"/v1/claims/{segment}/approve"),
            ("POST", f"/v1/claims/{segment}/offers/{segment}/accept"),
            ("GET", f"/v1/refunds/{segment}"),
            ("POST", f"/v1/refunds/{segment}/succeeded"),
            ("GET", f"/v1/webhook-endpoints/{segment}"),
            ("GET", f"/v1/webhook-endpoints/{segment}/deliveries"),
            ("POST", f"/v1/webhook-endpoints/{segment}/test"),
            ("DELETE", f"/v1/webhook-endpoints/{segment}"),
            ("GET", f"/v1/deliveries/{segment}"),
            ("POST", f"/v1/deliveries/{segment}/resend"),
            ("GET", f"/v1/events/{segment}"),
        ):
            answer = await send(shop, method, path, b"{}")
            assert (answer.status_code, assert_problem(answer)["code"]) == (404, "not_found"), path


# Queries


def cursor(*position: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


INSTANT = "2026-06-08T00:00:00Z"
CURSORS: dict[str, list[str]] = {
    "/v1/claims": [cursor(1), cursor("\0"), cursor("\ud800"), cursor("a", "b"), cursor(), cursor([]), cursor("")],
    "/v1/refunds": [cursor(1), cursor("\0"), cursor("\udfff"), cursor(None), cursor("x" * 201)],
    "/v1/orders": [
        cursor("a"),
        cursor("today", "a"),
        cursor("2026-06-08T00:00:00", "a"),
        cursor("0001-01-01T00:00:00Z", "a"),
        cursor("9999-12-31T23:59:59-12:00", "a"),
        cursor(1780000000, "a"),
        cursor("1780000000", "a"),
        cursor(INSTANT, 1),
        cursor(INSTANT, "\0"),
        cursor(INSTANT, "\ud800"),
    ],
    "/v1/claims/{claim_id}/events": [
        cursor("1"),
        cursor(-1),
        cursor(2**31),
        cursor(10**30),
        cursor(True),
        cursor(1.0),
    ],
    "/v1/webhook-endpoints/{endpoint_id}/deliveries": [cursor(1), cursor("\0"), cursor("a", "b")],
    "/v1/events": [cursor("1"), cursor(-1), cursor(2**63), cursor(True), cursor(1.0)],
}
NO_CURSORS = [
    "",
    "é",
    "%",
    "====",
    "a",
    "null",
    base64.urlsafe_b64encode(b"[" * 3000).decode(),
    "W10",
    "e30",
    "\0",
]


async def test_a_cursor_that_is_not_one_of_ours_is_refused(filled: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = filled
    for path, cursors in CURSORS.items():
        for made_up in (*NO_CURSORS, *cursors):
            answer = await shop.get(path.format(**ids), cursor=made_up)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), (path, made_up)


QUERIES: list[tuple[str, dict[str, str]]] = [
    *(
        (path, {"limit": value})
        for path in CURSORS
        for value in ("0", "-1", "1001", "10000", "1.5", "ten", "", "9" * 5000, "1e3", "０", "\0")
    ),
    *((path, {"page": "2"}) for path in CURSORS),
    *((path, {"Limit": "2"}) for path in CURSORS),
    *(("/v1/claims", {"state": value}) for value in ("", "open", "REQUESTED", "requested,approved", "\0")),
    *(("/v1/claims", {"kind": value}) for value in ("", "swap", "1")),
    *(("/v1/claims", {"reason": value}) for value in ("", "just so")),
    *(("/v1/claims", {"held": value}) for value in ("", "maybe", "2", "\0")),
    *(("/v1/claims", {"overdue": value}) for value in ("", "late")),
    *(
        ("/v1/claims", {name: str(value)})
        for name in ("requested_from", "requested_before")
        for value in NOT_AN_INSTANT
    ),
    *(
        (path, {name: value})
        for path, name in (
            ("/v1/claims", "order_id"),
            ("/v1/claims", "sku"),
            ("/v1/refunds", "claim_id"),
            ("/v1/refunds", "order_id"),
            ("/v1/orders", "buyer_id"),
        )
        for value in ("", "\0", "a\nb", "x" * 201)
    ),
    *(("/v1/refunds", {"status": value}) for value in ("", "paid", "PENDING")),
]


async def test_a_query_that_makes_no_sense_is_refused_by_its_name(
    filled: tuple[Storefront, dict[str, str]],
) -> None:
    shop, ids = filled
    for path, query in QUERIES:
        answer = await shop.get(path.format(**ids), **query)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), (path, query)
        (name,) = query
        assert answer.json()["errors"][0]["field"] == f"query.{name}"


async def test_a_parameter_that_nobody_knows_is_refused_by_its_name(
    filled: tuple[Storefront, dict[str, str]],
) -> None:
    """Whatever is asked for: `lang` for `language` would be lost in silence."""
    shop, _ = filled
    for route in ROUTES:
        if route.path.startswith("/v1/"):
            path = re.sub(r"{\w+}", "none", route.path) + "?lang=ja"
            answer = await send(shop, method_of(route), path, b"{}", idempotency_key="k")
            assert answer.status_code == 422, (path, answer.text)
            assert "query.lang" in [error["field"] for error in answer.json()["errors"]], path


# Headers


async def test_an_if_match_that_is_no_etag_of_a_claim_is_refused(
    filled: tuple[Storefront, dict[str, str]],
) -> None:
    shop, ids = filled
    for written in ("", '""', "x", '"x"', '"1", "2"', "1.0", "-1", '"1e0"', "²", "0x1", "1234567890", "W/", " "):
        answer = await shop.http.post(
            f"/v1/claims/{ids['claim_id']}/approve",
            json={},
            headers=[
                (b"Authorization", f"Bearer {shop.token}".encode()),
                (b"Idempotency-Key", b"k"),
                (b"If-Match", written.encode("latin-1")),
            ],
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_if_match"), written
    answer = await send(shop, "POST", f"/v1/claims/{ids['claim_id']}/approve", b"{}", if_match='"' + "1" * 40)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "header.If-Match")


def test_every_writing_route_has_its_rows() -> None:
    rows = [*orders(), *parcels(), *preparing(), *claims(), *commands(), *reports(), *policies()]
    rows += [*people(), *messages(), *webhooks()]
    ids = {"claim_id": "c", "refund_id": "r", "endpoint_id": "w", "delivery_id": "d"}
    routes = {
        f"{method} {route.path}"
        for method, path, _, _ in rows
        if (route := route_of(httpx.Request(method, f"http://shop{path.format(**ids)}")))
    }
    assert routes - BODILESS == SCENES.keys() - BODILESS
    assert len(rows) > 1000
