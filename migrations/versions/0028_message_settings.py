"""Merchants switch off messages, and get a digest.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    online.add_column("shops", sa.Column("message_settings", sa.Text))
    online.add_column("messages", sa.Column("digest_at", Instant))
    with online.after_commit():
        online.create_index(
            "ix_messages_digest_at", "messages", ["digest_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
        )


def downgrade() -> None:
    """A message that waits for a digest, or is in one, is left to the storefront. A digest goes: no order has it."""
    op.execute("DELETE FROM messages WHERE event = 'digest'")
    op.execute("UPDATE messages SET status = 'left_to_storefront' WHERE status IN ('waiting', 'merged')")
    op.drop_index("ix_messages_digest_at", "messages")
    op.drop_column("messages", "digest_at")
    op.drop_column("shops", "message_settings")
