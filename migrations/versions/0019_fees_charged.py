"""Fees that claims have charged can be given back: an order keeps their sum.

Ships with the next release.
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FEES = ("return_fee", "exchange_fee", "replacement_fee", "restocking_fee")
_ORDERS = sa.table("orders", *map(sa.column, ("merchant_id", "order_id", "fees_charged")))
_CLAIMS = sa.table("claims", *map(sa.column, ("merchant_id", "order_id", "document", "state", "held")))


def upgrade() -> None:
    """What a buyer still owes, or owed and a seller waived, was not charged."""
    name, check = "ck_orders_fees_charged", "fees_charged >= 0"
    online.add_checked_column("orders", "fees_charged", "BIGINT DEFAULT '0' NOT NULL", name, check)
    with online.after_commit():
        online.validate("orders", name)
        _count_what_was_charged()


def _count_what_was_charged() -> None:
    charged: Counter[tuple[str, str]] = Counter()
    with_fee = sa.or_(*(_CLAIMS.c.document.like(f'%"code":"{code}"%') for code in _FEES))
    for row in op.get_bind().execute(sa.select(*_CLAIMS.c).where(with_fee)).all():
        claim = json.loads(row.document)
        amounts = claim["amounts"] or {"steps": (), "buyer_owes": 0}
        fees = -sum(step["amount"] for step in amounts["steps"] if step["code"] in _FEES)
        unpaid = 0 if claim["buyer_payment"] else amounts["buyer_owes"]
        charged[row.merchant_id, row.order_id] += max(0, fees - unpaid)
    for (merchant_id, order_id), amount in charged.items():
        its_order = sa.and_(_ORDERS.c.merchant_id == merchant_id, _ORDERS.c.order_id == order_id)
        op.execute(_ORDERS.update().where(its_order).values(fees_charged=amount))


def downgrade() -> None:
    """The step of fees that were given back becomes a step of shipping, and goodwill another reason."""
    for old, new in (
        ('"code":"fees_returned"', '"code":"shipping"'),
        ('"reason":"goodwill"', '"reason":"other"'),
        ('"why":"no_right"', '"why":"no_rule"'),
    ):
        older = sa.func.replace(_CLAIMS.c.document, old, new)
        op.execute(_CLAIMS.update().where(_CLAIMS.c.document.like(f"%{old}%")).values(document=older))
    op.execute("UPDATE claims SET reason = 'other' WHERE reason = 'goodwill'")
    op.drop_column("orders", "fees_charged")
