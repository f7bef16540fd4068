"""What a shop tells its buyers about itself, as JSON.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shops", sa.Column("profile", sa.Text()))


def downgrade() -> None:
    op.drop_column("shops", "profile")
