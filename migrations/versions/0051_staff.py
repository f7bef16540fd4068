"""People of a merchant sign in with roles, and mails go to them.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_ABOUT_SOMETHING = "order_id IS NOT NULL OR withdrawal_id IS NOT NULL OR audience = 'staff'"
_BEFORE = "order_id IS NOT NULL OR withdrawal_id IS NOT NULL"
_CHECK = "ck_messages_about_something"


def upgrade() -> None:
    _create_people()
    _create_sessions()
    _restrict_messages(_ABOUT_SOMETHING)


def _create_people() -> None:
    op.create_table(
        "staff",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_confirmed_at", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("disabled_at", Instant),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_staff_email_in_lower_case")),
        sa.CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name=op.f("ck_staff_confirmed_secret")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_staff_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "staff_id", name=op.f("pk_staff")),
        sa.UniqueConstraint("merchant_id", "email", name=op.f("uq_staff_merchant_id_email")),
    )
    op.create_table(
        "staff_roles",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.CheckConstraint(
            "role NOT IN ('owner', 'manager', 'clerk', 'warehouse', 'accounting')",
            name=op.f("ck_staff_roles_not_built_in"),
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_staff_roles_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "role", name=op.f("pk_staff_roles")),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("invitation_id", sa.String(36), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("invited_by", sa.String(200), nullable=False),
        sa.Column("staff_id", sa.String(36)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("accepted_at", Instant),
        sa.Column("revoked_at", Instant),
        sa.CheckConstraint(
            "accepted_at IS NULL OR staff_id IS NOT NULL", name=op.f("ck_staff_invitations_accepted_by_somebody")
        ),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_staff_invitations_one_end")),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_staff_invitations_merchants")
        ),
        _of_person("staff_invitations"),
        sa.PrimaryKeyConstraint("merchant_id", "invitation_id", name=op.f("pk_staff_invitations")),
        sa.UniqueConstraint("merchant_id", "digest", name=op.f("uq_staff_invitations_merchant_id_digest")),
    )


def _create_sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("ip_address", sa.String(45)),
        sa.Column("user_agent", sa.String(300)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        _of_person("staff_sessions"),
        sa.PrimaryKeyConstraint("merchant_id", "session_id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("merchant_id", "digest", name=op.f("uq_staff_sessions_merchant_id_digest")),
    )
    op.create_index(
        op.f("ix_staff_sessions_merchant_id_staff_id_session_id"),
        "staff_sessions",
        ["merchant_id", "staff_id", "session_id"],
    )
    op.create_index(op.f("ix_staff_sessions_ends_at"), "staff_sessions", ["ends_at"])
    op.create_table(
        "staff_totp_uses",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        _of_person("staff_totp_uses"),
        sa.PrimaryKeyConstraint("merchant_id", "staff_id", "step", name=op.f("pk_staff_totp_uses")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        _of_person("staff_recovery_codes"),
        sa.PrimaryKeyConstraint("merchant_id", "staff_id", "digest", name=op.f("pk_staff_recovery_codes")),
    )


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["merchant_id", "staff_id"], ["staff.merchant_id", "staff.staff_id"], name=op.f(f"fk_{table}_staff")
    )


def _restrict_messages(about: str) -> None:
    if not online.is_postgres():
        with op.batch_alter_table("messages") as messages:
            messages.drop_constraint(op.f(_CHECK), type_="check")
            messages.create_check_constraint(op.f(_CHECK), sa.text(about))
        return
    op.execute(f"ALTER TABLE messages DROP CONSTRAINT IF EXISTS {_CHECK}")
    op.execute(f"ALTER TABLE messages ADD CONSTRAINT {_CHECK} CHECK ({about}) NOT VALID")
    with online.after_commit():
        online.validate("messages", _CHECK)


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE order_id IS NULL AND withdrawal_id IS NULL")
    if online.is_postgres():
        op.execute(f"ALTER TABLE messages DROP CONSTRAINT {_CHECK}")
        op.execute(f"ALTER TABLE messages ADD CONSTRAINT {_CHECK} CHECK ({_BEFORE})")
    else:
        _restrict_messages(_BEFORE)
    for table in (
        *("staff_recovery_codes", "staff_totp_uses", "staff_sessions"),
        *("staff_invitations", "staff_roles", "staff"),
    ):
        op.drop_table(table)
