"""Access of a buyer to one order: a link, the session that it opens, or a token of the storefront."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccessKind(StrEnum):
    LINK = "link"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a kind, and no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerAccess:
    """`digest` is the SHA-256 of the token, in hexadecimal. `created_by` is the name of the API key. It is None for a
    session and for a link by mail. `opened_by` is the link that opened the session. `idle_by` is when the session ends
    if nobody uses it. `used_at` is when the link opened its session."""

    access_id: str
    order_id: str
    kind: AccessKind
    digest: str
    created_at: datetime
    expires_at: datetime
    created_by: str | None = None
    opened_by: str | None = None
    idle_by: datetime | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccess:
    """Access that is in force. `language` is the language of the buyer on record."""

    access: BuyerAccess
    language: str | None
