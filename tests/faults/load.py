"""Storefronts that write without a pause and keep every answer, so that a test can compare it with the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from app import clock
from app.store.database import Database
from tests.storefront import ORDER, Storefront, new_key

WRITERS = 8
BOTH = [{"line_id": "1", "quantity": 2}]


@dataclass
class Sent:
    """One POST, and the last answer to it; None when the connection ended first."""

    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid4()))
    answer: httpx.Response | None = None

    @property
    def is_promised(self) -> bool:
        return self.answer is not None and self.answer.is_success


@dataclass
class Load:
    """Writers of one merchant: each pushes orders, cancels them, approves that and reports the refund."""

    shop: Storefront
    sent: list[Sent] = field(default_factory=list)
    pushed: list[str] = field(default_factory=list)
    unwell: list[httpx.Response] = field(default_factory=list)
    lost: int = 0
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Writers write while the block runs. At its end they finish their current order, if the service answers."""
        self._over.clear()
        async with asyncio.TaskGroup() as group:
            for _ in range(WRITERS):
                group.create_task(self._write())
            try:
                yield
            finally:
                self._over.set()

    async def promises(self, count: int) -> None:
        """Wait until `count` more writes have a good answer."""
        enough = len(self.promised) + count
        async with asyncio.timeout(30):
            while len(self.promised) < enough:  # noqa: ASYNC110 - what is waited for is a number
                await asyncio.sleep(0.005)

    @property
    def promised(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.is_promised]

    async def broken_promises(self) -> list[str]:
        """Writes with a good answer that the database does not have as answered."""
        orders = [f"order {order}" for order in self.pushed if await self._get(f"/v1/orders/{order}") != 200]
        again = [(sent, await self._send(sent)) for sent in self.promised]
        return orders + [
            f"{sent.path} was answered {sent.answer.text}, and then {answer.status_code} {answer.text}"
            for sent, answer in again
            if sent.answer
            and (answer.headers.get("Idempotent-Replayed"), answer.status_code, answer.text)
            != ("true", sent.answer.status_code, sent.answer.text)
        ]

    async def unsettled(self) -> list[str]:
        """Writes without an answer that do not get one and the same answer when they are sent again."""
        open_ = [sent for sent in self.sent if not sent.is_promised]
        repeats = [(sent, await self._send(sent), await self._send(sent)) for sent in open_]
        return [
            f"{sent.path}: {first.status_code} {first.text}, and then {second.status_code} {second.text}"
            for sent, first, second in repeats
            if not first.is_success or first.text != second.text
        ]

    async def _write(self) -> None:
        while not self._over.is_set():
            order = f"order-{uuid4()}"
            if await self._push_order(order):
                body = {"order_id": order, "kind": "cancel", "reason": "change_of_mind", "lines": BOTH}
                claim = await self._report("/v1/claims", body)
                claim and await self._report(f"/v1/claims/{claim['claim_id']}/approve", {})

    async def _push_order(self, order: str) -> bool:
        answer = await self._answer(lambda: self.shop.put(f"/v1/orders/{order}", ORDER))
        if answer is not None:
            self.pushed.append(order)
        return answer is not None

    async def _report(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        sent = Sent(path, body)
        self.sent.append(sent)
        sent.answer = await self._answer(lambda: self._send(sent))
        return dict(sent.answer.json()) if sent.answer else None

    async def _answer(self, ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response | None:
        """The good answer; None when the connection ended. A request is repeated while the service answers 5xx."""
        while True:
            try:
                answer = await ask()
            except httpx.TransportError:
                self.lost += 1
                await asyncio.sleep(0.02)
                return None
            if answer.status_code < 500:
                assert answer.is_success, answer.text
                return answer
            self.unwell.append(answer)
            if self._over.is_set():
                return None
            await asyncio.sleep(0.02)

    async def _send(self, sent: Sent) -> httpx.Response:
        return await self.shop.post(sent.path, sent.body, key=sent.key)

    async def _get(self, path: str) -> int:
        return (await self.shop.get(path)).status_code


@asynccontextmanager
async def load_on(url: str, database_url: str) -> AsyncIterator[Load]:
    """Writers with a key of their own for the service at `url`."""
    database = Database(database_url, pool_size=1)
    try:
        merchant_id, token = await new_key(database, clock.now())
    finally:
        await database.close()
    async with httpx.AsyncClient(base_url=url, timeout=40) as http:
        yield Load(Storefront(http, token, merchant_id))
