"""The page on the architecture has the floors, the modules and the statements that the code has."""

import re
from typing import Any

import pytest

from tests.architecture import ARCHITECTURE
from tests.docs import with_modules
from tests.pages import rows_between
from tests.store.watching import RecordedStatement, record_statements
from tests.storefront import Storefront, storefront


def test_the_page_on_the_architecture_has_every_floor_and_module() -> None:
    page = ARCHITECTURE.read_text("utf-8")
    assert with_modules(page) == page, "run `make docs`"


@pytest.fixture
async def postgres_shop(postgres_url: str) -> Any:
    async with storefront(postgres_url) as opened:
        yield opened


async def test_a_request_takes_the_statements_that_the_page_lists(postgres_shop: Storefront) -> None:
    shop = postgres_shop
    await shop.push_order()
    await shop.get("/v1/orders/order-1")
    executed: list[RecordedStatement] = []
    with record_statements(executed.append):
        await shop.claim("cancel")
    looked_up, *transaction = (sql for sql, _ in executed)
    assert "FROM api_keys" in looked_up
    rows = rows_between(ARCHITECTURE, "statements")
    for row, statement in zip(rows, transaction, strict=True):
        verb, table = re.findall(r"`([^`]+)`", row)[:2]
        assert statement.startswith(verb), row
        assert table in statement, row
