"""Bad fields of people, roles and sessions of a shop's staff."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.messages import NOT_AN_ADDRESS
from tests.api.bad_input.values import GONE, NOT_A_NAME, NOT_A_WORD, NOT_AN_AMOUNT, NOT_TO_A_BUYER, Row, every
from tests.api.staff_scenes import LIMIT

NOT_A_LANGUAGE: list[Any] = ["de", "KO", 1, []]
NOT_SCOPES: list[Any] = [[], ["everything"], "claims:read", None, [1], ["claims:read"] * 51, GONE]
NOT_A_DELIVERY: list[Any] = ["fax", 1, None]


def staff() -> Iterator[Row]:
    person = "PATCH", "/v1/staff/none", {"name": "김민지", "role": "clerk", "language": "ko", "disabled": False}
    yield from every(*person, "name", NOT_A_NAME)
    yield from every(*person, "role", NOT_A_WORD)
    yield from every(*person, "language", NOT_A_LANGUAGE)
    yield from every(*person, "disabled", ["true", 1, [], {}])
    yield from every("POST", "/v1/staff/none/password-links", {"delivery": "mail"}, "delivery", NOT_A_DELIVERY)
    invitation = "POST", "/v1/staff-invitations", {"email": "a@mug.example", "role": "clerk", "delivery": "answer"}
    yield from every(*invitation, "email", [*NOT_AN_ADDRESS, None, GONE])
    yield from every(*invitation, "role", [*NOT_A_WORD, None, GONE, "nobody"])
    yield from every(*invitation, "delivery", NOT_A_DELIVERY)
    limit = "PUT", "/v1/authority-limits", {**LIMIT, "command": "approve", "claim_kind": "cancel", "per_day": 1}
    yield from every(*limit, "holder_kind", ["buyer", 1, None, GONE])
    yield from every(*limit, "holder", [*NOT_A_WORD, None, GONE])
    yield from every(*limit, "command", ["retract", "Approve", 1, []])
    yield from every(*limit, "claim_kind", ["loan", 1, []])
    yield from every(*limit, "currency", ["won", "XXXX", 1, None, GONE])
    yield from every(*limit, "per_decision", NOT_AN_AMOUNT)
    yield from every(*limit, "per_day", NOT_AN_AMOUNT)
    breaker = "PUT", "/v1/refund-breakers/KRW", {"decisions_per_hour": 1}
    for name in ("decisions_per_hour", "decisions_per_day", "amount_per_hour", "amount_per_day"):
        yield from every(*breaker, name, [-1, "1", 1.5, True, 10**14])
    yield from every("POST", "/v1/refund-breakers/KRW/reset", {}, "unknown", ["x"])
    for decision in ("grant", "refuse"):
        yield from every("POST", f"/v1/approvals/none/{decision}", {}, "unknown", ["x"])
    yield from every("POST", "/v1/approvals/none/refuse", {"note": "x"}, "note", NOT_TO_A_BUYER)
    yield from every("PUT", "/v1/staff-roles/reader", {"scopes": ["claims:read"]}, "scopes", NOT_SCOPES)
