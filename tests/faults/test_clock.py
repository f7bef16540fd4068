"""The system clock jumps ahead, and is set back."""

import asyncio
from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from app import clock
from app.service.clock_watch import BELIEVED_AFTER, ClockJumpedError, ClockWatch
from app.service.endpoint_health import pull_forward
from app.service.mail_delivery import send_due
from app.settings import Settings
from app.store.database import Database
from app.worker import at_work
from tests.delivery.conftest import Desk, open_desk
from tests.delivery.receiver import open_receiver
from tests.messages.claim_messages import MUGS, SHOP
from tests.messages.postbox import Postbox, open_postbox
from tests.messages.publishing import publish_all
from tests.messages.test_mail_delivery import mailer
from tests.storefront import Storefront


class Wall:
    """A clock on the wall, which somebody moves."""

    def __init__(self) -> None:
        self.off = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.off


def failures_of(job: str) -> float:
    return REGISTRY.get_sample_value("recourse_job_failures_total", {"loop": job}) or 0


async def test_a_clock_two_months_ahead_for_a_moment_ends_nothing(database_url: str) -> None:
    wall = Wall()
    settings = Settings(database_url=database_url, worker_poll_seconds=0.02)
    async with open_desk(database_url) as desk:
        desk.shop.clock.instant = clock.now()
        await desk.shop.push_order()
        claim = await desk.shop.claim("cancel")
        async with at_work(desk.database, settings, wall):
            before = failures_of("deadlines")
            wall.off = timedelta(days=60)
            async with asyncio.timeout(20):
                while failures_of("deadlines") < before + 3:  # noqa: ASYNC110 - a number is waited for
                    await asyncio.sleep(0.02)
            assert REGISTRY.get_sample_value("recourse_clock_jump_seconds") == pytest.approx(60 * 86_400, abs=60)
            wall.off = timedelta()
            async with asyncio.timeout(20):
                while REGISTRY.get_sample_value("recourse_clock_jump_seconds"):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        after = (await desk.shop.get(f"/v1/claims/{claim['claim_id']}")).json()
        assert (after["state"], after["escalated_at"]) == ("requested", None)


def test_a_clock_that_stays_ahead_is_believed_after_a_quarter_of_an_hour() -> None:
    wall, passed = Wall(), [0.0]
    start = clock.now()
    watch = ClockWatch(lambda: start + wall.off, lambda: passed[0])
    wall.off = timedelta(days=60)
    for seconds in (1.0, BELIEVED_AFTER):
        passed[0] = seconds
        with pytest.raises(ClockJumpedError):
            watch.present()
    passed[0] = BELIEVED_AFTER + 1
    assert watch.present() == start + wall.off


@pytest.mark.parametrize(("hours", "passed"), [(-5, 1.0), (5, 5 * 3600.0), (0, 1.0)])
def test_a_clock_that_is_set_back_or_goes_on_is_believed_at_once(hours: int, passed: float) -> None:
    start, now = clock.now(), [0.0]
    wall = Wall()
    watch = ClockWatch(lambda: start + wall.off, lambda: now[0])
    wall.off, now[0] = timedelta(hours=hours), passed
    assert watch.present() == start + wall.off


async def move(desk: Desk, sql: str) -> None:
    async with desk.database.engine.begin() as connection:
        await connection.execute(text(sql), {"ahead": (desk.shop.clock() + timedelta(hours=5)).isoformat()})


async def test_deliveries_that_a_clock_ahead_has_made_go_out_when_it_is_set_back(database_url: str) -> None:
    async with open_desk(database_url) as desk, open_receiver() as receiver:
        await desk.register(receiver, rate_limit=10)
        desk.shop.clock.turn(hours=5)
        await desk.happen()
        await desk.work()
        await desk.happen(2)
        await desk.fan_out()
        desk.shop.clock.turn(hours=-5)
        await desk.send()
        assert len(receiver.received) == 1
        assert await pull_forward(desk.database, desk.shop.clock()) == 2
        await desk.send()
        assert len(receiver.received) == 3


async def test_a_lease_that_a_clock_ahead_has_given_does_not_last(sqlite_url: str) -> None:
    async with open_desk(sqlite_url) as desk, open_receiver() as receiver:
        await desk.register(receiver)
        await desk.happen()
        await desk.fan_out()
        await move(desk, "UPDATE deliveries SET lease = 'of the dead', leased_until = :ahead")
        await desk.send()
        assert receiver.received == []
        assert await pull_forward(desk.database, desk.shop.clock()) == 1
        await desk.send()
        assert len(receiver.received) == 1


async def test_messages_that_a_clock_ahead_has_made_go_out_when_it_is_set_back(
    shop: Storefront, database_url: str
) -> None:
    database = Database(database_url)
    await shop.put("/v1/shop", SHOP)
    shop.clock.turn(hours=5)
    await shop.push_order(**MUGS)
    await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    shop.clock.turn(hours=-5)
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), shop.clock()) == 0
        assert await pull_forward(database, shop.clock()) == 2
        assert await send_due(database, mailer(box), shop.clock()) == 2
    await database.close()
