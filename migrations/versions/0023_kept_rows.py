"""Rows that histories and refunds rest on are not deleted, the feed does not change, and no table of records is
emptied.

Ships with the next release.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEPT = ("claims", "feed", "notices", "refund_parts", "refunds", "reversals")
_NOT_EMPTIED = (
    *_KEPT,
    "claim_lines",
    "merchants",
    "message_templates",
    "order_lines",
    "orders",
    "payments",
    "policies",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            _refuse_on_sqlite(table, "kept", "DELETE")
        _refuse_on_sqlite("feed", "immutable", "UPDATE")
        return
    op.execute(
        """
        CREATE FUNCTION rows_are_kept() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the rows of % are kept as they are', TG_TABLE_NAME; END $$
        """
    )
    for table in _KEPT:
        verbs = "UPDATE OR DELETE" if table == "feed" else "DELETE"
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION rows_are_kept()"
        )
    for table in _NOT_EMPTIED:
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION rows_are_kept()"
        )


def _refuse_on_sqlite(table: str, name: str, verb: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'the rows of {table} are kept as they are'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            op.execute(f"DROP TRIGGER {table}_kept")
        op.execute("DROP TRIGGER feed_immutable")
        return
    for table in _KEPT:
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
    for table in _NOT_EMPTIED:
        op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
    op.execute("DROP FUNCTION rows_are_kept()")
