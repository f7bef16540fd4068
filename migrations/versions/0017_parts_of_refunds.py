"""A refund is paid in parts, and by another way if its payment cannot take money back.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_METHODS = ("virtual_account", "bank_transfer", "konbini", "cash_on_delivery")


def upgrade() -> None:
    """A refund that has succeeded was paid in one part."""
    for table in ("payments", "refunds"):
        online.add_column(table, sa.Column("refund_to", sa.String(40), nullable=False, server_default="source"))
    online.add_column("refunds", sa.Column("failed_at", Instant))
    check = "paid = 0 OR paid BETWEEN 1 AND amount"
    online.add_checked_column("refunds", "paid", "BIGINT DEFAULT '0' NOT NULL", "ck_refunds_paid_once", check)
    op.create_table(
        "refund_parts",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("refund_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", Instant, nullable=False),
        sa.Column("provider_reference", sa.String(200)),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_parts_amount")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "refund_id"],
            ["refunds.merchant_id", "refunds.refund_id"],
            name=op.f("fk_refund_parts_refunds"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "refund_id", "position", name=op.f("pk_refund_parts")),
        sa.UniqueConstraint(
            "merchant_id", "method", "provider_reference", name=op.f("uq_refund_parts_provider_reference")
        ),
        if_not_exists=True,
    )
    with online.after_commit():
        online.validate("refunds", "ck_refunds_paid_once")
        _fill_in()


def _fill_in() -> None:
    payments, refunds = ("merchant_id", "order_id", "payment_id"), ("merchant_id", "refund_id")
    for table, key in (("payments", payments), ("refunds", refunds)):
        methods = ", ".join(f"'{method}'" for method in _METHODS)
        sql = f"UPDATE {table} SET refund_to = 'account' WHERE method IN ({methods}) AND {{span}}"  # noqa: S608 # ours
        online.in_batches(table, key, sql)
    for sql in (
        "UPDATE refunds SET paid = amount WHERE status = 'succeeded' AND {span}",
        "UPDATE refunds SET failed_at = updated_at WHERE status = 'failed' AND {span}",
        (
            "INSERT INTO refund_parts (merchant_id, refund_id, position, method, amount, paid_at, provider_reference)"
            " SELECT merchant_id, refund_id, 0, method, amount, coalesce(updated_at, created_at), provider_reference"
            " FROM refunds WHERE status = 'succeeded' AND {span} ON CONFLICT DO NOTHING"
        ),
    ):
        online.in_batches("refunds", refunds, sql)


def downgrade() -> None:
    """What a refund was paid by, other than its payment, is lost."""
    op.drop_table("refund_parts")
    with op.batch_alter_table("refunds") as refunds:  # SQLite drops a column only without its checks
        refunds.drop_constraint(op.f("ck_refunds_paid_once"), type_="check")
        for column in ("paid", "failed_at", "refund_to"):
            refunds.drop_column(column)
    op.drop_column("payments", "refund_to")
