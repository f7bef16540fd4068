"""What each claim and order adds to the reports is counted once, beside the writes.

Ships with the next release.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_DIMENSIONS = {"measure": 40, "span": 40, "from_on": 0, "kind": 40, "reason": 40, "fault": 40} | {
    "sku": 200,
    "policy": 200,
    "label": 40,
    "value": 0,
}
_TRIGGERS = (
    ("claims_counted", "claims", "INSERT OR UPDATE OF events", "claim", "NEW.claim_id", "NEW.updated_at", ""),
    ("orders_counted", "orders", "INSERT OR UPDATE OF paid_at", "order", "NEW.order_id", "NEW.updated_at", ""),
    (
        *("order_lines_counted", "order_lines", "UPDATE OF changed", "order", "NEW.order_id"),
        "(SELECT updated_at FROM orders WHERE merchant_id = NEW.merchant_id AND order_id = NEW.order_id)",
        "WHEN (OLD.changed <> NEW.changed)",
    ),
)
"""The name, the table, the verbs, the subject, its id, the instant, and the condition."""


def upgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("report_heads"):
        _create_tables()
        _create_triggers()
    everything = (
        "INSERT INTO report_heads (merchant_id, time_zone, counted_at, recounting, recounted_to)"
        " SELECT merchant_id, 'UTC', created_at, 'claim', '' FROM merchants WHERE erased_at IS NULL"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(everything)
    settings = "SELECT s.message_settings FROM shops s WHERE s.merchant_id = report_heads.merchant_id"
    zone = (
        f"(CAST(({settings}) AS json) ->> 'time_zone')"
        if online.is_postgres()
        else (f"json_extract(({settings}), '$.time_zone')")
    )
    op.execute(f"UPDATE report_heads SET time_zone = coalesce({zone}, 'UTC')")  # noqa: S608 # names of our own


def _create_tables() -> None:
    op.create_table(
        "report_heads",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("counted_at", Instant, nullable=False),
        sa.Column("recounting", sa.String(40)),
        sa.Column("recounted_to", sa.String(200), nullable=False, server_default=""),
        sa.CheckConstraint(
            "recounting IS NULL OR recounting IN ('claim', 'order')", name=op.f("ck_report_heads_recounting")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_report_heads_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_report_heads")),
    )
    op.create_table(
        "report_changes",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("change_id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "change_id", name=op.f("pk_report_changes")),
    )
    op.create_index("ix_report_changes_changed_at", "report_changes", ["merchant_id", "changed_at", "change_id"])
    op.create_table(
        "report_entries",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "subject", "subject_id", name=op.f("pk_report_entries")),
    )
    op.create_table(
        "report_sums",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        *(_dimension(name, size) for name, size in _DIMENSIONS.items()),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.CheckConstraint("span IN ('day', 'month')", name=op.f("ck_report_sums_span")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_report_sums_counted_once")),
        sa.PrimaryKeyConstraint("merchant_id", *_DIMENSIONS, name=op.f("pk_report_sums")),
    )


def _dimension(name: str, size: int) -> sa.Column[Any]:
    if name == "from_on":
        return sa.Column(name, sa.Date, nullable=False)
    return sa.Column(name, sa.String(size) if size else sa.Integer(), nullable=False)


def _create_triggers() -> None:
    for name, table, verbs, subject, key, instant, condition in _TRIGGERS:
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
                f" (NEW.merchant_id, lower(hex(randomblob(16))), '{subject}', {key}, {instant}); END"
            )


def downgrade() -> None:
    for name, table, verbs, *_ in _TRIGGERS:
        if online.is_postgres():
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
            continue
        for number, _verb in enumerate(verbs.split(" OR ")):
            op.execute(f"DROP TRIGGER {name}_{number}")
    for table in ("report_sums", "report_entries", "report_changes", "report_heads"):
        op.drop_table(table)
