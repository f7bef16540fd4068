"""A withdrawal has one receipt: its SHA-256 is kept for good, and its bytes can be erased.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_IS_ERASED = "EXISTS (SELECT 1 FROM merchants WHERE merchant_id = OLD.merchant_id AND erased_at IS NOT NULL)"
_FIXED = "merchant_id, withdrawal_id, digest, made_at"


def upgrade() -> None:
    op.create_table(
        "withdrawal_receipts",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("withdrawal_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.ForeignKeyConstraint(
            ["merchant_id", "withdrawal_id"],
            ["withdrawals.merchant_id", "withdrawals.withdrawal_id"],
            name=op.f("fk_withdrawal_receipts_withdrawals"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "withdrawal_id", name=op.f("pk_withdrawal_receipts")),
    )
    if online.is_postgres():
        op.execute(
            "CREATE TRIGGER withdrawal_receipts_kept"
            f" BEFORE DELETE OR UPDATE OF {_FIXED} ON withdrawal_receipts"
            " FOR EACH ROW EXECUTE FUNCTION rows_are_kept()"
        )
        op.execute(
            "CREATE TRIGGER withdrawal_receipts_not_emptied BEFORE TRUNCATE ON withdrawal_receipts"
            " FOR EACH STATEMENT EXECUTE FUNCTION rows_are_kept()"
        )
        return
    for name, when in (
        ("kept", f"DELETE ON withdrawal_receipts WHEN NOT {_IS_ERASED}"),
        ("immutable", f"UPDATE OF {_FIXED} ON withdrawal_receipts"),
    ):
        op.execute(
            f"CREATE TRIGGER withdrawal_receipts_{name} BEFORE {when}"
            " BEGIN SELECT RAISE(ABORT, 'the rows of withdrawal_receipts are kept as they are'); END"
        )


def downgrade() -> None:
    op.drop_table("withdrawal_receipts")
