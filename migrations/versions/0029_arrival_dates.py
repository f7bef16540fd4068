"""The day on which an order is expected to arrive.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.add_column("orders", sa.Column("expected_arrival_on", sa.Date))


def downgrade() -> None:
    op.drop_column("orders", "expected_arrival_on")
