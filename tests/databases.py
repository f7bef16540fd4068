"""Databases for tests: migrated once in a run, shared by its workers, and empty for each test.

Each worker has one PostgreSQL database, a copy of the migrated one, and deletes its rows after every test. Measured
with 78 tables and one worker: DELETE 8 ms with its connection, by a psql process 17. With twenty tables and two
workers, TRUNCATE took 62, dropping the database and copying it again 89. SQLite needs no wiping: its migrated file is
copied for every test.
"""

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from app.store.migrate import upgrade
from tests.postgres import RACE_BUT_DO_NOT_LAST, Server, exclusively, start

EXTERNAL = "RECOURSE_TEST_DATABASE_URL"
"""The URL of a server to use instead of a new one. Its role must be a superuser, as in `compose.yaml`."""

# Triggers and foreign keys are out of the way: rows go in any order, the append-only ones too. A transaction
# that a test left open is ended, since its locks would hold up the next test; idle connections may stay.
WIPE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
DO $$
DECLARE
    victim regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR victim IN
        SELECT oid FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        IF pg_relation_size(victim) > 1048576 THEN
            EXECUTE format('TRUNCATE %s CASCADE', victim);  -- dead rows by the thousand would slow the next test
        ELSE
            EXECUTE format('DELETE FROM %s', victim);
        END IF;
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END
$$;
"""


def postgres_server(home: Path) -> Server:
    """The run's server: the server in the environment, or a new one."""
    if external := os.environ.get(EXTERNAL):
        return Server(make_url(external).set(drivername="postgresql+asyncpg"))
    return start(home, RACE_BUT_DO_NOT_LAST)


def create_migrated(server: Server, home: Path, name: str) -> str:
    """A database with every migration applied and no rows; its URL."""
    template = f"{prefix(home)}_template"
    with exclusively(home):
        if not (home / "template").exists():
            server.sql(f"DROP DATABASE IF EXISTS {template}", f"CREATE DATABASE {template}")
            upgrade(server.url_of(template))
            (home / "template").touch()
    return create(server, home, name, f"TEMPLATE {template} STRATEGY file_copy")


def create(server: Server, home: Path, name: str, options: str = "TEMPLATE template0") -> str:
    """A database of this run; its URL."""
    database = f"{prefix(home)}_{name}"
    server.sql(f"CREATE DATABASE {database} {options}")
    return server.url_of(database)


def wipe(server: Server, url: str) -> None:
    """Take every row out of a database and begin its sequences again."""
    loop = asyncio.new_event_loop()  # not `asyncio.run`, which takes the loop of the tests away
    try:
        loop.run_until_complete(_wipe(server.libpq_url_of(make_url(url).database or "")))
    finally:
        loop.close()


async def _wipe(libpq_url: str) -> None:
    connection = await asyncpg.connect(libpq_url)
    try:
        await connection.execute(WIPE)
    finally:
        await connection.close()


def drop(server: Server, url: str) -> None:
    server.sql(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def drop_external(home: Path) -> None:
    """Drop the databases of this run from a server that is not ours."""
    if EXTERNAL in os.environ:
        server = postgres_server(home)
        ours = server.sql(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix(home)}_')")
        for database in ours.split():
            server.sql(f"DROP DATABASE {database} WITH (FORCE)")


def prefix(home: Path) -> str:
    """What the names of a run's databases begin with; runs on one server do not meet."""
    return home.name.replace("-", "_")


def copy_sqlite(home: Path, target: Path) -> str:
    """A file with every migration applied and no rows; its URL."""
    template = home / "template.db"
    with exclusively(home):
        if not template.exists():
            _migrate_sqlite(template)
    shutil.copyfile(template, target)
    return sqlite_url_of(target)


def _migrate_sqlite(template: Path) -> None:
    unfinished = template.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    upgrade(sqlite_url_of(unfinished))
    make_one_file(unfinished)
    unfinished.rename(template)


def make_one_file(database: Path) -> None:
    """Take what is in the file of the WAL into the file of the database, so that the file alone can be copied."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def sqlite_url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
