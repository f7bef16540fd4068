"""How Alembic reaches the database: through the service's own engine, so that both set themselves up alike."""

import asyncio
from contextlib import AbstractContextManager
from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.store.database import Database
from app.store.online import LOCK_TIMEOUT_MS
from app.store.tables import metadata


def _url() -> str:
    url = context.get_x_argument(as_dictionary=True).get("url") or context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise SystemExit("no database: use `recourse migrate`, or pass -x url=...")
    return url


def _run(connection: Connection) -> None:
    """On SQLite all migrations are one transaction: it has locked the whole file."""
    with _configured(connection, transaction_per_migration=False):
        context.run_migrations()


def _run_beside_a_service(connection: Connection) -> None:
    """On PostgreSQL each migration is one transaction, so that no lock is held until the last one. The lock of all who
    migrate belongs to the session."""
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})")
    connection.exec_driver_sql(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
    connection.commit()
    with _configured(connection, transaction_per_migration=True):
        context.run_migrations()


def _configured(connection: Connection, *, transaction_per_migration: bool) -> AbstractContextManager[Any]:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=transaction_per_migration,
    )
    return context.begin_transaction()


_ONE_AT_A_TIME = 7_265_636  # a number of our own, the same for all who migrate


async def _online() -> None:
    database = Database(_url())
    try:
        if database.is_sqlite:
            async with database.engine.begin() as connection:
                await connection.run_sync(_run)
        else:
            async with database.engine.connect() as connection:
                await connection.run_sync(_run_beside_a_service)
    finally:
        await database.close()


asyncio.run(_online())
