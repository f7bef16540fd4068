"""Breakers of refunds: a shop that decides too much in an hour or a day stops, and somebody is told.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_LIMITS = ("decisions_per_hour", "decisions_per_day", "amount_per_hour", "amount_per_day")


def upgrade() -> None:
    op.create_table(
        "refund_breakers",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in _LIMITS),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("reset_at", Instant),
        sa.CheckConstraint(
            " AND ".join(f"({name} IS NULL OR {name} >= 0)" for name in _LIMITS), name=op.f("ck_refund_breakers_limits")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_refund_breakers_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "currency", name=op.f("pk_refund_breakers")),
    )
    op.create_table(
        "refund_breaker_hours",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("hour_at", Instant, nullable=False),
        sa.Column("decisions", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.CheckConstraint("decisions >= 0 AND amount >= 0", name=op.f("ck_refund_breaker_hours_sums")),
        _its_breaker("refund_breaker_hours"),
        sa.PrimaryKeyConstraint("merchant_id", "currency", "hour_at", name=op.f("pk_refund_breaker_hours")),
    )
    _create_openings()
    _create_held_back()


def _its_breaker(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["merchant_id", "currency"],
        ["refund_breakers.merchant_id", "refund_breakers.currency"],
        name=op.f(f"fk_{table}_refund_breakers"),
    )


def _create_openings() -> None:
    op.create_table(
        "refund_breaker_openings",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("opening_id", sa.String(36), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("per", sa.String(40), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("allowed", sa.BigInteger, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("until_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("closed_by", sa.String(200)),
        sa.CheckConstraint("per IN ('hour', 'day')", name=op.f("ck_refund_breaker_openings_per")),
        sa.CheckConstraint("measure IN ('decisions', 'amount')", name=op.f("ck_refund_breaker_openings_measure")),
        sa.CheckConstraint(
            "closed_by IS NULL OR closed_at IS NOT NULL", name=op.f("ck_refund_breaker_openings_closed_when")
        ),
        _its_breaker("refund_breaker_openings"),
        sa.PrimaryKeyConstraint("merchant_id", "opening_id", name=op.f("pk_refund_breaker_openings")),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_refund_breaker_openings_open",
        "refund_breaker_openings",
        ["merchant_id", "currency"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_refund_breaker_openings_opened_at", "refund_breaker_openings", ["merchant_id", "currency", "opened_at"]
    )


def _create_held_back() -> None:
    op.create_table(
        "held_back_claims",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("held_at", Instant, nullable=False),
        sa.Column("wakes_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"],
            ["claims.merchant_id", "claims.claim_id"],
            name=op.f("fk_held_back_claims_claims"),
        ),
        _its_breaker("held_back_claims"),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", name=op.f("pk_held_back_claims")),
    )
    op.create_index(
        "ix_held_back_claims_currency", "held_back_claims", ["merchant_id", "currency", "held_at", "claim_id"]
    )
    is_timed = sa.text("wakes_at IS NOT NULL")
    op.create_index(
        "ix_held_back_claims_wakes_at",
        "held_back_claims",
        ["wakes_at"],
        sqlite_where=is_timed,
        postgresql_where=is_timed,
    )


def downgrade() -> None:
    for table in ("held_back_claims", "refund_breaker_openings", "refund_breaker_hours", "refund_breakers"):
        op.drop_table(table)
