"""For every route that writes, a scene in which the request succeeds: the setup, the path and the body."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, literal, update

from app.service.events.fanout import fan_out
from app.store.database import Database
from app.store.statements import Statement
from app.store.tables import deliveries
from tests.api.api_key_scenes import API_KEYS
from tests.api.buyer_scenes import revoke_link, revoke_links
from tests.api.claim_commands import COMMANDS, EDITED
from tests.api.claims import begin, take
from tests.api.file_scenes import add_file_url, delete_file
from tests.api.import_scenes import IMPORTS
from tests.api.option_scenes import BLUE, answer_option_change, pay_for_option
from tests.api.policy_scenes import POLICIES
from tests.api.privacy_scenes import PRIVACY
from tests.api.queue_scenes import QUEUE, update_claim
from tests.api.refund_scenes import ACCOUNT, Scene, add_refund_part, report_refund, update_refund, use_refund_account
from tests.api.return_scenes import RETURNS, RETURNS_BODILESS, RETURNS_KEYLESS
from tests.api.staff_scenes import APPROVALS, LIMITS, STAFF, STAFF_BODILESS
from tests.api.text_scenes import (
    add_contact,
    delete_faq_entry,
    preview_message,
    put_faq_entry,
    put_template,
    reset_template,
    set_messages,
    set_shop,
)
from tests.api.walks import ONE, SORRY, Body, Step, Walk
from tests.api.withdrawal_scenes import WITHDRAWALS
from tests.storefront import ORDER, Storefront


def command(kind: str, before: tuple[Step, ...], path: str, body: Body) -> Scene:
    """A claim of this kind, after the steps that allow the command."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        walk = Walk(kind=kind, reason="defective", steps=before, states="", events="")
        claim = await begin(shop, walk, order_id)
        for step in before:
            claim = await take(shop, claim, step)
        offer_id = claim["offers"][-1]["offer_id"] if claim["offers"] else ""
        return f"/v1/claims/{claim['claim_id']}/{path}".replace("{offer_id}", offer_id), body

    return scene


def report_order(path: str, body: Body) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        return f"/v1/orders/{order_id}/{path}", body

    return scene


def answer_address_change(decision: str, body: Body) -> Scene:
    """A change of address that waits for an answer."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        path = f"/v1/orders/{order_id}/address-changes"
        change = (await shop.post(path, ELSEWHERE)).json()
        return f"{path}/{change['change_id']}/{decision}", body

    return scene


ELSEWHERE: Body = {"address": {"recipient": "김민아", "postal_code": "04524", "street": "세종대로 110"}}


async def push_order(_: Storefront, order_id: str) -> tuple[str, Body]:
    return f"/v1/orders/{order_id}", ORDER


def request_claim(path: str) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        return path, {"order_id": order_id, "kind": "cancel", "reason": "change_of_mind", "lines": [ONE]}

    return scene


async def win_reversal(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    path = f"/v1/orders/{order_id}/payments/pay-1/reversals"
    await shop.post(path, REVERSAL)
    return f"{path}/dp_1/win", {}


def use_endpoint(path: str = "", body: Body | None = None) -> Scene:
    """An existing endpoint; the order id is its description, so that no two endpoints are equal."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        answer = await shop.post("/v1/webhook-endpoints", {**ENDPOINT, "description": order_id[:200]})
        return f"/v1/webhook-endpoints/{answer.json()['endpoint_id']}{path}", body or {}

    return scene


async def register_endpoint(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/webhook-endpoints", ENDPOINT


def use_exhausted_delivery(path: str, body: Body) -> Scene:
    """An endpoint with one test event whose delivery has no attempts left."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        endpoint = (await shop.post("/v1/webhook-endpoints", {**ENDPOINT, "types": ["endpoint.test"]})).json()
        await shop.post(f"/v1/webhook-endpoints/{endpoint['endpoint_id']}/test")
        await fan_out_all(shop)
        deliveries = await shop.get(f"/v1/webhook-endpoints/{endpoint['endpoint_id']}/deliveries")
        (delivery,) = deliveries.json()["data"]
        await database_of(shop).write(lambda tx: tx.fetch(EXHAUST, {"delivery": delivery["delivery_id"]}))
        return path.format(**delivery), body

    return scene


def database_of(shop: Storefront) -> Database:
    """The database of the application that answers this storefront."""
    database: Database = shop.http._transport.app.state.app_state.database  # type: ignore[attr-defined] # in these tests
    return database


async def fan_out_all(shop: Storefront) -> None:
    """Fan out every event, as a worker does."""
    while await fan_out(database_of(shop), shop.clock()):
        pass


ENDPOINT: Body = {"url": "https://shop.example/recourse"}
REVERSAL: Body = {"reversal_id": "dp_1", "kind": "chargeback", "amount": 6000}
SINCE: Body = {"from_at": "2026-06-01T00:00:00Z"}
EXHAUST = Statement(
    update(deliveries)
    .where(deliveries.c.delivery_id == bindparam("delivery"))
    .values(status=literal("exhausted"), next_at=None)
)


SCENES: Mapping[str, Scene] = {
    "PUT /v1/orders/{order_id}": push_order,
    "POST /v1/orders/{order_id}/confirm": report_order("confirm", {"confirmed_at": "2026-06-06T00:00:00Z"}),
    "POST /v1/orders/{order_id}/shipments": report_order(
        "shipments", {"carrier": "cj", "tracking_number": "T-1", "shipped_at": "2026-06-08T00:00:00Z"}
    ),
    "POST /v1/orders/{order_id}/deliveries": report_order(
        "deliveries", {"carrier": "cj", "tracking_number": "T-1", "delivered_at": "2026-06-08T00:00:00Z"}
    ),
    "POST /v1/orders/{order_id}/payments": report_order(
        "payments", {"payment_id": "pay-2", "method": "points", "amount": 500}
    ),
    "POST /v1/orders/{order_id}/payments/{payment_id}/reversals": report_order("payments/pay-1/reversals", REVERSAL),
    "POST /v1/orders/{order_id}/payments/{payment_id}/reversals/{reversal_id}/win": win_reversal,
    "POST /v1/orders/{order_id}/expected-ship-date": report_order(
        "expected-ship-date", {"expected_ship_on": "2026-06-12"}
    ),
    "POST /v1/orders/{order_id}/expected-arrival-date": report_order(
        "expected-arrival-date", {"expected_arrival_on": "2026-06-15"}
    ),
    "POST /v1/orders/{order_id}/delay": report_order(
        "delay", {"reason": "preparing", "message": SORRY, "expected_ship_on": "2026-06-15"}
    ),
    "POST /v1/orders/{order_id}/ready-to-ship": report_order("ready-to-ship", {"ready_at": "2026-06-08T00:00:00Z"}),
    "POST /v1/orders/{order_id}/delivery-dates": report_order(
        "delivery-dates", {"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}
    ),
    "POST /v1/orders/{order_id}/address-changes": report_order("address-changes", ELSEWHERE),
    "POST /v1/orders/{order_id}/address-changes/{change_id}/accept": answer_address_change("accept", {}),
    "POST /v1/orders/{order_id}/address-changes/{change_id}/refuse": answer_address_change("refuse", {"reason": SORRY}),
    "POST /v1/orders/{order_id}/buyer-links": report_order("buyer-links", {"hours": 2}),
    "DELETE /v1/orders/{order_id}/buyer-links": revoke_links,
    "DELETE /v1/orders/{order_id}/buyer-links/{link_id}": revoke_link,
    "POST /v1/orders/{order_id}/buyer-tokens": report_order("buyer-tokens", {"minutes": 5}),
    "POST /v1/orders/{order_id}/option-changes": report_order("option-changes", BLUE),
    "POST /v1/orders/{order_id}/option-changes/{change_id}/accept": answer_option_change("accept", {}),
    "POST /v1/orders/{order_id}/option-changes/{change_id}/confirm-payment": pay_for_option,
    "POST /v1/orders/{order_id}/option-changes/{change_id}/refuse": answer_option_change("refuse", {"reason": SORRY}),
    "POST /v1/orders/{order_id}/option-changes/{change_id}/retract": answer_option_change("retract", {}),
    "POST /v1/claims": request_claim("/v1/claims"),
    **QUEUE,
    **RETURNS,
    "POST /v1/claims/quote": request_claim("/v1/claims/quote"),
    "POST /v1/claims/{claim_id}/edit/quote": command("return", (), "edit/quote", EDITED),
    **{
        f"POST /v1/claims/{{claim_id}}/{path}": command(kind, before, path, body)
        for path, (kind, before, body) in COMMANDS.items()
    },
    **{
        f"POST /v1/refunds/{{refund_id}}/{status}": report_refund(status)
        for status in ("processing", "succeeded", "failed", "unknown")
    },
    "POST /v1/refunds/{refund_id}/parts": add_refund_part,
    "PUT /v1/claims/{claim_id}/refund-account": use_refund_account("", ACCOUNT),
    "POST /v1/claims/{claim_id}/refund-account/request": use_refund_account("/request", {}),
    "PATCH /v1/claims/{claim_id}": update_claim,
    "PATCH /v1/refunds/{refund_id}": update_refund,
    **POLICIES,
    "PUT /v1/shop": set_shop,
    "PUT /v1/message-settings": set_messages,
    "POST /v1/message-templates": put_template,
    "DELETE /v1/message-templates/{event}/{audience}/{language}": reset_template,
    "POST /v1/faq-entries": put_faq_entry,
    "DELETE /v1/faq-entries/{language}/{entry_id}": delete_faq_entry,
    **WITHDRAWALS,
    **STAFF,
    **LIMITS,
    **APPROVALS,
    **API_KEYS,
    **PRIVACY,
    "POST /v1/messages/preview": preview_message,
    "POST /v1/claims/{claim_id}/contacts": add_contact,
    "POST /v1/claims/{claim_id}/files/url": add_file_url,
    "DELETE /v1/claims/{claim_id}/files/{file_id}": delete_file,
    "POST /v1/webhook-endpoints": register_endpoint,
    "PATCH /v1/webhook-endpoints/{endpoint_id}": use_endpoint("", {"paused": True}),
    "DELETE /v1/webhook-endpoints/{endpoint_id}": use_endpoint(),
    "POST /v1/webhook-endpoints/{endpoint_id}/rotate-secret": use_endpoint("/rotate-secret"),
    "POST /v1/webhook-endpoints/{endpoint_id}/test": use_endpoint("/test"),
    "POST /v1/webhook-endpoints/{endpoint_id}/recover": use_exhausted_delivery(
        "/v1/webhook-endpoints/{endpoint_id}/recover", SINCE
    ),
    **IMPORTS,
    "POST /v1/webhook-endpoints/{endpoint_id}/replay": use_endpoint("/replay", SINCE),
    "POST /v1/deliveries/{delivery_id}/resend": use_exhausted_delivery("/v1/deliveries/{delivery_id}/resend", {}),
}

BODILESS = {
    "DELETE /v1/orders/{order_id}/legal-hold",
    "DELETE /v1/orders/{order_id}/buyer-links",
    "DELETE /v1/orders/{order_id}/buyer-links/{link_id}",
    *("DELETE /v1/claims/{claim_id}/files/{file_id}", "DELETE /v1/faq-entries/{language}/{entry_id}"),
    "DELETE /v1/message-templates/{event}/{audience}/{language}",
    "DELETE /v1/webhook-endpoints/{endpoint_id}",
    *(STAFF_BODILESS | RETURNS_BODILESS),
}
"""Routes without a body: the path holds all parameters."""

KEYLESS = BODILESS | {
    *("POST /v1/orders/{order_id}/buyer-links", "POST /v1/orders/{order_id}/buyer-tokens"),
    *("POST /v1/api-keys", "POST /v1/api-keys/{key_id}/rotate", "PATCH /v1/api-keys/{key_id}"),
    *("PUT /v1/orders/{order_id}", "PUT /v1/orders/{order_id}/legal-hold", "PUT /v1/claims/{claim_id}/refund-account"),
    *("POST /v1/claims/quote", "POST /v1/claims/{claim_id}/edit/quote", "POST /v1/policies/check"),
    *("PUT /v1/rules", "POST /v1/rules/check", "POST /v1/what-if"),
    *("PUT /v1/order-imports/{import_id}/matching", "PUT /v1/shop", "PUT /v1/message-settings"),
    *("POST /v1/messages/preview", "PATCH /v1/webhook-endpoints/{endpoint_id}"),
    *("PATCH /v1/claims/{claim_id}", "PATCH /v1/claims/{claim_id}/work", "PATCH /v1/refunds/{refund_id}"),
    *(*STAFF, *LIMITS, *RETURNS_KEYLESS),
}
"""Routes without an Idempotency-Key: a repeated request has no second effect, or the answer has a secret that must not
be stored."""

_LISTS = (
    *("audit-entries", "rules/versions", "unannounced-parcels", "policies", "faq-entries", "withdrawals"),
    *("order-imports", "approvals", "api-keys"),
)


async def all_of(shop: Storefront, order_id: str) -> list[Any]:
    """Everything that the merchant can read about an order; tests compare it before and after a request."""
    order = await shop.get(f"/v1/orders/{order_id}")
    answers = [await shop.get(path, order_id=order_id) for path in ("/v1/claims", "/v1/refunds")]
    claim_ids = [claim["claim_id"] for claim in answers[0].json()["data"]]
    answers += [await shop.get(f"/v1/claims/{claim_id}/events") for claim_id in claim_ids]
    answers += [await shop.get(f"/v1/{name}") for name in _LISTS]
    answers.append(await shop.get("/v1/message-templates", event="claim.rejected"))
    await fan_out_all(shop)
    answers.append(await shop.get("/v1/events", types="endpoint.test"))
    endpoints = await shop.get("/v1/webhook-endpoints")
    answers.append(endpoints)
    endpoint_ids = [endpoint["endpoint_id"] for endpoint in endpoints.json()["data"]]
    answers += [await shop.get(f"/v1/webhook-endpoints/{endpoint_id}/deliveries") for endpoint_id in endpoint_ids]
    return [order.json() if order.status_code == 200 else None, *(answer.json()["data"] for answer in answers)]
