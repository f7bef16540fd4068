"""Endpoints of merchants: their URLs, event types and health."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSecret:
    """`expires_at` is None for the present secret, and set for a replaced secret that still signs."""

    secret: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Empty `types` are all types. `rate_limit` is in deliveries a second. `signing_key` is an ed25519 key, for
    consumers that verify signatures with a public key. `missed_from_at`: the endpoint was disabled from this instant
    on, and nobody has replayed the events since."""

    merchant_id: str
    endpoint_id: str
    url: str
    description: str | None
    types: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    secrets: tuple[StoredSecret, ...] = ()
    signing_key: str | None = None
    rate_limit: int | None = None
    paced_until: datetime | None = None
    paused: bool = False
    failing_since: datetime | None = None
    warned_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None
    deleted_at: datetime | None = None
    missed_from_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1

    def wants(self, event_type: str) -> bool:
        return not self.types or event_type in self.types
