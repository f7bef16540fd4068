"""Which constraint a write has violated, by its name in the schema on both databases."""

import re
import sqlite3
from collections.abc import Iterator

import asyncpg
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError

from app.store.tables import metadata

_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (.+)")
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")


def violated_constraint(error: DBAPIError) -> str | None:
    """None for an error that is no violation, and for a violation that the database does not name."""
    original = error.orig
    if isinstance(original, asyncpg.IntegrityConstraintViolationError):
        name: str | None = original.constraint_name
        return name
    if isinstance(original, sqlite3.IntegrityError):
        return _named_by_sqlite(str(original))
    return None


def _named_by_sqlite(message: str) -> str | None:
    """SQLite names a CHECK, but only the columns of a unique key."""
    if unique := _SQLITE_COLUMNS.match(message):
        return _UNIQUE_KEYS.get(tuple(unique[1].split(", ")))
    check = _SQLITE_CHECK.match(message)
    return check[1] if check else None


def _unique_keys(table: Table) -> Iterator[tuple[tuple[str, ...], str]]:
    """The qualified columns of each key, and its name."""
    constraints = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    keys = [(key.columns, key.name) for key in constraints] + [(index.columns, index.name) for index in indexes]
    for columns, name in keys:
        yield tuple(f"{table.name}.{column.name}" for column in columns), str(name)


_UNIQUE_KEYS = {columns: name for table in metadata.tables.values() for columns, name in _unique_keys(table)}
