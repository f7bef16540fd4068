"""Published rules, and the claims on which they were tried, are kept as they are.

Ships with the next release.
"""

from alembic import op

from app.store import online

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_TABLES = ("rule_sets", "rule_runs")
_IS_ERASED = "EXISTS (SELECT 1 FROM merchants WHERE merchant_id = OLD.merchant_id AND erased_at IS NOT NULL)"
_ON_POSTGRES = (("kept", "DELETE OR UPDATE", "ROW"), ("not_emptied", "TRUNCATE", "STATEMENT"))
_ON_SQLITE = (("kept", "DELETE", f"WHEN NOT {_IS_ERASED}"), ("immutable", "UPDATE", ""))


def upgrade() -> None:
    for table in _TABLES:
        if not online.is_postgres():
            for name, verb, when in _ON_SQLITE:
                op.execute(
                    f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} {when}"
                    f" BEGIN SELECT RAISE(ABORT, 'the rows of {table} are kept as they are'); END"
                )
            continue
        for name, verb, each in _ON_POSTGRES:
            op.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION rows_are_kept()"
            )


def downgrade() -> None:
    for table in _TABLES:
        for name, _, _ in _ON_POSTGRES if online.is_postgres() else _ON_SQLITE:
            op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if online.is_postgres() else ""))
