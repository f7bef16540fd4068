"""The table of what agents have decided. A key has one row for each currency, so that the table does not grow."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKeyConstraint, String, Table

from app.store.tables.schema import ID, metadata

agent_amounts = Table(
    "agent_amounts",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("key_id", ID, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("decided_on", Date, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("most", BigInteger, nullable=False),
    ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"]),
    CheckConstraint("amount >= 0 AND amount <= most", name="within_limit"),
)
