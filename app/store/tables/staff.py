"""Tables of a merchant's staff: who may sign in, with which role, and every session.

Only digests of tokens and codes are stored. A code of an authenticator and a recovery code are used once, which keys
refuse to happen twice.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.store.tables.schema import ADDRESS, ID, NAME, WORD, metadata
from app.store.types import Instant

staff = Table(
    "staff",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("staff_id", ID, primary_key=True),
    Column("email", ADDRESS, nullable=False),
    Column("name", NAME, nullable=False),
    Column("role", WORD, nullable=False),
    Column("language", WORD, nullable=False),
    Column("password_hash", String(200)),
    Column("totp_secret", Text),
    Column("totp_confirmed_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    UniqueConstraint("merchant_id", "email"),
    CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    CheckConstraint("totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="confirmed_secret"),
)

staff_roles = Table(  # of the merchant's own making; the code has the built-in roles
    "staff_roles",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("role", WORD, primary_key=True),
    Column("scopes", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("role NOT IN ('owner', 'manager', 'clerk', 'warehouse', 'accounting')", name="not_built_in"),
)

staff_invitations = Table(
    "staff_invitations",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("invitation_id", ID, primary_key=True),
    Column("email", ADDRESS, nullable=False),
    Column("role", WORD, nullable=False),
    Column("language", WORD, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("invited_by", NAME, nullable=False),
    Column("staff_id", ID),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("revoked_at", Instant),
    UniqueConstraint("merchant_id", "digest"),
    ForeignKeyConstraint(["merchant_id", "staff_id"], ["staff.merchant_id", "staff.staff_id"]),
    CheckConstraint("accepted_at IS NULL OR staff_id IS NOT NULL", name="accepted_by_somebody"),
    CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="one_end"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("session_id", ID, primary_key=True),
    Column("staff_id", ID, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("ip_address", String(45)),
    Column("user_agent", String(300)),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_at", Instant),
    ForeignKeyConstraint(["merchant_id", "staff_id"], ["staff.merchant_id", "staff.staff_id"]),
    UniqueConstraint("merchant_id", "digest"),
    Index(None, "merchant_id", "staff_id", "session_id"),
    Index(None, "ends_at"),
)

staff_totp_uses = Table(
    "staff_totp_uses",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("staff_id", ID, primary_key=True),
    Column("step", BigInteger, primary_key=True),
    ForeignKeyConstraint(["merchant_id", "staff_id"], ["staff.merchant_id", "staff.staff_id"]),
)

staff_recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("staff_id", ID, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    ForeignKeyConstraint(["merchant_id", "staff_id"], ["staff.merchant_id", "staff.staff_id"]),
)
