"""The schema's versions, run by Alembic from the migrations of the application."""

import logging
import random
import time
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import column, select, table, text, update
from sqlalchemy.exc import DBAPIError

from app.store.database import Tx
from app.store.drivers import is_missing_table
from app.store.statements import Statement

logger = logging.getLogger(__name__)

ATTEMPTS = 100
_LOCKED = frozenset({"55P03", "40P01"})  # lock not available, deadlock
_version = table("alembic_version", column("version_num"))
_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE / "migrations", _PACKAGE.parent / "migrations")
"""Where the migrations are: in the package, as the wheel has it, or beside the package, as the repository has it."""


def config(url: str) -> Config:
    """Alembic's settings for a database; `%` is doubled because Alembic interpolates."""
    settings = Config()
    settings.set_main_option("script_location", str(next(folder for folder in _FOLDERS if folder.is_dir())))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to a revision. Blocks; not for use inside an event loop.

    A migration that cannot get a lock soon is given up, so that writes do not wait behind it, and run again after a
    pause: for ATTEMPTS times, which is some minutes.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            command.upgrade(config(url), revision)
        except DBAPIError as error:
            if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _LOCKED:
                raise
            logger.warning("a migration waits for a lock that others hold, and will try again: %s", error.orig)
            time.sleep(random.uniform(1, 3))  # noqa: S311 - spreads retries
        else:
            return


def downgrade(url: str, revision: str) -> None:
    command.downgrade(config(url), revision)


@cache
def head() -> str:
    """The revision that this code expects."""
    revision = ScriptDirectory.from_config(config("sqlite://")).get_current_head()
    if revision is None:
        raise RuntimeError("there are no migrations")
    return revision


@cache
def known_revisions() -> frozenset[str]:
    """All revisions that this code has. A database at another revision is ahead of this code."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(config("sqlite://")).walk_revisions())


async def current(tx: Tx) -> str | None:
    """The revision that the database is at, or None before the first migration."""
    try:
        row = await tx.first(_CURRENT)
        return None if row is None else str(row[0])
    except DBAPIError as error:
        if is_missing_table(error):
            return None
        raise


async def touch(tx: Tx) -> None:
    """Write something that changes nothing, to see whether the database takes writes. A migration that is under way is
    not waited for."""
    await tx.fetch(_TOUCH)


_TOUCH = Statement(
    update(_version)
    .where(_version.c.version_num.in_(select(_version.c.version_num).with_for_update(skip_locked=True)))
    .values(version_num=_version.c.version_num)
)
_CURRENT = Statement(text("SELECT version_num FROM alembic_version"))
