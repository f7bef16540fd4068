"""A refund keeps the whole rule for late interest, as JSON, and no longer one percent for a year.

Ships with the next release.
"""

import json

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFUNDS = sa.table("refunds", *map(sa.column, ("late_interest_percent", "late_interest_rule")))


def upgrade() -> None:
    online.add_column("refunds", sa.Column("late_interest_rule", sa.Text(), nullable=True))
    percent = _REFUNDS.c.late_interest_percent
    with online.after_commit():
        for (number,) in op.get_bind().execute(sa.select(percent).where(percent > 0).distinct()).all():
            online.in_batches(
                "refunds",
                ("merchant_id", "refund_id"),
                "UPDATE refunds SET late_interest_rule = :rule WHERE late_interest_percent = :number AND {span}",
                rule=_constant(number),
                number=number,
            )
    op.drop_column("refunds", "late_interest_percent")


def downgrade() -> None:
    """A rule that is not one whole percent becomes 0 percent: the version before cannot say it."""
    op.add_column(
        "refunds", sa.Column("late_interest_percent", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    rule = _REFUNDS.c.late_interest_rule
    for (document,) in op.get_bind().execute(sa.select(rule).where(rule.is_not(None)).distinct()).all():
        op.execute(_REFUNDS.update().where(rule == document).values(late_interest_percent=_percent(document)))
    op.drop_column("refunds", "late_interest_rule")


def _constant(percent: int) -> str:
    """The same percent on every day. The row does not say which article it came from."""
    rates = [{"from_on": None, "rate": percent * 100}]
    return json.dumps(
        {"citation": "", "rates": rates, "penalties": [], "monthly": None}, ensure_ascii=False, separators=(",", ":")
    )


def _percent(document: str) -> int:
    rule = json.loads(document)
    is_constant = len(rule["rates"]) == 1 and not rule["penalties"] and rule["monthly"] is None
    percent, rest = divmod(rule["rates"][0]["rate"], 100) if is_constant else (0, 0)
    return 0 if rest else percent
