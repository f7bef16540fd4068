"""`withdrawn` becomes `retracted` wherever a row holds the word; documents are brought up when they are read.

Ships with 0.2.0.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reword("claims", "state", "withdrawn", "retracted")
    with _changeable("message_templates"):
        _reword("message_templates", "event", "claim.withdrawn", "claim.retracted")
        _rename_variable("withdrawal_note", "retraction_note")
    _reword("messages", "event", "claim.withdrawn", "claim.retracted")
    _reword_types("claim.withdrawn", "claim.retracted")


def downgrade() -> None:
    """Documents of version 2 are written as documents of version 1, which 0.1.0 reads. Events stay: they are hashed."""
    _rewrite("claims", "document", ("merchant_id", "claim_id"), _claim_of_v1)
    with _changeable("policies"):
        _rewrite("policies", "document", ("merchant_id", "policy_id", "version"), _policy_of_v1)
        _rewrite("policies", "terms", ("merchant_id", "policy_id", "version"), _terms_of_v1)
    _reword("claims", "state", "retracted", "withdrawn")
    with _changeable("message_templates"):
        _reword("message_templates", "event", "claim.retracted", "claim.withdrawn")
        _rename_variable("retraction_note", "withdrawal_note")
    _reword("messages", "event", "claim.retracted", "claim.withdrawn")
    _reword_types("claim.retracted", "claim.withdrawn")


@contextmanager
def _changeable(table: str) -> Iterator[None]:
    """Triggers refuse changes of a table that is append-only; they are off while this migration changes words."""
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


def _reword(table: str, column: str, old: str, new: str) -> None:
    rows = sa.table(table, sa.column(column))
    op.execute(rows.update().where(rows.c[column] == old).values({column: new}))


def _rename_variable(old: str, new: str) -> None:
    """A template that names an unknown variable makes no message."""
    templates = sa.table("message_templates", sa.column("text", sa.Text))
    text = sa.func.replace(templates.c.text, old, new)
    op.execute(templates.update().where(templates.c.text.like(f"%{old}%")).values(text=text))


def _reword_types(old: str, new: str) -> None:
    """The types that an endpoint wants are a JSON list."""
    endpoints = sa.table("endpoints", sa.column("types", sa.Text))
    types = sa.func.replace(endpoints.c.types, f'"{old}"', f'"{new}"')
    op.execute(endpoints.update().where(endpoints.c.types.like(f'%"{old}"%')).values(types=types))


def _rewrite(table: str, column: str, key: Sequence[str], older: Callable[[dict[str, Any]], None]) -> None:
    """Each row by its primary key: documents have no index."""
    rows = sa.table(table, *(sa.column(name) for name in key), sa.column(column, sa.Text))
    of_today = sa.select(*rows.c).where(rows.c[column].like('{"v":2,%'))
    for row in op.get_bind().execute(of_today).mappings().all():
        document = json.loads(row[column])
        del document["v"]
        older(document)
        written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        its_key = (rows.c[name] == row[name] for name in key)
        op.execute(rows.update().where(*its_key).values({column: written}))


def _claim_of_v1(claim: dict[str, Any]) -> None:
    if claim["state"] == "retracted":
        claim["state"] = "withdrawn"
    assessment = claim["assessment"] or {}
    _rename(claim["submission"], requester="requested_by")
    _rename(claim["hold"], held_at="since", ends_at="until")
    _rename(claim["override"], overridden_at="at")
    _rename(claim["buyer_payment"], paid_at="at")
    _rename(assessment, return_shipping_payer="return_shipping_paid_by")
    _rename(assessment.get("window"), opens_at="opens", closes_at="closes", ends_on="last_day")
    for offer in claim["offers"]:
        _rename(offer, expires_at="until")
    for reclassification in claim["reclassifications"]:
        _rename(reclassification, reclassified_at="at")


def _policy_of_v1(policy: dict[str, Any]) -> None:
    _rename(policy["shipping"], return_shipping_payer="return_paid_by")
    _rename(policy["fees"], return_shipping="return_")


def _terms_of_v1(terms: dict[str, Any]) -> None:
    _rename(terms, return_shipping_payer="return_paid_by")
    _rename(terms["fees"], return_shipping="return_")


def _rename(document: dict[str, Any] | None, **names: str) -> None:
    for old, new in names.items():
        if document and old in document:
            document[new] = document.pop(old)
