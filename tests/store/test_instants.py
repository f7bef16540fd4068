import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, text

from app.store.database import Database
from app.store.statements import Statement
from app.store.tables import merchants
from tests.storefront import Storefront

SEOUL = timezone(timedelta(hours=9))
NEWFOUNDLAND = timezone(-timedelta(hours=3, minutes=30))
NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)

INSTANTS = [
    NOON,
    NOON + timedelta(microseconds=1),
    NOON + timedelta(microseconds=100_000),
    NOON + timedelta(microseconds=999_999),
    NOON + timedelta(seconds=1),
    (NOON + timedelta(hours=1)).astimezone(SEOUL),
    (NOON - timedelta(hours=1)).astimezone(NEWFOUNDLAND),
    datetime(2026, 6, 9, 0, 0, 0, 1, tzinfo=SEOUL),
    datetime(2000, 1, 1, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


KEEP = Statement(insert(merchants))
KEPT = Statement(select(merchants.c.merchant_id, merchants.c.created_at).order_by(merchants.c.created_at))
BEFORE = Statement(select(merchants.c.created_at).where(merchants.c.created_at < bindparam("limit")))
WIDTHS = Statement(text("SELECT DISTINCT length(created_at) FROM merchants"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def keep(database: Database, instants: list[datetime]) -> None:
    merchant = {"name": "shop", "policy": "kr", "mode": "live", "test_merchant_id": None, "erased_at": None}
    rows = [{**merchant, "merchant_id": str(number), "created_at": instant} for number, instant in enumerate(instants)]
    await database.write(lambda tx: tx.run_all(KEEP, rows))


async def test_an_instant_comes_back_as_itself(database: Database) -> None:
    await keep(database, INSTANTS)
    async with database.read() as tx:
        rows = await tx.fetch(KEPT)
    assert {int(row.merchant_id): row.created_at for row in rows} == dict(enumerate(INSTANTS))
    assert {row.created_at.utcoffset() for row in rows} == {timedelta(0)}


async def test_instants_are_sorted_by_time_whatever_zone_they_were_given_in(database: Database) -> None:
    shuffled = random.Random(1).sample(INSTANTS, len(INSTANTS))
    await keep(database, shuffled)
    async with database.read() as tx:
        instants = [row.created_at for row in await tx.fetch(KEPT)]
    assert instants == sorted(INSTANTS)


async def test_sqlite_keeps_instants_as_text_of_one_width(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await keep(database, INSTANTS)
    async with database.read() as tx:
        widths = await tx.fetch(WIDTHS)
    await database.close()
    assert len(widths) == 1


async def test_instants_are_compared_by_time(database: Database) -> None:
    await keep(database, INSTANTS)
    for limit in INSTANTS:
        async with database.read() as tx:
            rows = await tx.fetch(BEFORE, {"limit": limit})
        assert {row.created_at for row in rows} == {instant for instant in INSTANTS if instant < limit}


async def test_an_instant_without_a_zone_is_an_error(database: Database) -> None:
    with pytest.raises(Exception, match="naive"):
        await keep(database, [datetime(2026, 6, 8, 12)])  # noqa: DTZ001 - the case


async def test_instants_go_through_documents_and_snapshots_to_the_microsecond(shop: Storefront) -> None:
    """The database returns an order as JSON that the database made, and a claim as the stored text."""
    await shop.push_order(paid_at="2026-06-05T10:00:00.000001+09:00")
    moments = {
        "shipped_at": "2026-06-06T09:00:00.123456+09:00",
        "delivered_at": "2026-06-08T11:59:59.999999+09:00",
    }
    parcel = {"carrier": "cj", "tracking_number": "1"}
    await shop.post("/v1/orders/order-1/shipments", {**parcel, "shipped_at": moments["shipped_at"]})
    await shop.post("/v1/orders/order-1/deliveries", {**parcel, "delivered_at": moments["delivered_at"]})
    shop.clock.instant += timedelta(microseconds=7)
    claim = await shop.claim("return", requested_at="2026-06-08T12:00:00.000005+09:00")
    order = (await shop.get("/v1/orders/order-1")).json()
    assert {name: order["lines"][0][name] for name in moments} == {
        "shipped_at": "2026-06-06T00:00:00.123456Z",
        "delivered_at": "2026-06-08T02:59:59.999999Z",
    }
    assert order["paid_at"] == "2026-06-05T01:00:00.000001Z"
    again = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (again["requested_at"], again["created_at"]) == (
        "2026-06-08T03:00:00.000005Z",
        "2026-06-08T03:00:00.000007Z",
    )
