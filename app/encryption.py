"""Encryption of secrets at rest, by keys of the environment. The newest key encrypts, and every key decrypts.

The form is Fernet: AES-128 in CBC mode with HMAC-SHA256, and a version byte and the time in front.
"""

import re
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_BEGINNING = "gAAAA"
"""How every token begins: its version, and the upper bytes of its time, which are zero."""
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")


class EncryptionError(Exception):
    """There is no key, or no key fits. The text does not repeat the secret."""


class Encryption:
    """Without keys nothing can be encrypted."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    @property
    def is_on(self) -> bool:
        return self._fernet is not None

    def encrypt(self, text: str) -> str:
        """Raises EncryptionError without a key."""
        return self._with_a_key().encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Raises EncryptionError without a key, and for a token of another key or of nobody."""
        try:
            return self._with_a_key().decrypt(token).decode()
        except InvalidToken:
            raise EncryptionError("no key of RECOURSE_ENCRYPTION_KEYS decrypts this") from None

    def to_store(self, text: str) -> str:
        """A token, or the text itself without a key. The text must not begin like a token: JSON does not."""
        return self.encrypt(text) if self.is_on else text

    def from_store(self, stored: str) -> str:
        """The text of what `to_store` returned, at that time with or without a key. Raises EncryptionError."""
        return self.decrypt(stored) if stored.startswith(_BEGINNING) else stored

    def _with_a_key(self) -> MultiFernet:
        if self._fernet is None:
            raise EncryptionError("RECOURSE_ENCRYPTION_KEYS has no key")
        return self._fernet


def split_keys(text: str) -> tuple[str, ...]:
    """The keys of a list with commas, the newest first. Raises ValueError with a text that does not repeat a key."""
    keys = tuple(key for part in text.split(",") if (key := part.strip()))
    for number, key in enumerate(keys, start=1):
        if not _KEY.fullmatch(key):
            raise ValueError(f"key {number} is not 32 bytes in URL-safe base64; see .env.example")
    return keys
