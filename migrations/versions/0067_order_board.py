"""The board of orders: what must be shipped, in the order of the ship dates, and what was wanted by a day.

An order that an older service writes meanwhile counts as one to ship: the board looks at the lines too.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_INDEXES: tuple[tuple[str, str, list[str | sa.TextClause], str], ...] = (
    (
        "ix_orders_to_ship",
        "orders",
        ["merchant_id", "expected_ship_on", "created_at", "order_id"],
        "to_ship = true",
    ),
    (
        "ix_orders_wanted",
        "orders",
        ["merchant_id", "wanted_first_on", "created_at", "order_id"],
        "to_ship = true AND wanted_first_on IS NOT NULL",
    ),
    (
        "ix_shipments_silent",
        "shipments",
        ["merchant_id", "carrier_silent_at", "order_id"],
        "carrier_silent_at IS NOT NULL AND delivered_at IS NULL",
    ),
    (
        "ix_claims_cancellations",
        "claims",
        ["merchant_id", "requested_at", "order_id"],
        "kind = 'cancel' AND turn IS NOT NULL",
    ),
)
_OF_ORDER = "line.merchant_id = orders.merchant_id AND line.order_id = orders.order_id"
_TO_SHIP = f"""
    UPDATE orders SET to_ship = paid_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM order_lines line
         WHERE {_OF_ORDER} AND line.quantity - line.cancelled - line.changed - line.shipped > 0
    ) WHERE {{span}}
"""  # noqa: S608 # names of our own
_WANTED = f"""
    UPDATE orders SET wanted_first_on = (
        SELECT min(wanted.day_on) FROM (
            SELECT orders.wanted_on AS day_on
            UNION ALL
            SELECT line.deliver_on FROM order_lines line
             WHERE {_OF_ORDER} AND line.delivered < line.quantity - line.cancelled - line.changed
        ) wanted
    ) WHERE to_ship = true AND {{span}}
"""  # noqa: S608 # names of our own


def upgrade() -> None:
    online.add_column("orders", sa.Column("to_ship", sa.Boolean, nullable=False, server_default=sa.true()))
    online.add_column("orders", sa.Column("wanted_first_on", sa.Date))
    with online.after_commit():
        for sql in (_TO_SHIP, _WANTED):
            online.in_batches("orders", ("merchant_id", "order_id"), sql)
        for name, table, columns, some in _INDEXES:
            online.create_index(name, table, columns, sqlite_where=sa.text(some), postgresql_where=sa.text(some))


def downgrade() -> None:
    for name, table, *_ in reversed(_INDEXES):
        op.drop_index(name, table)
    op.drop_column("orders", "wanted_first_on")
    op.drop_column("orders", "to_ship")
