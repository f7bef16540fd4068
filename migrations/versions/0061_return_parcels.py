"""Goods on their way back: return parcels, return numbers, return locations, and changes of dispositions.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_CLAIM = ["merchant_id", "claim_id"]


def upgrade() -> None:
    op.create_table(
        "return_numbers",
        _merchant(),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("return_number", sa.String(40), nullable=False),
        _of_claim("return_numbers"),
        sa.PrimaryKeyConstraint(*_CLAIM, name=op.f("pk_return_numbers")),
        sa.UniqueConstraint("merchant_id", "return_number", name=op.f("uq_return_numbers_merchant_id_return_number")),
    )
    _create_parcels()
    op.create_table(
        "return_locations",
        _merchant(),
        sa.Column("location_id", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        _of_merchant("return_locations"),
        sa.PrimaryKeyConstraint("merchant_id", "location_id", name=op.f("pk_return_locations")),
    )
    is_default = sa.text("is_default")
    op.create_index(
        "uq_return_locations_default",
        "return_locations",
        ["merchant_id"],
        unique=True,
        sqlite_where=is_default,
        postgresql_where=is_default,
    )
    op.create_table(
        "disposition_changes",
        _merchant(),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("change_id", sa.String(36), nullable=False),
        sa.Column("line_id", sa.String(200), nullable=False),
        sa.Column("units", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        _of_claim("disposition_changes"),
        sa.PrimaryKeyConstraint(*_CLAIM, "change_id", name=op.f("pk_disposition_changes")),
    )


def _create_parcels() -> None:
    op.create_table(
        "return_parcels",
        _merchant(),
        sa.Column("parcel_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36)),
        sa.Column("number", sa.Integer),
        sa.Column("way", sa.String(40)),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("carrier", sa.String(40)),
        sa.Column("tracking_number", sa.String(200)),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("destination", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("state_at", Instant, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("received_at", Instant),
        sa.Column("matched_at", Instant),
        sa.Column("matched_by", sa.String(200)),
        sa.Column("note", sa.Text),
        _of_merchant("return_parcels"),
        _of_claim("return_parcels"),
        _check("(claim_id IS NULL) = (number IS NULL)", "number_in_its_claim"),
        _check("claim_id IS NOT NULL OR state = 'received'", "came_or_was_announced"),
        _check("(state = 'received') = (received_at IS NOT NULL)", "received_at_an_instant"),
        _check("(matched_at IS NULL) = (matched_by IS NULL)", "matched_by_somebody"),
        _check("tracking_number IS NULL OR carrier IS NOT NULL", "number_of_a_carrier"),
        sa.PrimaryKeyConstraint("merchant_id", "parcel_id", name=op.f("pk_return_parcels")),
        sa.UniqueConstraint(*_CLAIM, "number", name=op.f("uq_return_parcels_merchant_id_claim_id_number")),
    )
    is_one = sa.text("tracking_number IS NOT NULL AND state <> 'cancelled'")
    op.create_index(
        "uq_return_parcels_tracking_number",
        "return_parcels",
        ["merchant_id", "tracking_number", "carrier"],
        unique=True,
        sqlite_where=is_one,
        postgresql_where=is_one,
    )
    unmatched = sa.text("claim_id IS NULL")
    op.create_index(
        "ix_return_parcels_unmatched",
        "return_parcels",
        ["merchant_id", "parcel_id"],
        sqlite_where=unmatched,
        postgresql_where=unmatched,
    )


def _merchant() -> sa.Column[str]:
    return sa.Column("merchant_id", sa.String(36), nullable=False)


def _check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_return_parcels_{name}"))


def _of_claim(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(_CLAIM, ["claims.merchant_id", "claims.claim_id"], name=op.f(f"fk_{table}_claims"))


def _of_merchant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f(f"fk_{table}_merchants"))


def downgrade() -> None:
    for table in ("disposition_changes", "return_locations", "return_parcels", "return_numbers"):
        op.drop_table(table)
