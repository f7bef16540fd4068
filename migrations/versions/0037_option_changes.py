"""Buyers ask for another option before the shipping. The units that got one have a line of their own.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_CHANGED_ONCE = (
    "changed = 0 OR (changed > 0 AND shipped + cancelled + changed <= quantity"
    " AND open_cancel + open_other + cancelled + returned + exchanged + refunded + changed <= quantity)"
)
_CHANGING_IS_FREE = (
    "changing = 0 OR (changing > 0 AND shipped + open_cancel + cancelled + changed + changing <= quantity)"
)
_OPEN = sa.text("status IN ('requested', 'awaiting_payment')")


def upgrade() -> None:
    online.add_column("order_lines", sa.Column("option_change", sa.String(36)))
    number = "INTEGER DEFAULT '0' NOT NULL"
    online.add_checked_column("order_lines", "changed", number, "ck_order_lines_changed_once", _CHANGED_ONCE)
    online.add_checked_column("order_lines", "changing", number, "ck_order_lines_changing_is_free", _CHANGING_IS_FREE)
    _make_option_changes()
    with online.after_commit():
        online.validate("order_lines", "ck_order_lines_changed_once", "ck_order_lines_changing_is_free")


def _make_option_changes() -> None:
    op.create_table(
        "option_changes",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("change_id", sa.String(36), nullable=False),
        sa.Column("line_id", sa.String(200), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("sku", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200)),
        sa.Column("unit_price", sa.BigInteger),
        sa.Column("difference", sa.BigInteger, nullable=False),
        sa.Column("payment_id", sa.String(200)),
        sa.Column("note", sa.Text),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("overtaken_by", sa.String(40)),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("decided_at", Instant),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "change_id", name=op.f("pk_option_changes")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.order_id"],
            name=op.f("fk_option_changes_orders"),
        ),
        *(sa.CheckConstraint(check, name=op.f(f"ck_option_changes_{name}")) for name, check in _CHECKS.items()),
        if_not_exists=True,
    )
    key = ["merchant_id", "order_id", "line_id"]
    op.create_index(
        "uq_option_changes_open",
        "option_changes",
        key,
        unique=True,
        if_not_exists=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


_CHECKS = {
    "amounts": "quantity >= 1 AND unit_price >= 0 AND difference >= 0",
    "paid_and_accepted": "payment_id IS NULL OR status = 'accepted'",
    "only_a_difference_is_paid": "difference > 0 OR (payment_id IS NULL AND status <> 'awaiting_payment')",
    "decided_once": f"({_OPEN.text}) = (decided_at IS NULL)",
    "refused_for_a_reason": "(status = 'refused') = (reason IS NOT NULL)",
    "overtaken_by_something": "(status = 'overtaken') = (overtaken_by IS NOT NULL)",
}


def downgrade() -> None:
    """Lines that a change of option has made stay lines of the order."""
    op.drop_table("option_changes")
    for column in ("changing", "changed", "option_change"):  # each check goes with its column
        op.drop_column("order_lines", column)
