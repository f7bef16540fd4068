"""The schema's versions, run by Alembic from the migrations beside the application."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.store.database import Database
from app.store.drivers import is_missing_table
from app.store.statements import Statement

_ROOT = Path(__file__).resolve().parents[2]


def config(url: str) -> Config:
    """Alembic's settings for a database; `%` is doubled because Alembic interpolates."""
    settings = Config(_ROOT / "alembic.ini")
    settings.set_main_option("script_location", str(_ROOT / "migrations"))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to a revision. Blocks; not for use inside an event loop."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(config(url), revision)


def head() -> str:
    """The revision that this code expects."""
    revision = ScriptDirectory.from_config(config("sqlite://")).get_current_head()
    if revision is None:
        raise RuntimeError("there are no migrations")
    return revision


def known_revisions() -> frozenset[str]:
    """All revisions that this code has. A database at another revision is ahead of this code."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(config("sqlite://")).walk_revisions())


async def current(database: Database) -> str | None:
    """The revision that the database is at, or None before the first migration."""
    try:
        async with database.read() as tx:
            row = await tx.first(_CURRENT)
            return None if row is None else str(row[0])
    except DBAPIError as error:
        if is_missing_table(error):
            return None
        raise


_CURRENT = Statement(text("SELECT version_num FROM alembic_version"))
