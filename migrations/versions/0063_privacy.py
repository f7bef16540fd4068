"""Buyers' data is erased on request and after its time of keeping, unless a legal hold stops the erasure.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_TIMED = sa.text("wakes_at IS NOT NULL")


def _its_order(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f(f"fk_{table}_orders")
    )


def upgrade() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", Instant, nullable=False),
        _its_order("legal_holds"),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", name=op.f("pk_legal_holds")),
    )
    op.create_table(
        "buyer_erasures",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("asked_by", sa.String(200)),
        sa.Column("unneeded_erased_at", Instant),
        sa.Column("dispute_erased_at", Instant),
        sa.Column("contract_erased_at", Instant),
        sa.Column("wakes_at", Instant),
        sa.CheckConstraint(
            "(wakes_at IS NULL) = (unneeded_erased_at IS NOT NULL AND dispute_erased_at IS NOT NULL"
            " AND contract_erased_at IS NOT NULL)",
            name=op.f("ck_buyer_erasures_wakes_until_all_is_erased"),
        ),
        _its_order("buyer_erasures"),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", name=op.f("pk_buyer_erasures")),
    )
    op.create_index(
        "ix_buyer_erasures_wakes_at", "buyer_erasures", ["wakes_at"], sqlite_where=_TIMED, postgresql_where=_TIMED
    )


def downgrade() -> None:
    op.drop_table("buyer_erasures")
    op.drop_table("legal_holds")
