"""Permissions: API keys, their scopes, and the separation of merchants."""

from dataclasses import replace

import pytest
from fastapi import FastAPI

from app.records.api_key import Scope
from app.service.callers import Callers
from app.service.merchants import revoke_key
from app.store import api_keys
from app.store.database import Database
from tests.api.answers import KEY_ROUTES, method_of, name_of
from tests.api.api_key_scenes import KEY_SCOPES
from tests.api.claims import begin
from tests.api.file_scenes import FILE_SCOPES
from tests.api.keys import call, colleague, stranger
from tests.api.privacy_scenes import PRIVACY_SCOPES
from tests.api.return_scenes import RETURN_SCOPES
from tests.api.rule_scenes import SCOPES_OF_RULES
from tests.api.scenes import KEYLESS
from tests.api.staff_scenes import STAFF_SCOPES
from tests.api.walks import WALKS
from tests.storefront import OPERATOR, Storefront

OPEN = {"GET /healthz", "GET /readyz", "GET /shops/{merchant_id}/policies/{policy_id}", "GET /files/{token}"}
"""Routes for the operator of the service and for buyers: they take no key."""

SCOPES: dict[str, Scope] = {
    "PUT /v1/orders/{order_id}": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}": Scope.ORDERS_READ,
    "GET /v1/orders/{order_id}/options": Scope.CLAIMS_READ,
    "POST /v1/orders/{order_id}/buyer-links": Scope.BUYER_LINKS_WRITE,
    "GET /v1/orders/{order_id}/buyer-links": Scope.ORDERS_READ,
    "DELETE /v1/orders/{order_id}/buyer-links": Scope.BUYER_LINKS_WRITE,
    "DELETE /v1/orders/{order_id}/buyer-links/{link_id}": Scope.BUYER_LINKS_WRITE,
    "POST /v1/orders/{order_id}/buyer-tokens": Scope.BUYER_LINKS_WRITE,
    "GET /v1/orders": Scope.ORDERS_READ,
    "GET /v1/figures/delays": Scope.ORDERS_READ,
    "POST /v1/order-imports": Scope.ORDERS_WRITE,
    "GET /v1/order-imports": Scope.ORDERS_READ,
    "GET /v1/order-imports/{import_id}": Scope.ORDERS_READ,
    "PUT /v1/order-imports/{import_id}/matching": Scope.ORDERS_WRITE,
    "GET /v1/order-imports/{import_id}/preview": Scope.ORDERS_READ,
    "POST /v1/order-imports/{import_id}/start": Scope.ORDERS_WRITE,
    "GET /v1/order-imports/{import_id}/rows": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/confirm": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/shipments": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/deliveries": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/payments": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/payments/{payment_id}/reversals": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/payments/{payment_id}/reversals/{reversal_id}/win": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}/payments/{payment_id}/reversals": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/expected-ship-date": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/expected-arrival-date": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/delay": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/ready-to-ship": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/delivery-dates": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}/consents": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/address-changes": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}/address-changes": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/address-changes/{change_id}/accept": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/address-changes/{change_id}/refuse": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/option-changes": Scope.ORDERS_WRITE,
    "GET /v1/orders/{order_id}/option-changes": Scope.ORDERS_READ,
    "GET /v1/orders/{order_id}/option-changes/{change_id}": Scope.ORDERS_READ,
    "POST /v1/orders/{order_id}/option-changes/{change_id}/accept": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/option-changes/{change_id}/confirm-payment": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/option-changes/{change_id}/refuse": Scope.ORDERS_WRITE,
    "POST /v1/orders/{order_id}/option-changes/{change_id}/retract": Scope.ORDERS_WRITE,
    "POST /v1/claims": Scope.CLAIMS_WRITE,
    "POST /v1/claims/quote": Scope.CLAIMS_WRITE,
    "GET /v1/claims": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}/events": Scope.CLAIMS_READ,
    **FILE_SCOPES,
    "POST /v1/claims/{claim_id}/approve": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/reject": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/edit": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/edit/quote": Scope.CLAIMS_WRITE,
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
    "POST /v1/claims/{claim_id}/complete-repair": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/reship": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/confirm-delivery": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/confirm-payment": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/convert": Scope.CLAIMS_DECIDE,
    "POST /v1/claims/{claim_id}/expire": Scope.CLAIMS_DECIDE,
    "GET /v1/refunds": Scope.REFUNDS_READ,
    "GET /v1/refunds/{refund_id}": Scope.REFUNDS_READ,
    "PATCH /v1/claims/{claim_id}": Scope.CLAIMS_WRITE,
    "PATCH /v1/refunds/{refund_id}": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/parts": Scope.REFUNDS_WRITE,
    "GET /v1/refunds/{refund_id}/account": Scope.REFUNDS_WRITE,
    "PUT /v1/claims/{claim_id}/refund-account": Scope.CLAIMS_WRITE,
    "GET /v1/claims/{claim_id}/refund-account": Scope.CLAIMS_READ,
    "POST /v1/claims/{claim_id}/refund-account/request": Scope.MESSAGES_WRITE,
    "POST /v1/refunds/{refund_id}/processing": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/succeeded": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/failed": Scope.REFUNDS_WRITE,
    "POST /v1/refunds/{refund_id}/unknown": Scope.REFUNDS_WRITE,
    **dict.fromkeys(("GET /v1/presets", "GET /v1/policies/schema"), Scope.POLICIES_READ),
    "POST /v1/policies/check": Scope.POLICIES_READ,
    "POST /v1/policies": Scope.POLICIES_WRITE,
    "GET /v1/policies": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}/page": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}/page.html": Scope.POLICIES_READ,
    "GET /v1/policies/{policy_id}/{version}/diff": Scope.POLICIES_READ,
    **SCOPES_OF_RULES,
    "GET /v1/claims/{claim_id}/messages": Scope.MESSAGES_READ,
    "GET /v1/orders/{order_id}/messages": Scope.MESSAGES_READ,
    "POST /v1/messages/preview": Scope.MESSAGES_READ,
    "POST /v1/withdrawals": Scope.CLAIMS_WRITE,
    "GET /v1/withdrawals": Scope.CLAIMS_READ,
    **dict.fromkeys((f"GET /v1/withdrawals/{{withdrawal_id}}{end}" for end in ("", "/receipt")), Scope.CLAIMS_READ),
    "POST /v1/withdrawals/{withdrawal_id}/match": Scope.CLAIMS_DECIDE,
    "POST /v1/withdrawals/{withdrawal_id}/close": Scope.CLAIMS_DECIDE,
    **RETURN_SCOPES,
    **dict.fromkeys(("GET /v1/queue", "GET /v1/queue/summary", "GET /v1/claims/{claim_id}/work"), Scope.CLAIMS_READ),
    **dict.fromkeys(("GET /v1/order-board", "GET /v1/order-board/counts"), Scope.ORDERS_READ),
    "POST /v1/orders/bulk": Scope.ORDERS_WRITE,
    **dict.fromkeys(("POST /v1/claims/bulk", "PATCH /v1/claims/{claim_id}/work"), Scope.CLAIMS_DECIDE),
    **dict.fromkeys(("GET /v1/surveys", "GET /v1/claims/{claim_id}/survey"), Scope.CLAIMS_READ),
    **dict.fromkeys(
        (f"GET /v1/faq-entries{end}" for end in ("", "/search", "/{language}/{entry_id}")), Scope.MESSAGES_READ
    ),
    "POST /v1/faq-entries": Scope.MESSAGES_WRITE,
    "DELETE /v1/faq-entries/{language}/{entry_id}": Scope.MESSAGES_WRITE,
    "GET /v1/message-templates": Scope.MESSAGES_READ,
    "GET /v1/message-templates/{event}/{audience}/{language}": Scope.MESSAGES_READ,
    "POST /v1/message-templates": Scope.MESSAGES_WRITE,
    "DELETE /v1/message-templates/{event}/{audience}/{language}": Scope.MESSAGES_WRITE,
    "POST /v1/claims/{claim_id}/contacts": Scope.MESSAGES_WRITE,
    **dict.fromkeys(
        (f"GET /v1/claims/{{claim_id}}/{part}" for part in ("contacts", "timeline", "replies")), Scope.MESSAGES_READ
    ),
    **dict.fromkeys(("GET /v1/shop", "GET /v1/message-settings"), Scope.MESSAGES_READ),
    **dict.fromkeys(("PUT /v1/shop", "PUT /v1/message-settings"), Scope.MESSAGES_WRITE),
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
    **STAFF_SCOPES,
    **KEY_SCOPES,
    **PRIVACY_SCOPES,
    **dict.fromkeys(("GET /v1/events", "GET /v1/events/{event_id}", "GET /v1/event-types"), Scope.EVENTS_READ),
    "GET /v1/test/clock": Scope.TEST_READ,
    "POST /v1/test/clock": Scope.TEST_WRITE,
    "DELETE /v1/test/data": Scope.TEST_WRITE,
    "GET /metrics": Scope.METRICS_READ,
}


def test_every_route_has_its_scope() -> None:
    assert {name_of(route) for route in KEY_ROUTES} == SCOPES.keys() | OPEN


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
        other_key = await colleague(shop, database, *others)
        scoped_key = await colleague(shop, database, scope)
        for name, required in SCOPES.items():
            if required is not scope:
                continue
            with subtests.test(name):
                answer = await call(other_key, name)
                assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
                assert answer.json()["detail"] == f"This needs the scope {scope}."
                accepted = await call(scoped_key, name)
                assert accepted.status_code not in (401, 403) or accepted.json()["code"] == "test_key_required"


async def test_an_override_takes_a_scope_of_its_own(shop: Storefront, database: Database) -> None:
    claim = await begin(shop, WALKS["a return that comes too late"])
    path = f"/v1/claims/{claim['claim_id']}/approve"
    clerk = await colleague(shop, database, Scope.CLAIMS_DECIDE)
    manager = await colleague(shop, database, Scope.CLAIMS_DECIDE, Scope.CLAIMS_OVERRIDE)
    refusal = await clerk.post(path, {"override": "단골 손님"})
    assert (refusal.status_code, refusal.json()["detail"]) == (403, "This needs the scope claims:override.")
    assert (await clerk.post(path, {})).json()["code"] == "ineligible"
    assert (await manager.post(path, {"override": "단골 손님"})).json()["state"] == "approved"


# Invalid keys


MALFORMED = (
    *("", "Bearer", "Bearer "),
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


async def test_an_invalid_key_opens_nothing(shop: Storefront, database: Database, subtests: pytest.Subtests) -> None:
    other = (await stranger(shop, database)).token.split("_")[1]
    for template in MALFORMED:
        with subtests.test(template[:60]):
            authorization = template.format(token=shop.token, TOKEN=shop.token.upper(), other=other)
            answer = await shop.http.get("/v1/claims", headers=[(b"Authorization", authorization.encode("latin-1"))])
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")


async def test_the_scheme_may_be_written_in_any_case(sqlite_shop: Storefront) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {sqlite_shop.token}"}
        assert (await sqlite_shop.http.get("/v1/claims", headers=headers)).status_code == 200


async def test_a_key_of_one_merchant_with_the_name_of_another_opens_nothing(
    shop: Storefront, database: Database
) -> None:
    _, mine, secret = shop.token.split("_", 2)
    theirs = (await stranger(shop, database)).token.split("_")[1]
    assert mine != theirs
    headers = {"Authorization": f"Bearer rk_{theirs}_{secret}"}
    assert (await shop.http.get("/v1/claims", headers=headers)).status_code == 401


async def test_a_revoked_key_stops_working(shop: Storefront, database: Database) -> None:
    clerk = await colleague(shop, database, Scope.CLAIMS_READ)
    assert (await clerk.get("/v1/claims")).status_code == 200
    keys = await database.write(api_keys.all_keys)
    (key_id,) = (key.key_id for key in keys if key.scopes == {Scope.CLAIMS_READ})
    await database.write(lambda tx: revoke_key(tx, key_id=key_id, by=OPERATOR, now=shop.clock()))
    assert (await clerk.get("/v1/claims")).status_code == 401
    assert (await shop.get("/v1/claims")).status_code == 200


async def test_a_revoked_key_is_remembered_for_no_longer_than_the_service_says(
    shop: Storefront, database: Database, service: FastAPI
) -> None:
    service.state.app_state = replace(
        service.state.app_state, callers=Callers(database, remember_seconds=5, elapsed=lambda: shop.clock().timestamp())
    )
    (key,) = await database.write(api_keys.all_keys)
    await shop.get("/v1/claims")
    await database.write(lambda tx: revoke_key(tx, key_id=key.key_id, by=OPERATOR, now=shop.clock()))
    shop.clock.turn(seconds=4)
    assert (await shop.get("/v1/claims")).status_code == 200
    shop.clock.turn(seconds=1)
    assert (await shop.get("/v1/claims")).status_code == 401


# Between merchants


def test_only_pushes_and_quotes_go_without_an_idempotency_key() -> None:
    keyed_routes = {
        name_of(route)
        for route in KEY_ROUTES
        if any(param.alias == "Idempotency-Key" for param in route.dependant.header_params)
    }
    writing_routes = {name_of(route) for route in KEY_ROUTES if method_of(route) != "GET"}
    assert writing_routes - keyed_routes == KEYLESS | {"DELETE /v1/test/data"}
