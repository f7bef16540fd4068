"""The schema that the database has."""

from app.store import migrate
from app.store.database import Database, Tx


class NewerSchemaError(Exception):
    """This code cannot read a record, and the schema is newer than this code: a newer release can read it."""


class DiskFullError(Exception):
    """The database answers, and has no room for writes."""


async def revision(database: Database) -> str | None:
    """None before the first migration."""
    async with database.read() as tx:
        return await migrate.current(tx)


async def usable_revision(database: Database) -> str | None:
    """The revision of a database that takes writes. Raises DiskFullError, or the errors of `Database`."""
    if database.is_full:
        raise DiskFullError
    current = await revision(database)
    if current is not None and not database.has_just_written:
        await database.write(migrate.touch)
    return current


def is_behind(revision: str | None) -> bool:
    """The schema is older than this code. During a rollout the schema may be newer."""
    return revision is None or (revision in migrate.known_revisions() and revision != migrate.head())


def expected_revision() -> str:
    return migrate.head()


async def refuse_newer(tx: Tx) -> None:
    """Raises NewerSchemaError when a newer release has migrated the database."""
    current = await migrate.current(tx)
    if current is not None and current not in migrate.known_revisions():
        raise NewerSchemaError(current)
