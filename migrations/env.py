"""How Alembic reaches the database: through the service's own engine, so that both set themselves up alike."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.store.database import Database
from app.store.tables import metadata


def _url() -> str:
    url = context.get_x_argument(as_dictionary=True).get("url") or context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise SystemExit("no database: use `recourse migrate`, or pass -x url=...")
    return url


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # SQLite has locked the whole file by now
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        context.run_migrations()


_ONE_AT_A_TIME = 7_265_636  # a number of our own, the same for all who migrate


async def _online() -> None:
    database = Database(_url())
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_run)
    finally:
        await database.close()


asyncio.run(_online())
