"""Tables of the files of claims. The bytes are in a store of files."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from app.store.tables.schema import ID, NAME, WORD, metadata, timer_index
from app.store.types import Instant

claim_files = Table(
    "claim_files",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("file_id", ID, primary_key=True),
    Column("claim_id", ID, nullable=False),
    Column("line_id", NAME),
    Column("status", WORD, nullable=False),
    Column("media_type", WORD),
    Column("size", BigInteger),
    Column("digest", String(64), nullable=False),
    Column("source_url", Text),
    Column("caption", Text),
    Column("role", WORD, nullable=False),
    Column("author", NAME, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("erased_at", Instant),
    Column("erased_role", WORD),
    Column("erased_by", NAME),
    Column("scans", Integer, nullable=False, server_default="0"),
    Column("wakes_at", Instant),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    ForeignKeyConstraint(
        ["merchant_id", "claim_id", "line_id"],
        ["claim_lines.merchant_id", "claim_lines.claim_id", "claim_lines.line_id"],
    ),
    CheckConstraint("size > 0", name="size"),
    CheckConstraint("(size IS NULL) = (media_type IS NULL)", name="bytes_have_a_type"),
    CheckConstraint("(erased_at IS NULL) = (status IN ('waiting', 'ready'))", name="erased"),
    CheckConstraint("erased_at IS NULL OR (caption IS NULL AND source_url IS NULL)", name="erased_words"),
    CheckConstraint("wakes_at IS NULL OR status = 'waiting'", name="scanned_while_waiting"),
    Index(None, "merchant_id", "claim_id", "file_id"),
    timer_index("ix_claim_files_wakes_at"),
)

file_leftovers = Table(
    "file_leftovers",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("file_id", ID, primary_key=True),
    Column("wakes_at", Instant, nullable=False),
    timer_index("ix_file_leftovers_wakes_at"),
)
