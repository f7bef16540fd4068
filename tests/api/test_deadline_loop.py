"""The worker fires due deadlines in their order, in batches, and goes on after a failure."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from app.service.backlog import measure
from app.service.deadlines import fire_due
from app.store.database import Database
from tests.api.claims import read
from tests.api.deadlines import buy, fire_at, owe_refund, publish, steps, tick, wake_all
from tests.api.order_events import order_event_types
from tests.audit import audit
from tests.storefront import Storefront

Body = dict[str, Any]
OFFER = {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000}


async def test_deadlines_that_passed_without_a_worker_fire_in_their_order(shop: Storefront, database: Database) -> None:
    """This is the state after a restart: only the database holds deadlines."""
    await shop.push_order(expected_ship_on="2026-06-10")
    claim = await shop.give(await shop.claim("cancel"), "offers", {**OFFER, "expires_at": "2026-06-09T03:00:00Z"})
    await fire_at(shop, database, "2026-07-08T12:00:00+09:00")
    assert await steps(shop, claim) == ["requested", "offer_made", "offer_lapsed", "response_overdue"]
    assert await order_event_types(database) == ["ship_date_set", "ship_date_passed"]
    assert await tick(shop, database) == 0


async def test_one_look_handles_no_more_than_its_limit(shop: Storefront, database: Database) -> None:
    for number in range(5):
        await buy(shop, f"order-{number}")
        await shop.claim("cancel", order_id=f"order-{number}")
    shop.clock.turn(days=4)
    assert [await fire_due(database, shop.clock(), limit=2) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_row_that_wakes_too_early_waits_for_its_time(shop: Storefront, database: Database) -> None:
    """A row wakes too early after a migration, or after another worker has handled the row."""
    claim, refund = await owe_refund(shop)
    await buy(shop, "order-2", expected_ship_on="2026-06-12")
    waiting = await shop.claim("cancel", order_id="order-2")
    events = [await steps(shop, each) for each in (claim, waiting)]
    await wake_all(database)
    assert await tick(shop, database) == 5
    assert await tick(shop, database) == 0
    assert [await steps(shop, each) for each in (claim, waiting)] == events
    assert await order_event_types(database, "order-2") == ["ship_date_set"]
    await fire_at(shop, database, max(refund["due_by"], waiting["deadlines"]["respond_by"]))
    assert "refund.overdue" in await steps(shop, claim)
    assert "response_overdue" in await steps(shop, waiting)
    assert await order_event_types(database, "order-2") == ["ship_date_set", "ship_date_near"]


async def test_a_claim_that_fails_is_put_off_and_delays_no_other(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(2):
        await buy(shop, f"order-{number}")
    broken = await shop.claim("cancel", order_id="order-0")
    shop.clock.turn(days=1)
    sound = await shop.claim("cancel", order_id="order-1")
    await damage(database, broken["claim_id"])
    before = metric_of("recourse_deadlines_failed_total", subject="claim")
    shop.clock.instant = datetime.fromisoformat(sound["deadlines"]["respond_by"])
    with caplog.at_level(logging.CRITICAL):
        assert await fire_due(database, shop.clock(), limit=1) == 0
        assert await fire_due(database, shop.clock(), limit=1) == 1
        assert (await read(shop, sound))["escalated_at"]
    assert metric_of("recourse_deadlines_failed_total", subject="claim") == before + 1
    shop.clock.turn(minutes=15)
    with caplog.at_level(logging.CRITICAL):
        assert await fire_due(database, shop.clock()) == 0
    assert metric_of("recourse_deadlines_failed_total", subject="claim") == before + 2


async def damage(database: Database, claim_id: str) -> None:
    """Store a document that the service cannot read; the service never writes such a document."""
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE claims SET document = '{}' WHERE claim_id = :id"), {"id": claim_id})


def metric_of(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(metric, labels) or 0.0


async def test_lag_and_counts_are_measured(shop: Storefront, database: Database) -> None:
    _, refund = await owe_refund(shop)
    await buy(shop, "order-2")
    claim = await shop.claim("cancel", order_id="order-2")
    names = ("refund_due", "respond_by")
    before = [metric_of("recourse_deadlines_fired_total", name=name) for name in names]
    lag = metric_of("recourse_deadline_lag_seconds_sum")
    later = max(refund["due_by"], claim["deadlines"]["respond_by"])
    await fire_at(shop, database, datetime.fromisoformat(later) + timedelta(seconds=7))
    after = [metric_of("recourse_deadlines_fired_total", name=name) for name in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    assert metric_of("recourse_deadline_lag_seconds_sum") - lag >= 7
    async with database.read() as tx:
        assert (await measure(tx, shop.clock())).overdue == {"claim": 2, "refund": 1}


async def test_the_database_is_consistent_after_twenty_days_of_deadlines(
    shop: Storefront, database: Database, database_url: str
) -> None:
    await publish(shop, unanswered="approve")
    await shop.push_order(policy="house", paid_at="2026-06-08T12:00:00+09:00", expected_ship_on="2026-06-10")
    await shop.claim("cancel")
    for _ in range(20):
        shop.clock.turn(days=1)
        await tick(shop, database)
    assert await audit(database_url) == []
