"""API keys, as they are stored, and what a key may do."""

from dataclasses import dataclass
from datetime import datetime
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
    AUDIT_READ = "audit:read"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    METRICS_READ = "metrics:read"
    TEST_READ = "test:read"
    TEST_WRITE = "test:write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    merchant_id: str
    key_id: str
    digest: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None = None
    mode: Mode = Mode.LIVE
