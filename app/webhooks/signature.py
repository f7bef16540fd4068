"""Signatures of webhooks: the secrets of an endpoint, and the three headers of Standard Webhooks 1.0.

The signed text is `{webhook-id}.{webhook-timestamp}.{body}`. A symmetric secret (`whsec_`) signs as `v1`, with
HMAC-SHA256. A signing key (`whsk_`) signs as `v1a`, with ed25519, and the consumer gets the public key (`whpk_`) only.
While a secret is being replaced, the old and the new secret both sign.
"""

import base64
import binascii
import hmac
import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SYMMETRIC = "whsec_"
_PRIVATE = "whsk_"
_PUBLIC = "whpk_"
_SYMMETRIC_BYTES = range(24, 65)
_NEW_BYTES = 32
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """`key` is the key of the HMAC (24 to 64 bytes), or an ed25519 seed and its public key (64 bytes)."""

    scheme: Literal["v1", "v1a"]
    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Secret":
        """Reads `whsec_...` or `whsk_...`. Raises ValueError with a text that does not repeat the secret."""
        if text.startswith(_SYMMETRIC):
            return cls(scheme="v1", key=_symmetric(_decoded(text.removeprefix(_SYMMETRIC))))
        if text.startswith(_PRIVATE):
            return cls(scheme="v1a", key=_pair(_decoded(text.removeprefix(_PRIVATE))))
        raise ValueError(f"a secret begins with {_SYMMETRIC} or {_PRIVATE}")

    @property
    def text(self) -> str:
        """The text that `parse` reads."""
        return {"v1": _SYMMETRIC, "v1a": _PRIVATE}[self.scheme] + _encoded(self.key)

    @property
    def public(self) -> str | None:
        """`whpk_...`, with which a consumer verifies `v1a`. None for a symmetric secret."""
        return _PUBLIC + _encoded(self.key[_SEED_BYTES:]) if self.scheme == "v1a" else None

    def sign(self, content: bytes) -> str:
        """`v1,<base64>` or `v1a,<base64>`."""
        if self.scheme == "v1":
            return f"v1,{_encoded(hmac.digest(self.key, content, 'sha256'))}"
        return f"v1a,{_encoded(Ed25519PrivateKey.from_private_bytes(self.key[:_SEED_BYTES]).sign(content))}"


def is_signed(key: str, content: bytes, signature: str) -> bool:
    """Whether a signature by `Secret.sign` is by this key: `whsec_...`, `whsk_...`, or `whpk_...`, which can only
    verify. Raises ValueError for another key."""
    if not key.startswith(_PUBLIC):
        secret = Secret.parse(key)
        if secret.public is None:
            return hmac.compare_digest(secret.sign(content).encode(), signature.encode())
        key = secret.public
    scheme, _, encoded = signature.partition(",")
    if scheme != "v1a":
        return False
    try:
        Ed25519PublicKey.from_public_bytes(_decoded(key.removeprefix(_PUBLIC))).verify(_decoded(encoded), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_secret() -> Secret:
    """A new symmetric secret."""
    return Secret(scheme="v1", key=random.token_bytes(_NEW_BYTES))


def new_signing_key() -> Secret:
    """A new ed25519 key."""
    return Secret(scheme="v1a", key=_with_public(random.token_bytes(_SEED_BYTES)))


def headers(secrets: Sequence[Secret], *, webhook_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature`, with one signature for each secret.

    `at` is the instant of this attempt, not of the event, and has a time zone. Raises ValueError without a secret,
    without a time zone, and for an id with a full stop, which separates the parts of the signed text.
    """
    if not secrets:
        raise ValueError("a webhook is signed with at least one secret")
    if at.tzinfo is None:
        raise ValueError("the instant of an attempt has a time zone")
    if "." in webhook_id:
        raise ValueError("the id of a webhook has no full stop")
    timestamp = str(int(at.timestamp()))
    content = b"%b.%b.%b" % (webhook_id.encode(), timestamp.encode(), body)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(secret.sign(content) for secret in secrets),
    }


def _symmetric(key: bytes) -> bytes:
    if len(key) not in _SYMMETRIC_BYTES:
        raise ValueError(f"a secret has {_SYMMETRIC_BYTES[0]} to {_SYMMETRIC_BYTES[-1]} bytes, not {len(key)}")
    return key


def _pair(key: bytes) -> bytes:
    if len(key) <= _SEED_BYTES or key != _with_public(key[:_SEED_BYTES]):
        raise ValueError("a signing key is an ed25519 seed followed by its public key")
    return key


def _with_public(seed: bytes) -> bytes:
    return seed + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("a secret is base64 behind its prefix") from None
