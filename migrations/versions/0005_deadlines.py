"""When the service acts by itself, the plans of an order before it ships, and changes of address.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AWAKE = sa.text("wakes_at IS NOT NULL")
_WATCHED = ("claims", "orders", "refunds")
_ADDED = {
    "orders": ("ready_to_ship_at", "delay_reason", "version", "alerted", "wakes_at"),
    "order_lines": ("deliver_on",),
    "claims": ("wakes_at",),
    "refunds": ("time_zone", "overdue_at", "wakes_at"),
}

# Whatever wakes too early is looked at once and sleeps on. Orders that are not due to ship are left alone.
_WAKEN = (
    "UPDATE claims SET wakes_at = due_at WHERE due_at IS NOT NULL",
    "UPDATE refunds SET wakes_at = due_by WHERE status <> 'succeeded' AND due_by IS NOT NULL",
    "UPDATE orders SET wakes_at = created_at WHERE expected_ship_on IS NOT NULL",
)


def upgrade() -> None:
    op.add_column("orders", sa.Column("ready_to_ship_at", Instant(), nullable=True))
    op.add_column("orders", sa.Column("delay_reason", sa.String(length=40), nullable=True))
    op.add_column("orders", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("orders", sa.Column("alerted", sa.String(length=40), nullable=True))
    op.add_column("order_lines", sa.Column("deliver_on", sa.Date(), nullable=True))
    op.add_column("refunds", sa.Column("time_zone", sa.String(length=40), nullable=False, server_default="UTC"))
    op.add_column("refunds", sa.Column("overdue_at", Instant(), nullable=True))
    for table in _WATCHED:
        op.add_column(table, sa.Column("wakes_at", Instant(), nullable=True))
        op.create_index(f"ix_{table}_wakes_at", table, ["wakes_at"], sqlite_where=_AWAKE, postgresql_where=_AWAKE)
    for statement in _WAKEN:
        op.execute(statement)
    _create_address_changes()


def _create_address_changes() -> None:
    op.create_table(
        "address_changes",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(status = 'requested') = (decided_at IS NULL)", name=op.f("ck_address_changes_decided_once")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (reason IS NOT NULL)", name=op.f("ck_address_changes_refused_for_a_reason")
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR address IS NULL", name=op.f("ck_address_changes_address_only_while_needed")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.order_id"],
            name=op.f("fk_address_changes_orders"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "change_id", name=op.f("pk_address_changes")),
    )
    open_ = sa.text("status = 'requested'")
    op.create_index(
        "uq_address_changes_open",
        "address_changes",
        ["merchant_id", "order_id"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )


def downgrade() -> None:
    op.drop_table("address_changes")
    for table in _WATCHED:
        op.drop_index(f"ix_{table}_wakes_at", table_name=table)
    for table, names in _ADDED.items():
        for name in names:
            op.drop_column(table, name)
