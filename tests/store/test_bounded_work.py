"""No statement works on more rows than it can in time, however many there are: the database itself refuses more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import text

from app.service.endpoint_health import check_endpoints
from app.service.idempotency import forget_old_answers
from app.store.database import Database
from tests.delivery.conftest import Desk, open_desk, path_of
from tests.delivery.receiver import open_receiver

MANY = 2_300
MOST = 1_000


@asynccontextmanager
async def refusing_more(database: Database, verb: str, table: str) -> AsyncIterator[None]:
    """A trigger that fails each statement which deletes or updates more rows than MOST."""
    refusal = f"IF (SELECT count(*) FROM old_rows) > {MOST} THEN RAISE 'too many at once'; END IF; RETURN NULL;"
    function = f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal} END $$"
    moment = f"AFTER {verb} ON {table} REFERENCING OLD TABLE AS old_rows"
    async with database.engine.begin() as connection:
        await connection.execute(text(function))
        await connection.execute(text(f"CREATE TRIGGER refusing {moment} EXECUTE FUNCTION refuse()"))
    try:
        yield
    finally:
        async with database.engine.begin() as connection:
            await connection.execute(text(f"DROP TRIGGER refusing ON {table}"))
            await connection.execute(text("DROP FUNCTION refuse()"))


async def scalar(database: Database, sql: str) -> int:
    async with database.engine.connect() as connection:
        return int((await connection.execute(text(sql))).scalar_one())


async def test_expired_answers_are_deleted_batch_by_batch(postgres_url: str) -> None:
    async with open_desk(postgres_url) as desk:
        keys = f"'{desk.shop.merchant_id}', 'key-' || n, '', 200, '{{}}', '{{}}'"
        async with desk.database.engine.begin() as connection:
            for age, count in (("25 hours", MANY), ("1 hour", 3)):
                at = f"'{desk.shop.clock().isoformat()}'::timestamptz - interval '{age}'"
                rows = f"SELECT {keys.replace('key-', age)}, {at} FROM generate_series(1, {count}) n"
                await connection.execute(text(f"INSERT INTO idempotency_keys {rows}"))
        async with refusing_more(desk.database, "DELETE", "idempotency_keys"):
            forgotten = await forget_old_answers(desk.database, now=desk.shop.clock(), keep_for=timedelta(hours=24))
        assert forgotten == MANY
        assert await scalar(desk.database, "SELECT count(*) FROM idempotency_keys") == 3


async def test_the_deliveries_of_a_deleted_endpoint_are_cancelled_batch_by_batch(postgres_url: str) -> None:
    async with open_desk(postgres_url) as desk, open_receiver() as receiver:
        endpoint = await desk.register(receiver)
        await fill(desk, endpoint["endpoint_id"])
        async with refusing_more(desk.database, "UPDATE", "deliveries"):
            assert (await desk.shop.delete(path_of(endpoint))).status_code == 200
            while await check_endpoints(desk.database, desk.shop.clock()):
                pass
        assert await scalar(desk.database, "SELECT count(*) FROM deliveries WHERE status = 'cancelled'") == MANY


async def fill(desk: Desk, endpoint_id: str) -> None:
    """A long queue to an endpoint."""
    merchant, at = desk.shop.merchant_id, f"'{desk.shop.clock().isoformat()}'::timestamptz"
    async with desk.database.engine.begin() as connection:
        event = f"'{merchant}', n, 'event-' || n, 'order.odd', {at}, 'order', 'o', '{{}}'"
        await connection.execute(text(f"INSERT INTO feed SELECT {event} FROM generate_series(1, {MANY}) n"))
        delivery = (
            f"'{merchant}', 'd-' || n, '{endpoint_id}', 'event-' || n, n, 'pending', 0, 0, {at}, NULL, NULL, {at}"
        )
        await connection.execute(text(f"INSERT INTO deliveries SELECT {delivery} FROM generate_series(1, {MANY}) n"))
