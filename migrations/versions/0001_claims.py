"""Orders, claims, refunds, and the history that cannot be rewritten.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "postgresql": (
        """
        CREATE FUNCTION claim_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'claim_events is append-only'; END $$
        """,
        """
        CREATE TRIGGER claim_events_append_only BEFORE UPDATE OR DELETE ON claim_events
        FOR EACH ROW EXECUTE FUNCTION claim_events_are_append_only()
        """,
        """
        CREATE TRIGGER claim_events_not_emptied BEFORE TRUNCATE ON claim_events
        FOR EACH STATEMENT EXECUTE FUNCTION claim_events_are_append_only()
        """,
    ),
    "sqlite": tuple(
        f"""
        CREATE TRIGGER claim_events_no_{verb} BEFORE {verb} ON claim_events
        BEGIN SELECT RAISE(ABORT, 'claim_events is append-only'); END
        """
        for verb in ("update", "delete")
    ),
}


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)

    op.create_table(
        "merchants",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_merchants")),
    )
    op.create_table(
        "api_keys",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_api_keys_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "key_id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("merchant_id", "digest", name=op.f("uq_api_keys_merchant_id_digest")),
    )
    op.create_table(
        "orders",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("buyer_id", sa.String(length=200), nullable=True),
        sa.Column("paid_at", Instant(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("expected_ship_on", sa.Date(), nullable=True),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("shipping_charged", sa.BigInteger(), nullable=False),
        sa.Column("shipping_tax", sa.BigInteger(), nullable=False),
        sa.Column("shipping_refunded", sa.BigInteger(), nullable=False),
        sa.Column("outbound_charged", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "discount >= 0 AND shipping_charged >= 0 AND shipping_tax >= 0 AND outbound_charged >= 0",
            name=op.f("ck_orders_amounts"),
        ),
        sa.CheckConstraint(
            "shipping_refunded BETWEEN 0 AND shipping_charged + shipping_tax",
            name=op.f("ck_orders_shipping_refunded_once"),
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_orders_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_merchant_id_buyer_id"), "orders", ["merchant_id", "buyer_id"], unique=False)
    op.create_index(
        op.f("ix_orders_merchant_id_created_at_order_id"),
        "orders",
        ["merchant_id", "created_at", "order_id"],
        unique=False,
    )

    op.create_table(
        "claims",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("fault", sa.String(length=40), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f("fk_claims_orders")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_due_at"), "claims", ["merchant_id", "due_at"], unique=False)
    op.create_index(op.f("ix_claims_merchant_id_order_id"), "claims", ["merchant_id", "order_id"], unique=False)
    op.create_index(
        op.f("ix_claims_merchant_id_state_claim_id"), "claims", ["merchant_id", "state", "claim_id"], unique=False
    )

    op.create_table(
        "order_lines",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("line_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("discountable", sa.Boolean(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("nature", sa.String(length=40), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("replaces", sa.String(length=200), nullable=True),
        sa.Column("shipped", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("shipped_at", Instant(), nullable=True),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.Column("credited", sa.BigInteger(), nullable=False),
        sa.Column("open_cancel", sa.Integer(), nullable=False),
        sa.Column("open_other", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("exchanged", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.Integer(), nullable=False),
        sa.CheckConstraint("delivered BETWEEN 0 AND shipped", name=op.f("ck_order_lines_delivered_was_shipped")),
        sa.CheckConstraint(
            "discount <= quantity * unit_price + tax", name=op.f("ck_order_lines_discount_within_price")
        ),
        sa.CheckConstraint(
            "open_cancel + open_other + cancelled + returned + exchanged + refunded <= quantity",
            name=op.f("ck_order_lines_no_unit_twice"),
        ),
        sa.CheckConstraint(
            "open_cancel >= 0 AND open_other >= 0 AND cancelled >= 0 AND returned >= 0 AND exchanged >= 0"
            " AND refunded >= 0 AND credited >= 0",
            name=op.f("ck_order_lines_units_not_negative"),
        ),
        sa.CheckConstraint(
            "open_other + returned + exchanged + refunded <= shipped", name=op.f("ck_order_lines_back_was_shipped")
        ),
        sa.CheckConstraint(
            "quantity >= 1 AND unit_price >= 0 AND discount >= 0 AND tax >= 0", name=op.f("ck_order_lines_amounts")
        ),
        sa.CheckConstraint(
            "shipped >= 0 AND shipped + cancelled <= quantity", name=op.f("ck_order_lines_shipped_or_cancelled")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.order_id"],
            name=op.f("fk_order_lines_orders"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "line_id", name=op.f("pk_order_lines")),
    )
    op.create_table(
        "payments",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("payment_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", Instant(), nullable=False),
        sa.CheckConstraint("refunded BETWEEN 0 AND captured", name=op.f("ck_payments_refund_ceiling")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f("fk_payments_orders")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "payment_id", name=op.f("pk_payments")),
    )
    op.create_table(
        "shipments",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("tracking_number", sa.String(length=200), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("shipped_at", Instant(), nullable=True),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "shipped_at IS NOT NULL OR delivered_at IS NOT NULL", name=op.f("ck_shipments_went_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.order_id"],
            name=op.f("fk_shipments_orders"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "carrier", "tracking_number", name=op.f("pk_shipments")),
    )
    op.create_table(
        "claim_events",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"],
            ["claims.merchant_id", "claims.claim_id"],
            name=op.f("fk_claim_events_claims"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", "seq", name=op.f("pk_claim_events")),
        sa.UniqueConstraint("merchant_id", "event_id", name=op.f("uq_claim_events_merchant_id_event_id")),
    )
    op.create_table(
        "claim_lines",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("line_id", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("sku", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"],
            ["claims.merchant_id", "claims.claim_id"],
            name=op.f("fk_claim_lines_claims"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id", "line_id"],
            ["order_lines.merchant_id", "order_lines.order_id", "order_lines.line_id"],
            name=op.f("fk_claim_lines_order_lines"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", "line_id", name=op.f("pk_claim_lines")),
    )
    op.create_index(op.f("ix_claim_lines_merchant_id_sku"), "claim_lines", ["merchant_id", "sku"], unique=False)

    op.create_table(
        "refunds",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("refund_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("payment_id", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("idempotency_key", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider_reference", sa.String(length=200), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_by", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_refunds_claims")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id", "payment_id"],
            ["payments.merchant_id", "payments.order_id", "payments.payment_id"],
            name=op.f("fk_refunds_payments"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "refund_id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("merchant_id", "method", "provider_reference", name=op.f("uq_refunds_provider_reference")),
        sa.UniqueConstraint(
            "merchant_id", "claim_id", "payment_id", name=op.f("uq_refunds_merchant_id_claim_id_payment_id")
        ),
        sa.UniqueConstraint("merchant_id", "idempotency_key", name=op.f("uq_refunds_merchant_id_idempotency_key")),
    )
    op.create_index(op.f("ix_refunds_merchant_id_order_id"), "refunds", ["merchant_id", "order_id"], unique=False)
    op.create_index(
        op.f("ix_refunds_merchant_id_status_refund_id"),
        "refunds",
        ["merchant_id", "status", "refund_id"],
        unique=False,
    )

    for statement in _APPEND_ONLY[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_refunds_merchant_id_status_refund_id"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_merchant_id_order_id"), table_name="refunds")

    op.drop_table("refunds")
    op.drop_index(op.f("ix_claim_lines_merchant_id_sku"), table_name="claim_lines")

    op.drop_table("claim_lines")
    op.drop_table("claim_events")
    op.drop_table("shipments")
    op.drop_table("payments")
    op.drop_table("order_lines")
    op.drop_index(op.f("ix_claims_merchant_id_state_claim_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_merchant_id_order_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_due_at"), table_name="claims")

    op.drop_table("claims")
    op.drop_index(op.f("ix_orders_merchant_id_created_at_order_id"), table_name="orders")
    op.drop_index(op.f("ix_orders_merchant_id_buyer_id"), table_name="orders")

    op.drop_table("orders")
    op.drop_table("api_keys")
    op.drop_table("merchants")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")

    op.drop_table("idempotency_keys")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION claim_events_are_append_only")
