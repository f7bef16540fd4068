"""A page of another origin calls the buyer's API only from an origin that the shop of the token lists."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.store.database import Database
from tests.api.answers import BUYER_ROUTES, method_of
from tests.api.buyer.visits import Visit, link_to, signed_in
from tests.api.keys import stranger
from tests.store.watching import RecordedStatement, record_statements
from tests.storefront import Storefront

LISTED = "https://mug.example"
OTHERS = ("https://evil.example", "http://mug.example", "https://mug.example:8443", "https://a.mug.example", "null", "")
CLAIM = {"kind": "cancel", "reason": "change_of_mind", "lines": [{"line_id": "1", "quantity": 1}]}


async def listed(shop: Storefront, *origins: str) -> None:
    answer = await shop.put("/v1/shop", {"name": "Mug", "origins": list(origins)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["origins"] == list(origins)


async def on_page(shop: Storefront, origin: str, **body: Any) -> Visit:
    """A page of an origin that has a token of the storefront."""
    return Visit(shop.http, (await signed_in(shop, **body)).token, {"Origin": origin})


async def preflight(shop: Storefront, path: str, origin: str = LISTED, method: str = "POST") -> httpx.Response:
    return await shop.http.options(path, headers={"Origin": origin, "Access-Control-Request-Method": method})


def allowed(answer: httpx.Response) -> str | None:
    assert "access-control-allow-credentials" not in answer.headers
    value: str | None = answer.headers.get("access-control-allow-origin")
    return value


async def test_a_page_of_a_listed_origin_reads_and_writes(shop: Storefront) -> None:
    await shop.push_order()
    await listed(shop, "https://other.example", LISTED, "http://localhost:5173")
    for origin in (LISTED, "http://localhost:5173"):
        page = await on_page(shop, origin)
        for answer in (await page.get("/order"), await page.post("/claims", CLAIM)):
            assert answer.is_success, answer.text
            assert allowed(answer) == origin
            assert "Origin" in answer.headers.get_list("vary")
            exposed = answer.headers["access-control-expose-headers"].split(", ")
            assert {"Location", "ETag", "Retry-After", "Idempotent-Replayed", "X-Request-Id"} <= set(exposed)


async def test_a_page_of_a_listed_origin_reads_why_it_was_refused(shop: Storefront) -> None:
    await shop.push_order()
    await listed(shop, LISTED)
    page = await on_page(shop, LISTED, minutes=1)
    shop.clock.turn(minutes=1)
    expired = await page.get("/order")
    assert (expired.status_code, allowed(expired)) == (401, LISTED)
    assert expired.headers["access-control-expose-headers"]
    page = await on_page(shop, LISTED)
    for answer in (await page.get("/claims/nothing"), await page.post("/claims", {})):
        assert answer.status_code in (404, 422)
        assert allowed(answer) == LISTED


@pytest.mark.parametrize("origin", OTHERS)
async def test_a_page_of_another_origin_reads_nothing_and_changes_nothing(shop: Storefront, origin: str) -> None:
    await shop.push_order()
    await listed(shop, LISTED)
    page = await on_page(shop, origin)
    for answer in (
        await page.get("/order"),
        await page.post("/claims", CLAIM),
        await page.delete("/sessions/current"),
        await shop.http.post(
            "/buyer/v1/sessions", json={"token": (await link_to(shop))["token"]}, headers=page.headers
        ),
        await shop.http.get("/buyer/v1/order", headers=page.headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
        assert allowed(answer) is None
        assert "Origin" in answer.headers.get_list("vary")
    assert (await shop.get("/v1/claims")).json()["data"] == []
    assert (await Visit(shop.http, page.token, {}).get("/order")).status_code == 200


async def test_a_shop_lists_origins_for_its_own_buyers_alone(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    other = await stranger(shop, database)
    await other.put("/v1/shop", {"name": "Evil", "origins": ["https://evil.example"]})
    await listed(shop, LISTED)
    page = await on_page(shop, "https://evil.example")
    assert (await page.post("/claims", CLAIM)).status_code == 403
    at_other = Visit(shop.http, page.token.replace(page.token.split("_")[1], other.token.split("_")[1]), page.headers)
    assert (await at_other.post("/claims", CLAIM)).status_code == 401
    lookup = {"order_id": "order-1", "phone_ending": "0142"}
    for merchant_id, status in ((shop.merchant_id, 403), (other.merchant_id, 202), ("no%00body", 403)):
        path = f"/buyer/v1/shops/{merchant_id}/lookups"
        assert (await shop.http.post(path, json=lookup, headers=page.headers)).status_code == status
    await listed(shop)
    assert (await (await on_page(shop, LISTED)).get("/order")).status_code == 403


async def test_a_preflight_is_the_same_for_everybody_and_reads_nothing(shop: Storefront) -> None:
    await listed(shop, LISTED)
    statements: list[RecordedStatement] = []
    with record_statements(statements.append):
        answers = [await preflight(shop, "/buyer/v1/claims", origin) for origin in (LISTED, *OTHERS[:2])]
    assert statements == []
    for answer in answers:
        assert (answer.status_code, allowed(answer)) == (204, "*")
        assert set(answer.headers["access-control-allow-methods"].split(", ")) == {
            method_of(each) for each in BUYER_ROUTES
        }
        wanted = {"Authorization", "Content-Type", "Idempotency-Key", "If-Match"}
        assert wanted <= set(answer.headers["access-control-allow-headers"].split(", "))


async def test_a_page_of_the_service_and_a_server_need_no_list(sqlite_shop: Storefront, service: FastAPI) -> None:
    await sqlite_shop.push_order()
    public = service.state.app_state.public_url
    for own in ("http://shop", public):
        answer = await (await on_page(sqlite_shop, own)).get("/order")
        assert (answer.status_code, allowed(answer)) == (200, None)
    answer = await (await signed_in(sqlite_shop)).get("/order")
    assert (answer.status_code, allowed(answer), answer.headers["vary"]) == (200, None, "Origin")


async def test_no_page_of_another_origin_reads_the_rest_of_the_service(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await listed(sqlite_shop, LISTED)
    for path in ("/v1/orders/order-1", "/order", "/c", "/healthz", f"/shops/{sqlite_shop.merchant_id}/orders"):
        headers = {"Origin": LISTED, "Authorization": f"Bearer {sqlite_shop.token}"}
        assert allowed(await sqlite_shop.http.get(path, headers=headers)) is None
        refused = await preflight(sqlite_shop, path, method="GET")
        assert (refused.status_code, allowed(refused)) == (405, None)
