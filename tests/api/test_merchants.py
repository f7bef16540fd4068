"""One merchant never sees, reads or changes data of another merchant."""

import pytest

from app.store.database import Database
from tests.api.keys import call, stranger
from tests.api.scenes import SCENES
from tests.storefront import Storefront

NEW = (
    *("PUT /v1/orders/{order_id}", "POST /v1/webhook-endpoints", "POST /v1/withdrawals"),
    *(
        "POST /v1/claims/bulk",
        "POST /v1/orders/bulk",
        "POST /v1/unannounced-parcels",
        "PUT /v1/return-locations/{location_id}",
    ),
    *("POST /v1/staff-invitations", "PUT /v1/staff-roles/{role}", "PUT /v1/authority-limits", "POST /v1/api-keys"),
    "PUT /v1/refund-breakers/{currency}",
)


async def test_scenario_06_nothing_of_another_merchant_is_found(
    shop: Storefront, database: Database, subtests: pytest.Subtests
) -> None:
    """Each request succeeds for its own merchant. Another merchant gets the answer of an unknown id."""
    other = await stranger(shop, database)
    for number, (name, scene) in enumerate(SCENES.items()):
        own_paths = (
            "PUT /v1/orders/{order_id}",
            "/policies",
            "/rules",
            "/what-if",
            "/message-templates",
            "/message-settings",
            "/shop",
            "/faq-entries",
        )
        if name in NEW or any(part in name for part in own_paths):  # these paths hold no id
            continue
        with subtests.test(name):
            path, body = await scene(shop, f"order-{number}")
            answer = await call(other, name, path, body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            assert answer.json()["detail"].startswith("There is no ")
            assert (await call(shop, name, path, body)).status_code in (200, 201)
    own = await shop.claim("cancel", order_id=(await shop.push_order("order-bulk"))["order_id"])
    bulk = await other.post("/v1/claims/bulk", {"command": "approve", "claim_ids": [own["claim_id"]]})
    assert [result["code"] for result in bulk.json()["results"]] == ["not_found"]
    bulk = await other.post("/v1/orders/bulk", {"command": "confirm", "order_ids": ["order-bulk"]})
    assert [result["code"] for result in bulk.json()["results"]] == ["not_found"]
    for path in ("/v1/orders", "/v1/claims", "/v1/refunds"):
        for row in (await shop.get(path, limit=3)).json()["data"]:
            own_id = row[{"/v1/orders": "order_id", "/v1/claims": "claim_id"}.get(path, "refund_id")]
            foreign, unknown = await other.get(f"{path}/{own_id}"), await other.get(f"{path}/nowhere")
            assert (foreign.status_code, unknown.status_code) == (404, 404)
            assert foreign.json()["detail"].replace(own_id, "nowhere") == unknown.json()["detail"]
        assert (await other.get(path)).json()["data"] == []


async def test_two_merchants_may_use_the_same_order_id(shop: Storefront, database: Database) -> None:
    other = await stranger(shop, database)
    await shop.push_order(buyer_id="mina")
    await other.push_order(buyer_id="yuki")
    await shop.give(await shop.claim("cancel"), "approve")
    order = (await other.get("/v1/orders/order-1")).json()
    assert (order["buyer_id"], order["lines"][0]["units"]["untouched"]) == ("yuki", 2)
    for query in ({"order_id": "order-1"}, {"sku": "MUG-WHITE"}):
        assert (await other.get("/v1/claims", **query)).json()["data"] == []
    assert (await other.get("/v1/refunds", order_id="order-1")).json()["data"] == []


async def test_a_cursor_of_another_merchant_leads_to_nothing_of_theirs(shop: Storefront, database: Database) -> None:
    other = await stranger(shop, database)
    for number in range(3):
        await shop.push_order(f"order-{number}")
    cursor = (await shop.get("/v1/orders", limit=1)).json()["next_cursor"]
    assert (await other.get("/v1/orders", cursor=cursor)).json()["data"] == []
