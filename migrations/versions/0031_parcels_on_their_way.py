"""Parcels on their way are watched until their delivery is reported.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_SOME = sa.text("wakes_at IS NOT NULL")
_CHECKED = {
    "transit_delayed_at": ("carrier_asked_first", "transit_delayed_at IS NULL OR carrier_silent_at IS NOT NULL"),
    "wakes_at": ("on_its_way", "wakes_at IS NULL OR (shipped_at IS NOT NULL AND delivered_at IS NULL)"),
}


def upgrade() -> None:
    """The parcels that are there now are not watched: many shops have never reported their deliveries."""
    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "VARCHAR(32)"
    online.add_column("shipments", sa.Column("carrier_silent_at", Instant))
    for column, (name, check) in _CHECKED.items():
        online.add_checked_column("shipments", column, instant, f"ck_shipments_{name}", check)
    with online.after_commit():
        for name, _ in _CHECKED.values():
            online.validate("shipments", f"ck_shipments_{name}")
        online.create_index(
            "ix_shipments_wakes_at", "shipments", ["wakes_at"], sqlite_where=_SOME, postgresql_where=_SOME
        )


def downgrade() -> None:
    op.drop_index("ix_shipments_wakes_at", "shipments")
    for column in ("wakes_at", "transit_delayed_at", "carrier_silent_at"):
        op.drop_column("shipments", column)
