"""Every committed event is published once, at a position without gaps, with many workers and after any failure."""

import asyncio
import json
import random
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, text
from sqlalchemy.exc import DBAPIError

from app.service.events.event import PublishedEvent
from app.service.events.fanout import fan_out
from app.store.database import Database, Tx
from app.store.statements import Statement
from app.store.tables import notices
from tests.delivery.conftest import Desk, open_desk
from tests.delivery.receiver import Receiver


async def rows(database: Database, sql: str) -> list[Any]:
    async with database.engine.begin() as connection:
        return list(await connection.execute(text(sql)))


async def assert_in_order(database: Database) -> None:
    """Every event is in the feed once, positions have no gap, and the events of each claim are in order."""
    recorded = await rows(database, "SELECT event_id FROM claim_events UNION ALL SELECT event_id FROM notices")
    feed = await rows(database, "SELECT event_id, position, body FROM feed ORDER BY merchant_id, position")
    assert sorted(row.event_id for row in feed) == sorted(row.event_id for row in recorded)
    assert [row.position for row in feed] == list(range(1, len(feed) + 1))
    steps: dict[str, list[int]] = {}
    for row in feed:
        data = json.loads(row.body)["data"]
        steps.setdefault(data["claim_id"], []).append(data["seq"])
    assert all(sequence == list(range(1, len(sequence) + 1)) for sequence in steps.values())
    assert await rows(database, "SELECT * FROM outbox") == []


async def fan_out_until(over: asyncio.Event, database_url: str, desk: Desk) -> None:
    """A worker with its own connections."""
    database = Database(database_url, pool_size=2)
    while not over.is_set() or await rows(database, "SELECT 1 FROM outbox LIMIT 1"):
        if not await fan_out(database, desk.shop.clock(), limit=7):
            await asyncio.sleep(0.002)
    await database.close()


async def read_until(over: asyncio.Event, desk: Desk) -> list[int]:
    """The positions that a reader gets who always sends the last cursor."""
    positions: list[int] = []
    cursor: dict[str, str] = {}
    while not over.is_set():
        page = (await desk.shop.get("/v1/events", **cursor)).json()
        positions += [event["position"] for event in page["data"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        await asyncio.sleep(0.002)
    return positions


async def trade(desk: Desk, number: int) -> None:
    """The clock goes back and forth, as between machines, so that the ids of a claim's events are in no order."""
    for turn in range(4):
        order = f"order-{number}-{turn}"
        await desk.shop.push_order(order)
        claim = await desk.shop.claim("cancel", order_id=order)
        for command, body in (("hold", {"reason": "seller_check"}), ("release", {}), ("approve", {})):
            desk.shop.clock.turn(milliseconds=random.choice((-50, 60)))
            claim = await desk.shop.give(claim, command, body)
        (refund,) = await desk.shop.refunds_of(claim)
        await desk.shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded")


async def test_many_workers_publish_each_event_once_while_more_are_committed(desk: Desk, database_url: str) -> None:
    over = asyncio.Event()
    reading = asyncio.create_task(read_until(over, desk))
    workers = [asyncio.create_task(fan_out_until(over, database_url, desk)) for _ in range(4)]
    await asyncio.gather(*(trade(desk, number) for number in range(6)))
    over.set()
    await asyncio.gather(*workers)
    await assert_in_order(desk.database)
    positions = await reading
    assert positions == list(range(1, len(positions) + 1))
    assert len(positions) > 20


async def test_deliveries_are_made_once_for_each_endpoint(desk: Desk, receiver: Receiver) -> None:
    first, second = await desk.register(receiver), await desk.register(receiver, types=["claim.approved"])
    await desk.happen(5)
    assert await desk.fan_out(limit=2) == 5
    assert [len(await desk.deliveries(one)) for one in (first, second)] == [5, 0]


async def test_merchants_take_turns(desk: Desk, database_url: str) -> None:
    """A merchant with many events does not delay another merchant."""
    async with open_desk(database_url) as other:
        await desk.happen(6)
        await other.happen(1)
        for _ in range(2):
            desk.shop.clock.turn(seconds=1)
            assert await fan_out(desk.database, desk.shop.clock(), limit=2) > 0
        assert len(await other.feed()) == 1
        assert len(await desk.feed()) == 2


@pytest.mark.parametrize("limit", [2, 100])
@pytest.mark.parametrize("ids", [(3, 2, 1), (2, 1, 3), (2, 3, 1), (3, 1, 2)])
async def test_the_events_of_a_claim_are_published_in_its_order_whatever_their_ids(
    desk: Desk, ids: tuple[int, ...], limit: int
) -> None:
    """Ids out of order come from two machines with different clocks."""
    await desk.shop.push_order()
    claim = await desk.shop.claim("cancel")
    await desk.shop.give(claim, "hold", {"reason": "seller_check"})
    await desk.shop.give(claim, "release")
    events = await rows(desk.database, "SELECT * FROM outbox ORDER BY seq")
    async with desk.database.engine.begin() as connection:
        for number, event in zip(ids, events, strict=True):
            new_id = {"new": f"00000000-0000-7000-8000-00000000000{number}", "old": event.event_id}
            await connection.execute(text("UPDATE outbox SET event_id = :new WHERE event_id = :old"), new_id)
    assert await desk.fan_out(limit=limit) == 3
    sequence = [event["body"]["data"]["seq"] for event in await desk.feed()]
    assert sequence == [1, 2, 3]


async def no(_tx: Tx, _event: PublishedEvent) -> list[dict[str, Any]]:
    raise ZeroDivisionError("by nought")


async def no_such_table(tx: Tx, _event: PublishedEvent) -> list[dict[str, Any]]:
    await tx.fetch(Statement(text("SELECT 1 FROM no_such_table")))
    return []


async def unwritable(_tx: Tx, _event: PublishedEvent) -> list[dict[str, Any]]:
    return [{"text": object()}]


async def stored_twice(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
    await tx.fetch(_NOTICE_AGAIN, {"merchant": event.merchant_id, "event": "event-1"})
    await tx.fetch(_NOTICE_AGAIN, {"merchant": event.merchant_id, "event": "event-1"})
    return []


_NOTICE_AGAIN = Statement(
    insert(notices).values(
        merchant_id=bindparam("merchant"),
        event_id=bindparam("event"),
        subject="order",
        subject_id="o",
        type="order.odd",
        at=datetime(2026, 6, 8, tzinfo=UTC),
        data="{}",
    )
)


@pytest.mark.parametrize(
    "failing", [no, stored_twice, unwritable], ids=["a bug", "a constraint says no", "what is no JSON"]
)
async def test_an_event_whose_messages_cannot_be_made_is_published_without_them(
    desk: Desk, failing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def compose(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
        if event.type == "claim.approved":
            return list(await failing(tx, event))
        return [{"text": event.type}]

    await desk.shop.push_order()
    await desk.shop.give(await desk.shop.claim("cancel"), "approve")
    assert await desk.fan_out(compose) == 3
    messages = {event["type"]: event["body"]["data"]["messages"] for event in await desk.feed()}
    assert messages == {
        "claim.requested": [{"text": "claim.requested"}],
        "claim.approved": [],
        "refund.created": [{"text": "refund.created"}],
    }
    assert "is published without messages" in caplog.text


async def times_out(tx: Tx, _event: PublishedEvent) -> list[dict[str, Any]]:
    await tx.fetch(Statement(text("SET LOCAL statement_timeout = 20")))
    await tx.fetch(Statement(text("SELECT pg_sleep(5)")))
    return []


async def assert_published_in_the_next_turn(desk: Desk, failing: Any) -> None:
    is_failing = True

    async def compose(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
        if is_failing and event.type == "claim.approved":
            return list(await failing(tx, event))
        return [{"text": event.type}]

    await desk.shop.push_order()
    await desk.shop.give(await desk.shop.claim("cancel"), "approve")
    with pytest.raises(DBAPIError):
        await desk.fan_out(compose)
    assert await desk.feed() == []
    is_failing = False
    assert await desk.fan_out(compose) == 3
    assert all(event["body"]["data"]["messages"] == [{"text": event["type"]}] for event in await desk.feed())


async def test_an_error_of_the_database_leaves_an_event_with_its_messages_for_the_next_turn(desk: Desk) -> None:
    await assert_published_in_the_next_turn(desk, no_such_table)


async def test_a_statement_timeout_leaves_an_event_with_its_messages_for_the_next_turn(postgres_url: str) -> None:
    async with open_desk(postgres_url) as desk:
        await assert_published_in_the_next_turn(desk, times_out)


async def test_a_merchant_whose_events_cannot_be_published_now_does_not_hold_up_others(
    desk: Desk, database_url: str
) -> None:
    first: list[str] = []

    async def compose(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
        """Raises for the merchant whose turn comes first."""
        first.append(event.merchant_id)
        return await no_such_table(tx, event) if event.merchant_id == first[0] else []

    async with open_desk(database_url) as other:
        await desk.happen()
        await other.happen()
        for _ in range(2):
            desk.shop.clock.turn(seconds=1)
            with suppress(DBAPIError):
                await fan_out(desk.database, desk.shop.clock(), compose=compose)
        assert len(await desk.feed()) + len(await other.feed()) == 1


async def test_an_event_that_cannot_be_read_is_published_with_its_ids_alone(desk: Desk) -> None:
    async with desk.database.engine.begin() as connection:
        notice = "'event-1', 'order', 'o', 'order.odd', '2026-06-08T03:00:00+00:00', '{'"
        columns = "merchant_id, event_id, subject, subject_id, type, at, data"
        await connection.execute(text(f"INSERT INTO notices ({columns}) VALUES ('{desk.shop.merchant_id}', {notice})"))
    await desk.happen()
    assert await desk.fan_out() == 2
    data = {event["type"]: event["body"]["data"] for event in await desk.feed()}
    assert data["order.odd"] == {"truncated": ["*"], "links": {}}
    assert data["claim.requested"]["seq"] == 1


async def test_messages_are_committed_or_lost_together_with_their_event(desk: Desk) -> None:
    """A worker that dies before its commit stores nothing, and the next worker publishes every event."""

    async def dies(_tx: Tx, _event: PublishedEvent) -> list[dict[str, Any]]:
        raise asyncio.CancelledError

    await desk.happen(2)
    with pytest.raises(asyncio.CancelledError):
        await desk.fan_out(dies)
    assert await desk.feed() == []
    assert await desk.fan_out() == 2
    await assert_in_order(desk.database)


async def test_a_disabled_endpoint_gets_no_deliveries(desk: Desk, receiver: Receiver) -> None:
    receiver.always(410)
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    await desk.happen()
    await desk.fan_out()
    assert len(await desk.deliveries(endpoint)) == 1
