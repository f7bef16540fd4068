"""An index of the refunds that are left to pay, by their last instant. An index that is there already is kept.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("status IN ('failed', 'pending', 'processing', 'unknown')")
    columns: list[str | sa.TextClause] = ["merchant_id", sa.text("coalesce(due_by, created_at)"), "refund_id"]
    with online.after_commit():
        online.create_index("ix_refunds_to_pay", "refunds", columns, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    op.drop_index("ix_refunds_to_pay", "refunds")
