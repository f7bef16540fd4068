"""A key may have a limit of its own for its requests.

Ships with the next release.
"""

from alembic import op

from app.store import online

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_COLUMNS = {
    "requests_per_minute": "requests_per_minute IS NULL OR requests_per_minute >= 1",
    "burst": "(burst IS NULL) = (requests_per_minute IS NULL) AND (burst IS NULL OR burst >= 1)",
}


def upgrade() -> None:
    for name, check in _COLUMNS.items():
        online.add_checked_column("api_keys", name, "INTEGER", f"ck_api_keys_{name}", check)
    with online.after_commit():
        online.validate("api_keys", *(f"ck_api_keys_{name}" for name in _COLUMNS))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("api_keys", name)
