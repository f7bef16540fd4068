"""A shop whose events are delivered. The test runs the worker's jobs and moves the clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from app.service.endpoint_health import check_endpoints
from app.service.events.event import Compose, no_messages
from app.service.events.fanout import fan_out
from app.service.webhook_delivery import WebhookDispatcher
from app.store.database import Database
from app.webhooks.sender import Sender
from tests.delivery.receiver import Receiver, open_receiver
from tests.storefront import Storefront, storefront


@dataclass
class Desk:
    """The shop, its database, and the jobs of a worker, which the test calls."""

    shop: Storefront
    database: Database
    courier: WebhookDispatcher

    async def register(self, receiver: Receiver, **fields: Any) -> dict[str, Any]:
        answer = await self.shop.post("/v1/webhook-endpoints", {"url": receiver.url, **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def endpoint(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        answer = await self.shop.get(path_of(endpoint))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def deliveries(self, endpoint: dict[str, Any], **filters: Any) -> list[dict[str, Any]]:
        """Newest first."""
        answer = await self.shop.get(f"{path_of(endpoint)}/deliveries", limit=100, **filters)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    async def feed(self, **filters: Any) -> list[dict[str, Any]]:
        answer = await self.shop.get("/v1/events", **filters)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    async def fan_out(self, compose: Compose = no_messages, *, limit: int = 100) -> int:
        """Publish every event in the outbox; return the number of events."""
        count = 0
        while published_count := await fan_out(self.database, self.shop.clock(), compose=compose, limit=limit):
            count += published_count
        return count

    async def send(self) -> None:
        """Send deliveries until none is due."""
        while await self.courier.run():
            pass

    async def work(self) -> None:
        await self.fan_out()
        await self.send()

    async def check_endpoints(self) -> int:
        return await check_endpoints(self.database, self.shop.clock())

    async def happen(self, times: int = 1) -> None:
        """Make orders with one claim each. Every claim publishes one event."""
        for _ in range(times):
            order = f"order-{id(self)}-{self.shop.clock().timestamp()}-{_}"
            await self.shop.push_order(order)
            await self.shop.claim("cancel", order_id=order)


def path_of(endpoint: dict[str, Any]) -> str:
    return f"/v1/webhook-endpoints/{endpoint['endpoint_id']}"


@asynccontextmanager
async def open_desk(database_url: str, *, concurrency: int = 16) -> AsyncIterator[Desk]:
    database = Database(database_url, pool_size=4)
    async with (
        storefront(database_url, webhook_allow_private=True, log_level="warning") as shop,
        Sender(allow_private=True, deadline=5) as sender,
    ):
        courier = WebhookDispatcher(database, sender, shop.clock, concurrency=concurrency)
        yield Desk(shop, database, courier)
        await courier.close(grace=1)
    await database.close()


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with open_desk(database_url) as desk:
        yield desk


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as receiver:
        yield receiver
