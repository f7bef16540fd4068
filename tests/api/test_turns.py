"""Long work gives other requests their turn: lists of large claims, previews of large templates, the OpenAPI document.

The tests record in which turn of the event loop, or in which thread, each piece of work runs.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api import claims as claims_routes
from app.main import create_app
from app.messages import render
from app.service import claims as claims_service
from app.settings import Settings
from app.store import documents
from tests.storefront import Storefront

LINES = [{"line_id": str(n), "sku": "MUG", "quantity": 10, "unit_price": 100} for n in range(30)]


class Turns:
    """`now` is the number of the event loop's present turn."""

    now = 0

    @classmethod
    @asynccontextmanager
    async def counted(cls) -> AsyncIterator["Turns"]:
        turns = cls()

        async def count() -> None:
            while True:
                await asyncio.sleep(0)
                turns.now += 1

        counting = asyncio.create_task(count())
        yield turns
        counting.cancel()


def recorded(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, mark: Callable[[], object]) -> list[object]:
    """The marks of each call of a function, which works as before."""
    real, marks = getattr(module, name), []

    def function(*args: Any, **kwargs: Any) -> Any:
        marks.append(mark())
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, function)
    return marks


async def test_each_claim_of_a_list_has_a_turn_of_its_own(
    sqlite_shop: Storefront, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sqlite_shop.push_order(lines=LINES, payments=[{"payment_id": "p", "method": "card", "amount": 33_000}])
    for _ in range(5):
        await sqlite_shop.claim("cancel", lines=[{"line_id": line["line_id"], "quantity": 1} for line in LINES])
    async with Turns.counted() as turns:
        decoded = recorded(monkeypatch, documents, "claim", lambda: turns.now)
        judged = recorded(monkeypatch, claims_service, "view", lambda: turns.now)
        written = recorded(monkeypatch, claims_routes, "claim_body", lambda: turns.now)
        answer = await sqlite_shop.get("/v1/claims")
    assert len(answer.json()["data"]) == 5
    for turns_of_work in (decoded, judged, written):
        assert len(turns_of_work) == len(set(turns_of_work)) == 5


async def test_each_order_of_a_list_has_a_turn_of_its_own(
    sqlite_shop: Storefront, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        await sqlite_shop.push_order(f"order-{n}")
    async with Turns.counted() as turns:
        decoded = recorded(monkeypatch, documents, "order", lambda: turns.now)
        await sqlite_shop.get("/v1/orders")
    assert len(decoded) == len(set(decoded)) == 5


async def test_a_preview_is_compiled_beside_the_event_loop(
    sqlite_shop: Storefront, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sqlite_shop.push_order()
    claim = await sqlite_shop.claim("cancel")
    threads = recorded(monkeypatch, render, "_compiled", threading.current_thread)
    name = {"event": "claim.requested", "audience": "buyer", "language": "ko"}
    for more in ({}, {"claim_id": claim["claim_id"]}, {"claim_id": claim["claim_id"], "text": "{{ shop }}\n\nb"}):
        assert (await sqlite_shop.post("/v1/messages/preview", {**name, **more})).status_code == 200
    assert threads
    assert threading.main_thread() not in threads


async def test_the_openapi_document_is_made_once_and_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(database_url="sqlite:///unused.db", log_level="warning"))
    threads = recorded(monkeypatch, app, "openapi", threading.current_thread)
    answers = await asyncio.gather(*(get(app, "/openapi.json") for _ in range(3)))
    assert len(set(answers)) == 1
    assert len(threads) == 1
    assert threading.main_thread() not in threads


async def get(app: FastAPI, path: str) -> bytes:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as http:
        return (await http.get(path)).content
