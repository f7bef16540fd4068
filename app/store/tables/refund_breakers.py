"""Tables of breakers of refunds: limits, what was decided in each hour, openings, and the claims that wait.

A breaker has one opening at a time, so that one opening has one alarm.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, String, Table, text

from app.store.tables.schema import ID, NAME, WORD, metadata, timer_index
from app.store.types import Instant

_LIMITS = ("decisions_per_hour", "decisions_per_day", "amount_per_hour", "amount_per_day")
_ITS_BREAKER = (
    ["merchant_id", "currency"],
    ["refund_breakers.merchant_id", "refund_breakers.currency"],
)
refund_breakers = Table(
    "refund_breakers",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("currency", String(3), primary_key=True),
    *(Column(name, BigInteger) for name in _LIMITS),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("reset_at", Instant),
    CheckConstraint(" AND ".join(f"({name} IS NULL OR {name} >= 0)" for name in _LIMITS), name="limits"),
)

refund_breaker_hours = Table(
    "refund_breaker_hours",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("hour_at", Instant, primary_key=True),
    Column("decisions", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    ForeignKeyConstraint(*_ITS_BREAKER),
    CheckConstraint("decisions >= 0 AND amount >= 0", name="sums"),
)

refund_breaker_openings = Table(
    "refund_breaker_openings",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("opening_id", ID, primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("per", WORD, nullable=False),
    Column("measure", WORD, nullable=False),
    Column("allowed", BigInteger, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", NAME),
    ForeignKeyConstraint(*_ITS_BREAKER),
    CheckConstraint("per IN ('hour', 'day')", name="per"),
    CheckConstraint("measure IN ('decisions', 'amount')", name="measure"),
    CheckConstraint("closed_by IS NULL OR closed_at IS NOT NULL", name="closed_when"),
    Index(
        "uq_refund_breaker_openings_open",
        *("merchant_id", "currency"),
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_refund_breaker_openings_opened_at", "merchant_id", "currency", "opened_at"),
)

held_back_claims = Table(  # what the system would decide of them waits for the breaker
    "held_back_claims",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("order_id", NAME, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("wakes_at", Instant, nullable=False),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    ForeignKeyConstraint(*_ITS_BREAKER),
    Index("ix_held_back_claims_currency", "merchant_id", "currency", "held_at", "claim_id"),
    timer_index("ix_held_back_claims_wakes_at"),
)
