"""Money that is captured after a decision is refunded: an order keeps what its claims would have refunded, and a claim
may owe several refunds to one payment, one for each decision.

Ships with the next release.
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ONE_OF_A_CLAIM = ("merchant_id", "claim_id", "payment_id")
_ORDERS = sa.table("orders", *map(sa.column, ("merchant_id", "order_id", "not_captured")))
_CLAIMS = sa.table("claims", *map(sa.column, ("merchant_id", "order_id", "document")))
_NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s"}


def upgrade() -> None:
    for name in ("not_captured", "surplus_refunded"):
        definition = "BIGINT DEFAULT '0' NOT NULL"
        online.add_checked_column("orders", name, definition, f"ck_orders_{name}", f"{name} >= 0")
    online.add_column("refunds", sa.Column("claim_version", sa.Integer(), nullable=False, server_default="0"))
    with online.after_commit():
        online.validate("orders", "ck_orders_not_captured", "ck_orders_surplus_refunded")
        _count_what_was_not_captured()
    _replace_the_unique_key()


def _replace_the_unique_key() -> None:
    old, new, columns = "uq_refunds_merchant_id_claim_id_payment_id", "uq_refunds_decision", [*_ONE_OF_A_CLAIM]
    columns.append("claim_version")
    if online.is_postgres():
        with online.after_commit():
            online.create_index(new, "refunds", columns, unique=True)
        op.execute(f"ALTER TABLE refunds DROP CONSTRAINT {old}, ADD CONSTRAINT {new} UNIQUE USING INDEX {new}")
        return
    with op.batch_alter_table("refunds", naming_convention=_NAMES) as refunds:
        refunds.drop_constraint(old, type_="unique")
        refunds.create_unique_constraint(new, columns)


def _count_what_was_not_captured() -> None:
    missing: Counter[tuple[str, str]] = Counter()
    cut = sa.select(*_CLAIMS.c).where(_CLAIMS.c.document.like('%"not_captured"%'))
    for merchant_id, order_id, document in op.get_bind().execute(cut).all():
        amounts = json.loads(document)["amounts"]
        steps = amounts["steps"] if amounts else ()
        missing[merchant_id, order_id] -= sum(step["amount"] for step in steps if step["code"] == "not_captured")
    for (merchant_id, order_id), amount in missing.items():
        its_order = sa.and_(_ORDERS.c.merchant_id == merchant_id, _ORDERS.c.order_id == order_id)
        op.execute(_ORDERS.update().where(its_order).values(not_captured=amount))


def downgrade() -> None:
    """A claim that owes two refunds to one payment cannot be written in the version before: the step fails. Steps of
    late money become cuts of the other sign."""
    for code in ("captured_later", "surplus"):
        with_code = _CLAIMS.c.document.like(f'%"code":"{code}"%')
        older = sa.func.replace(_CLAIMS.c.document, f'"code":"{code}"', '"code":"not_captured"')
        op.execute(_CLAIMS.update().where(with_code).values(document=older))
    with op.batch_alter_table("refunds", naming_convention=_NAMES) as refunds:
        refunds.drop_constraint("uq_refunds_decision", type_="unique")
        refunds.create_unique_constraint("uq_refunds_merchant_id_claim_id_payment_id", list(_ONE_OF_A_CLAIM))
    op.drop_column("refunds", "claim_version")
    for name in ("surplus_refunded", "not_captured"):
        op.drop_column("orders", name)
