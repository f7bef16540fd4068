"""Endpoints, the feed of all events, and the deliveries to endpoints.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PENDING = sa.text("status = 'pending'")
_EXHAUSTED = sa.text("status = 'exhausted'")


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_merchant_id_claim_id_seq"), "outbox", ["merchant_id", "claim_id", "seq"])
    _endpoints()
    _feed()
    _deliveries()
    op.execute(
        "INSERT INTO feed_heads (merchant_id, position, told_at) SELECT merchant_id, 0, created_at FROM merchants"
    )


def _endpoints() -> None:
    op.create_table(
        "endpoints",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("endpoint_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("signing_key", sa.Text(), nullable=True),
        sa.Column("rate_limit", sa.Integer(), nullable=True),
        sa.Column("paced_until", Instant(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("warned_at", Instant(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("disabled_reason", sa.String(length=40), nullable=True),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate_limit IS NULL OR rate_limit > 0", name=op.f("ck_endpoints_rate_limit")),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_reason IS NULL)", name=op.f("ck_endpoints_disabled_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_endpoints_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "endpoint_id", name=op.f("pk_endpoints")),
    )


def _feed() -> None:
    op.create_table(
        "feed_heads",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_feed_heads_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_feed_heads")),
    )
    op.create_table(
        "feed",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_feed_position")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_feed_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "position", name=op.f("pk_feed")),
        sa.UniqueConstraint("merchant_id", "event_id", name=op.f("uq_feed_merchant_id_event_id")),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("delivery_id", sa.String(length=36), nullable=False),
        sa.Column("endpoint_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.CheckConstraint("tries BETWEEN 0 AND attempts", name=op.f("ck_deliveries_tries")),
        sa.CheckConstraint(
            "(status = 'pending') = (next_at IS NOT NULL)", name=op.f("ck_deliveries_due_while_pending")
        ),
        sa.CheckConstraint(
            "(status = 'delivered') = (delivered_at IS NOT NULL)",
            name=op.f("ck_deliveries_delivered_at_an_instant"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "endpoint_id"],
            ["endpoints.merchant_id", "endpoints.endpoint_id"],
            name=op.f("fk_deliveries_endpoints"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "position"], ["feed.merchant_id", "feed.position"], name=op.f("fk_deliveries_feed")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "delivery_id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "merchant_id", "endpoint_id", "event_id", name=op.f("uq_deliveries_merchant_id_endpoint_id_event_id")
        ),
    )
    due = ["merchant_id", "endpoint_id", "next_at", "position"]
    op.create_index("ix_deliveries_due", "deliveries", due, postgresql_where=_PENDING, sqlite_where=_PENDING)
    listed = ["merchant_id", "endpoint_id", "event_id"]
    op.create_index(
        "ix_deliveries_exhausted", "deliveries", listed, postgresql_where=_EXHAUSTED, sqlite_where=_EXHAUSTED
    )
    op.create_table(
        "attempts",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("delivery_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_attempts_number")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "delivery_id"],
            ["deliveries.merchant_id", "deliveries.delivery_id"],
            name=op.f("fk_attempts_deliveries"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "delivery_id", "number", name=op.f("pk_attempts")),
    )


def downgrade() -> None:
    for table in ("attempts", "deliveries", "feed", "feed_heads", "endpoints"):
        op.drop_table(table)
    op.drop_index(op.f("ix_outbox_merchant_id_claim_id_seq"), table_name="outbox")
