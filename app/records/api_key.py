"""API keys, as they are stored, and what a key may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.records.merchant import Mode


class Scope(StrEnum):
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    CLAIMS_READ = "claims:read"
    CLAIMS_WRITE = "claims:write"
    CLAIMS_DECIDE = "claims:decide"
    CLAIMS_OVERRIDE = "claims:override"
    REFUNDS_READ = "refunds:read"
    REFUNDS_WRITE = "refunds:write"
    POLICIES_READ = "policies:read"
    POLICIES_WRITE = "policies:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    EVENTS_READ = "events:read"
    BUYER_LINKS_WRITE = "buyer_links:write"
    API_KEYS_READ = "api_keys:read"
    API_KEYS_WRITE = "api_keys:write"
    AUDIT_READ = "audit:read"
    REPORTS_READ = "reports:read"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    PRIVACY_WRITE = "privacy:write"
    METRICS_READ = "metrics:read"
    TEST_READ = "test:read"
    TEST_WRITE = "test:write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many requests a key may send in a minute, and how many of them at once after a pause."""

    requests_per_minute: int
    burst: int

    def is_within(self, other: "RateLimit") -> bool:
        return self.requests_per_minute <= other.requests_per_minute and self.burst <= other.burst


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiKey:
    """What the maker of a key chooses. Without `expires_at` the key does not expire. Without `rate_limit` the key has
    the limit of the service."""

    name: str
    scopes: frozenset[str]
    expires_at: datetime | None = None
    rate_limit: RateLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """How a key is replaced. `overlap` is how long the old key works beside the new one. `expires_at` is of the new
    key."""

    overlap: timedelta
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """`merchant_id` is the live merchant, for a key for tests too. Every instant is of the system clock. `prefix` is
    how the key begins: None for a key that was made before prefixes were stored. `rotated_from` is the key that this
    one replaces."""

    merchant_id: str
    key_id: str
    digest: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None = None
    mode: Mode = Mode.LIVE
    prefix: str | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    rotated_from: str | None = None
    rate_limit: RateLimit | None = None
    """None is the limit of the service."""

    def is_active(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
