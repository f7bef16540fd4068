"""Who may do what: API keys, their scopes, and the walls between merchants."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.service.callers import Callers, Scope, revoke_key
from app.store import api_keys
from app.store.database import Database
from tests.api.answers import ROUTES, method_of, name_of
from tests.api.scenes import KEYLESS, SCENES
from tests.api.walks import WALKS, begin
from tests.storefront import Storefront, new_key

OPEN = {"GET /healthz", "GET /readyz"}
"""Routes for whoever runs the service: they take no key."""

SCOPES: dict[str, Scope] = {
    "PUT /v1/orders/{order_id}": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}": Scope.ORDERS_READ,
    "GET /v1/orders": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/confirm": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/shipments": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/deliveries": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/payments": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/expected-ship-date": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/delay": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/ready-to-ship": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/delivery-dates": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/address-changes": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}/address-changes": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/address-changes/{change_id}/accept": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/address-changes/{change_id}/refuse": Scope.ORDERS_WRITE,
    "POST /v1/claims": Scope.CLAIMS_WRITE,
    "POST /v1/claims/quote": Scope.CLAIMS_WRITE,
    "GET /v1/claims": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}/events": Scope.CLAIMS_READ,
    "POST /v1/claims/{claim_id}/approve": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/reject": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/retract": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/hold": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/release": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/reclassify": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/offers": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/offers/{offer_id}/accept": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/offers/{offer_id}/decline": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/dispatch": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/receive": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/inspect": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/reship": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/confirm-delivery": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/confirm-payment": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/convert": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/expire": Scope.CLAIMS_DECIDE,
    "GET /v1/refunds": Scope.REFUNDS_READ,
    "GET /v1/refunds/{refund_id}": Scope.REFUNDS_READ,
    "POST /v1/refunds/{refund_id}/processing": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/succeeded": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/failed": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/unknown": Scope.REFUNDS_WRITE,
    "GET /v1/presets": Scope.POLICIES_READ,
    "GET /v1/policies/schema": Scope.POLICIES_READ,
    "POST /v1/policies/check": Scope.POLICIES_READ,
    "POST /v1/policies": Scope.POLICIES_WRITE,
    "GET /v1/policies": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}/page": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}/page.html": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}/diff": Scope.POLICIES_READ,
    "GET /v1/claims/{claim_id}/messages": Scope.MESSAGES_READ,
    "GET /v1/orders/{order_id}/messages": Scope.MESSAGES_READ,
    "POST /v1/messages/preview": Scope.MESSAGES_READ,
    "GET /v1/message-templates": Scope.MESSAGES_READ,
    "GET /v1/message-templates/{event}/{audience}/{language}": Scope.MESSAGES_READ,
    "POST /v1/message-templates": Scope.MESSAGES_WRITE,
    "DELETE /v1/message-templates/{event}/{audience}/{language}": Scope.MESSAGES_WRITE,
    "POST /v1/claims/{claim_id}/contacts": Scope.MESSAGES_WRITE,
    "GET /v1/claims/{claim_id}/contacts": Scope.MESSAGES_READ,
    "GET /v1/shop": Scope.MESSAGES_READ,
    "PUT /v1/shop": Scope.MESSAGES_WRITE,
    "GET /v1/orders/{order_id}/buyer": Scope.MESSAGES_READ,
    "POST /v1/webhook-endpoints": Scope.WEBHOOKS_WRITE,
    "GET /v1/webhook-endpoints": Scope.WEBHOOKS_READ,
    "GET /v1/webhook-endpoints/{endpoint_id}": Scope.WEBHOOKS_READ,
    "PATCH /v1/webhook-endpoints/{endpoint_id}": Scope.WEBHOOKS_WRITE,
    "DELETE /v1/webhook-endpoints/{endpoint_id}": Scope.WEBHOOKS_WRITE,
    "POST /v1/webhook-endpoints/{endpoint_id}/rotate-secret": Scope.WEBHOOKS_WRITE,
    "POST /v1/webhook-endpoints/{endpoint_id}/test": Scope.WEBHOOKS_WRITE,
    "POST /v1/webhook-endpoints/{endpoint_id}/recover": Scope.WEBHOOKS_WRITE,
    "POST /v1/webhook-endpoints/{endpoint_id}/replay": Scope.WEBHOOKS_WRITE,
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": Scope.WEBHOOKS_READ,
    "GET /v1/deliveries/{delivery_id}": Scope.WEBHOOKS_READ,
    "POST /v1/deliveries/{delivery_id}/resend": Scope.WEBHOOKS_WRITE,
    "GET /v1/events": Scope.EVENTS_READ,
    "GET /v1/events/{event_id}": Scope.EVENTS_READ,
    "GET /v1/event-types": Scope.EVENTS_READ,
    "GET /metrics": Scope.METRICS_READ,
}


@pytest.fixture
def database(service: FastAPI, shop: Storefront) -> Database:
    """The one behind the storefront."""
    found: Database = service.state.app_state.database
    return found


async def colleague(shop: Storefront, database: Database, *scopes: Scope) -> Storefront:
    """Another key of the same merchant."""
    _, token = await new_key(database, shop.clock(), frozenset(scopes), shop.merchant_id)
    return Storefront(shop.http, token, shop.merchant_id, shop.clock)


async def stranger(shop: Storefront, database: Database) -> Storefront:
    """An admin key of another merchant."""
    merchant_id, token = await new_key(database, shop.clock())
    return Storefront(shop.http, token, merchant_id, shop.clock)


async def call(shop: Storefront, name: str, path: str | None = None, body: Any = None) -> httpx.Response:
    """A route, with an id that nobody knows unless the path is given."""
    method, template = name.split(" ")
    ids = {"order_id": "nowhere", "claim_id": "nobody", "offer_id": "none", "refund_id": "nothing"}
    ids |= {"policy_id": "nothing", "version": "1", "change_id": "none"}
    ids |= {"event": "claim.rejected", "audience": "buyer", "language": "ko"}
    ids |= {"endpoint_id": "nowhere", "delivery_id": "nothing", "event_id": "nothing"}
    address = path or template.format(**ids)
    if method == "GET":
        return await shop.get(address)
    if method == "DELETE":
        return await shop.delete(address)
    return await {"POST": shop.post, "PUT": shop.put, "PATCH": shop.patch}[method](address, body or {})


def test_every_route_has_its_scope() -> None:
    assert {name_of(route) for route in ROUTES} == SCOPES.keys() | OPEN


async def test_no_route_answers_without_a_key(shop: Storefront, subtests: pytest.Subtests) -> None:
    for name in SCOPES:
        with subtests.test(name):
            method, path = name.split(" ")
            answer = await shop.http.request(method, path, json=None if method == "GET" else {})
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_each_route_takes_its_scope_and_no_other(
    shop: Storefront, database: Database, subtests: pytest.Subtests
) -> None:
    for scope in set(SCOPES.values()):
        others = set(Scope) - {Scope.ADMIN, scope}
        without = await colleague(shop, database, *others)
        alone = await colleague(shop, database, scope)
        for name, needed in SCOPES.items():
            if needed is not scope:
                continue
            with subtests.test(name):
                answer = await call(without, name)
                assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
                assert answer.json()["detail"] == f"This needs the scope {scope}."
                assert (await call(alone, name)).status_code not in (401, 403)


async def test_an_override_takes_a_scope_of_its_own(shop: Storefront, database: Database) -> None:
    claim = await begin(shop, WALKS["a return that comes too late"])
    path = f"/v1/claims/{claim['claim_id']}/approve"
    clerk = await colleague(shop, database, Scope.CLAIMS_DECIDE)
    manager = await colleague(shop, database, Scope.CLAIMS_DECIDE, Scope.CLAIMS_OVERRIDE)
    refused = await clerk.post(path, {"override": "단골 손님"})
    assert (refused.status_code, refused.json()["detail"]) == (403, "This needs the scope claims:override.")
    assert (await clerk.post(path, {})).json()["code"] == "ineligible"
    assert (await manager.post(path, {"override": "단골 손님"})).json()["state"] == "approved"


# Keys that are none


MALFORMED = (
    "",
    "Bearer",
    "Bearer ",
    "Basic {token}",
    "Token {token}",
    "{token}",
    "Bearer {token}x",
    "Bearer x{token}",
    "Bearer {token} {token}",
    "Bearer {token},{token}",
    "Bearer rk_",
    "Bearer rk__",
    "Bearer rk_{other}_secret",
    "Bearer rk_00000000000000000000000000000000_secret",
    "Bearer rk_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz_secret",
    "Bearer rk_-0000000000000000000000000000000_secret",
    "Bearer null",
    "Bearer " + "x" * 10_000,
    "Bearer {TOKEN}",
    "Bearer rk_é_é",
)


async def test_what_is_not_a_live_key_opens_nothing(
    shop: Storefront, database: Database, subtests: pytest.Subtests
) -> None:
    other = (await stranger(shop, database)).token.split("_")[1]
    for written in MALFORMED:
        with subtests.test(written[:60]):
            sent = written.format(token=shop.token, TOKEN=shop.token.upper(), other=other)
            answer = await shop.http.get("/v1/claims", headers=[(b"Authorization", sent.encode("latin-1"))])
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")


async def test_the_scheme_may_be_written_in_any_case(sqlite_shop: Storefront) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        sent = {"Authorization": f"{scheme} {sqlite_shop.token}"}
        assert (await sqlite_shop.http.get("/v1/claims", headers=sent)).status_code == 200


async def test_a_key_of_one_merchant_with_the_name_of_another_opens_nothing(
    shop: Storefront, database: Database
) -> None:
    _, mine, secret = shop.token.split("_", 2)
    theirs = (await stranger(shop, database)).token.split("_")[1]
    assert mine != theirs
    forged = {"Authorization": f"Bearer rk_{theirs}_{secret}"}
    assert (await shop.http.get("/v1/claims", headers=forged)).status_code == 401


async def test_a_revoked_key_stops_working(shop: Storefront, database: Database) -> None:
    clerk = await colleague(shop, database, Scope.CLAIMS_READ)
    assert (await clerk.get("/v1/claims")).status_code == 200
    keys = await database.write(api_keys.all_keys)
    (key_id,) = (key.key_id for key in keys if key.scopes == {Scope.CLAIMS_READ})
    await database.write(lambda tx: revoke_key(tx, key_id=key_id, now=shop.clock()))
    assert (await clerk.get("/v1/claims")).status_code == 401
    assert (await shop.get("/v1/claims")).status_code == 200


async def test_a_revoked_key_is_remembered_for_no_longer_than_the_service_says(
    shop: Storefront, database: Database, service: FastAPI
) -> None:
    service.state.app_state = replace(
        service.state.app_state, callers=Callers(database, shop.clock, remember_seconds=5)
    )
    (key,) = await database.write(api_keys.all_keys)
    await shop.get("/v1/claims")
    await database.write(lambda tx: revoke_key(tx, key_id=key.key_id, now=shop.clock()))
    shop.clock.turn(seconds=4)
    assert (await shop.get("/v1/claims")).status_code == 200
    shop.clock.turn(seconds=1)
    assert (await shop.get("/v1/claims")).status_code == 401


# Between merchants


NEW = ("PUT /v1/orders/{order_id}", "POST /v1/webhook-endpoints")


async def test_scenario_06_nothing_of_another_merchant_is_found(
    shop: Storefront, database: Database, subtests: pytest.Subtests
) -> None:
    """Each request succeeds for the merchant whose it is; a stranger hears what is said of an unknown id."""
    other = await stranger(shop, database)
    for number, (name, scene) in enumerate(SCENES.items()):
        mine = ("PUT /v1/orders/{order_id}", "/policies", "/message-templates", "/shop")
        if name in NEW or any(part in name for part in mine):  # they name nothing of anybody's
            continue
        with subtests.test(name):
            path, body = await scene(shop, f"order-{number}")
            answer = await call(other, name, path, body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            assert answer.json()["detail"].startswith("There is no ")
            assert (await call(shop, name, path, body)).status_code in (200, 201)
    for path in ("/v1/orders", "/v1/claims", "/v1/refunds"):
        for thing in (await shop.get(path, limit=3)).json()["data"]:
            own_id = thing[{"/v1/orders": "order_id", "/v1/claims": "claim_id"}.get(path, "refund_id")]
            there, nowhere = await other.get(f"{path}/{own_id}"), await other.get(f"{path}/nowhere")
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert there.json()["detail"].replace(own_id, "nowhere") == nowhere.json()["detail"]
        assert (await other.get(path)).json()["data"] == []


async def test_two_merchants_may_use_the_same_order_id(shop: Storefront, database: Database) -> None:
    other = await stranger(shop, database)
    await shop.push_order(buyer_id="mina")
    await other.push_order(buyer_id="yuki")
    await shop.give(await shop.claim("cancel"), "approve")
    order = (await other.get("/v1/orders/order-1")).json()
    assert (order["buyer_id"], order["lines"][0]["units"]["untouched"]) == ("yuki", 2)
    for narrowed in ({"order_id": "order-1"}, {"sku": "MUG-WHITE"}):
        assert (await other.get("/v1/claims", **narrowed)).json()["data"] == []
    assert (await other.get("/v1/refunds", order_id="order-1")).json()["data"] == []


async def test_a_cursor_of_another_merchant_leads_to_nothing_of_theirs(shop: Storefront, database: Database) -> None:
    other = await stranger(shop, database)
    for number in range(3):
        await shop.push_order(f"order-{number}")
    cursor = (await shop.get("/v1/orders", limit=1)).json()["next_cursor"]
    assert (await other.get("/v1/orders", cursor=cursor)).json()["data"] == []


def test_only_pushes_and_quotes_go_without_an_idempotency_key() -> None:
    taking = {
        name_of(route)
        for route in ROUTES
        if any(param.alias == "Idempotency-Key" for param in route.dependant.header_params)
    }
    writing = {name_of(route) for route in ROUTES if method_of(route) != "GET"}
    assert writing - taking == KEYLESS
