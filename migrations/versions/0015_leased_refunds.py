"""A refund in progress is leased to one payer.

Ships with the next release.
"""

from alembic import op

from app.store import online

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A refund that is in progress now has no lease, and so any payer may go on with it."""
    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "VARCHAR(32)"
    leased, named = "ck_refunds_leased_in_progress", "ck_refunds_payer_has_a_lease"
    check = "status = 'processing' OR lease_ends_at IS NULL"
    online.add_checked_column("refunds", "lease_ends_at", instant, leased, check)
    check = "payer IS NULL OR lease_ends_at IS NOT NULL"
    online.add_checked_column("refunds", "payer", "VARCHAR(200)", named, check)
    with online.after_commit():
        online.validate("refunds", leased, named)


def downgrade() -> None:
    with op.batch_alter_table("refunds") as refunds:  # SQLite drops a column only without its checks
        for check in ("ck_refunds_payer_has_a_lease", "ck_refunds_leased_in_progress"):
            refunds.drop_constraint(op.f(check), type_="check")
        refunds.drop_column("payer")
        refunds.drop_column("lease_ends_at")
