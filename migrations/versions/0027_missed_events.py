"""An endpoint keeps since when it has missed events, because it was disabled.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.add_column("endpoints", sa.Column("missed_from_at", Instant))


def downgrade() -> None:
    op.drop_column("endpoints", "missed_from_at")
