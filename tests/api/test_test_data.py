"""The end of all test data: gone at once for the keys, and row by row from the database."""

import asyncio

import pytest

from app.records.api_key import Scope
from app.records.checkpoint import FeedDigest
from app.records.merchant_clock import MerchantClock
from app.service import checkpoints, verification
from app.service.clock_turns import turn_clocks
from app.service.erasure import delete_erased
from app.service.errors import ConflictError
from app.service.events.fanout import fan_out
from app.service.merchant_clocks import hold
from app.service.test_mode import delete_data
from app.store.database import Database
from tests.api.for_tests import on_test_side
from tests.messages.claim_messages import MUGS
from tests.storefront import Storefront

DATA = "/v1/test/data"


async def complaints(database: Database) -> list[str]:
    """What `recourse verify` finds."""
    async with database.snapshot() as tx:
        return [each async for each in verification.findings(tx, verification.Counts()) if each is not None]


async def test_test_data_are_gone_at_once_and_the_time_is_the_present_again(
    shop: Storefront, database: Database
) -> None:
    tests = await on_test_side(shop, database)
    await shop.push_order()
    await tests.push_order(**MUGS)
    await tests.claim("cancel")
    await tests.post("/v1/webhook-endpoints", {"url": "https://shop.example/recourse"})
    await fan_out(database, shop.clock())
    await tests.post("/v1/test/clock", {"advance": "P9D"})
    answer = await tests.delete(DATA)
    assert (answer.status_code, answer.json()["status"]) == (202, "ready")
    for path in ("/v1/orders", "/v1/claims", "/v1/webhook-endpoints", "/v1/events"):
        assert (await tests.get(path)).json()["data"] == []
    assert (await tests.get("/v1/test/clock")).json()["now_at"] == "2026-06-08T03:00:00Z"
    await tests.push_order(**MUGS)
    rows = 0
    while deleted := await delete_erased(database, shop.clock()):
        rows += deleted
        assert await complaints(database) == []
    assert rows > 10
    assert [order["order_id"] for order in (await tests.get("/v1/orders")).json()["data"]] == ["order-1"]
    assert (await shop.get("/v1/orders/order-1")).status_code == 200


async def test_the_deletion_waits_for_no_deadline_and_runs_once(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await tests.push_order()
    await tests.claim("cancel")
    await tests.post("/v1/test/clock", {"advance": "P60D"})
    answers = await asyncio.gather(tests.delete(DATA), tests.delete(DATA), turn_clocks(database, shop.clock()))
    assert [answer.status_code for answer in answers[:2]] == [202, 202]
    assert (await tests.get("/v1/orders")).json()["data"] == []
    assert (await tests.post("/v1/test/clock", {"advance": "P1D"})).status_code == 202


async def test_only_a_key_for_tests_with_the_scope_deletes(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    assert (await shop.delete(DATA)).json()["code"] == "test_key_required"
    reader = await on_test_side(shop, database, Scope.TEST_READ, Scope.ORDERS_WRITE)
    assert (await reader.delete(DATA)).json()["code"] == "missing_scope"
    assert (await shop.get("/v1/orders/order-1")).status_code == 200


async def test_a_checkpoint_has_no_feed_that_may_be_deleted(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    for side in (shop, tests):
        await side.push_order()
        await side.claim("cancel")
        await fan_out(database, shop.clock())
    feeds: dict[str, FeedDigest] = {}
    async with database.snapshot() as tx:
        await checkpoints.advance(tx, feeds, lambda: False)
    assert feeds.keys() == {shop.merchant_id}


async def test_a_request_that_began_before_the_deletion_writes_nothing(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await tests.delete(DATA)
    clock = MerchantClock(merchant_id=tests.merchant_id)
    with pytest.raises(ConflictError):
        await database.write(lambda tx: hold(tx, clock, shop.clock()))
    begun = (await on_test_side(shop, database)).merchant_id
    again = await database.write(lambda tx: delete_data(tx, tests.merchant_id, shop.clock()))
    assert not again.is_advancing
    assert (await on_test_side(shop, database)).merchant_id == begun


async def test_a_buyer_of_deleted_data_is_signed_out(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await tests.push_order()
    links = [(await tests.post("/v1/orders/order-1/buyer-links")).json()["token"] for _ in range(2)]
    sessions = [(await shop.http.post("/buyer/v1/sessions", json={"token": links[0]})).json()["token"]]
    await tests.delete(DATA)
    sessions.append((await shop.http.post("/buyer/v1/sessions", json={"token": links[1]})).json()["token"])
    for token in sessions:
        buyer = Storefront(shop.http, token, tests.merchant_id, shop.clock)
        assert (await buyer.get("/buyer/v1/order")).json()["code"] == "invalid_buyer_session"
    page = f"/shops/{tests.merchant_id}/policies/storefront_kr"
    assert (await shop.http.get(page)).json()["code"] == "not_found"
