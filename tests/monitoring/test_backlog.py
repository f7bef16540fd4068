"""The gauges of what waits for a worker, while no worker runs."""

from collections.abc import AsyncIterator

import pytest

from app import clock
from app.service.monitoring import Monitor
from app.store.database import Database
from app.telemetry import render_metrics
from tests.delivery.conftest import Desk, open_desk
from tests.delivery.receiver import open_receiver
from tests.monitoring.rules import Labels, samples


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with open_desk(database_url) as desk:
        yield desk


async def gauges(desk: Desk) -> dict[str, float]:
    monitored = await Monitor(clock.elapsed).monitored(desk.database, desk.shop.clock())
    found = samples(render_metrics(monitored.readings()).decode())
    return {name.removeprefix("recourse_") + _of(labels): value for name, labels, value in found}


def _of(labels: Labels) -> str:
    return "".join(f" {value}" for value in labels.values())


async def test_what_waits_is_as_old_as_the_oldest_of_it(desk: Desk) -> None:
    async with open_receiver() as receiver:
        await desk.register(receiver)
        idle = await gauges(desk)
        for name in ("outbox_lag_seconds", "deadlines_due_age_seconds", "deliveries_due_age_seconds"):
            assert idle[name] == 0
        await desk.happen()
        desk.shop.clock.turn(seconds=40)
        await desk.happen()
        assert (await gauges(desk))["outbox_lag_seconds"] == pytest.approx(40, abs=0.01)
        await desk.fan_out()
        desk.shop.clock.turn(seconds=70)
        waiting = await gauges(desk)
        assert (waiting["outbox_lag_seconds"], waiting["deliveries_due_age_seconds"]) == (0, 70)
        assert waiting["deliveries_due"] == 2
        assert waiting["ready"] == 1
        desk.shop.clock.turn(days=30)
        late = await gauges(desk)
        assert late["deadlines_due_age_seconds"] > 86_400
        assert (late["overdue claim"], late["overdue refund"]) == (2, 0)
        await desk.send()
        assert (await gauges(desk))["deliveries_due_age_seconds"] == 0
        assert len(receiver.received) == 2


@pytest.mark.parametrize(
    ("change", "state"), [({"paused": True}, "paused"), ({"rate_limit": 1}, "in_order")], ids=["paused", "rate"]
)
async def test_what_an_endpoint_itself_holds_up_is_no_work_that_a_worker_leaves(
    desk: Desk, change: dict[str, object], state: str
) -> None:
    async with open_receiver() as receiver:
        await desk.register(receiver, **change)
        await desk.happen()
        await desk.fan_out()
        desk.shop.clock.turn(hours=1)
        found = await gauges(desk)
    assert (found["deliveries_due_age_seconds"], found["deliveries_due"]) == (0, 1)
    assert found[f"endpoints {state}"] == 1


async def test_without_a_database_the_gauges_have_no_values_but_that_the_service_is_not_ready() -> None:
    database = Database("postgresql+asyncpg://u:p@127.0.0.1:1/d")
    monitored = await Monitor(clock.elapsed).monitored(database, clock.now())
    await database.close()
    assert {gauge.name: dict(values) for gauge, values in monitored.readings().items()} == {"recourse_ready": {"": 0}}


async def test_many_scrapes_ask_the_database_once(desk: Desk) -> None:
    present = 0.0
    monitor = Monitor(lambda: present)
    before = await monitor.monitored(desk.database, desk.shop.clock())
    assert await monitor.monitored(desk.database, desk.shop.clock()) is before
    present = 2.0
    assert await monitor.monitored(desk.database, desk.shop.clock()) is not before
