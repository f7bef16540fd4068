"""The seller's queue: what waits for the seller, in the order of the deadlines.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_INDEXES: tuple[tuple[str, str, list[str | sa.TextClause], str], ...] = (
    (
        "ix_claims_queue",
        "claims",
        ["merchant_id", "turn", sa.text("coalesce(due_at, requested_at)"), sa.text("(-value)"), "claim_id"],
        "turn IS NOT NULL",
    ),
    ("ix_claims_answered", "claims", ["merchant_id", "turn", "claim_id"], "answered_at IS NOT NULL"),
    (
        "ix_address_changes_queue",
        "address_changes",
        ["merchant_id", "requested_at", "change_id"],
        "status = 'requested'",
    ),
    ("ix_option_changes_queue", "option_changes", ["merchant_id", "requested_at", "change_id"], "status = 'requested'"),
    ("ix_withdrawals_queue", "withdrawals", ["merchant_id", "received_at", "withdrawal_id"], "status = 'unmatched'"),
)
_ANSWERED = """
    UPDATE claims SET answered_at = (
        SELECT word.at FROM contacts word
         WHERE word.merchant_id = claims.merchant_id AND word.claim_id = claims.claim_id AND word.kind = 'answer'
           AND NOT EXISTS (
               SELECT 1 FROM contacts later
                WHERE later.merchant_id = word.merchant_id AND later.claim_id = word.claim_id
                  AND later.kind <> 'note' AND later.contact_id > word.contact_id
           )
    ) WHERE turn IS NOT NULL AND {span}
"""
"""When the buyer answered the last question of the shop."""


def upgrade() -> None:
    """A claim gets its value when it changes."""
    online.add_column("claims", sa.Column("value", sa.BigInteger, nullable=False, server_default="0"))
    online.add_column("claims", sa.Column("answered_at", Instant))
    with online.after_commit():
        online.in_batches("claims", ("merchant_id", "claim_id"), _ANSWERED)
        for name, table, columns, some in _INDEXES:
            online.create_index(name, table, columns, sqlite_where=sa.text(some), postgresql_where=sa.text(some))


def downgrade() -> None:
    for name, table, *_ in reversed(_INDEXES):
        op.drop_index(name, table)
    op.drop_column("claims", "answered_at")
    op.drop_column("claims", "value")
