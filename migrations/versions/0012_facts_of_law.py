"""Facts that consumer law asks for: the contract, information that came late, repairs, instalments.

Ships with the next release.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS: dict[str, tuple[sa.Column[Any], ...]] = {
    "orders": (
        sa.Column("subdivision", sa.String(40)),
        sa.Column("contracted_at", Instant),
        sa.Column("informed_at", Instant),
        sa.Column("unobstructed_at", Instant),
        sa.Column("standard_shipping", sa.BigInteger()),
    ),
    "order_lines": (
        sa.Column("first_delivered_at", Instant),
        sa.Column("consumable_cost", sa.BigInteger()),
        sa.Column("repairs", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("repaired_at", Instant),
        sa.Column("cure_days", sa.Integer(), nullable=False, server_default="0"),
    ),
    "payments": (sa.Column("instalments", sa.Integer(), nullable=False, server_default="1"),),
}


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    """Documents of version 3 are written as documents of version 2: judgements of single lines are lost."""
    _rewrite("claims", "document", ("merchant_id", "claim_id"), _claim_of_v2)
    with _changeable("policies"):
        _rewrite("policies", "document", ("merchant_id", "policy_id", "version"), _policy_of_v2)
        _rewrite("policies", "terms", ("merchant_id", "policy_id", "version"), _terms_of_v2)
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)


@contextmanager
def _changeable(table: str) -> Iterator[None]:
    """Triggers refuse changes of a table that is append-only; they are off while this migration changes documents."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    of_table = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    triggers = op.get_bind().execute(of_table, {"table": table}).all()
    for name, _ in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        op.get_bind().exec_driver_sql(sql)


def _rewrite(table: str, column: str, key: Sequence[str], older: Callable[[dict[str, Any]], None]) -> None:
    """Each row by its primary key: documents have no index."""
    rows = sa.table(table, *(sa.column(name) for name in key), sa.column(column, sa.Text))
    of_version_3 = sa.select(*rows.c).where(rows.c[column].like('{"v":3,%'))
    for row in op.get_bind().execute(of_version_3).mappings().all():
        document = json.loads(row[column])
        del document["v"]
        older(document)
        written = json.dumps({"v": 2, **document}, ensure_ascii=False, separators=(",", ":"))
        its_key = (rows.c[name] == row[name] for name in key)
        op.execute(rows.update().where(*its_key).values({column: written}))


def _claim_of_v2(claim: dict[str, Any]) -> None:
    _drop(claim, "rejected_lines", "knowable_at", "fee_carried_by", "inspected_at", "repair_completed_at", "turn")
    _drop(claim["deadlines"], "respond_latest_by")
    _drop(claim["submission"], "shipping", "fees", "goodwill")
    _drop(claim["assessment"] or {}, "lines", "doubts")
    for share in (claim["amounts"] or {}).get("shares", ()):
        _drop(share, "tax_free")
    for line in claim["lines"]:
        for deduction in line["deductions"]:
            _drop(deduction, "evidence")


def _policy_of_v2(policy: dict[str, Any]) -> None:
    _rules_of_v2(policy)
    for rule in policy["deductions"]:
        _drop(rule, "without_records", "conditions", "needs_evidence", "limit_percent", "limit", "after", "basis")
    policy["offers"]["statutory"] = policy["offers"].pop("basis") == "statute"
    _drop(policy["restocking"], "basis")
    _drop(policy["shipping"], "buyer_pays_records", "standard_delivery_only")
    _drop(policy["shipping"], "instalments_from_months", "instalments_from_amount")
    _drop(policy, "collect_lapses", "late_refunds", "deposit", "result_within")
    policy["late_interest"] = _constant_percent(policy["late_interest"])


def _terms_of_v2(terms: dict[str, Any]) -> None:
    _drop(terms, "deposit")
    _rules_of_v2(terms)


def _rules_of_v2(document: dict[str, Any]) -> None:
    """What policies and terms have in common."""
    for period in (document["respond_within"], document["collect_within"]):
        _drop(period or {}, "then_months")
    for rule in document["windows"]:
        rule["statutory"] = rule.pop("basis") == "statute"
        rule["after_exchange"] = "exchanged" in rule.pop("opens_after")
        _drop(rule, "natures", "records", "without_records", "stops_during_cure", "discovered_within")
        _drop_months(rule)
    for rule in (*document.get("refund_deadlines", ()), *document["promises"]):
        rule["statutory"] = rule.pop("basis") == "statute"
        _drop(rule, "records", "without_records")
        _drop_months(rule)
    for rule in document["exceptions"]:
        _drop(rule, "without_records", "needs_proof", "basis")
    for rule in document["automation"] or ():
        _drop(rule, "natures", "records", "without_records")


def _drop_months(rule: dict[str, Any]) -> None:
    for period in rule["periods"]:
        _drop(period, "then_months")


def _constant_percent(rule: dict[str, Any] | None) -> dict[str, Any] | None:
    """One whole percent for every day. The version before cannot say anything else."""
    if rule is None or len(rule["rates"]) != 1 or rule["rates"][0]["rate"] % 100:
        return None
    return {"percent": rule["rates"][0]["rate"] // 100, "citation": rule["citation"]}


def _drop(document: dict[str, Any], *names: str) -> None:
    for name in names:
        document.pop(name, None)
