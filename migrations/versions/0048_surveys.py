"""A buyer says once how the handling of a claim was.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_ANSWERED = (
    *("merchant_id", "claim_id", "order_id", "rejected", "score", "reason_understood", "alternative_found"),
    *("answered_at", "hash"),
)
"""What nobody may change. The words of a person can be erased: the hash stays."""


_IS_ERASED = "EXISTS (SELECT 1 FROM merchants WHERE merchant_id = OLD.merchant_id AND erased_at IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("rejected", sa.Boolean, nullable=False),
        sa.Column("score", sa.String(40), nullable=False),
        sa.Column("reason_understood", sa.Boolean),
        sa.Column("alternative_found", sa.Boolean),
        sa.Column("text", sa.Text),
        sa.Column("answered_at", Instant, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("score IN ('good', 'so_so', 'bad')", name=op.f("ck_surveys_score")),
        sa.CheckConstraint(
            "rejected OR (reason_understood IS NULL AND alternative_found IS NULL)",
            name=op.f("ck_surveys_asked_after_a_rejection"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_surveys_claims")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"], name=op.f("fk_surveys_orders")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", name=op.f("pk_surveys")),
    )
    op.create_index("ix_surveys_answered_at", "surveys", ["merchant_id", "answered_at", "claim_id"])
    op.create_index("ix_surveys_score", "surveys", ["merchant_id", "score", "answered_at", "claim_id"])
    _keep_rows()


def _keep_rows() -> None:
    columns = ", ".join(_ANSWERED)
    if not online.is_postgres():
        for name, when in (
            ("kept", f"DELETE ON surveys WHEN NOT {_IS_ERASED}"),
            ("immutable", f"UPDATE OF {columns} ON surveys"),
        ):
            op.execute(
                f"CREATE TRIGGER surveys_{name} BEFORE {when}"
                " BEGIN SELECT RAISE(ABORT, 'the rows of surveys are kept as they are'); END"
            )
        return
    for name, verb, each in (
        ("kept", f"DELETE OR UPDATE OF {columns}", "ROW"),
        ("not_emptied", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER surveys_{name} BEFORE {verb} ON surveys FOR EACH {each} EXECUTE FUNCTION rows_are_kept()"
        )


def downgrade() -> None:
    op.drop_table("surveys")
