"""The audit trail has who changed what about the access to a merchant, and from where.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_IS_ERASED = "EXISTS (SELECT 1 FROM merchants WHERE merchant_id = OLD.merchant_id AND erased_at IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor_kind", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(36)),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("ip_address", sa.String(64)),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('api_key', 'staff', 'operator', 'system')", name=op.f("ck_audit_entries_actor_kind")
        ),
        sa.CheckConstraint(
            "(actor_id IS NOT NULL) = (actor_kind IN ('api_key', 'staff'))",
            name=op.f("ck_audit_entries_actor_is_known"),
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_audit_entries_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "entry_id", name=op.f("pk_audit_entries")),
    )
    for column in ("created_at", "action", "actor_id", "subject_id"):
        place = [each for each in ("created_at", "entry_id") if each != column]
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", ["merchant_id", column, *place])
    _keep_rows()


def _keep_rows() -> None:
    if not online.is_postgres():
        for name, when in (
            ("kept", f"DELETE ON audit_entries WHEN NOT {_IS_ERASED}"),
            ("immutable", "UPDATE ON audit_entries"),
        ):
            op.execute(
                f"CREATE TRIGGER audit_entries_{name} BEFORE {when}"
                " BEGIN SELECT RAISE(ABORT, 'the rows of audit_entries are kept as they are'); END"
            )
        return
    for name, verb, each in (("kept", "DELETE OR UPDATE", "ROW"), ("not_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER audit_entries_{name} BEFORE {verb} ON audit_entries"
            f" FOR EACH {each} EXECUTE FUNCTION rows_are_kept()"
        )


def downgrade() -> None:
    op.drop_table("audit_entries")
