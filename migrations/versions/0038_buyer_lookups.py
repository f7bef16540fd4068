"""Look-ups of buyers who have no link: what waits for the worker, and how often each was tried in an hour.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.add_column("buyers", sa.Column("phone_ending", sa.String(40)))
    op.create_table(
        "buyer_lookups",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("lookup_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("email_digest", sa.String(64)),
        sa.Column("phone_ending", sa.String(4)),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "lookup_id", name=op.f("pk_buyer_lookups")),
        sa.CheckConstraint("(email_digest IS NULL) <> (phone_ending IS NULL)", name=op.f("ck_buyer_lookups_one_proof")),
    )
    op.create_index(op.f("ix_buyer_lookups_created_at"), "buyer_lookups", ["created_at"])
    op.create_table(
        "lookup_counts",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("counted", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hour_at", Instant, nullable=False),
        sa.Column("lookups", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "counted", "digest", "hour_at", name=op.f("pk_lookup_counts")),
    )
    op.create_index(op.f("ix_lookup_counts_hour_at"), "lookup_counts", ["hour_at"])


def downgrade() -> None:
    op.drop_table("lookup_counts")
    op.drop_table("buyer_lookups")
    op.drop_column("buyers", "phone_ending")
