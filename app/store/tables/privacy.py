"""Tables of the erasure of buyers' data, and of what stops the erasure."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Table, Text

from app.store.tables.schema import ID, NAME, metadata, timer_index
from app.store.types import Instant

_ITS_ORDER = (["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"])
legal_holds = Table(
    "legal_holds",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("set_by", NAME, nullable=False),
    Column("set_at", Instant, nullable=False),
    ForeignKeyConstraint(*_ITS_ORDER),
)

buyer_erasures = Table(
    "buyer_erasures",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", NAME),
    Column("unneeded_erased_at", Instant),
    Column("dispute_erased_at", Instant),
    Column("contract_erased_at", Instant),
    Column("wakes_at", Instant),
    ForeignKeyConstraint(*_ITS_ORDER),
    CheckConstraint(
        "(wakes_at IS NULL) = (unneeded_erased_at IS NOT NULL AND dispute_erased_at IS NOT NULL"
        " AND contract_erased_at IS NOT NULL)",
        name="wakes_until_all_is_erased",
    ),
    timer_index("ix_buyer_erasures_wakes_at"),
)
