"""The schema that the database has."""

from app.store import migrate
from app.store.database import Database


async def revision(database: Database) -> str | None:
    """None before the first migration."""
    return await migrate.current(database)
