"""Signatures of webhooks, as in Standard Webhooks 1.0: HMAC-SHA256 (`v1`) and ed25519 (`v1a`)."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ModuleNotFoundError:  # `pip install recourse-client[ed25519]` brings it
    HAS_ED25519 = False
else:
    HAS_ED25519 = True

TOLERANCE = timedelta(minutes=5)
_SECRET = "whsec_"  # noqa: S105 # how secrets begin
_PUBLIC = "whpk_"


class WebhookVerificationError(Exception):
    """The request is not from the service, or too old. Answer 400 and do nothing."""


def verify_signature(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Sequence[str],
    *,
    tolerance: timedelta = TOLERANCE,
    now: datetime | None = None,
) -> None:
    """Returns if one of the signatures is by one of the secrets. Otherwise raises `WebhookVerificationError`.

    `body` is the body as received, before any parsing. `secrets` are `whsec_...`, or `whpk_...` for `v1a`: the new and
    the old secret while a secret is replaced. Raises ValueError if a secret is none.
    """
    keys = [_key(each) for each in ([secrets] if isinstance(secrets, str) else secrets)]
    if not keys:
        raise ValueError("a webhook is verified with at least one secret")
    given = {name.lower(): value for name, value in headers.items()}
    webhook_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    content = f"{webhook_id}.{timestamp}.".encode() + body
    signatures = [each.partition(",") for each in given.get("webhook-signature", "").split()]
    if not any(_is_by(key, version, value, content) for key in keys for version, _, value in signatures):
        raise WebhookVerificationError("no signature is by one of the secrets")
    _check_age(timestamp, tolerance, now or datetime.now(UTC))


def _check_age(timestamp: str, tolerance: timedelta, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdecimal()):
        raise WebhookVerificationError("the timestamp is no number")
    if abs(now.timestamp() - int(timestamp)) > tolerance.total_seconds():
        raise WebhookVerificationError("the timestamp is too far from the present time")


Key: TypeAlias = "bytes | Ed25519PublicKey"


def _key(secret: str) -> Key:
    if secret.startswith(_SECRET):
        return _decoded(secret.removeprefix(_SECRET))
    if not secret.startswith(_PUBLIC):
        raise ValueError(f"a secret begins with {_SECRET} or {_PUBLIC}")
    if not HAS_ED25519:
        raise ValueError("a public key needs the package cryptography: pip install recourse-client[ed25519]")
    return Ed25519PublicKey.from_public_bytes(_decoded(secret.removeprefix(_PUBLIC)))


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except ValueError:
        raise ValueError("a secret is base64 behind its prefix") from None


def _is_by(key: Key, version: str, signature: str, content: bytes) -> bool:
    try:
        given = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    if isinstance(key, bytes):
        return version == "v1" and hmac.compare_digest(hmac.digest(key, content, "sha256"), given)
    return version == "v1a" and _is_by_public_key(key, given, content)


def _is_by_public_key(key: "Ed25519PublicKey", signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
