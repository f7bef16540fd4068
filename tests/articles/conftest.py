"""The storefront of these tests with its database beside it."""

from collections.abc import AsyncIterator

import pytest

from app.store.database import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()
