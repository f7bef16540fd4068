"""What buyers have agreed to at the checkout, kept as it was shown.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_consents",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("version", sa.String(200)),
        sa.Column("option", sa.String(200)),
        sa.Column("agreed_at", Instant, nullable=False),
        sa.Column("records", sa.Text, nullable=False),
        sa.Column("line_ids", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "digest", name=op.f("pk_order_consents")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.order_id"],
            name=op.f("fk_order_consents_orders"),
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, verb in (("kept", "DELETE"), ("immutable", "UPDATE")):
            op.execute(
                f"CREATE TRIGGER order_consents_{name} BEFORE {verb} ON order_consents"
                " BEGIN SELECT RAISE(ABORT, 'the rows of order_consents are kept as they are'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER order_consents_kept BEFORE UPDATE OR DELETE ON order_consents"
        " FOR EACH ROW EXECUTE FUNCTION rows_are_kept()"
    )
    op.execute(
        "CREATE TRIGGER order_consents_not_emptied BEFORE TRUNCATE ON order_consents"
        " FOR EACH STATEMENT EXECUTE FUNCTION rows_are_kept()"
    )


def downgrade() -> None:
    op.drop_table("order_consents")
