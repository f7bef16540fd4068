"""Tables of rules: the draft of a seller, the versions, and the claims on which the rules were tried.

A claim has the rules tried on it once, whatever happens at the same moment.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Integer, Table, Text

from app.store.tables.schema import ID, NAME, WORD, metadata
from app.store.types import Instant

rule_drafts = Table(
    "rule_drafts",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("rules", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", NAME, nullable=False),
)

rule_sets = Table(
    "rule_sets",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("rules", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", NAME, nullable=False),
    Column("holder_kind", WORD, nullable=False),
    Column("holder_id", ID, nullable=False),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("holder_kind IN ('staff', 'api_key')", name="holder_kind"),
)

rule_runs = Table(
    "rule_runs",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("decided_by", WORD),
    Column("ran_at", Instant, nullable=False),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    ForeignKeyConstraint(["merchant_id", "version"], ["rule_sets.merchant_id", "rule_sets.version"]),
)
