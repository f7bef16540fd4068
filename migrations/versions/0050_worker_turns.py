"""Workers store when each of their loops has last turned, so that a dead worker is seen.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker_turns",
        sa.Column("worker_id", sa.String(36), nullable=False),
        sa.Column("loop", sa.String(40), nullable=False),
        sa.Column("turned_at", Instant, nullable=False),
        sa.Column("seconds_max", sa.Integer, nullable=False),
        sa.CheckConstraint("seconds_max > 0", name=op.f("ck_worker_turns_seconds_max")),
        sa.PrimaryKeyConstraint("worker_id", "loop", name=op.f("pk_worker_turns")),
    )


def downgrade() -> None:
    op.drop_table("worker_turns")
