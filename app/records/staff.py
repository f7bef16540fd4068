"""The staff of a merchant, as it is stored: people, roles, invitations and sessions."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who works for the merchant. `totp_secret` is in clear text here and encrypted at rest; it counts once
    `totp_confirmed_at` is set. Neither it nor `password_hash` is for a log or an answer."""

    merchant_id: str
    staff_id: str
    email: str
    name: str
    role: str
    language: str
    created_at: datetime
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_confirmed_at: datetime | None = None
    disabled_at: datetime | None = None

    @property
    def has_second_factor(self) -> bool:
        return self.totp_confirmed_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRole:
    """A named set of scopes. `created_at` is None for a built-in role."""

    role: str
    scopes: frozenset[str]
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInvitation:
    """`staff_id` is the person who has accepted, or who is there already and sets a new password."""

    merchant_id: str
    invitation_id: str
    email: str
    role: str
    language: str
    digest: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    staff_id: str | None = None
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """`ip_address` and `user_agent` are those of the sign-in."""

    merchant_id: str
    session_id: str
    staff_id: str
    digest: str
    ip_address: str | None
    user_agent: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
