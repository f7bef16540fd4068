"""A key has a beginning that shows which key it is, an end, its last use, and the key that it replaces.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("prefix", sa.String(60)),
    ("expires_at", Instant),
    ("last_used_at", Instant),
    ("rotated_from", sa.String(36)),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        online.add_column("api_keys", sa.Column(name, kind))
    with online.after_commit():
        where = sa.text("revoked_at IS NULL")
        online.create_index(
            "uq_api_keys_rotated_from",
            "api_keys",
            ["merchant_id", "rotated_from"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_index("uq_api_keys_rotated_from", "api_keys")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("api_keys", name)
