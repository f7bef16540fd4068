"""Sellers' own policies, the time zone of an order, and interest on late refunds.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_IMMUTABLE = {
    "postgresql": (
        """
        CREATE FUNCTION policies_are_immutable() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a published policy does not change'; END $$
        """,
        """
        CREATE TRIGGER policies_immutable BEFORE UPDATE OR DELETE ON policies
        FOR EACH ROW EXECUTE FUNCTION policies_are_immutable()
        """,
    ),
    "sqlite": tuple(
        f"""
        CREATE TRIGGER policies_no_{verb} BEFORE {verb} ON policies
        BEGIN SELECT RAISE(ABORT, 'a published policy does not change'); END
        """
        for verb in ("update", "delete")
    ),
}


def upgrade() -> None:
    op.add_column("orders", sa.Column("time_zone", sa.String(length=40), nullable=True))
    for name in ("late_interest_percent", "late_interest"):
        op.add_column("refunds", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "policies",
        sa.Column("merchant_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=200), nullable=False),
        sa.Column("effective_from", Instant(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("violations", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_policies_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "policy_id", "version", name=op.f("pk_policies")),
    )
    for statement in _IMMUTABLE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("policies")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION policies_are_immutable")
    for name in ("late_interest", "late_interest_percent"):
        op.drop_column("refunds", name)
    op.drop_column("orders", "time_zone")
