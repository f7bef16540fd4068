"""Each open claim says whose turn it is.

Ships with the next release.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BUYERS_HOLDS = (
    *("return_fee_unpaid", "extra_fee_unpaid", "exchange_fee_unpaid"),
    *("goods_not_arrived", "buyer_question"),
)
_PARTIES = {
    "requested": "seller",
    "approved": "buyer",
    "collecting": "carrier",
    "received": "seller",
    "accepted": "seller",
    "repaired": "seller",
    "reshipping": "carrier",
}
_CLAIMS = sa.table(
    "claims",
    *(sa.column(name) for name in ("merchant_id", "claim_id", "kind", "state", "held", "turn")),
    sa.column("document", sa.Text),
)


def upgrade() -> None:
    """A document gets its turn when its claim changes."""
    online.add_column("claims", sa.Column("turn", sa.String(40)))
    some = sa.text("turn IS NOT NULL")
    columns = ["merchant_id", "turn", "claim_id"]
    with online.after_commit():
        _fill_in()
        online.create_index("ix_claims_turn", "claims", columns, sqlite_where=some, postgresql_where=some)


def _fill_in() -> None:
    parties = " ".join(f"WHEN '{state}' THEN '{party}'" for state, party in _PARTIES.items())
    states = ", ".join(f"'{state}'" for state in _PARTIES)
    for sql in (
        f"UPDATE claims SET turn = CASE state {parties} END WHERE state IN ({states}) AND {{span}}",  # noqa: S608 # ours
        "UPDATE claims SET turn = 'seller' WHERE kind IN ('cancel', 'refund') AND state = 'approved' AND {span}",
        (
            "UPDATE claims SET turn = 'provider' WHERE ((kind IN ('cancel', 'refund') AND state = 'approved')"
            " OR (kind = 'return' AND state = 'accepted'))"
            " AND EXISTS (SELECT 1 FROM refunds r WHERE r.merchant_id = claims.merchant_id"
            " AND r.claim_id = claims.claim_id AND r.status IN ('processing', 'unknown'))"
            " AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.merchant_id = claims.merchant_id"
            " AND r.claim_id = claims.claim_id AND r.status IN ('pending', 'failed')) AND {span}"
        ),
    ):
        online.in_batches("claims", ("merchant_id", "claim_id"), sql)
    waits = sa.or_(_CLAIMS.c.held, _CLAIMS.c.document.like('%"status":"open"%'))
    for row in op.get_bind().execute(sa.select(*_CLAIMS.c).where(_CLAIMS.c.turn.is_not(None), waits)).all():
        this = (_CLAIMS.c.merchant_id == row.merchant_id, _CLAIMS.c.claim_id == row.claim_id)
        op.execute(_CLAIMS.update().where(*this).values(turn=_party(row.turn, json.loads(row.document))))


def downgrade() -> None:
    op.drop_index("ix_claims_turn", "claims")
    op.drop_column("claims", "turn")


def _party(party: str, claim: dict[str, Any]) -> str:
    if hold := claim.get("hold"):
        return "buyer" if hold["reason"] in _BUYERS_HOLDS else "seller"
    return "buyer" if any(offer["status"] == "open" for offer in claim.get("offers", ())) else party
