"""Orders and parcels come in from files, and a parcel number finds the order of a line.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_IS_DUE = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    _make_imports()
    _make_rows()
    _make_matchings()
    with online.after_commit():
        online.create_index("ix_order_lines_line_id", "order_lines", ["merchant_id", "line_id"])


def _make_imports() -> None:
    op.create_table(
        "order_imports",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("heading_row", sa.Integer, nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("matching", sa.Text, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("policy", sa.String(200)),
        sa.Column("notify_buyers", sa.Boolean, nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("total", sa.Integer),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("position", "new", "changed", "unchanged", "refused", "left_out")
        ),
        *(sa.Column(name, Instant) for name in ("started_at", "finished_at", "next_at", "leased_until")),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_order_imports_{name}"))
            for name, check in (
                ("state", "state IN ('waiting', 'running', 'done', 'failed')"),
                ("kind", "kind IN ('orders', 'parcels')"),
                ("due_while_running", "(state = 'running') = (next_at IS NOT NULL)"),
                ("started_once", "(state = 'waiting') = (started_at IS NULL)"),
                ("finished_once", "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)"),
                ("each_counted_once", "position = new + changed + unchanged + refused"),
                ("position_within_total", "total IS NULL OR position <= total"),
                ("done_is_whole", "state <> 'done' OR position = total"),
            )
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_order_imports_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "import_id", name=op.f("pk_order_imports")),
        if_not_exists=online.is_postgres() or None,
    )
    of_merchant = ["merchant_id", "created_at", "import_id"]
    name = op.f("ix_order_imports_merchant_id_created_at_import_id")
    op.create_index(name, "order_imports", of_merchant, if_not_exists=True)
    op.create_index("ix_order_imports_created_at", "order_imports", ["created_at"], if_not_exists=True)
    op.create_index(
        "ix_order_imports_next_at",
        "order_imports",
        ["next_at"],
        if_not_exists=True,
        sqlite_where=_IS_DUE,
        postgresql_where=_IS_DUE,
    )


def _make_rows() -> None:
    op.create_table(
        "order_import_rows",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("order_id", sa.String(200)),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("field", sa.String(200)),
        sa.Column("code", sa.String(40)),
        sa.Column("params", sa.Text, nullable=False),
        sa.CheckConstraint(
            "(result = 'refused') = (code IS NOT NULL)", name=op.f("ck_order_import_rows_refused_for_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "import_id"],
            ["order_imports.merchant_id", "order_imports.import_id"],
            name=op.f("fk_order_import_rows_order_imports"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "import_id", "seq", name=op.f("pk_order_import_rows")),
        if_not_exists=online.is_postgres() or None,
    )


def _make_matchings() -> None:
    op.create_table(
        "import_matchings",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("policy", sa.String(200)),
        sa.Column("used_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_import_matchings_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "fingerprint", "kind", name=op.f("pk_import_matchings")),
        if_not_exists=online.is_postgres() or None,
    )
    op.create_index("ix_import_matchings_used_at", "import_matchings", ["used_at"], if_not_exists=True)


def downgrade() -> None:
    op.drop_index("ix_order_lines_line_id", "order_lines")
    op.drop_table("import_matchings")
    op.drop_table("order_import_rows")
    op.drop_table("order_imports")
