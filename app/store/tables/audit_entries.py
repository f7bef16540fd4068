"""The table of the audit trail. Triggers keep its rows as they are."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from app.store.tables.schema import ID, NAME, WORD, metadata
from app.store.types import Instant

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("entry_id", ID, primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("action", WORD, nullable=False),
    Column("actor_kind", WORD, nullable=False),
    Column("actor_id", ID),
    Column("actor_name", NAME, nullable=False),
    Column("ip_address", String(64)),
    Column("subject", WORD, nullable=False),
    Column("subject_id", NAME, nullable=False),
    Column("changes", Text, nullable=False),
    CheckConstraint("actor_kind IN ('api_key', 'staff', 'operator', 'system')", name="actor_kind"),
    CheckConstraint("(actor_id IS NOT NULL) = (actor_kind IN ('api_key', 'staff'))", name="actor_is_known"),
    Index("ix_audit_entries_created_at", "merchant_id", "created_at", "entry_id"),
    Index("ix_audit_entries_action", "merchant_id", "action", "created_at", "entry_id"),
    Index("ix_audit_entries_actor_id", "merchant_id", "actor_id", "created_at", "entry_id"),
    Index("ix_audit_entries_subject_id", "merchant_id", "subject_id", "created_at", "entry_id"),
)
