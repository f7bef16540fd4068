"""The table of the workers' turns. The turns are of the whole service, and of no merchant."""

from sqlalchemy import CheckConstraint, Column, Integer, Table

from app.store.tables.schema import ID, WORD, metadata
from app.store.types import Instant

worker_turns = Table(
    "worker_turns",
    metadata,
    Column("worker_id", ID, primary_key=True),
    Column("loop", WORD, primary_key=True),
    Column("turned_at", Instant, nullable=False),  # by the clock of the database
    Column("seconds_max", Integer, nullable=False),
    CheckConstraint("seconds_max > 0", name="seconds_max"),
)
