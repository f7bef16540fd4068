"""The storefront of these tests checks every answer: see `tests.api.answers`.

One application serves all tests of one pytest worker. Each test has its own database and its own clock. FastAPI builds
its routes at the first request, and the build takes longer than most of the tests.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC

import httpx
import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from fastapi import FastAPI

from app.main import create_app
from app.service.callers import Callers
from app.service.passwords import Passwords
from app.settings import Settings
from app.store.database import Database
from tests.api.answers import check_answer
from tests.api.openapi import Document
from tests.storefront import MONDAY, UNLIMITED, Storefront, TurnableClock, new_key


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    app = create_app(
        Settings(
            log_level="warning",
            encryption_keys=Fernet.generate_key().decode(),
            public_url="https://recourse.example",
            failures_per_minute=1_000_000,
            key_requests_per_minute=UNLIMITED["key_requests_per_minute"],
            key_burst=UNLIMITED["key_burst"],
            files_folder=str(tmp_path_factory.mktemp("files")),
        )
    )
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    app.state.app_state = replace(app.state.app_state, passwords=quick)
    return app


@pytest.fixture
async def shop(service: FastAPI, database_url: str) -> AsyncIterator[Storefront]:
    """A storefront with an admin key, on each kind of database in turn."""
    async with _open_shop(service, database_url) as shop:
        yield shop


@pytest.fixture
async def sqlite_shop(service: FastAPI, sqlite_url: str) -> AsyncIterator[Storefront]:
    """The same storefront on SQLite alone, for tests in which the database plays no part."""
    async with _open_shop(service, sqlite_url) as shop:
        yield shop


@pytest.fixture
async def postgres_shop(service: FastAPI, postgres_url: str) -> AsyncIterator[Storefront]:
    """The same storefront on PostgreSQL alone, for limits that only PostgreSQL enforces."""
    async with _open_shop(service, postgres_url) as shop:
        yield shop


@asynccontextmanager
async def _open_shop(service: FastAPI, database_url: str) -> AsyncIterator[Storefront]:
    clock, database = TurnableClock(MONDAY.astimezone(UTC)), Database(database_url)
    callers = Callers(database, remember_seconds=0)
    service.state.app_state = replace(service.state.app_state, database=database, callers=callers, clock=clock)
    transport = httpx.ASGITransport(service, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://shop", event_hooks={"response": [check_answer]}
    ) as http:
        merchant_id, token = await new_key(database, clock())
        yield Storefront(http, token, merchant_id, clock)
    await database.close()


@pytest.fixture
def database(service: FastAPI, shop: Storefront) -> Database:
    """The database of the storefront's service."""
    state_database: Database = service.state.app_state.database
    return state_database


@pytest.fixture(scope="session")
def document(service: FastAPI) -> Document:
    return service.openapi()
