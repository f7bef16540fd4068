"""An endpoint is deleted, replayed to and counted while others do the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.service.endpoint_health import check_endpoints
from app.store.database import Database
from tests.delivery.conftest import Desk, open_desk, path_of
from tests.delivery.receiver import Receiver, open_receiver
from tests.races.conftest import Arena, tally

Act = Callable[[Desk, dict[str, Any]], Awaitable[Any]]
FROM_THE_BEGINNING = {"from_position": 1}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as receiver:
        yield receiver


@asynccontextmanager
async def endpoint_locked(url: str) -> AsyncIterator[None]:
    """Hold every endpoint, so that transactions which need one meet here. They go on in the order of their arrival."""
    database = Database(url, pool_size=1)
    async with database.engine.begin() as rival:
        await rival.execute(text("SELECT 1 FROM endpoints FOR UPDATE"))
        yield
    await database.close()


async def meet(url: str, *acts: Awaitable[Any]) -> list[Any]:
    """Begin one act after the other while all endpoints are locked; their results once the lock is gone."""
    database = Database(url, pool_size=1)
    async with endpoint_locked(url):
        tasks = []
        for number, act in enumerate(acts, start=1):
            tasks.append(asyncio.ensure_future(act))
            await until_waiting(database, number)
    results = await asyncio.gather(*tasks)
    await database.close()
    return results


async def until_waiting(database: Database, number: int) -> None:
    sql = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    async with asyncio.timeout(20):
        while True:
            async with database.engine.connect() as connection:
                if (await connection.execute(sql)).scalar_one() >= number:
                    return
            await asyncio.sleep(0.01)


async def delete(desk: Desk, endpoint: dict[str, Any]) -> Any:
    return await desk.shop.delete(path_of(endpoint))


async def publish(desk: Desk, _: dict[str, Any]) -> Any:
    await desk.fan_out()


async def replay(desk: Desk, endpoint: dict[str, Any]) -> Any:
    return await desk.shop.post(f"{path_of(endpoint)}/replay", FROM_THE_BEGINNING)


async def recover(desk: Desk, endpoint: dict[str, Any]) -> Any:
    return await desk.shop.post(f"{path_of(endpoint)}/recover", {"from_at": "2026-01-01T00:00:00Z"})


async def resend(desk: Desk, endpoint: dict[str, Any]) -> Any:
    return await desk.shop.post(f"/v1/deliveries/{endpoint['delivery_id']}/resend")


async def pending_to_deleted(desk: Desk) -> int:
    async with desk.database.engine.connect() as connection:
        sql = (
            "SELECT count(*) FROM deliveries JOIN endpoints USING (merchant_id, endpoint_id)"
            " WHERE status = 'pending' AND deleted_at IS NOT NULL"
        )
        return int((await connection.execute(text(sql))).scalar_one())


@pytest.mark.parametrize("act", [publish, replay, recover, resend])
@pytest.mark.parametrize("is_deleted_first", [False, True], ids=["before", "after"])
async def test_nothing_waits_for_an_endpoint_that_is_deleted_meanwhile(
    postgres_url: str, receiver: Receiver, act: Act, is_deleted_first: bool
) -> None:
    receiver.always(500)
    async with open_desk(postgres_url) as desk:
        endpoint = await desk.register(receiver)
        await desk.happen()
        await desk.work()
        (delivery,) = await desk.deliveries(endpoint)
        await desk.happen()
        acts = [act(desk, {**endpoint, **delivery}), delete(desk, endpoint)]
        await meet(postgres_url, *(reversed(acts) if is_deleted_first else acts))
        assert await pending_to_deleted(desk) == 0


async def test_two_replays_at_once_both_succeed(postgres_url: str, receiver: Receiver) -> None:
    async with open_desk(postgres_url) as desk:
        await desk.happen(3)
        await desk.fan_out()
        endpoint = await desk.register(receiver)
        answers: list[httpx.Response] = await meet(postgres_url, replay(desk, endpoint), replay(desk, endpoint))
        assert [answer.json() for answer in answers] == [{"queued": 3, "next_position": None}] * 2
        assert len(await desk.deliveries(endpoint)) == 3


async def test_two_changes_at_once_that_name_no_version_are_both_made(postgres_url: str, receiver: Receiver) -> None:
    async with open_desk(postgres_url) as desk:
        endpoint = await desk.register(receiver)
        changes = [{"description": "orders"}, {"rate_limit": 7}]
        answers = await meet(postgres_url, *(desk.shop.patch(path_of(endpoint), change) for change in changes))
        assert [answer.status_code for answer in answers] == [200, 200]
        changed = await desk.endpoint(endpoint)
        assert (changed["description"], changed["rate_limit"], changed["version"]) == ("orders", 7, 3)


async def test_a_race_does_not_pass_the_limit_of_endpoints(arena: Arena) -> None:
    body = {"url": "https://shop.example/hooks"}
    first = [await arena.shop.post("/v1/webhook-endpoints", body) for _ in range(42)]
    assert tally(first) == {"201": 42}
    answers = await arena.rush(lambda shop, _: shop.post("/v1/webhook-endpoints", body), range(24))
    assert tally(answers) == {"201": 8, "409 too_many_endpoints": 16}


async def test_what_is_pending_to_a_deleted_endpoint_is_cancelled_by_the_worker(
    postgres_url: str, receiver: Receiver
) -> None:
    """A long queue is not cancelled by the request itself, and an earlier release left some deliveries."""
    async with open_desk(postgres_url) as desk:
        endpoint = await desk.register(receiver)
        await desk.happen(2)
        await desk.fan_out()
        async with desk.database.engine.begin() as connection:
            await connection.execute(text("UPDATE endpoints SET deleted_at = now()"))
        assert await pending_to_deleted(desk) == 2
        assert await check_endpoints(desk.database, desk.shop.clock()) == 2
        assert await pending_to_deleted(desk) == 0
        assert (await delete(desk, endpoint)).status_code == 404
