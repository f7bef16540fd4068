"""One valid row for every table, and the raw SQL that inserts the row.

The order line has units in every place, so that one write can break each rule of the ledger.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Connection, inspect

from app.store.database import Database
from app.store.tables import metadata
from tests.store.access_rows import API_KEY, AUDIT, BUYER_ACCESS
from tests.store.agent_rows import AGENT_AMOUNTS
from tests.store.claim_work_rows import CLAIM_WORK
from tests.store.file_rows import FILES
from tests.store.import_rows import IMPORTS
from tests.store.order_change_rows import OPTION_CHANGE
from tests.store.privacy_rows import PRIVACY
from tests.store.refund_rows import MOMENT, REFUNDS, Row
from tests.store.report_rows import REPORTS
from tests.store.return_rows import RETURNS
from tests.store.staff_rows import STAFF
from tests.store.survey_rows import SURVEYS
from tests.store.withdrawal_rows import WITHDRAWALS

OF_ORDER: Row = {"merchant_id": "m", "order_id": "o"}

SOUND: Mapping[str, Row] = {
    "worker_turns": {"worker_id": "w", "loop": "deliver", "turned_at": MOMENT, "seconds_max": 61},
    "merchants": {"merchant_id": "m", "name": "shop", "policy": "kr", "created_at": MOMENT},
    "merchant_clocks": {"merchant_id": "m", "ahead": 1, "wakes_at": MOMENT},
    "api_keys": API_KEY,
    "idempotency_keys": {
        "merchant_id": "m",
        "key": "once",
        "fingerprint": "f",
        "status": 201,
        "headers": "{}",
        "body": "{}",
        "created_at": MOMENT,
    },
    "policies": {
        "merchant_id": "m",
        "policy_id": "house",
        "version": 1,
        "base": "kr@1",
        "effective_from": MOMENT,
        "terms": "{}",
        "document": "{}",
        "violations": "[]",
        "created_at": MOMENT,
    },
    "orders": {
        "merchant_id": "m",
        "order_id": "o",
        "policy": "kr@1",
        "currency": "KRW",
        "country": "KR",
        "paid_at": MOMENT,
        "prices_include_tax": True,
        "discount": 100,
        "shipping_charged": 3000,
        "shipping_tax": 300,
        "shipping_refunded": 3300,
        "outbound_charged": 0,
        "records": "[]",
        "created_at": MOMENT,
        "updated_at": MOMENT,
    },
    "order_lines": {
        **OF_ORDER,
        "line_id": "1",
        "position": 0,
        "quantity": 10,
        "unit_price": 1000,
        "discount": 0,
        "discountable": True,
        "tax": 500,
        "nature": "standard",
        "records": "[]",
        "shipped": 6,
        "delivered": 4,
        "shipped_at": MOMENT,
        "credited": 0,
        "open_cancel": 1,
        "open_other": 1,
        "cancelled": 2,
        "returned": 1,
        "exchanged": 1,
        "refunded": 1,
    },
    "payments": {
        **OF_ORDER,
        "payment_id": "p",
        "position": 0,
        "method": "card",
        "captured": 13800,
        "refunded": 1000,
        "captured_at": MOMENT,
    },
    "reversals": {
        "merchant_id": "m",
        "order_id": "o",
        "payment_id": "p",
        "reversal_id": "dp_1",
        "kind": "chargeback",
        "amount": 500,
        "reversed_at": MOMENT,
    },
    "order_words": {**OF_ORDER, "word": "mug", "source": "order"},
    "shipments": {**OF_ORDER, "carrier": "cj", "tracking_number": "1", "lines": '[["1", 6]]', "shipped_at": MOMENT},
    "order_consents": {
        **OF_ORDER,
        "digest": "d",
        "text": "I have read it.",
        "agreed_at": MOMENT,
        "records": "[]",
        "line_ids": "[]",
        "recorded_at": MOMENT,
    },
    "buyer_access": BUYER_ACCESS,
    "buyer_lookups": {**OF_ORDER, "lookup_id": "l", "phone_ending": "0142", "created_at": MOMENT},
    "lookup_counts": {"merchant_id": "m", "counted": "order", "digest": "d", "hour_at": MOMENT, "lookups": 1},
    "address_changes": {
        **OF_ORDER,
        "change_id": "a",
        "status": "requested",
        "address": "{}",
        "requested_at": MOMENT,
    },
    "option_changes": OPTION_CHANGE,
    "claims": {
        "merchant_id": "m",
        "claim_id": "c",
        "order_id": "o",
        "kind": "return",
        "state": "accepted",
        "reason": "defective",
        "fault": "seller",
        "held": False,
        "requested_at": MOMENT,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "version": 1,
        "events": 1,
        "head": "h",
        "document": "{}",
    },
    "claim_lines": {"merchant_id": "m", "claim_id": "c", "line_id": "1", "order_id": "o"},
    "claim_events": {
        "merchant_id": "m",
        "claim_id": "c",
        "seq": 1,
        "event_id": "e",
        "type": "claim.requested",
        "at": MOMENT,
        "data": "{}",
        "previous": "0",
        "hash": "h",
    },
    "notices": {
        "merchant_id": "m",
        "event_id": "n",
        "subject": "order",
        "subject_id": "o",
        "type": "order.delayed",
        "at": MOMENT,
        "data": "{}",
    },
    "shops": {"merchant_id": "m", "name": "shop", "contact_email": "shop@example.com", "updated_at": MOMENT},
    "buyers": {"merchant_id": "m", "order_id": "o", "email": "mina@example.com", "updated_at": MOMENT},
    "message_templates": {
        "merchant_id": "m",
        "event": "claim.rejected",
        "audience": "buyer",
        "language": "ko",
        "version": 1,
        "text": "죄송합니다",
        "created_at": MOMENT,
    },
    "faq_entries": {
        "merchant_id": "m",
        "language": "ko",
        "entry_id": "return-cost",
        "version": 1,
        "question": "반품 배송비는 얼마인가요?",
        "phrasings": "[]",
        "answer": "무료입니다.",
        "written_by": "minji",
        "created_at": MOMENT,
    },
    **WITHDRAWALS,
    "contacts": {
        "merchant_id": "m",
        "contact_id": "t",
        "claim_id": "c",
        "kind": "question",
        "role": "seller",
        "author": "minji",
        "text": "사진을 보내주시겠어요?",
        "at": MOMENT,
    },
    "outbox": {"merchant_id": "m", "event_id": "x", "claim_id": "c", "seq": 1},
    "endpoints": {
        "merchant_id": "m",
        "endpoint_id": "w",
        "url": "https://shop.example/hooks",
        "types": "[]",
        "headers": "{}",
        "secrets": "[]",
        "paused": False,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "version": 1,
    },
    "feed_heads": {"merchant_id": "m", "position": 1, "told_at": MOMENT},
    "feed": {
        "merchant_id": "m",
        "position": 1,
        "event_id": "e",
        "type": "claim.requested",
        "at": MOMENT,
        "subject": "claim",
        "subject_id": "c",
        "body": "{}",
    },
    "deliveries": {
        "merchant_id": "m",
        "delivery_id": "d",
        "endpoint_id": "w",
        "event_id": "e",
        "position": 1,
        "status": "pending",
        "attempts": 1,
        "tries": 1,
        "next_at": MOMENT,
        "created_at": MOMENT,
    },
    "attempts": {"merchant_id": "m", "delivery_id": "d", "number": 1, "at": MOMENT, "latency_ms": 5},
    **REFUNDS,
    **FILES,
    **AGENT_AMOUNTS,
    **SURVEYS,
    **STAFF,
    **CLAIM_WORK,
    **REPORTS,
    **RETURNS,
    **PRIVACY,
    **AUDIT,
    **IMPORTS,
}
"""The tables in the order of their foreign keys, parents first."""

CHECKS: Mapping[str, set[str]] = {
    name: {str(constraint.name) for constraint in table.constraints if isinstance(constraint, CheckConstraint)}
    for name, table in metadata.tables.items()
}
"""The names of the rules that each table is described to have."""


def insert(table: str, **changes: Any) -> str:
    """SQL that adds the table's valid row, with some of its values changed."""
    row = {**SOUND[table], **changes}
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(literal, row.values()))})"


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, bool | int) else "'" + str(value).replace("'", "''") + "'"


def fill(connection: Connection) -> None:
    """The valid rows of the tables and columns that this version of the schema has."""
    there = inspect(connection)
    for table in SOUND:
        if there.has_table(table):
            columns = {column["name"] for column in there.get_columns(table)}
            row = {name: value for name, value in SOUND[table].items() if name in columns}
            names, values = ", ".join(row), ", ".join(map(literal, row.values()))
            connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({values})")


async def run(database_url: str, work: Callable[[Connection], Any]) -> Any:
    """Work on one connection and commit it."""
    database = Database(database_url, pool_size=1)
    try:
        async with database.engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await database.close()
