"""Access to the data of the examples: a key, and an entry of the audit trail."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.records.api_key import ApiKey, RateLimit
from app.records.audit_entry import AuditAction, AuditActor, AuditActorKind, AuditChange, AuditEntry

_NOW = datetime.fromisoformat("2026-06-02T09:30:00+09:00")
ENTRY = AuditEntry(
    merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
    entry_id="0198c2aa-1f00-7b11-8a22-3c44d5e6f708",
    created_at=_NOW,
    action=AuditAction.API_KEY_CREATED,
    actor=AuditActor(kind=AuditActorKind.OPERATOR, name="minji"),
    subject_id="0198c2aa-1eff-7c00-9d11-2b33c4d5e6f7",
    changes={
        "name": AuditChange(before=None, after="storefront"),
        "mode": AuditChange(before=None, after="live"),
        "scopes": AuditChange(before=None, after=["claims:read", "orders:write"]),
    },
)
KEY = ApiKey(
    merchant_id=ENTRY.merchant_id,
    key_id=ENTRY.subject_id,
    digest="",
    name="storefront",
    scopes=frozenset({"claims:read", "orders:write"}),
    created_at=_NOW,
    prefix="rk_0198b0a433c17d5e8f102c4d6e8fa0b2_Zr8T",
    last_used_at=_NOW + timedelta(days=7),
)
SECRET = "rk_0198b0a433c17d5e8f102c4d6e8fa0b2_Zr8TExampleOfASecretThatNoServiceAccepts0"
_ROTATED_AT = _NOW + timedelta(days=30)
ROTATED = replace(
    KEY,
    key_id="0198c3ff-2e11-7d22-8b33-4c55d6e7f809",
    created_at=_ROTATED_AT,
    prefix="rk_0198b0a433c17d5e8f102c4d6e8fa0b2_q0Lx",
    last_used_at=None,
    rotated_from=KEY.key_id,
)
ROTATED_SECRET = "rk_0198b0a433c17d5e8f102c4d6e8fa0b2_q0LxExampleOfASecretThatNoServiceAccepts0"
LIMITED = replace(KEY, rate_limit=RateLimit(requests_per_minute=600, burst=50))
REVOKED = replace(KEY, revoked_at=_ROTATED_AT)
