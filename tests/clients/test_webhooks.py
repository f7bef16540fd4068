"""A webhook becomes a typed event if one of its signatures is by one of the secrets, and the request is young."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.json_text import dump
from app.service.events.types import CATALOGUE
from app.webhooks.signature import Secret, headers, new_secret, new_signing_key
from tests.clients.driving import Client
from tests.examples.events import body_of

OLD, NEW, PAIR, OTHER = new_secret(), new_secret(), new_signing_key(), new_signing_key()
"""The secrets of an endpoint while it is changing them, and a key of another endpoint."""
BODY = dump(body_of("claim.approved")).encode()


def attempt(client: Client, signed_by: Sequence[Secret], keys: Sequence[Secret], **changes: Any) -> Any:
    """The outcome of a request. `changes` are of the request, after it was signed."""
    at = changes.pop("at", None) or datetime.now(UTC)
    body = changes.pop("body", BODY)
    signed = headers(signed_by, webhook_id="evt-1", at=at, body=body)
    given: dict[str, Any] = {
        "headers": {**signed, **changes.pop("headers", {})},
        "body": changes.pop("arrived", body).hex(),
        "secrets": [key.public or key.text for key in keys],
    }
    return client.attempt("verify", **given, **changes)


@pytest.mark.parametrize(
    ("signed_by", "keys"),
    [
        ([NEW], [NEW]),
        ([NEW, OLD], [OLD]),
        ([NEW, OLD], [NEW]),
        ([OLD], [NEW, OLD]),
        ([PAIR], [PAIR]),
        ([NEW, PAIR], [PAIR]),
        ([PAIR], [OTHER, PAIR]),
        ([NEW, PAIR], [OTHER, NEW]),
    ],
)
def test_one_signature_by_one_secret_is_enough(
    process: Client, signed_by: Sequence[Secret], keys: Sequence[Secret]
) -> None:
    assert attempt(process, signed_by, keys)["result"]["type"] == "claim.approved"


CHANGED: dict[str, dict[str, Any]] = {
    "another body": {"arrived": BODY.replace(b"approved", b"refunded")},
    "a longer body": {"arrived": BODY + b" "},
    "another id": {"headers": {"webhook-id": "evt-2"}},
    "another time": {"headers": {"webhook-timestamp": str(int(datetime.now(UTC).timestamp()) + 100)}},
    "no time": {"headers": {"webhook-timestamp": ""}},
    "no signature": {"headers": {"webhook-signature": ""}},
    "no values": {"headers": {"webhook-signature": "v1, v1a, v2,AAAA nothing"}},
    "zeros": {"headers": {"webhook-signature": f"v1,{base64.b64encode(bytes(32)).decode()}"}},
    "more zeros": {"headers": {"webhook-signature": f"v1a,{base64.b64encode(bytes(64)).decode()}"}},
    "no base64": {"headers": {"webhook-signature": "v1,키 v1a,키"}},
}


@pytest.mark.parametrize(("signed_by", "key"), [(NEW, NEW), (PAIR, PAIR)], ids=["symmetric", "ed25519"])
@pytest.mark.parametrize("changes", CHANGED.values(), ids=CHANGED)
def test_a_request_that_was_changed_is_refused(
    process: Client, signed_by: Secret, key: Secret, changes: dict[str, Any]
) -> None:
    assert attempt(process, [signed_by], [key], **changes) == {"error": "WebhookVerificationError"}


@pytest.mark.parametrize(("signed_by", "key"), [(OLD, NEW), (NEW, PAIR), (PAIR, NEW), (PAIR, OTHER)])
def test_the_signature_of_another_secret_is_refused(process: Client, signed_by: Secret, key: Secret) -> None:
    assert attempt(process, [signed_by], [key]) == {"error": "WebhookVerificationError"}


@pytest.mark.parametrize(
    ("seconds", "tolerance", "taken"),
    [
        (0, None, True),
        (-290, None, True),
        (290, None, True),
        (-310, None, False),
        (310, None, False),
        (-310, 600, True),
        (-20, 10, False),
    ],
)
def test_an_old_request_is_refused(process: Client, seconds: int, tolerance: int | None, taken: bool) -> None:
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    limits: dict[str, Any] = {"now": now.timestamp()} | ({} if tolerance is None else {"tolerance": tolerance})
    outcome = attempt(process, [NEW], [NEW], at=now + timedelta(seconds=seconds), **limits)
    assert ("result" in outcome) == taken


@pytest.mark.parametrize("secrets", [[], ["secret"], ["whsec_not base64"], ["whpk_not base64"]])
def test_what_is_no_secret_is_an_error_of_the_program(process: Client, secrets: list[str]) -> None:
    signed = headers([NEW], webhook_id="evt-1", at=datetime.now(UTC), body=BODY)
    assert process.attempt("verify", headers=signed, body=BODY.hex(), secrets=secrets) == {"error": "ValueError"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"\xff", b'{"type": "claim.approved"}'])
def test_a_body_that_is_no_event_is_refused(process: Client, body: bytes) -> None:
    assert attempt(process, [NEW], [NEW], body=body) == {"error": "WebhookVerificationError"}


def test_each_event_type_has_a_model(process: Client) -> None:
    for row in CATALOGUE:
        event = attempt(process, [NEW], [NEW], body=dump(body_of(row.name)).encode())["result"]
        assert event["type"] == row.name
        assert event.get("model") != "UnknownEvent"


def test_an_event_of_a_later_service_is_no_error(process: Client) -> None:
    body = json.dumps({"type": "claim.teleported", "timestamp": "2026-06-10T01:00:00Z", "data": {"to": 1}}).encode()
    event = attempt(process, [NEW], [NEW], body=body)["result"]
    assert event["type"] == "claim.teleported"
    assert event.get("model") in {"UnknownEvent", None}
