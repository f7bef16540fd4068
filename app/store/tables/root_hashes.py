"""The table of root hashes. Triggers keep its rows as they are."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from app.store.tables.schema import ID, metadata
from app.store.types import Instant

root_hashes = Table(
    "root_hashes",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("day_on", Date, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("entries_until_at", Instant, nullable=False),
    Column("leaves", Integer, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("root", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("position >= 0 AND leaves >= 0", name="counts"),
)
