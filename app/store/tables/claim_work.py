"""Tables of the shop's own work on claims: whose a claim is, who has seen it, until when it sleeps, and its tags."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Table

from app.store.tables.schema import ID, NAME, WORD, metadata, partial_index
from app.store.types import Instant

_ITS_CLAIM = (["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"])
claim_work = Table(
    "claim_work",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("assignee", ID),
    Column("seen_at", Instant),
    Column("seen_by", NAME),
    Column("snoozed_until_at", Instant),
    ForeignKeyConstraint(*_ITS_CLAIM),
    ForeignKeyConstraint(["merchant_id", "assignee"], ["staff.merchant_id", "staff.staff_id"]),
    CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen_by_somebody"),
    partial_index("ix_claim_work_assignee", "merchant_id", "assignee", "claim_id", where="assignee IS NOT NULL"),
)

claim_tags = Table(
    "claim_tags",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("tag", WORD, primary_key=True),
    ForeignKeyConstraint(*_ITS_CLAIM),
    CheckConstraint("tag <> ''", name="tag_has_letters"),
    Index("ix_claim_tags_tag", "merchant_id", "tag", "claim_id"),
)
