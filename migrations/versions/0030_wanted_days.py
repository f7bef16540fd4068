"""The day by which the buyer wants an order, and the mark of a gift.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.add_column("orders", sa.Column("wanted_on", sa.Date))
    online.add_column("orders", sa.Column("gift", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("orders", "gift")
    op.drop_column("orders", "wanted_on")
