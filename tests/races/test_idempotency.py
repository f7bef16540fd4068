import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import clock
from app.records.kept_answer import KeptAnswer
from app.service.errors import ConflictError
from app.service.idempotency import Answer, once
from app.store import idempotency
from app.store.database import Database, Tx
from app.store.statements import Statement
from tests.races.conftest import CALLERS, Arena, everywhere, tally
from tests.storefront import Storefront

Write = Callable[[Storefront, str], Awaitable[httpx.Response]]
IN_FLIGHT = "409 idempotency_key_in_flight"
ALL = [{"line_id": "1", "quantity": 2}]


async def _claim_write(shop: Storefront) -> Write:
    await shop.push_order()
    body = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": ALL}
    return lambda door, key: door.post("/v1/claims", body, key=key)


async def _approve_write(shop: Storefront) -> Write:
    await shop.push_order()
    claim = await shop.claim("cancel")
    return lambda door, key: door.post(f"/v1/claims/{claim['claim_id']}/approve", key=key, if_match='"1"')


async def _ship_write(shop: Storefront) -> Write:
    await shop.push_order()
    parcel = {"carrier": "cj", "tracking_number": "T-1", "shipped_at": shop.clock().isoformat()}
    return lambda door, key: door.post("/v1/orders/order-1/shipments", parcel, key=key)


async def _report_write(shop: Storefront) -> Write:
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(claim)
    return lambda door, key: door.post(f"/v1/refunds/{refund['refund_id']}/processing", key=key)


WRITES: Mapping[str, Callable[[Storefront], Awaitable[Write]]] = {
    "asking": _claim_write,
    "approving": _approve_write,
    "shipping": _ship_write,
    "reporting": _report_write,
}


@everywhere
@pytest.mark.parametrize("write", WRITES)
async def test_under_one_key_a_write_is_done_once_and_all_get_its_answer(arena: Arena, write: str) -> None:
    act = await WRITES[write](arena.shop)
    answers = await arena.rush(lambda shop, _: act(shop, "one-key"), range(CALLERS))
    answered = [answer for answer in answers if tally([answer]) != {IN_FLIGHT: 1}]
    first = [answer for answer in answered if "Idempotent-Replayed" not in answer.headers]
    assert len(first) == 1
    assert {(answer.status_code, answer.text) for answer in answered} == {(first[0].status_code, first[0].text)}
    assert first[0].is_success
    later = await act(arena.shop, "one-key")
    assert (later.headers["Idempotent-Replayed"], later.text) == ("true", first[0].text)


async def test_one_key_serves_one_of_many_requests(arena: Arena) -> None:
    await arena.shop.push_order()
    answers = await arena.rush(
        lambda shop, number: shop.post("/v1/claims", {**body_of(number)}, key="one-key"), range(CALLERS)
    )
    counted = tally(answers)
    assert counted.pop("201") == 1
    assert set(counted) <= {IN_FLIGHT, "422 idempotency_key_reused"}
    claims = (await arena.shop.get("/v1/claims", order_id="order-1")).json()["data"]
    assert len(claims) == 1


def body_of(number: int) -> dict[str, Any]:
    body = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "note": f"caller {number}"}
    return {**body, "lines": [{"line_id": "1", "quantity": 1}]}


LOCKED = Statement(
    text(
        "SELECT classid::bigint << 32 | objid::bigint FROM pg_locks"
        " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    )
)
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


async def test_who_gets_the_key_the_moment_it_is_answered_gets_that_answer(postgres_url: str) -> None:
    """The second caller's statement begins before the first one commits, and takes the key's lock after that.

    A lock on the index stops the statement at that point, after its plan has been cached.
    """
    async with open_database(postgres_url) as database, open_database(postgres_url, pool_size=1) as late:
        for number in range(10):
            await late.write(partial(idempotency.take, merchant_id="merchant", key=f"earlier-{number}"))

        async def number_of_the_lock(tx: Tx) -> int:
            await idempotency.take(tx, "merchant", "key")
            ((number,),) = await tx.fetch(LOCKED)
            return int(number)

        lock = Statement(text(f"SELECT pg_advisory_xact_lock({await database.write(number_of_the_lock)})"))
        async with database.engine.connect() as obstacle:

            async def first(tx: Tx) -> asyncio.Task[str]:
                await tx.fetch(lock)
                kept = KeptAnswer(fingerprint="same", status=201, headers="{}", body="the answer")
                await idempotency.keep(tx, "merchant", "key", kept, clock.now())
                await obstacle.execute(text("ALTER INDEX pk_idempotency_keys SET TABLESPACE pg_default"))
                asking = asyncio.create_task(ask_again(late))
                await wait_for(lambda: obstacle.scalar(WAITING))
                return asking

            asking = await database.write(first)
            await obstacle.rollback()
            assert await asking in ("the answer", "idempotency_key_in_flight")


async def ask_again(database: Database) -> str:
    """The effect is stored already, so the work is refused a second time."""

    async def refuse(_: Tx) -> Answer:
        raise ConflictError("units_unavailable")

    try:
        answer = await once(
            database, merchant_id="merchant", key="key", fingerprint="same", now=clock.now(), work=refuse
        )
    except ConflictError as error:
        return error.code
    return answer.body


async def wait_for(look: Callable[[], Awaitable[Any]]) -> None:
    for _ in range(1000):
        if await look():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


@asynccontextmanager
async def open_database(url: str, **options: Any) -> AsyncIterator[Database]:
    database = Database(url, **options)
    try:
        yield database
    finally:
        await database.close()
