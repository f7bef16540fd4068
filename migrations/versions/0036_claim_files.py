"""Files of claims, and bytes of files that no claim has.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_SOME = sa.text("wakes_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "claim_files",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("line_id", sa.String(200)),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("media_type", sa.String(40)),
        sa.Column("size", sa.BigInteger),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source_url", sa.Text),
        sa.Column("caption", sa.Text),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("erased_at", Instant),
        sa.Column("erased_role", sa.String(40)),
        sa.Column("erased_by", sa.String(200)),
        sa.Column("scans", sa.Integer, nullable=False, server_default="0"),
        sa.Column("wakes_at", Instant),
        sa.PrimaryKeyConstraint("merchant_id", "file_id", name=op.f("pk_claim_files")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"],
            ["claims.merchant_id", "claims.claim_id"],
            name=op.f("fk_claim_files_claims"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id", "line_id"],
            ["claim_lines.merchant_id", "claim_lines.claim_id", "claim_lines.line_id"],
            name=op.f("fk_claim_files_claim_lines"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_claim_files_size")),
        sa.CheckConstraint("(size IS NULL) = (media_type IS NULL)", name=op.f("ck_claim_files_bytes_have_a_type")),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (status IN ('waiting', 'ready'))", name=op.f("ck_claim_files_erased")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (caption IS NULL AND source_url IS NULL)",
            name=op.f("ck_claim_files_erased_words"),
        ),
        sa.CheckConstraint("wakes_at IS NULL OR status = 'waiting'", name=op.f("ck_claim_files_scanned_while_waiting")),
    )
    op.create_index(
        op.f("ix_claim_files_merchant_id_claim_id_file_id"), "claim_files", ["merchant_id", "claim_id", "file_id"]
    )
    _index_timer("claim_files")
    _keep_rows("claim_files")
    op.create_table(
        "file_leftovers",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=False),
        sa.Column("wakes_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "file_id", name=op.f("pk_file_leftovers")),
    )
    _index_timer("file_leftovers")


def _index_timer(table: str) -> None:
    op.create_index(f"ix_{table}_wakes_at", table, ["wakes_at"], sqlite_where=_SOME, postgresql_where=_SOME)


def _keep_rows(table: str) -> None:
    """Rows are changed, and never deleted: a history names them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'the rows of {table} are kept as they are'); END"
        )
        return
    for name, event, each in (("kept", "DELETE", "ROW"), ("not_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION rows_are_kept()"
        )


def downgrade() -> None:
    op.drop_table("file_leftovers")
    op.drop_table("claim_files")
