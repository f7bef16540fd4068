"""Tables of what buyers ask to change before the shipping. One change of an address or of a line is open at a time."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, Table, Text, text

from app.store.tables.schema import ID, NAME, WORD, metadata, partial_index
from app.store.types import Instant

address_changes = Table(
    "address_changes",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("change_id", ID, primary_key=True),
    Column("status", WORD, nullable=False),
    Column("address", Text),
    Column("reason", Text),
    Column("requested_at", Instant, nullable=False),
    Column("decided_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("(status = 'requested') = (decided_at IS NULL)", name="decided_once"),
    CheckConstraint("(status = 'refused') = (reason IS NOT NULL)", name="refused_for_a_reason"),
    CheckConstraint("status <> 'refused' OR address IS NULL", name="address_only_while_needed"),
    partial_index("ix_address_changes_queue", "merchant_id", "requested_at", "change_id", where="status = 'requested'"),
    Index(
        "uq_address_changes_open",
        "merchant_id",
        "order_id",
        unique=True,
        sqlite_where=text("status = 'requested'"),
        postgresql_where=text("status = 'requested'"),
    ),
)

option_changes = Table(
    "option_changes",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("change_id", ID, primary_key=True),
    Column("line_id", NAME, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("sku", NAME, nullable=False),
    Column("title", NAME),
    Column("unit_price", BigInteger),
    Column("difference", BigInteger, nullable=False),
    Column("payment_id", NAME),
    Column("note", Text),
    Column("status", WORD, nullable=False),
    Column("reason", Text),
    Column("overtaken_by", WORD),
    Column("requested_at", Instant, nullable=False),
    Column("decided_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("quantity >= 1 AND unit_price >= 0 AND difference >= 0", name="amounts"),
    CheckConstraint("payment_id IS NULL OR status = 'accepted'", name="paid_and_accepted"),
    CheckConstraint(
        "difference > 0 OR (payment_id IS NULL AND status <> 'awaiting_payment')", name="only_a_difference_is_paid"
    ),
    CheckConstraint("(status IN ('requested', 'awaiting_payment')) = (decided_at IS NULL)", name="decided_once"),
    CheckConstraint("(status = 'refused') = (reason IS NOT NULL)", name="refused_for_a_reason"),
    CheckConstraint("(status = 'overtaken') = (overtaken_by IS NOT NULL)", name="overtaken_by_something"),
    partial_index("ix_option_changes_queue", "merchant_id", "requested_at", "change_id", where="status = 'requested'"),
    Index(
        "uq_option_changes_open",
        "merchant_id",
        "order_id",
        "line_id",
        unique=True,
        sqlite_where=text("status IN ('requested', 'awaiting_payment')"),
        postgresql_where=text("status IN ('requested', 'awaiting_payment')"),
    ),
)
