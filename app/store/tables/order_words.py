"""The table of the words that orders are found by."""

from sqlalchemy import Column, Index, Table

from app.store.tables.schema import FOUND_BY, ID, NAME, WORD, metadata

order_words = Table(
    "order_words",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("word", FOUND_BY, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("source", WORD, primary_key=True),
    Index(None, "merchant_id", "order_id", "word"),
    sqlite_with_rowid=False,
)
"""Without a foreign key, which would be looked up for each word of each new order. An order is deleted only
with all rows of its merchant."""
