"""Access of buyers to their orders: links, sessions and tokens, each as the digest of its secret.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buyer_access",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("access_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("created_by", sa.String(200)),
        sa.Column("opened_by", sa.String(36)),
        sa.Column("idle_by", Instant),
        sa.Column("used_at", Instant),
        sa.Column("ended_at", Instant),
        sa.PrimaryKeyConstraint("merchant_id", "access_id", name=op.f("pk_buyer_access")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.order_id"],
            name=op.f("fk_buyer_access_orders"),
        ),
        sa.UniqueConstraint("merchant_id", "digest", name=op.f("uq_buyer_access_merchant_id_digest")),
        sa.UniqueConstraint("merchant_id", "opened_by", name=op.f("uq_buyer_access_merchant_id_opened_by")),
        sa.CheckConstraint(
            "(kind = 'session') = (opened_by IS NOT NULL)", name=op.f("ck_buyer_access_session_of_a_link")
        ),
        sa.CheckConstraint("kind = 'link' OR used_at IS NULL", name=op.f("ck_buyer_access_only_links_are_used_up")),
    )
    op.create_index(
        op.f("ix_buyer_access_merchant_id_order_id_access_id"),
        "buyer_access",
        ["merchant_id", "order_id", "access_id"],
    )
    op.create_index(op.f("ix_buyer_access_expires_at"), "buyer_access", ["expires_at"])


def downgrade() -> None:
    op.drop_table("buyer_access")
