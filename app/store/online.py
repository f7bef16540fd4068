"""Steps of migrations beside a running service. On PostgreSQL none of them holds up writes for long. On SQLite a
migration has the whole file for itself.

A statement that waits for a table's lock makes all later statements wait behind it. So no statement of a migration
waits longer than LOCK_TIMEOUT_MS. `migrate.upgrade` then runs the migration again. Each migration is a transaction, and
what stands in `after_commit` is not: both may run again, and must come to the same end.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

LOCK_TIMEOUT_MS = 1_000
_BATCH = 2_000


def is_postgres() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


@contextmanager
def after_commit() -> Iterator[None]:
    """Commit what the migration has done so far. Each statement of the block is a transaction of its own."""
    if not is_postgres():
        yield
        return
    with op.get_context().autocommit_block():
        yield


def add_column(table: str, column: sa.Column[Any]) -> None:
    """A column that may be null, or that has a constant default: no row is written."""
    op.add_column(table, column, if_not_exists=is_postgres() or None)


def add_checked_column(table: str, column: str, definition: str, name: str, check: str) -> None:
    """The same with a check. New rows keep the check at once; `validate` looks at the rows that are there. SQLite adds
    a check only with its column."""
    if not is_postgres():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition} CONSTRAINT {name} CHECK ({check})")
        return
    op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {definition}")
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check}) NOT VALID")


def validate(table: str, *names: str) -> None:
    """Inside `after_commit`: look whether the rows keep the checks. Reads and writes go on."""
    for name in names if is_postgres() else ():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def in_batches(table: str, key: Sequence[str], sql: str, **values: Any) -> None:
    """Inside `after_commit`: run a statement for some thousand rows at a time, in the order of the primary key. The
    statement has `{span}` as a condition."""
    columns = ", ".join(key)
    after: tuple[str, ...] = ("",) * len(key)
    next_key = sa.text(
        f"SELECT {columns} FROM {table} WHERE ({columns}) > ({_names('after', key)})"  # noqa: S608 # names of our own
        f" ORDER BY {columns} LIMIT 1 OFFSET {_BATCH - 1}"
    )
    while True:
        bounds = _values("after", after)
        last = op.get_bind().execute(next_key, bounds).first()
        span = f"({columns}) > ({_names('after', key)})"
        if last is not None:
            span += f" AND ({columns}) <= ({_names('upto', key)})"
            bounds |= _values("upto", tuple(last))
        op.get_bind().execute(sa.text(sql.replace("{span}", span)), {**values, **bounds})
        if last is None:
            return
        after = tuple(last)


def create_index(name: str, table: str, columns: Sequence[str | sa.TextClause], **options: Any) -> None:
    """Inside `after_commit`: reads and writes go on meanwhile. An index that was not finished is made again. The
    statement waits for the transactions that are under way, but nothing waits for it."""
    if not is_postgres():
        op.create_index(name, table, list(columns), if_not_exists=True, **options)
        return
    op.execute("SET lock_timeout = 0")
    unfinished = sa.text("SELECT 1 FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass(:name)")
    if op.get_bind().execute(unfinished, {"name": name}).first():
        op.drop_index(name, table, postgresql_concurrently=True)
    op.create_index(name, table, list(columns), if_not_exists=True, postgresql_concurrently=True, **options)
    op.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")


def _names(prefix: str, key: Sequence[str]) -> str:
    return ", ".join(f":{prefix}_{number}" for number in range(len(key)))


def _values(prefix: str, values: Sequence[str]) -> dict[str, str]:
    return {f"{prefix}_{number}": value for number, value in enumerate(values)}
