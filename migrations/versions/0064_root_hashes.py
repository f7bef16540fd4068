"""A root hash for each day covers the histories and the audit trail of a merchant, so that it can be published.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_IS_ERASED = "EXISTS (SELECT 1 FROM merchants WHERE merchant_id = OLD.merchant_id AND erased_at IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "root_hashes",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("day_on", sa.Date, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("entries_until_at", Instant, nullable=False),
        sa.Column("leaves", sa.Integer, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.CheckConstraint("position >= 0 AND leaves >= 0", name=op.f("ck_root_hashes_counts")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_root_hashes_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "day_on", name=op.f("pk_root_hashes")),
    )
    if not online.is_postgres():
        for name, when in (
            ("kept", f"DELETE ON root_hashes WHEN NOT {_IS_ERASED}"),
            ("immutable", "UPDATE ON root_hashes"),
        ):
            op.execute(
                f"CREATE TRIGGER root_hashes_{name} BEFORE {when}"
                " BEGIN SELECT RAISE(ABORT, 'the rows of root_hashes are kept as they are'); END"
            )
        return
    for name, verb, each in (("kept", "DELETE OR UPDATE", "ROW"), ("not_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER root_hashes_{name} BEFORE {verb} ON root_hashes"
            f" FOR EACH {each} EXECUTE FUNCTION rows_are_kept()"
        )


def downgrade() -> None:
    op.drop_table("root_hashes")
