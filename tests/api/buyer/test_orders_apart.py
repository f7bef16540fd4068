"""The access to one order reaches no other order, of the same shop or of another."""

from uuid import uuid4

import httpx
import pytest

from app.store.database import Database
from tests.api.buyer.scenes import BUYER_KEYLESS, BUYER_SCENES
from tests.api.buyer.visits import Visit, visit
from tests.api.keys import stranger
from tests.api.walks import Body
from tests.storefront import Storefront


async def send(buyer: Visit, name: str, path: str, body: Body, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {buyer.token}", **({"Idempotency-Key": key} if key else {})}
    method = name.partition(" ")[0]
    return await buyer.http.request(method, path, json=None if method == "DELETE" else body, headers=headers)


async def test_no_claim_of_another_order_is_found(
    shop: Storefront, database: Database, subtests: pytest.Subtests
) -> None:
    await shop.push_order("mine")
    other_shop = await stranger(shop, database)
    await other_shop.push_order()
    for number, (name, scene) in enumerate(BUYER_SCENES.items()):
        if "{claim_id}" not in name:
            continue
        path, body = await scene(shop, f"order-{number}")
        owner = await visit(shop, f"order-{number}")
        for who, buyer in (("another order", await visit(shop, "mine")), ("another shop", await visit(other_shop))):
            with subtests.test(f"{name} by {who}"):
                answer = await send(buyer, name, path, body, str(uuid4()))
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        with subtests.test(f"{name} by the owner"):
            assert (await send(owner, name, path, body, str(uuid4()))).status_code in (200, 201)
    claim = await shop.claim("cancel", order_id="mine")
    await shop.push_order()
    for path in ("/contacts", "/payment", "/refund-account", "/files", ""):
        for who, merchant in (("another order", shop), ("another shop", other_shop)):
            with subtests.test(f"GET {path} by {who}"):
                answer = await (await visit(merchant)).get(f"/claims/{claim['claim_id']}{path}")
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_every_post_takes_a_key_and_does_nothing_twice_under_it(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    for number, (name, scene) in enumerate(BUYER_SCENES.items()):
        if name in BUYER_KEYLESS:
            continue
        with subtests.test(name):
            path, body = await scene(shop, f"order-{number}")
            buyer = await visit(shop, f"order-{number}")
            keyless = await send(buyer, name, path, body)
            assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_required")
            first = await send(buyer, name, path, body, "k")
            assert first.status_code in (200, 201), first.text
            again = await send(buyer, name, path, body, "k")
            assert (again.headers["idempotent-replayed"], again.content) == ("true", first.content)


async def test_the_keys_of_two_orders_and_of_the_merchant_do_not_meet(shop: Storefront) -> None:
    body = {"kind": "cancel", "reason": "change_of_mind", "lines": [{"line_id": "1", "quantity": 1}]}
    for order_id in ("order-1", "order-2"):
        await shop.push_order(order_id)
        answer = await send(await visit(shop, order_id), "POST /", "/buyer/v1/claims", body, "k")
        assert (answer.status_code, answer.json()["order_id"]) == (201, order_id)
        assert "idempotent-replayed" not in answer.headers
    by_the_merchant = await shop.post("/v1/claims", {**body, "order_id": "order-1"}, key="k")
    assert "idempotent-replayed" not in by_the_merchant.headers
