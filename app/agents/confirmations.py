"""Confirm tokens: a call that changes something is answered by what it would do and by a token, and the same call with
the token does it.

A token is a digest of the call and of its caller, what the caller was shown, the second at which the token ends, and an
HMAC-SHA256 over all of them, by a key that is derived from the keys of the service.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.json_text import dump
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError

LASTS = timedelta(minutes=10)
_CALL, _VERSION, _SHOWN, _SECONDS, _MAC = 16, 4, 12, 5, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A token that fits the call. `shown` is what the caller was shown."""

    shown: bytes
    ends_at: datetime
    key: str
    """The idempotency key of the call."""

    @property
    def version(self) -> int:
        return int.from_bytes(self.shown[:_VERSION])

    def refuse_other(self, shown: bytes) -> None:
        """Raises ConflictError if the call would now do something else than it said."""
        if shown != self.shown:
            raise ConflictError("quote_changed", field="confirm_token")

    def refuse_expired(self, now: datetime) -> None:
        """Raises ConflictError. A call that was answered gets its answer again, also later."""
        if now >= self.ends_at:
            raise ConflictError("confirm_token_expired", field="confirm_token")


class Confirmations:
    """The first key signs, and every key verifies. Without keys, a key of this process signs."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        secrets_of_service = [base64.urlsafe_b64decode(key) for key in keys] or [secrets.token_bytes(32)]
        self._keys = [_derived(secret) for secret in secrets_of_service]

    def sign(self, call: bytes, shown: bytes, now: datetime) -> tuple[str, datetime]:
        """A token, and when it ends."""
        ends_at = (now + LASTS).replace(microsecond=0)
        content = call + shown + int(ends_at.timestamp()).to_bytes(_SECONDS)
        token = base64.urlsafe_b64encode(content + self._mac(self._keys[0], content))
        return token.decode().rstrip("="), ends_at

    def read(self, token: str, call: bytes) -> Confirmed:
        """Raises InvalidError for a token that no key has signed, and ConflictError for a token of another call."""
        try:
            signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            signed = b""
        content, mac = signed[:-_MAC], signed[-_MAC:]
        if not any(hmac.compare_digest(self._mac(key, content), mac) for key in self._keys):
            raise InvalidError("confirm_token_unknown", field="confirm_token")
        if content[:_CALL] != call:
            raise ConflictError("confirm_token_of_other_call", field="confirm_token")
        return Confirmed(
            shown=content[_CALL : _CALL + _SHOWN],
            ends_at=datetime.fromtimestamp(int.from_bytes(content[_CALL + _SHOWN :]), UTC),
            key=hashlib.sha256(signed).hexdigest(),  # other text can have the same bytes
        )

    @staticmethod
    def _mac(key: bytes, content: bytes) -> bytes:
        return hmac.digest(key, content, "sha256")[:_MAC]


def call_of(caller: Caller, tool: str, arguments: Mapping[str, Any]) -> bytes:
    """A digest of the caller, the tool and its arguments, such as the claim."""
    parts = (caller.merchant_id, caller.key_id, tool, json.dumps(arguments, sort_keys=True))
    return hashlib.sha256("\0".join(parts).encode()).digest()[:_CALL]


def shown_values(values: Any, version: int = 0) -> bytes:
    """The version and a digest of the values that the caller was shown."""
    return version.to_bytes(_VERSION) + hashlib.sha256(dump(values).encode()).digest()[: _SHOWN - _VERSION]


def _derived(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"recourse: confirm tokens").derive(secret)
