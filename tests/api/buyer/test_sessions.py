"""A link opens one session for one order, and the session ends by time, by the buyer or by the seller."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from app.service.buyer_access import forget_expired
from app.store.database import Database
from app.store.statements import Statement
from app.store.tables import buyer_access
from tests.api.buyer.visits import Visit, link_to, open_link, signed_in, visit
from tests.api.keys import stranger
from tests.storefront import Storefront


async def is_in(buyer: Visit) -> bool:
    answer = await buyer.get("/order")
    if answer.status_code != 200:
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_buyer_session")
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code == 200


async def test_a_link_opens_one_session_for_its_order(shop: Storefront) -> None:
    await shop.push_order()
    link = await link_to(shop)
    assert link["url"] == f"https://recourse.example/c?link={link['token']}"
    first = await open_link(shop, link)
    assert first.status_code == 201
    assert (first.json()["order_id"], first.json()["kind"]) == ("order-1", "session")
    buyer = Visit(shop.http, first.json()["token"], {})
    assert (await buyer.get("/order")).json()["order_id"] == "order-1"
    second = await open_link(shop, link)
    assert (second.status_code, second.json()["code"]) == (401, "invalid_buyer_link")
    assert await is_in(buyer)


async def test_a_link_can_be_opened_until_it_expires(shop: Storefront) -> None:
    await shop.push_order()
    in_time, late = await link_to(shop, hours=2), await link_to(shop, hours=2)
    shop.clock.turn(hours=2, seconds=-1)
    assert (await open_link(shop, in_time)).status_code == 201
    shop.clock.turn(seconds=1)
    assert (await open_link(shop, late)).status_code == 401


@pytest.mark.parametrize(("minutes", "is_open"), [(59, True), (60, False)])
async def test_a_session_ends_when_nobody_uses_it(shop: Storefront, minutes: int, is_open: bool) -> None:
    await shop.push_order()
    buyer = await visit(shop)
    shop.clock.turn(minutes=minutes)
    assert await is_in(buyer) is is_open


async def test_a_session_that_is_used_goes_on_until_its_absolute_end(shop: Storefront) -> None:
    await shop.push_order()
    buyer = await visit(shop)
    for _ in range(23):
        shop.clock.turn(minutes=30)
        assert await is_in(buyer)
    shop.clock.turn(minutes=30)
    assert not await is_in(buyer)


async def test_a_token_of_the_storefront_works_until_it_expires(shop: Storefront) -> None:
    await shop.push_order()
    buyer = await signed_in(shop, minutes=5)
    shop.clock.turn(minutes=5, seconds=-1)
    assert await is_in(buyer)
    assert (await buyer.get("/sessions/current")).json()["idle_by"] is None
    shop.clock.turn(seconds=1)
    assert not await is_in(buyer)


async def by_the_buyer(shop: Storefront, buyer: Visit, access_id: str) -> None:
    assert (await buyer.delete("/sessions/current")).json()["ended_at"] is not None


async def by_the_end_of_the_link(shop: Storefront, buyer: Visit, access_id: str) -> None:
    answer = await shop.delete(f"/v1/orders/order-1/buyer-links/{access_id}")
    assert answer.json()["ended_at"] is not None


async def by_the_end_of_all_access(shop: Storefront, buyer: Visit, access_id: str) -> None:
    answer = await shop.delete("/v1/orders/order-1/buyer-links")
    assert all(link["ended_at"] for link in answer.json()["data"])


End = Callable[[Storefront, Visit, str], Awaitable[None]]


@pytest.mark.parametrize("end", [by_the_buyer, by_the_end_of_the_link, by_the_end_of_all_access])
async def test_a_session_is_ended(shop: Storefront, end: End) -> None:
    await shop.push_order()
    link, other = await link_to(shop), await visit(shop)
    buyer = Visit(shop.http, (await open_link(shop, link)).json()["token"], {})
    token = await signed_in(shop)
    await end(shop, buyer, link["access_id"])
    assert not await is_in(buyer)
    assert await is_in(other) is (end is not by_the_end_of_all_access)
    assert await is_in(token) is (end is not by_the_end_of_all_access)


async def test_a_revoked_link_opens_nothing(shop: Storefront) -> None:
    await shop.push_order()
    link = await link_to(shop)
    await shop.delete(f"/v1/orders/order-1/buyer-links/{link['access_id']}")
    assert (await open_link(shop, link)).status_code == 401


async def test_a_link_is_revoked_under_its_own_order_alone(shop: Storefront) -> None:
    await shop.push_order()
    await shop.push_order("order-2")
    link = await link_to(shop)
    answer = await shop.delete(f"/v1/orders/order-2/buyer-links/{link['access_id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await open_link(shop, link)).status_code == 201


async def test_lists_tell_when_links_were_used_and_show_no_secret(shop: Storefront) -> None:
    await shop.push_order()
    used, unused = await link_to(shop), await link_to(shop)
    session = (await open_link(shop, used)).json()
    listed = await shop.get("/v1/orders/order-1/buyer-links")
    rows = listed.json()["data"]
    assert [row["access_id"] for row in rows] == [unused["access_id"], used["access_id"]]
    assert [row["used_at"] is not None for row in rows] == [False, True]
    assert [row["created_by"] for row in rows] == ["test", "test"]
    revoked = await shop.delete("/v1/orders/order-1/buyer-links")
    for secret in (used["token"], unused["token"], session["token"]):
        assert secret.split("_", 2)[2] not in listed.text + revoked.text


async def test_the_database_has_the_digests_of_secrets_alone(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    link = await link_to(shop)
    session = (await open_link(shop, link)).json()
    tokens = [link["token"], session["token"], (await signed_in(shop)).token]
    rows = await database.write(lambda tx: tx.fetch(Statement(select(*buyer_access.c))))
    assert len(rows) == 3
    assert not [token for token in tokens if token.split("_", 2)[2] in str(rows)]


async def test_expired_access_is_forgotten_a_month_later(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await link_to(shop, hours=1)
    shop.clock.turn(days=30, hours=1)
    assert await forget_expired(database, shop.clock()) == 0
    shop.clock.turn(seconds=1)
    assert await forget_expired(database, shop.clock()) == 1
    assert (await shop.get("/v1/orders/order-1/buyer-links")).json()["data"] == []


async def test_an_order_of_another_merchant_gets_no_link(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    other = await stranger(shop, database)
    for path in ("buyer-links", "buyer-tokens"):
        assert (await other.post(f"/v1/orders/order-1/{path}")).status_code == 404
        assert (await shop.post(f"/v1/orders/nowhere/{path}")).status_code == 404


async def test_sentences_are_in_the_language_of_the_buyer_unless_the_request_names_one(shop: Storefront) -> None:
    await shop.push_order(buyer={"email": "mina@example.com", "language": "ko"})
    buyer = await visit(shop)
    refused = await buyer.get("/options", line_id="none")
    assert refused.headers["content-language"] == "ko"
    refused = await buyer.speaking("ja-JP").get("/options", line_id="none")
    assert refused.headers["content-language"] == "ja"
    refused = await buyer.speaking("fr").get("/options", line_id="none")
    assert refused.headers["content-language"] == "en"
