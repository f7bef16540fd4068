"""Events outside of claims, and an outbox of the events that are not published yet.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FILLED = {
    "postgresql": (
        """
        CREATE FUNCTION claim_events_to_outbox() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            INSERT INTO outbox (merchant_id, event_id, claim_id, seq)
            VALUES (NEW.merchant_id, NEW.event_id, NEW.claim_id, NEW.seq);
            RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER claim_events_told AFTER INSERT ON claim_events
        FOR EACH ROW EXECUTE FUNCTION claim_events_to_outbox()
        """,
        """
        CREATE FUNCTION notices_to_outbox() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            INSERT INTO outbox (merchant_id, event_id) VALUES (NEW.merchant_id, NEW.event_id);
            RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER notices_told AFTER INSERT ON notices
        FOR EACH ROW EXECUTE FUNCTION notices_to_outbox()
        """,
        """
        CREATE FUNCTION notices_are_immutable() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a notice does not change'; END $$
        """,
        """
        CREATE TRIGGER notices_immutable BEFORE UPDATE ON notices
        FOR EACH ROW EXECUTE FUNCTION notices_are_immutable()
        """,
    ),
    "sqlite": (
        """
        CREATE TRIGGER claim_events_told AFTER INSERT ON claim_events
        BEGIN
            INSERT INTO outbox (merchant_id, event_id, claim_id, seq)
            VALUES (NEW.merchant_id, NEW.event_id, NEW.claim_id, NEW.seq);
        END
        """,
        """
        CREATE TRIGGER notices_told AFTER INSERT ON notices
        BEGIN
            INSERT INTO outbox (merchant_id, event_id) VALUES (NEW.merchant_id, NEW.event_id);
        END
        """,
        """
        CREATE TRIGGER notices_immutable BEFORE UPDATE ON notices
        BEGIN SELECT RAISE(ABORT, 'a notice does not change'); END
        """,
    ),
}


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_notices_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "event_id", name=op.f("pk_notices")),
    )
    op.create_index(
        op.f("ix_notices_merchant_id_subject_subject_id"), "notices", ["merchant_id", "subject", "subject_id"]
    )
    op.create_table(
        "outbox",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("merchant_id", "event_id", name=op.f("pk_outbox")),
    )
    for statement in _FILLED[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    postgres = op.get_context().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER claim_events_told{' ON claim_events' if postgres else ''}")
    op.drop_index(op.f("ix_notices_merchant_id_subject_subject_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_table("outbox")
    if postgres:
        for function in ("claim_events_to_outbox", "notices_to_outbox", "notices_are_immutable"):
            op.execute(f"DROP FUNCTION {function}")
