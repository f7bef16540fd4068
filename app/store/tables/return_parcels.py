"""Tables of goods on their way back. A tracking number is of one parcel, and a return number of one claim."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.store.tables.schema import ID, NAME, WORD, metadata, partial_index
from app.store.types import Instant

_ITS_CLAIM = (["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"])
_IS_DEFAULT = text("is_default")
_IS_ONE = text("tracking_number IS NOT NULL AND state <> 'cancelled'")

return_numbers = Table(
    "return_numbers",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("return_number", WORD, nullable=False),
    ForeignKeyConstraint(*_ITS_CLAIM),
    UniqueConstraint("merchant_id", "return_number"),
)

return_parcels = Table(
    "return_parcels",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("parcel_id", ID, primary_key=True),
    Column("claim_id", ID),
    Column("number", Integer),
    Column("way", WORD),
    Column("state", WORD, nullable=False),
    Column("carrier", WORD),
    Column("tracking_number", NAME),
    Column("lines", Text, nullable=False),
    Column("destination", Text),
    Column("created_at", Instant, nullable=False),
    Column("state_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("received_at", Instant),
    Column("matched_at", Instant),
    Column("matched_by", NAME),
    Column("note", Text),
    ForeignKeyConstraint(*_ITS_CLAIM),
    CheckConstraint("(claim_id IS NULL) = (number IS NULL)", name="number_in_its_claim"),
    CheckConstraint("claim_id IS NOT NULL OR state = 'received'", name="came_or_was_announced"),
    CheckConstraint("(state = 'received') = (received_at IS NOT NULL)", name="received_at_an_instant"),
    CheckConstraint("(matched_at IS NULL) = (matched_by IS NULL)", name="matched_by_somebody"),
    CheckConstraint("tracking_number IS NULL OR carrier IS NOT NULL", name="number_of_a_carrier"),
    UniqueConstraint("merchant_id", "claim_id", "number"),
    Index(
        "uq_return_parcels_tracking_number",
        "merchant_id",
        "tracking_number",
        "carrier",
        unique=True,
        sqlite_where=_IS_ONE,
        postgresql_where=_IS_ONE,
    ),
    partial_index("ix_return_parcels_unmatched", "merchant_id", "parcel_id", where="claim_id IS NULL"),
)

return_locations = Table(
    "return_locations",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("location_id", NAME, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("details", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index(
        "uq_return_locations_default",
        "merchant_id",
        unique=True,
        sqlite_where=_IS_DEFAULT,
        postgresql_where=_IS_DEFAULT,
    ),
)

disposition_changes = Table(
    "disposition_changes",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("change_id", ID, primary_key=True),
    Column("line_id", NAME, nullable=False),
    Column("units", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_by", NAME, nullable=False),
    Column("changed_at", Instant, nullable=False),
    ForeignKeyConstraint(*_ITS_CLAIM),
)
