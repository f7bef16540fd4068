"""Access to the data of the examples: entries of the audit trail."""

from datetime import datetime

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
