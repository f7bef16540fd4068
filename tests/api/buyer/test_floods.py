"""A network that tries too many invented links, tokens and look-ups is refused before any work, and nobody else is."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.buyer.pages.html import PAGES
from app.buyer.pages.texts import PAGE_LANGUAGES, text
from app.service import floods
from app.service.floods import Floods
from tests.api.buyer.visits import Visit, link_to, open_link, visit
from tests.serving import serving
from tests.store.watching import RecordedStatement, record_statements
from tests.storefront import Storefront

MOST = 5
Try = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


def invented(kind: str, merchant_id: str) -> str:
    return f"{kind}_{merchant_id.replace('-', '')}_{uuid4().hex}{uuid4().hex[:11]}"


DOORS: dict[str, Try] = {
    "a link": lambda http, of: http.get("/c", params={"link": invented("rbl", of)}),
    "a link that is opened": lambda http, of: http.post("/c", data={"link": invented("rbl", of)}),
    "a link of another site": lambda http, of: http.post(
        "/c", data={"link": invented("rbl", of)}, headers={"Sec-Fetch-Site": "cross-site"}
    ),
    "a link over the API": lambda http, of: http.post("/buyer/v1/sessions", json={"token": invented("rbl", of)}),
    "a token": lambda http, of: http.get("/buyer/v1/order", headers={"Authorization": f"Bearer {invented('rbt', of)}"}),
    "a token on a page": lambda http, of: http.get(
        "/buyer/v1/order", headers={"Authorization": f"Bearer {invented('rbt', of)}", "Origin": "https://evil.example"}
    ),
    "a cookie": lambda http, of: http.get("/order", headers={"Cookie": f"recourse_order={invented('rbs', of)}"}),
    "a look-up": lambda http, _: http.post(
        f"/buyer/v1/shops/{uuid4()}/lookups", json={"order_id": "1", "phone_ending": "0142"}
    ),
    "a look-up on a page": lambda http, _: http.post(f"/shops/{uuid4()}/orders", data={"order_id": "1"}),
    "a page of a shop": lambda http, _: http.get(f"/withdraw/{uuid4()}"),
}


@pytest.fixture(autouse=True)
def few_failures(service: FastAPI) -> Iterator[None]:
    """A network may fail MOST times in a minute."""
    before = service.state.app_state.floods
    allow(service, MOST)
    yield
    service.state.app_state = replace(service.state.app_state, floods=before)


def allow(service: FastAPI, failures: int) -> None:
    service.state.app_state = replace(service.state.app_state, floods=Floods(failures))


@pytest.fixture
async def elsewhere(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor of another network."""
    transport = httpx.ASGITransport(service, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
        yield http


async def flood(shop: Storefront, tries: int = MOST) -> None:
    for _ in range(tries):
        assert (await DOORS["a token"](shop.http, shop.merchant_id)).status_code == 401


@pytest.mark.parametrize("door", DOORS)
async def test_a_network_that_fails_too_often_is_refused_before_any_work(shop: Storefront, door: str) -> None:
    attempt = DOORS[door]
    tries = [await attempt(shop.http, shop.merchant_id) for _ in range(MOST)]
    assert {answer.status_code for answer in tries} <= {401, 403, 404}
    statements: list[RecordedStatement] = []
    with record_statements(statements.append):
        refused = await attempt(shop.http, shop.merchant_id)
    assert statements == []
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "12")
    if refused.headers["content-type"] == "application/problem+json":
        assert refused.json()["code"] == "too_many_failures"
    else:
        assert text("too_many_title", "en") in refused.text
    shop.clock.turn(seconds=12)
    assert (await attempt(shop.http, shop.merchant_id)).status_code == tries[0].status_code
    assert (await attempt(shop.http, shop.merchant_id)).status_code == 429


async def test_two_hundred_look_ups_of_one_network_end_in_429(shop: Storefront, service: FastAPI) -> None:
    allow(service, 60)
    path = f"/buyer/v1/shops/{shop.merchant_id}/lookups"
    statements: list[RecordedStatement] = []
    answers, costs = [], []
    with record_statements(statements.append):
        for number in range(200):
            statements.clear()
            answers.append(await shop.http.post(path, json={"order_id": str(number), "phone_ending": "0142"}))
            costs.append(len(statements))
    assert [answer.status_code for answer in answers] == [202] * 20 + [429] * 180
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers[20:])
    assert [answer.json()["code"] for answer in answers[20:]] == ["too_many_lookups"] * 60 + ["too_many_failures"] * 120
    assert all(costs[:80])
    assert not any(costs[80:])


async def test_buyers_behind_the_same_address_go_on(shop: Storefront, elsewhere: httpx.AsyncClient) -> None:
    await shop.push_order()
    inside, unseen = await visit(shop), (await open_link(shop, await link_to(shop))).json()["token"]
    assert (await inside.get("/order")).status_code == 200
    withdrawal = f"/withdraw/{shop.merchant_id}"
    assert (await shop.http.get(withdrawal)).status_code == 200
    late = await link_to(shop)
    await flood(shop)
    for _ in range(3 * MOST):
        assert (await inside.get("/order")).status_code == 200
        assert (await inside.get("/claims/nothing")).status_code == 404
        assert (await shop.http.get(withdrawal)).status_code == 200
    assert (await shop.get("/v1/orders/order-1")).status_code == 200
    assert (await Visit(shop.http, unseen, {}).get("/order")).status_code == 429
    assert (await Visit(elsewhere, unseen, {}).get("/order")).status_code == 200
    assert (await elsewhere.get("/c", params={"link": late["token"]})).status_code == 200
    shop.clock.turn(minutes=1)
    for _ in range(3 * MOST):
        assert (await shop.http.get("/c", params={"link": late["token"]})).status_code == 200
    assert (await open_link(shop, late)).status_code == 201


async def test_a_token_that_has_ended_is_one_of_a_stranger_again(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    inside = await visit(sqlite_shop)
    assert (await inside.delete("/sessions/current")).status_code == 200
    assert (await inside.get("/order")).status_code == 401
    await flood(sqlite_shop, MOST - 1)
    assert (await inside.get("/order")).status_code == 429


async def test_the_refusal_is_a_page_in_the_language_of_the_visitor(sqlite_shop: Storefront) -> None:
    await flood(sqlite_shop)
    for language in PAGE_LANGUAGES:
        refused = await sqlite_shop.http.get("/order", headers={"Accept-Language": language})
        assert refused.status_code == 429
        assert refused.headers["content-language"] == language
        assert text("too_many_text", language) in refused.text
    assert (await sqlite_shop.http.get(PAGES.style_path)).status_code == 200


def test_the_memory_of_a_process_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "MOST_NETWORKS", 2)
    monkeypatch.setattr(floods, "MOST_SERVED", 2)
    counted = Floods(1)
    for name in ("a", "b", "a", "c"):
        counted.count(name, 0)
        counted.remember(name)
    assert [counted.seconds_to_wait(name, 0) for name in "abc"] == [60, 0, 60]
    assert [counted.has_served(name) for name in "abc"] == [True, False, True]
    assert counted.seconds_to_wait("a", -100) == 60


@pytest.mark.parametrize(("proxies", "is_shared"), [("127.0.0.1", False), ("192.0.2.0/24", True)])
def test_the_network_is_the_one_that_a_trusted_proxy_names(
    sqlite_url: str, tmp_path: Path, proxies: str, *, is_shared: bool
) -> None:
    settings = {"trusted_proxies": proxies, "failures_per_minute": MOST, "embedded_worker": "false"}
    with serving(sqlite_url, tmp_path / "log", **settings) as served, httpx.Client(base_url=served.url) as http:
        tries = [
            http.get("/order", headers={"X-Forwarded-For": f"198.51.100.9, 203.0.113.{visitor}"}).status_code
            for visitor in (7, 8)
            for _ in range(MOST + 1)
        ]
    alone = [401] * MOST + [429]
    assert tries == (alone + [429] * (MOST + 1) if is_shared else alone + alone)
