"""Bad fields of claims, their commands and the reports on refunds."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import (
    GONE,
    NOT_A_COUNT,
    NOT_A_FLAG,
    NOT_A_LIST,
    NOT_A_MESSAGE,
    NOT_A_NAME,
    NOT_A_WORD,
    NOT_A_WORD_OF_THE_LIST,
    NOT_AN_AMOUNT,
    NOT_AN_INSTANT,
    NOT_METADATA,
    NOT_TO_A_BUYER,
    Row,
    every,
    unless_null,
    with_value,
)
from tests.api.claim_commands import COMMANDS
from tests.api.file_scenes import AT_MARKETPLACE
from tests.api.refund_scenes import ACCOUNT
from tests.api.walks import BLUE, ONE, PARCEL

CLAIM: dict[str, Any] = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": [ONE]}
REPORT: dict[str, Any] = {"amount": 12000, "method": "card", "provider_reference": "re_1"}


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
        yield from every(*post, CLAIM, "shipping", [*NOT_AN_AMOUNT, None])
        yield from every(*post, CLAIM, "fees", [*NOT_AN_AMOUNT, None])
        yield from every(*post, CLAIM, "note", NOT_A_MESSAGE)
        yield from every(*post, CLAIM, "actor", NOT_A_NAME)
        yield from every(*post, CLAIM, "metadata", [*NOT_METADATA, None])
        yield from every(*post, CLAIM, "lines", [*NOT_A_LIST, [ONE] * 1001])
        yield from every(*post, CLAIM, "conditions", [*NOT_A_LIST, ["used"] * 21])
        yield *post, {**CLAIM, "conditions": ["worn"]}, "conditions.0"
        yield *post, {**CLAIM, "claim_id": "mine"}, "claim_id"
        replaced = with_value(CLAIM, "lines.0.replacement", BLUE)
        yield from every(*post, replaced, "lines.0.replacement.sku", [*NOT_A_NAME, None])
        yield from every(*post, replaced, "lines.0.replacement.sellable", NOT_A_FLAG)


def updates() -> Iterator[Row]:
    for path in ("/v1/claims/{claim_id}", "/v1/refunds/{refund_id}"):
        yield from every("PATCH", path, {}, "metadata", [*NOT_METADATA, None])
        yield "PATCH", path, {}, "metadata"
        yield "PATCH", path, {"metadata": {}, "state": "refunded"}, "state"


def bulk() -> Iterator[Row]:
    row = ("POST", "/v1/claims/bulk", {"command": "approve", "claim_ids": ["c"], "body": {}})
    yield from every(*row, "command", NOT_A_WORD_OF_THE_LIST)
    yield from every(*row, "claim_ids", [*NOT_A_LIST, None, [], ["c", "c"], [str(number) for number in range(201)]])
    yield from every(*row, "claim_ids.0", [*NOT_A_NAME, None])
    yield from every(*row, "body", ["x", 1, [], None])
    yield from every(*row, "body.override", NOT_A_MESSAGE)
    yield from every(*row, "dry_run", NOT_A_FLAG)


def work() -> Iterator[Row]:
    row: tuple[str, str, dict[str, Any]] = ("PATCH", "/v1/claims/{claim_id}/work", {"tags": ["a"]})
    yield from every(*row, "assignee", NOT_A_NAME)
    yield from every(*row, "snoozed_until_at", NOT_AN_INSTANT)
    yield from every(*row, "tags", [*NOT_A_LIST, None, [str(number) for number in range(21)]])
    yield from every(*row, "tags.0", ["", "-", "x" * 41, "a\nb", 1, None])
    yield from every(*row, "seen", [*NOT_A_FLAG, None])
    yield *row[:2], {"state": "refunded"}, "state"


NOT_A_FILE_URL: list[Any] = [
    *(
        "",
        "http://images.example/1.jpg",
        "https://",
        "https:///1.jpg",
        "ftp://images.example/1.jpg",
        "//images.example",
    ),
    *(
        "https://user:secret@images.example/",
        "https://images.example/a b",
        "https://images.example/\u00e9",
        1,
        None,
        [],
    ),
    *(
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "https://images.example/" + "a" * 2000,
        "https://i.example/\n",
    ),
]


def files() -> Iterator[Row]:
    add = ("POST", "/v1/claims/{claim_id}/files/url", AT_MARKETPLACE)
    yield from every(*add, "url", [*NOT_A_FILE_URL, GONE])
    for field, values in (("line_id", NOT_A_NAME), ("actor", NOT_A_NAME), ("caption", [*NOT_A_MESSAGE, "x" * 501])):
        yield from every(*add, field, values)
    yield from every(*add, "role", [*NOT_A_WORD_OF_THE_LIST, "system"])
    yield from every(*add, "line_id", ["2"])


EDIT: dict[str, list[Any]] = {
    "reason": [*NOT_A_WORD_OF_THE_LIST, None],
    "lines": [*NOT_A_LIST, [], [ONE] * 1001],
    "lines.0.quantity": NOT_A_COUNT,
    "lines.0.line_id": [*NOT_A_NAME, None],
    "discovered_at": NOT_AN_INSTANT,
    "conditions": [*NOT_A_LIST, ["used"] * 21],
    "note": NOT_A_MESSAGE,
    "amount": NOT_AN_AMOUNT,
    "evidence": [*NOT_A_LIST, ["e"] * 51],
    "evidence.0": NOT_A_NAME,
}
WRONG_WORDS: dict[str, dict[str, list[Any]]] = {
    "approve": {"override": NOT_A_MESSAGE, "actor": NOT_A_NAME},
    "reject": {
        "ground": NOT_A_WORD_OF_THE_LIST,
        "message": [*NOT_TO_A_BUYER, None],
        "alternatives": [*NOT_A_LIST, ["exchange"] * 21],
        "evidence": [*NOT_A_LIST, ["e"] * 51],
        "evidence.0": NOT_A_NAME,
        "line_ids": [*NOT_A_LIST, ["1"] * 1001],
        "line_ids.0": NOT_A_NAME,
        "keep_offers": [*NOT_A_LIST, ["o"] * 21],
        "offers": [*NOT_A_LIST, [{"alternative": "discount_coupon", "amount": 1}] * 21],
        "offers.0.alternative": NOT_A_WORD_OF_THE_LIST,
        "offers.0.amount": NOT_AN_AMOUNT,
        "offers.0.expires_at": NOT_AN_INSTANT,
        "offers.0.message": [*NOT_A_MESSAGE, None],
        "offers.0.replacement": [[], "MUG-BLUE", 1],
    },
    "edit": EDIT,
    "edit/quote": EDIT,
    "retract": {"note": NOT_A_MESSAGE},
    "hold": {"reason": NOT_A_WORD_OF_THE_LIST, "ends_at": NOT_AN_INSTANT, "note": NOT_A_MESSAGE},
    "release": {"note": NOT_A_MESSAGE},
    "reclassify": {
        "reason": NOT_A_WORD_OF_THE_LIST,
        "fault": unless_null(NOT_A_WORD_OF_THE_LIST),
        "replacements": [*NOT_A_LIST, [{"line_id": "1", "replacement": BLUE}] * 1001],
        "note": [*NOT_TO_A_BUYER, None],
        "knowable_at": NOT_AN_INSTANT,
    },
    "offers": {
        "alternative": NOT_A_WORD_OF_THE_LIST,
        "message": [*NOT_TO_A_BUYER, None],
        "amount": NOT_AN_AMOUNT,
        "expires_at": NOT_AN_INSTANT,
        "replacement": [[], "MUG-BLUE", 1],
    },
    "offers/none/accept": {"actor": NOT_A_NAME},
    "offers/none/decline": {"actor": NOT_A_NAME},
    "dispatch": {
        "tracking.carrier": [*NOT_A_WORD, None],
        "tracking.number": [*NOT_A_NAME, None],
        "dispatched_at": NOT_AN_INSTANT,
    },
    "receive": {
        "lines": [*NOT_A_LIST, [ONE] * 1001],
        "lines.0.quantity": NOT_A_COUNT,
        "lines.0.condition": NOT_A_WORD_OF_THE_LIST,
        "close": NOT_A_FLAG,
        "received_at": NOT_AN_INSTANT,
    },
    "inspect": {
        "lines": [*NOT_A_LIST, [], [{"line_id": "1", "accepted": 1}] * 1001],
        "lines.0.accepted": [-1, 1.5, "1", True, None, 10**6 + 1, 10**30],
        "lines.0.deductions.0.evidence": [*NOT_A_LIST, ["e"] * 51],
        "lines.0.deductions.0.evidence.0": NOT_A_NAME,
        "lines.0.deductions.0.amount": [*NOT_AN_AMOUNT, None],
        "lines.0.deductions.0.reason": [*NOT_A_WORD_OF_THE_LIST, "used_part"],
        "lines.0.used_parts": [-1, 1.5, "1", True, 10**10],
        "lines.0.disposition": NOT_A_WORD_OF_THE_LIST,
        "ground": unless_null(NOT_A_WORD_OF_THE_LIST),
        "message": [*NOT_TO_A_BUYER, None],
        "inspected_at": NOT_AN_INSTANT,
    },
    "reship": {
        "tracking": [None, [], "T-1"],
        "tracking.number": [*NOT_A_NAME, None],
        "reshipped_at": NOT_AN_INSTANT,
    },
    "confirm-payment": {
        "payment_id": [*NOT_A_NAME, None],
        "method": [*NOT_A_WORD, None],
        "amount": [*NOT_AN_AMOUNT, None],
        "paid_at": NOT_AN_INSTANT,
    },
    "expire": {"evidence": [*NOT_A_LIST, ["e"] * 51], "evidence.0": NOT_A_NAME},
    "complete-repair": {"actor": NOT_A_NAME, "completed_at": NOT_AN_INSTANT},
    "convert": {
        "to": [*NOT_A_WORD_OF_THE_LIST, "cancel", "repair", None],
        "because": unless_null(NOT_A_WORD_OF_THE_LIST),
        "replacements": [*NOT_A_LIST, [{"line_id": "1", "replacement": BLUE}] * 1001],
        "note": [*NOT_A_MESSAGE, None],
    },
    "confirm-delivery": {"actor": NOT_A_NAME, "delivered_at": NOT_AN_INSTANT},
}
A_DEDUCTION = {"reason": "missing_parts", "amount": 1, "evidence": ["photo-7"]}
MORE_WORDS: dict[str, Any] = {
    "edit": {"evidence": ["chat 12"]},
    "edit/quote": {"evidence": ["chat 12"]},
    "dispatch": {"tracking": PARCEL},
    "inspect": {"lines": [{"line_id": "1", "accepted": 1, "deductions": [A_DEDUCTION]}]},
}
"""Optional fields of a sound body."""


def commands() -> Iterator[Row]:
    bodies = {path.replace("{offer_id}", "none"): body for path, (_, _, body) in COMMANDS.items()}
    bodies["edit/quote"] = bodies["edit"]
    for path, fields in WRONG_WORDS.items():
        post = "POST", f"/v1/claims/{{claim_id}}/{path}"
        body = {**bodies[path], **MORE_WORDS.get(path, {})}
        for field, values in fields.items():
            yield from every(*post, body, field, values)
        yield *post, {**body, "why": "because"}, "why"


def accounts() -> Iterator[Row]:
    put = "PUT", "/v1/claims/{claim_id}/refund-account"
    for field in ("bank", "holder"):
        yield from every(*put, ACCOUNT, field, [*NOT_A_NAME, None, GONE])
    yield from every(*put, ACCOUNT, "branch", NOT_A_NAME)
    yield from every(*put, ACCOUNT, "account_type", NOT_A_WORD)
    numbers = ["", "123", "1" * 80, "12--34", "-1234", "1234 ", "계좌1234", 1234, None, GONE]
    yield from every(*put, ACCOUNT, "number", numbers)
    yield *put, {**ACCOUNT, "claim_id": "c"}, "claim_id"
    yield "POST", "/v1/claims/{claim_id}/refund-account/request", {"amount": 1}, "amount"


def reports() -> Iterator[Row]:
    for status in ("processing", "succeeded", "failed", "unknown"):
        post = "POST", f"/v1/refunds/{{refund_id}}/{status}"
        yield from every(*post, REPORT, "amount", NOT_AN_AMOUNT)
        yield from every(*post, REPORT, "method", NOT_A_WORD)
        yield from every(*post, REPORT, "provider_reference", NOT_A_NAME)
        yield from every(*post, REPORT, "idempotency_key", NOT_A_NAME)
        yield from every(*post, REPORT, "failure", NOT_A_MESSAGE)
        yield from every(*post, REPORT, "payer", NOT_A_NAME)
        yield *post, {**REPORT, "status": "succeeded"}, "status"
    part = "POST", "/v1/refunds/{refund_id}/parts"
    paid = {"amount": 100, "method": "card", "provider_reference": "tr_17"}
    yield from every(*part, paid, "amount", [*NOT_AN_AMOUNT, 0, None, GONE])
    yield from every(*part, paid, "method", NOT_A_WORD)
    yield from every(*part, paid, "provider_reference", NOT_A_NAME)
    yield from every(*part, paid, "paid_at", NOT_AN_INSTANT)
    yield from every("POST", "/v1/refunds/{refund_id}/succeeded", REPORT, "paid_at", NOT_AN_INSTANT)
    start = "POST", "/v1/refunds/{refund_id}/processing"
    yield from every(*start, REPORT, "lease_minutes", [0, -1, 10_081, 1.5, "15", True, None])
    yield "POST", "/v1/refunds/{refund_id}/succeeded", {**REPORT, "lease_minutes": 15}, "lease_minutes"
