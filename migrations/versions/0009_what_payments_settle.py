"""The claim whose debt a payment has settled: one claim, and never another.

Ships with 0.1.0.
"""

import json

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STAYS = {
    "postgresql": (
        """
        CREATE FUNCTION settlements_are_final() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a payment settles one debt'; END $$
        """,
        """
        CREATE TRIGGER settlements_final BEFORE UPDATE ON payments
        FOR EACH ROW WHEN (OLD.settles IS NOT NULL AND NEW.settles IS DISTINCT FROM OLD.settles)
        EXECUTE FUNCTION settlements_are_final()
        """,
    ),
    "sqlite": (
        """
        CREATE TRIGGER settlements_final BEFORE UPDATE ON payments
        WHEN OLD.settles IS NOT NULL AND NEW.settles IS NOT OLD.settles
        BEGIN SELECT RAISE(ABORT, 'a payment settles one debt'); END
        """,
    ),
}
_GOES = {
    "postgresql": ("DROP TRIGGER settlements_final ON payments", "DROP FUNCTION settlements_are_final()"),
    "sqlite": ("DROP TRIGGER settlements_final",),
}


def upgrade() -> None:
    online.add_column("payments", sa.Column("settles", sa.String(length=36), nullable=True))
    with online.after_commit():
        _tell_what_was_settled()
    for statement in _STAYS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _GOES[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_column("payments", "settles")


def _tell_what_was_settled() -> None:
    """Of two claims that one payment was confirmed for, the first keeps it."""
    names = ("merchant_id", "order_id", "claim_id", "document")
    claims = sa.table("claims", *map(sa.column, names))
    payments = sa.table("payments", *map(sa.column, ("merchant_id", "order_id", "payment_id", "settles")))
    paid = sa.select(claims).where(claims.c.document.like('%"buyer_payment":{%')).order_by(claims.c.claim_id)
    for claim in op.get_bind().execute(paid).all():
        payment = json.loads(claim.document)["buyer_payment"]
        op.execute(
            payments.update()
            .where(
                payments.c.merchant_id == claim.merchant_id,
                payments.c.order_id == claim.order_id,
                payments.c.payment_id == payment["payment_id"],
                payments.c.settles.is_(None),
            )
            .values(settles=claim.claim_id)
        )
