"""An event and its deliveries carry the span of the request that made the event, if spans are made.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("outbox", "deliveries"):
        online.add_column(table, sa.Column("traceparent", sa.Text))


def downgrade() -> None:
    for table in ("outbox", "deliveries"):
        op.drop_column(table, "traceparent")
