"""Bad fields of orders, parcels, payments and the reports before an order ships."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import (
    GONE,
    NOT_A_COUNT,
    NOT_A_DAY,
    NOT_A_FLAG,
    NOT_A_LIST,
    NOT_A_MESSAGE,
    NOT_A_NAME,
    NOT_A_WORD,
    NOT_A_WORD_OF_THE_LIST,
    NOT_AN_AMOUNT,
    NOT_AN_INSTANT,
    WITHOUT_WORDS,
    Row,
    every,
    unless_null,
    with_value,
)
from tests.api.option_scenes import BLUE, DIFFERENCE
from tests.api.scenes import ELSEWHERE
from tests.api.walks import ONE
from tests.storefront import ORDER

LINE: dict[str, Any] = ORDER["lines"][0]
PAYMENT: dict[str, Any] = ORDER["payments"][0]
SENT: dict[str, Any] = {"carrier": "cj", "tracking_number": "T-1"}
SHIPMENT: dict[str, Any] = {**SENT, "shipped_at": "2026-06-08T00:00:00Z"}
DELIVERY: dict[str, Any] = {**SENT, "delivered_at": "2026-06-08T00:00:00Z"}
NOT_A_RECORD: list[Any] = [[word] for word in NOT_A_WORD_OF_THE_LIST]
WRONG_IN_AN_ORDER: dict[str, list[Any]] = {
    "lines": [*NOT_A_LIST, [], [None], [LINE, LINE], [{**LINE, "line_id": str(n)} for n in range(1001)]],
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
    "payments.0.payable_step": [0, -1, 1_000_001, 1.5, "100", True, None],
    "payments.0.refund_to": unless_null(NOT_A_WORD_OF_THE_LIST),
    "payments.0.currency": ["KRW"],
    "currency": ["krw", "KRWX", "K1W", "", 410, None, "₩", "KRW\n", GONE],
    "country": ["kr", "KOR", "", 82],
    "policy": NOT_A_NAME,
    "buyer_id": NOT_A_NAME,
    "paid_at": NOT_AN_INSTANT,
    "confirmed_at": NOT_AN_INSTANT,
    "expected_ship_on": NOT_A_DAY,
    "expected_arrival_on": NOT_A_DAY,
    "wanted_on": NOT_A_DAY,
    "gift": NOT_A_FLAG,
    "prices_include_tax": NOT_A_FLAG,
    "tax_exempt": NOT_A_FLAG,
    "discount": [*NOT_AN_AMOUNT, None],
    "shipping_charged": [*NOT_AN_AMOUNT, None],
    "shipping_tax": NOT_AN_AMOUNT,
    "shipping_tax_rate": [-1, 10_001, 1.5, "10", True],
    "discount_minimum": NOT_AN_AMOUNT,
    "records": [*NOT_A_LIST, *NOT_A_RECORD, ["notice"] * 21],
    "consents": [*NOT_A_LIST, [{"text": "?", "agreed_at": "2026-06-05T01:00:00Z"}] * 21],
    "order_id": ["order-2"],
    "\u202e": [1],
}


def orders() -> Iterator[Row]:
    for field, values in WRONG_IN_AN_ORDER.items():
        yield from every("PUT", "/v1/orders/order-2", ORDER, field, values)
    yield "PUT", "/v1/orders/order-2", with_value(ORDER, "lines", GONE), "lines"


def consents() -> Iterator[Row]:
    shown = {**ORDER, "consents": [{"text": "?", "agreed_at": "2026-06-05T01:00:00Z"}]}
    put = "PUT", "/v1/orders/order-2"
    yield from every(*put, shown, "consents.0.text", ["", *NOT_A_MESSAGE, None, GONE])
    yield from every(*put, shown, "consents.0.agreed_at", [*NOT_AN_INSTANT, None, GONE])
    yield from every(*put, shown, "consents.0.records", [*NOT_A_LIST, ["confirmation"], ["notice"] * 21])
    yield from every(*put, shown, "consents.0.line_ids", [*NOT_A_LIST, ["1"] * 1001])
    yield from every(*put, shown, "consents.0.version", NOT_A_NAME)


def parcels() -> Iterator[Row]:
    for body, path, field in ((SHIPMENT, "shipments", "shipped_at"), (DELIVERY, "deliveries", "delivered_at")):
        post = "POST", f"/v1/orders/order-1/{path}"
        yield from every(*post, body, field, [*NOT_AN_INSTANT, None])
        yield from every(*post, body, "carrier", [*NOT_A_WORD, None])
        yield from every(*post, body, "tracking_number", [*NOT_A_NAME, None])
        yield *post, {**body, "weight": 1}, "weight"
    post = "POST", "/v1/orders/order-1/shipments"
    yield from every(*post, SHIPMENT, "expected_arrival_on", NOT_A_DAY)
    with_lines = {**SHIPMENT, "lines": [ONE]}
    yield from every(*post, with_lines, "lines.0.quantity", NOT_A_COUNT)
    yield from every(*post, with_lines, "lines.0.line_id", NOT_A_NAME)
    yield from every(*post, with_lines, "lines", [*NOT_A_LIST, [ONE, ONE], [ONE] * 1001])
    yield from every("POST", "/v1/orders/order-1/confirm", {}, "confirmed_at", NOT_AN_INSTANT)
    post = "POST", "/v1/orders/order-1/payments"
    capture = {**PAYMENT, "payment_id": "pay-9"}
    yield from every(*post, capture, "amount", [*NOT_AN_AMOUNT, None])
    yield from every(*post, capture, "captured_at", NOT_AN_INSTANT)
    post = "POST", "/v1/orders/order-1/payments/pay-1/reversals"
    reversal = {"reversal_id": "dp_1", "kind": "chargeback", "amount": 6000}
    yield from every(*post, reversal, "reversal_id", [*NOT_A_NAME, None])
    yield from every(*post, reversal, "kind", NOT_A_WORD_OF_THE_LIST)
    yield from every(*post, reversal, "amount", [*NOT_AN_AMOUNT, 0, None])
    yield from every(*post, reversal, "reversed_at", NOT_AN_INSTANT)
    yield from every("POST", f"{post[1]}/dp_1/win", {}, "won_at", NOT_AN_INSTANT)


NOT_WORDS: list[Any] = ["", " ", "\n", *NOT_A_MESSAGE[:4], "x" * 1001, *NOT_A_MESSAGE[5:], *WITHOUT_WORDS, None, GONE]
NO_DAY: list[Any] = [*NOT_A_DAY, None, GONE]


def preparing() -> Iterator[Row]:
    order = "/v1/orders/order-1"
    yield from every("POST", f"{order}/buyer-links", {"hours": 1}, "hours", [0, -1, 721, 1.5, "1", True, None])
    yield from every("POST", f"{order}/buyer-tokens", {"minutes": 1}, "minutes", [0, -1, 61, 1.5, "1", True, None])
    yield from every("POST", f"{order}/expected-ship-date", {"expected_ship_on": ""}, "expected_ship_on", NO_DAY)
    arrival = {"expected_arrival_on": ""}
    yield from every("POST", f"{order}/expected-arrival-date", arrival, "expected_arrival_on", NO_DAY)
    dates = {"expected_ship_on": "2026-06-15"}
    yield from every("POST", f"{order}/expected-ship-date", dates, "expected_arrival_on", NOT_A_DAY)
    delay = {"reason": "preparing", "message": "Later", "expected_ship_on": "2026-06-15"}
    yield from every("POST", f"{order}/delay", delay, "reason", NOT_A_WORD_OF_THE_LIST)
    yield from every("POST", f"{order}/delay", delay, "message", NOT_WORDS)
    yield from every("POST", f"{order}/delay", delay, "expected_ship_on", NO_DAY)
    yield from every("POST", f"{order}/delay", delay, "expected_arrival_on", NOT_A_DAY)
    yield from every("POST", f"{order}/ready-to-ship", {}, "ready_at", NOT_AN_INSTANT)
    yield from bulk()
    days = {"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}
    post = "POST", f"{order}/delivery-dates"
    yield from every(*post, days, "lines", [*NOT_A_LIST, [], days["lines"] * 2, days["lines"] * 1001])
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
    yield from option_changes(f"{order}/option-changes")


def bulk() -> Iterator[Row]:
    day = {"expected_ship_on": "2026-06-12"}
    row = ("POST", "/v1/orders/bulk", {"command": "set_ship_date", "order_ids": ["o"], "body": day})
    yield from every(*row, "command", NOT_A_WORD_OF_THE_LIST)
    yield from every(*row, "order_ids", [*NOT_A_LIST, None, [], ["o", "o"], [str(number) for number in range(201)]])
    yield from every(*row, "order_ids.0", [*NOT_A_NAME, None])
    yield from every(*row, "body", ["x", 1, [], None])
    yield from every(*row, "body.expected_ship_on", NO_DAY)
    yield from every(*row, "dry_run", NOT_A_FLAG)


def option_changes(path: str) -> Iterator[Row]:
    wrong: dict[str, list[Any]] = {
        "line_id": [*NOT_A_NAME, None, GONE],
        "quantity": [*NOT_A_COUNT, GONE],
        "sku": [*NOT_A_NAME, None, GONE],
        "title": NOT_A_NAME,
        "unit_price": NOT_AN_AMOUNT,
        "note": [*NOT_A_MESSAGE, "x" * 1001],
        "options": ["L"],
    }
    for field, values in wrong.items():
        yield from every("POST", path, BLUE, field, values)
    yield "POST", path, {**BLUE, "quantity": 10**6, "unit_price": 10**13}, ""
    yield from every("POST", f"{path}/none/accept", {}, "waive", [*NOT_A_FLAG, None])
    yield from every("POST", f"{path}/none/accept", {}, "unit_price", NOT_AN_AMOUNT)
    yield "POST", f"{path}/none/accept", {"why": "?"}, "why"
    yield "POST", f"{path}/none/retract", {"why": "?"}, "why"
    yield from every("POST", f"{path}/none/refuse", {"reason": "?"}, "reason", NOT_WORDS)
    for field, values in {"payment_id": NOT_A_NAME, "method": NOT_A_WORD, "amount": NOT_AN_AMOUNT}.items():
        yield from every("POST", f"{path}/none/confirm-payment", DIFFERENCE, field, [*values, None, GONE])
