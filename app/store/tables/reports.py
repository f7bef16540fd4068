"""Tables of reports: what has changed and is not counted yet, what each claim and order adds to the sums, and the sums.

No table has a word about a buyer.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, Table, Text

from app.store.tables.schema import ID, NAME, WORD, metadata
from app.store.types import Instant

report_heads = Table(  # one for each merchant; whoever counts for the merchant holds the row
    "report_heads",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("time_zone", WORD, nullable=False),
    Column("counted_at", Instant, nullable=False),
    Column("recounting", WORD),
    Column("recounted_to", NAME, nullable=False, server_default=""),
    CheckConstraint("recounting IS NULL OR recounting IN ('claim', 'order')", name="recounting"),
)

report_changes = Table(  # filled by triggers on claims, orders and order_lines: one tree, added to at its end
    "report_changes",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("changed_at", Instant, primary_key=True),
    Column("change_id", ID, primary_key=True),
    Column("subject", WORD, nullable=False),
    Column("subject_id", NAME, nullable=False),
    sqlite_with_rowid=False,
)

report_entries = Table(
    "report_entries",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("subject", WORD, primary_key=True),
    Column("subject_id", NAME, primary_key=True),
    Column("entry", Text, nullable=False),
)

report_sums = Table(  # a day, and the longer spans around it, so that a long range reads few rows
    "report_sums",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("measure", WORD, primary_key=True),
    Column("span", WORD, primary_key=True),
    Column("from_on", Date, primary_key=True),
    Column("kind", WORD, primary_key=True),
    Column("reason", WORD, primary_key=True),
    Column("fault", WORD, primary_key=True),
    Column("sku", NAME, primary_key=True),
    Column("policy", NAME, primary_key=True),
    Column("label", WORD, primary_key=True),
    Column("value", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    CheckConstraint("span IN ('day', 'third', 'month', 'quarter', 'year')", name="span"),
    CheckConstraint("number >= 0", name="counted_once"),
)
