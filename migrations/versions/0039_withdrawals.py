"""Buyers withdraw from contracts, and a message may be about a withdrawal without an order.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_TABLES = ("withdrawals", "withdrawal_claims")
_DECLARED = (
    *("merchant_id", "withdrawal_id", "order_number", "lines", "language", "channel"),
    *("declared_at", "received_at", "hash"),
)
"""What nobody may change. A name, an address and words of a person can be erased: the hash stays."""
_TIMED = sa.text("wakes_at IS NOT NULL")
_IS_ABOUT_SOMETHING = "order_id IS NOT NULL OR withdrawal_id IS NOT NULL"


def upgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("withdrawals"):
        _create_withdrawals()
        _create_withdrawal_claims()
        _keep_rows()
    if not online.is_postgres():
        _alter_messages_on_sqlite()
        return
    online.add_column("messages", sa.Column("withdrawal_id", sa.String(36)))
    op.alter_column("messages", "order_id", nullable=True)
    for name, rule in (
        ("ck_messages_about_something", f"CHECK ({_IS_ABOUT_SOMETHING})"),
        (
            "fk_messages_withdrawals",
            "FOREIGN KEY (merchant_id, withdrawal_id) REFERENCES withdrawals (merchant_id, withdrawal_id)",
        ),
    ):
        op.execute(f"ALTER TABLE messages DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE messages ADD CONSTRAINT {name} {rule} NOT VALID")
    with online.after_commit():
        online.validate("messages", "ck_messages_about_something", "fk_messages_withdrawals")


def _create_withdrawals() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("withdrawal_id", sa.String(36), nullable=False),
        sa.Column("order_number", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("goods", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("declared_at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("order_id", sa.String(200)),
        sa.Column("refusals", sa.Text, nullable=False),
        sa.Column("repeats", sa.String(36)),
        sa.Column("decided_at", Instant),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("closing_reason", sa.Text),
        sa.Column("wakes_at", Instant),
        sa.CheckConstraint(
            "(status = 'matched') = (order_id IS NOT NULL)", name=op.f("ck_withdrawals_matched_with_an_order")
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closing_reason IS NOT NULL)", name=op.f("ck_withdrawals_closed_for_a_reason")
        ),
        sa.CheckConstraint(
            "(status = 'received') = (wakes_at IS NOT NULL)", name=op.f("ck_withdrawals_received_until_looked_at")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_withdrawals_merchants")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f("fk_withdrawals_orders")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "withdrawal_id", name=op.f("pk_withdrawals")),
    )
    op.create_index(op.f("ix_withdrawals_merchant_id_order_id"), "withdrawals", ["merchant_id", "order_id"])
    op.create_index("ix_withdrawals_status", "withdrawals", ["merchant_id", "status", "withdrawal_id"])
    op.create_index(
        "ix_withdrawals_wakes_at", "withdrawals", ["wakes_at"], sqlite_where=_TIMED, postgresql_where=_TIMED
    )


def _create_withdrawal_claims() -> None:
    op.create_table(
        "withdrawal_claims",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("withdrawal_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "withdrawal_id"],
            ["withdrawals.merchant_id", "withdrawals.withdrawal_id"],
            name=op.f("fk_withdrawal_claims_withdrawals"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"],
            ["claims.merchant_id", "claims.claim_id"],
            name=op.f("fk_withdrawal_claims_claims"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "withdrawal_id", "kind", name=op.f("pk_withdrawal_claims")),
        sa.UniqueConstraint("merchant_id", "claim_id", name=op.f("uq_withdrawal_claims_merchant_id_claim_id")),
    )


def _keep_rows() -> None:
    if not online.is_postgres():
        for table, name, verb in (
            ("withdrawals", "kept", "DELETE"),
            ("withdrawals", "immutable", f"UPDATE OF {', '.join(_DECLARED)}"),
            ("withdrawal_claims", "kept", "DELETE"),
            ("withdrawal_claims", "immutable", "UPDATE"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'the rows of {table} are kept as they are'); END"
            )
        return
    for table, verb in (
        ("withdrawals", f"DELETE OR UPDATE OF {', '.join(_DECLARED)}"),
        ("withdrawal_claims", "UPDATE OR DELETE"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION rows_are_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION rows_are_kept()"
        )


def _alter_messages_on_sqlite() -> None:
    """SQLite lets go of NOT NULL only in a copy of the table."""
    with op.batch_alter_table("messages") as messages:
        messages.alter_column("order_id", existing_type=sa.String(200), nullable=True)
        messages.add_column(sa.Column("withdrawal_id", sa.String(36)))
        messages.create_check_constraint(op.f("ck_messages_about_something"), sa.text(_IS_ABOUT_SOMETHING))
        messages.create_foreign_key(
            op.f("fk_messages_withdrawals"),
            "withdrawals",
            ["merchant_id", "withdrawal_id"],
            ["merchant_id", "withdrawal_id"],
        )


def downgrade() -> None:
    """Messages about withdrawals go: no order has them."""
    op.execute("DELETE FROM messages WHERE order_id IS NULL")
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint(op.f("fk_messages_withdrawals"), type_="foreignkey")
        messages.drop_constraint(op.f("ck_messages_about_something"), type_="check")
        messages.drop_column("withdrawal_id")
        messages.alter_column("order_id", existing_type=sa.String(200), nullable=False)
    for table in reversed(_TABLES):
        op.drop_table(table)
