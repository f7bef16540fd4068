"""An index for the figures of delays.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_NOTICES = sa.text("event = 'order.delayed' AND audience = 'buyer'")


def upgrade() -> None:
    with online.after_commit():
        online.create_index(
            "ix_messages_delays",
            "messages",
            ["merchant_id", "created_at", "order_id"],
            sqlite_where=_NOTICES,
            postgresql_where=_NOTICES,
        )


def downgrade() -> None:
    op.drop_index("ix_messages_delays", "messages")
