"""A buyer reaches one order by the buyer's routes, and nothing else. The cases come from the routes of the service."""

import logging
import re
from typing import Any

import pytest

from app.store.database import Database
from tests.api.answers import BUYER_ROUTES, KEY_ROUTES, method_of, name_of
from tests.api.buyer.scenes import BUYER_SCENES, OPEN_TO_BUYERS
from tests.api.buyer.visits import Visit, link_to, open_link, signed_in, visit
from tests.api.file_scenes import FORMS_OF_BUYERS
from tests.api.keys import stranger
from tests.api.test_keys import OPEN
from tests.storefront import Storefront


async def ways_in(shop: Storefront) -> dict[str, str]:
    """Each kind of token of an order."""
    return {
        "a session": (await visit(shop)).token,
        "a token of the storefront": (await signed_in(shop)).token,
        "a link": (await link_to(shop))["token"],
    }


async def ask(shop: Storefront, name: str, token: str | None) -> Any:
    method, template = name.split(" ")
    headers = {"Idempotency-Key": "k", **({"Authorization": f"Bearer {token}"} if token else {})}
    body: dict[str, Any] | None = None if method in ("GET", "DELETE") else {}
    return await shop.http.request(method, re.sub(r"{\w+}", "1", template), json=body, headers=headers)


def test_every_route_of_buyers_that_writes_has_a_scene() -> None:
    assert {
        name_of(route) for route in BUYER_ROUTES if method_of(route) != "GET"
    } == BUYER_SCENES.keys() | FORMS_OF_BUYERS


async def test_a_buyer_opens_no_route_for_keys(shop: Storefront, subtests: pytest.Subtests) -> None:
    await shop.push_order("1")
    await shop.push_order()
    ways = await ways_in(shop)
    for name in {name_of(route) for route in KEY_ROUTES} - OPEN:
        for way, token in ways.items():
            with subtests.test(f"{name} with {way}"):
                answer = await ask(shop, name, token)
                assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")


async def test_a_route_of_buyers_takes_a_buyer_alone(
    shop: Storefront, database: Database, subtests: pytest.Subtests
) -> None:
    await shop.push_order()
    used = await link_to(shop)
    ended, revoked = await visit(shop), (await open_link(shop, used)).json()["token"]
    assert (await ended.delete("/sessions/current")).status_code == 200
    await shop.delete(f"/v1/orders/order-1/buyer-links/{used['access_id']}")
    late = await signed_in(shop, minutes=1)
    merchant = shop.token.split("_")[1]
    others = (await stranger(shop, database)).token.split("_")[1]
    valid = (await visit(shop)).token
    shop.clock.turn(minutes=1)
    wrong = {
        "no token": None,
        "a key of the merchant": shop.token,
        "a link that was not opened": (await link_to(shop))["token"],
        "a used link": used["token"],
        "an ended session": ended.token,
        "a revoked session": revoked,
        "an expired token": late.token,
        "a session of another merchant": valid.replace(merchant, others),
        "a session as a token": valid.replace("rbs_", "rbk_"),
        "a session without its secret": valid[:37],
        "a session in capitals": valid.upper(),
        "a longer session": f"{valid}0",
        "no merchant": f"rbs_{'z' * 32}_{'0' * 43}",
    }
    for name in {name_of(route) for route in BUYER_ROUTES} - OPEN_TO_BUYERS:
        for way, token in wrong.items():
            with subtests.test(f"{name} with {way}"):
                answer = await ask(shop, name, token)
                assert (answer.status_code, answer.json()["code"]) == (401, "invalid_buyer_session")


async def test_a_cookie_opens_nothing(shop: Storefront, subtests: pytest.Subtests) -> None:
    await shop.push_order()
    token = (await visit(shop)).token
    for name in {name_of(route) for route in BUYER_ROUTES} - OPEN_TO_BUYERS:
        with subtests.test(name):
            method, template = name.split(" ")
            answer = await shop.http.request(
                method,
                re.sub(r"{\w+}", "1", template),
                headers={"Cookie": f"session={token}; Authorization=Bearer {token}"},
            )
            assert answer.status_code == 401


async def test_no_log_line_has_a_secret(
    shop: Storefront, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    caplog.set_level(logging.DEBUG)
    await shop.push_order()
    link = await link_to(shop)
    session = (await open_link(shop, link)).json()
    await open_link(shop, link)
    buyer = Visit(shop.http, session["token"], {})
    await buyer.get("/order")
    await buyer.get("/nowhere")
    await buyer.delete("/sessions/current")
    for name, secret in (("link", link["token"]), ("session", session["token"])):
        with subtests.test(name):
            assert secret.split("_", 2)[2] not in caplog.text
    assert [record for record in caplog.records if "/buyer/v1/order" in record.getMessage()]
