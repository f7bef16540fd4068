"""Messages to people, their templates, and the contacts on a claim.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_IMMUTABLE = {
    "postgresql": (
        """
        CREATE FUNCTION message_templates_are_immutable() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a template that was in force does not change'; END $$
        """,
        """
        CREATE TRIGGER message_templates_immutable BEFORE UPDATE OR DELETE ON message_templates
        FOR EACH ROW EXECUTE FUNCTION message_templates_are_immutable()
        """,
    ),
    "sqlite": tuple(
        f"""
        CREATE TRIGGER message_templates_no_{verb} BEFORE {verb} ON message_templates
        BEGIN SELECT RAISE(ABORT, 'a template that was in force does not change'); END
        """
        for verb in ("update", "delete")
    ),
}


def upgrade() -> None:
    op.create_table(
        "shops",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("bounce", sa.Text(), nullable=True),
        sa.Column("bounced_at", Instant(), nullable=True),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_shops_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_shops")),
    )
    op.create_table(
        "buyers",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("bounce", sa.Text(), nullable=True),
        sa.Column("bounced_at", Instant(), nullable=True),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f("fk_buyers_orders")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", name=op.f("pk_buyers")),
    )
    op.create_table(
        "message_templates",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_message_templates_merchants")
        ),
        sa.PrimaryKeyConstraint(
            "merchant_id", "event", "audience", "language", "version", name=op.f("pk_message_templates")
        ),
    )
    op.create_table(
        "messages",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("(status = 'queued') = (next_at IS NOT NULL)", name=op.f("ck_messages_queued_for_when")),
        sa.CheckConstraint(
            "status = 'left_to_storefront' OR to_address IS NOT NULL", name=op.f("ck_messages_sent_somewhere")
        ),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_messages_sent_when")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_messages_claims")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_messages_merchants")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f("fk_messages_orders")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "message_id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "merchant_id", "event_id", "audience", name=op.f("uq_messages_merchant_id_event_id_audience")
        ),
    )
    op.create_index(op.f("ix_messages_merchant_id_claim_id"), "messages", ["merchant_id", "claim_id"])
    op.create_index(op.f("ix_messages_merchant_id_order_id"), "messages", ["merchant_id", "order_id"])
    op.create_index(op.f("ix_messages_next_at"), "messages", ["next_at"])
    op.create_table(
        "contacts",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_contacts_claims")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "contact_id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_merchant_id_claim_id"), "contacts", ["merchant_id", "claim_id"])
    for statement in _IMMUTABLE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in ("contacts", "messages", "message_templates", "buyers", "shops"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION message_templates_are_immutable")
