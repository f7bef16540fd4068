"""Sums of reports are kept for more spans, and a change is noted in one tree. Everything is counted again.

The sums, and what each claim added to them, come from the claims and the orders, so the old ones are dropped.

Ships with the next release.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_DIMENSIONS = {"measure": 40, "span": 40, "from_on": 0, "kind": 40, "reason": 40, "fault": 40} | {
    "sku": 200,
    "policy": 200,
    "label": 40,
    "value": 0,
}
_SPANS = ("day", "third", "month", "quarter", "year")
_SPANS_BEFORE = ("day", "month")
_CLAIMS = ("claims_counted", "claims", "INSERT OR UPDATE OF events", "claim", "NEW.claim_id", "NEW.updated_at", "")
_ORDERS = ("orders_counted", "orders", "INSERT OR UPDATE OF paid_at", "order", "NEW.order_id", "NEW.updated_at", "")
_INSTANT_OF_ORDER = "(SELECT updated_at FROM orders WHERE merchant_id = NEW.merchant_id AND order_id = NEW.order_id)"
_LINES = ("order_lines_counted", "order_lines", "INSERT", "order", "NEW.order_id", _INSTANT_OF_ORDER)
_LINES_NOW = (*_LINES, "WHEN (NEW.option_change IS NOT NULL)")
"""Units that are sold as another option leave their line for a new one, so the new line is noted. A trigger on the
update of lines would slow each claim."""
_LINES_BEFORE = (*_LINES[:2], "UPDATE OF changed", *_LINES[3:], "WHEN (OLD.changed <> NEW.changed)")
"""The name, the table, the verbs, the subject, its id, the instant, and the condition."""


def upgrade() -> None:
    _drop((_CLAIMS, _ORDERS, _LINES_BEFORE))
    _create_sums(_SPANS)
    _create_changes("merchant_id", "changed_at", "change_id")
    _create_triggers((_CLAIMS, _ORDERS, _LINES_NOW), id_on_sqlite="hex(randomblob(8))")
    _count_again()


def downgrade() -> None:
    _drop((_CLAIMS, _ORDERS, _LINES_NOW))
    _create_sums(_SPANS_BEFORE)
    _create_changes("merchant_id", "change_id")
    op.create_index("ix_report_changes_changed_at", "report_changes", ["merchant_id", "changed_at", "change_id"])
    _create_triggers((_CLAIMS, _ORDERS, _LINES_BEFORE), id_on_sqlite="lower(hex(randomblob(16)))")
    _count_again()


def _count_again() -> None:
    op.execute("DELETE FROM report_entries")
    op.execute("UPDATE report_heads SET recounting = 'claim', recounted_to = ''")


def _create_sums(spans: tuple[str, ...]) -> None:
    names = ", ".join(f"'{span}'" for span in spans)
    op.create_table(
        "report_sums",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        *(_dimension(name, size) for name, size in _DIMENSIONS.items()),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.CheckConstraint(f"span IN ({names})", name=op.f("ck_report_sums_span")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_report_sums_counted_once")),
        sa.PrimaryKeyConstraint("merchant_id", *_DIMENSIONS, name=op.f("pk_report_sums")),
    )


def _create_changes(*key: str) -> None:
    op.create_table(
        "report_changes",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("change_id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_report_changes")),
        sqlite_with_rowid="changed_at" not in key,  # one tree, if rows are added at its end
    )


def _dimension(name: str, size: int) -> sa.Column[Any]:
    if name == "from_on":
        return sa.Column(name, sa.Date, nullable=False)
    return sa.Column(name, sa.String(size) if size else sa.Integer(), nullable=False)


def _create_triggers(triggers: tuple[tuple[str, ...], ...], *, id_on_sqlite: str) -> None:
    for name, table, verbs, subject, key, instant, condition in triggers:
        insert = "INSERT INTO report_changes (merchant_id, change_id, subject, subject_id, changed_at) VALUES"
        if online.is_postgres():
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert}"
                f" (NEW.merchant_id, gen_random_uuid()::text, '{subject}', {key}, {instant}); RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} AFTER {verbs} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"
            )
            continue
        for number, verb in enumerate(verbs.split(" OR ")):
            op.execute(
                f"CREATE TRIGGER {name}_{number} AFTER {verb} ON {table} {condition} BEGIN {insert}"
                f" (NEW.merchant_id, {id_on_sqlite}, '{subject}', {key}, {instant}); END"
            )


def _drop(triggers: tuple[tuple[str, ...], ...]) -> None:
    for name, table, verbs, *_ in triggers:
        if online.is_postgres():
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
            continue
        for number, _verb in enumerate(verbs.split(" OR ")):
            op.execute(f"DROP TRIGGER {name}_{number}")
    op.drop_table("report_changes")
    op.drop_table("report_sums")
