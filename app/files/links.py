"""Short links to the bytes of a file: signed, and good for some minutes. Whoever has a link can read the file.

A link is the ids of the merchant and of the file, the second at which the link ends, and an HMAC-SHA256 over all of
them, by a key that is derived from the keys of the service.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LASTS = timedelta(minutes=10)
_ID, _SECONDS, _MAC = 16, 5, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    merchant_id: str
    file_id: str
    ends_at: datetime


class FileLinks:
    """The first key signs, and every key verifies. Without keys, a key of this process signs. A link of one purpose is
    none of another."""

    def __init__(self, keys: Sequence[str] = (), *, purpose: str = "files", lasts: timedelta = LASTS) -> None:
        secrets_of_service = [base64.urlsafe_b64decode(key) for key in keys] or [secrets.token_bytes(32)]
        self._keys = [_derived(secret, purpose) for secret in secrets_of_service]
        self._lasts = lasts

    def sign(self, merchant_id: str, file_id: str, now: datetime) -> tuple[str, datetime]:
        """A token, and when it ends."""
        ends_at = (now + self._lasts).replace(microsecond=0)
        seconds = int(ends_at.timestamp()).to_bytes(_SECONDS)
        content = UUID(merchant_id).bytes + UUID(file_id).bytes + seconds
        token = base64.urlsafe_b64encode(content + hmac.digest(self._keys[0], content, "sha256"))
        return token.decode().rstrip("="), ends_at

    def read(self, token: str, now: datetime) -> FileLink | None:
        """None for a token that has ended, or that no key has signed."""
        try:
            signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        content, mac = signed[:-_MAC], signed[-_MAC:]
        if len(content) != 2 * _ID + _SECONDS:
            return None
        if not any(hmac.compare_digest(hmac.digest(key, content, "sha256"), mac) for key in self._keys):
            return None
        ends_at = datetime.fromtimestamp(int.from_bytes(content[2 * _ID :]), UTC)
        if now >= ends_at:
            return None
        merchant_id, file_id = (str(UUID(bytes=content[at : at + _ID])) for at in (0, _ID))
        return FileLink(merchant_id=merchant_id, file_id=file_id, ends_at=ends_at)


def _derived(secret: bytes, purpose: str) -> bytes:
    info = f"recourse: links to {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)
