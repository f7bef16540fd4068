"""The shop's own work on claims: assignees, marks of what was seen, snoozes and tags.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    claim = ["merchant_id", "claim_id"]
    op.create_table(
        "claim_work",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("assignee", sa.String(36)),
        sa.Column("seen_at", Instant),
        sa.Column("seen_by", sa.String(200)),
        sa.Column("snoozed_until_at", Instant),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name=op.f("ck_claim_work_seen_by_somebody")),
        sa.ForeignKeyConstraint(claim, ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_claim_work_claims")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "assignee"], ["staff.merchant_id", "staff.staff_id"], name=op.f("fk_claim_work_staff")
        ),
        sa.PrimaryKeyConstraint(*claim, name=op.f("pk_claim_work")),
    )
    some = sa.text("assignee IS NOT NULL")
    by_assignee = ["merchant_id", "assignee", "claim_id"]
    op.create_index("ix_claim_work_assignee", "claim_work", by_assignee, sqlite_where=some, postgresql_where=some)
    op.create_table(
        "claim_tags",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.CheckConstraint("tag <> ''", name=op.f("ck_claim_tags_tag_has_letters")),
        sa.ForeignKeyConstraint(claim, ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_claim_tags_claims")),
        sa.PrimaryKeyConstraint(*claim, "tag", name=op.f("pk_claim_tags")),
    )
    op.create_index("ix_claim_tags_tag", "claim_tags", ["merchant_id", "tag", "claim_id"])


def downgrade() -> None:
    op.drop_table("claim_tags")
    op.drop_table("claim_work")
