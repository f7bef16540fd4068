"""Merchants have a test side with a clock of its own, and the rows of an erased test merchant may go.

Ships with the next release.
"""

import re

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0045"
down_revision = "0039"
branch_labels = None
depends_on = None

_MODE = "VARCHAR(40) DEFAULT 'live' NOT NULL"
_IS_MODE = "mode IN ('live', 'test')"
_CHECKED = (
    ("merchants", "mode", _MODE, "ck_merchants_mode", _IS_MODE),
    (
        *("merchants", "test_merchant_id", "VARCHAR(36)", "ck_merchants_live_has_a_test_side"),
        "test_merchant_id IS NULL OR mode = 'live'",
    ),
    ("merchants", "erased_at", "{instant}", "ck_merchants_tests_are_erased", "erased_at IS NULL OR mode = 'test'"),
    ("api_keys", "mode", _MODE, "ck_api_keys_mode", _IS_MODE),
)
_FUNCTIONS = {
    "rows_are_kept": "'the rows of % are kept as they are', TG_TABLE_NAME",
    "claim_events_are_append_only": "'claim_events is append-only'",
    "policies_are_immutable": "'a published policy does not change'",
    "message_templates_are_immutable": "'a template that was in force does not change'",
}
"""The functions that refuse a DELETE on PostgreSQL."""
_IS_ERASED = "EXISTS (SELECT 1 FROM merchants WHERE merchant_id = OLD.merchant_id AND erased_at IS NOT NULL)"
_REFUSES = re.compile(r"(BEFORE\s+DELETE\s+ON\s+\w+)(\s+)BEGIN", re.IGNORECASE)
_EXCEPT_ERASED = f" WHEN NOT {_IS_ERASED}"


def upgrade() -> None:
    instant = Instant().compile(op.get_bind().dialect)
    for table, column, definition, name, check in _CHECKED:
        online.add_checked_column(table, column, definition.format(instant=instant), name, check)
    if not sa.inspect(op.get_bind()).has_table("merchant_clocks"):
        _create_clocks()
    _let_erased_rows_go()
    with online.after_commit():
        for table, _, _, name, _ in _CHECKED:
            online.validate(table, name)


def _create_clocks() -> None:
    op.create_table(
        "merchant_clocks",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("ahead", sa.BigInteger, nullable=False),
        sa.Column("position_at", Instant),
        sa.Column("target_at", Instant),
        sa.Column("wakes_at", Instant),
        sa.CheckConstraint("ahead >= 0", name=op.f("ck_merchant_clocks_ahead")),
        sa.CheckConstraint(
            "(position_at IS NULL) = (target_at IS NULL)", name=op.f("ck_merchant_clocks_moves_to_a_target")
        ),
        sa.CheckConstraint(
            "position_at IS NULL OR position_at <= target_at", name=op.f("ck_merchant_clocks_moves_forward")
        ),
        sa.CheckConstraint(
            "target_at IS NULL OR wakes_at IS NOT NULL", name=op.f("ck_merchant_clocks_awake_while_moving")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_merchant_clocks_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_merchant_clocks")),
    )
    some = sa.text("wakes_at IS NOT NULL")
    op.create_index(
        "ix_merchant_clocks_wakes_at", "merchant_clocks", ["wakes_at"], sqlite_where=some, postgresql_where=some
    )


def _let_erased_rows_go() -> None:
    """A live merchant has no `erased_at`, and no merchant changes its mode: so no row of a live merchant goes."""
    if not online.is_postgres():
        for name, sql in _triggers_on_sqlite():
            _replace_on_sqlite(name, _REFUSES.sub(rf"\1{_EXCEPT_ERASED}\2BEGIN", sql))
        op.execute(
            "CREATE TRIGGER merchants_immutable BEFORE UPDATE OF mode ON merchants"
            " BEGIN SELECT RAISE(ABORT, 'the rows of merchants are kept as they are'); END"
        )
        return
    for function, message in _FUNCTIONS.items():
        _replace_function(function, message, f"IF {_IS_ERASED} THEN RETURN OLD; END IF;")
    op.execute("DROP TRIGGER IF EXISTS merchants_immutable ON merchants")
    op.execute(
        "CREATE TRIGGER merchants_immutable BEFORE UPDATE OF mode ON merchants"
        " FOR EACH ROW EXECUTE FUNCTION rows_are_kept()"
    )


def _replace_function(function: str, message: str, of_a_deleted_row: str = "") -> None:
    inner = f"IF TG_OP = 'DELETE' THEN {of_a_deleted_row} END IF;" if of_a_deleted_row else ""
    op.execute(
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {inner} RAISE EXCEPTION {message}; END $$"
    )


def _triggers_on_sqlite() -> list[tuple[str, str]]:
    """The names and the texts of the triggers that refuse a DELETE."""
    rows = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
    return [(row.name, row.sql) for row in rows if re.search(r"BEFORE\s+DELETE", row.sql, re.IGNORECASE)]


def _replace_on_sqlite(name: str, sql: str) -> None:
    op.execute(f"DROP TRIGGER {name}")
    op.execute(sql)


def downgrade() -> None:
    """The test sides go out of sight: without a clock, a release before would take their rows for those of a shop."""
    if online.is_postgres():
        op.execute("DROP TRIGGER merchants_immutable ON merchants")
        for function, message in _FUNCTIONS.items():
            _replace_function(function, message)
    else:
        op.execute("DROP TRIGGER merchants_immutable")
        for name, sql in _triggers_on_sqlite():
            _replace_on_sqlite(name, sql.replace(_EXCEPT_ERASED, ""))
    op.drop_table("merchant_clocks")
    op.execute("DELETE FROM api_keys WHERE mode = 'test'")
    for table, column, _, name, _ in reversed(_CHECKED):
        if online.is_postgres():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.drop_column(table, column)
