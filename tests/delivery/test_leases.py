"""A worker leases a delivery for a minute. What the worker records after that minute is ignored."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.records.delivery import Attempt, AttemptedDelivery, DeliveryStatus, LeasedDelivery
from app.service.webhook_delivery import LEASE, WebhookDispatcher
from app.store import queue
from app.webhooks.sender import Sender
from tests.delivery.conftest import Desk
from tests.delivery.receiver import Received, Receiver, Reply


@pytest.fixture
async def rival(desk: Desk) -> AsyncIterator[WebhookDispatcher]:
    """Another worker on the same database."""
    async with Sender(allow_private=True, deadline=5) as sender:
        courier = WebhookDispatcher(desk.database, sender, desk.shop.clock, concurrency=16)
        yield courier
        await courier.close(grace=1)


async def lease_one(desk: Desk, receiver: Receiver) -> LeasedDelivery:
    """One delivery that a worker has leased."""
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.fan_out()
    now = desk.shop.clock()
    (delivery,) = await desk.database.write(
        lambda tx: queue.lease(
            tx,
            desk.shop.merchant_id,
            endpoint["endpoint_id"],
            limit=5,
            lease="mine",
            now=now,
            until=now + LEASE,
        )
    )
    return delivery


def went_well(desk: Desk, one: LeasedDelivery) -> AttemptedDelivery:
    attempt = Attempt(number=1, at=desk.shop.clock(), status=204, latency_ms=3, error=None, answer=None)
    return AttemptedDelivery(leased=one, attempt=attempt, status=DeliveryStatus.DELIVERED, next_at=None)


async def test_no_other_worker_sends_a_delivery_before_its_lease_has_ended(
    desk: Desk, receiver: Receiver, rival: WebhookDispatcher
) -> None:
    await lease_one(desk, receiver)
    desk.shop.clock.turn(seconds=LEASE.total_seconds() - 1)
    assert await rival.run() == 0
    desk.shop.clock.turn(seconds=1)
    while await rival.run():
        pass
    assert len(receiver.received) == 1


async def test_a_worker_whose_lease_has_ended_changes_nothing(
    desk: Desk, receiver: Receiver, rival: WebhookDispatcher
) -> None:
    one = await lease_one(desk, receiver)
    desk.shop.clock.turn(seconds=LEASE.total_seconds())
    receiver.always(500)
    while await rival.run():
        pass
    before = (await desk.shop.get(f"/v1/deliveries/{one.delivery_id}")).json()
    await desk.database.write(lambda tx: queue.record(tx, [went_well(desk, one)]))
    assert (await desk.shop.get(f"/v1/deliveries/{one.delivery_id}")).json() == before
    assert (before["status"], [attempt["status"] for attempt in before["attempts_made"]]) == ("pending", [500])


async def test_an_attempt_that_is_recorded_twice_is_stored_once(desk: Desk, receiver: Receiver) -> None:
    """The second record comes when the commit succeeded and its answer was lost."""
    one = await lease_one(desk, receiver)
    for _ in range(2):
        await desk.database.write(lambda tx: queue.record(tx, [went_well(desk, one)]))
    delivery = (await desk.shop.get(f"/v1/deliveries/{one.delivery_id}")).json()
    assert (delivery["status"], delivery["attempts"], len(delivery["attempts_made"])) == ("delivered", 1, 1)


async def test_no_transaction_is_open_while_a_consumer_answers(desk: Desk, receiver: Receiver) -> None:
    """On SQLite an open writer would block all others."""
    release = asyncio.Event()

    async def answer(_: Received) -> Reply:
        await release.wait()
        return Reply()

    receiver.answer = answer
    await desk.register(receiver)
    await desk.happen()
    await desk.fan_out()
    await desk.courier.run()
    assert receiver.under_way == 1
    async with asyncio.timeout(5):
        await desk.happen()
    release.set()
    await desk.work()
    assert len(receiver.received) == 2
