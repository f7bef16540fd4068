"""A whole year in test mode: a real service with its worker, and a real receiver of its webhooks."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from app.store.database import Database
from tests.api.for_tests import on_test_side
from tests.audit import audit
from tests.delivery.korean_year import SEOUL, Year, after, eves
from tests.delivery.receiver import Receiver, open_receiver
from tests.serving import serving
from tests.storefront import Storefront, TurnableClock, new_key

Row = dict[str, Any]


async def test_a_korean_year_passes_as_the_law_counts_its_days(sqlite_url: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    first = date(now.astimezone(SEOUL).year + 1, 1, 1)
    last = date(first.year, 12, 31)
    settings = {"webhook_allow_private": "true", "worker_poll_seconds": "0.05"}
    with serving(sqlite_url, tmp_path / "log", **settings) as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30) as http, open_receiver() as receiver:
            year = Year(await _tests(sqlite_url, http, now))
            endpoint = await year.shop.post("/v1/webhook-endpoints", {"url": receiver.url})
            assert endpoint.status_code == 201, endpoint.text
            days = eves(first, last)
            assert len(days) >= 5
            for eve in days:
                await year.begin_on(eve)
            await year.go(after(last))
            feed = await _feed(year.shop)
            await receiver.until(len(feed))
    _check(year, feed, receiver)
    assert await audit(sqlite_url) == []


async def _tests(url: str, http: httpx.AsyncClient, now: datetime) -> Storefront:
    database = Database(url)
    merchant_id, token = await new_key(database, now)
    tests = await on_test_side(Storefront(http, token, merchant_id, TurnableClock(now)), database)
    await database.close()
    return tests


async def _feed(shop: Storefront) -> list[Row]:
    """Every event, once the worker has published all of them."""
    events: list[Row] = []
    cursor: dict[str, str] = {}
    async with asyncio.timeout(60):
        while not events or events[-1]["type"] != "endpoint.test":
            if not events:
                (endpoint,) = (await shop.get("/v1/webhook-endpoints")).json()["data"]
                await shop.post(f"/v1/webhook-endpoints/{endpoint['endpoint_id']}/test")
            page = (await shop.get("/v1/events", limit=200, **cursor)).json()
            events += page["data"]
            cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
    return events


def _check(year: Year, feed: list[Row], receiver: Receiver) -> None:
    assert set(receiver.ids) == {event["event_id"] for event in feed}
    bodies = [each.json for each in receiver.received]
    assert {body["mode"] for body in bodies} == {"test"}
    instants = {
        (body["data"].get("order_id"), body["type"]): datetime.fromisoformat(body["timestamp"]) for body in bodies
    }
    assert {each: instants.get(each) for each in year.expected} == year.expected
    assert instants.keys() & year.absent == set()
