"""Requests about rules that succeed. The rule fits no claim of another scene."""

from collections.abc import Mapping
from typing import Any

from app.records.api_key import Scope
from tests.api.refund_scenes import Scene
from tests.api.walks import Body
from tests.storefront import Storefront

RULES: Body = {
    "rules": [
        {
            "rule_id": "one-product",
            "name": "한 상품만",
            "action": "route",
            "tag": "vip",
            "conditions": [{"field": "sku", "one_of": ["NOT-SOLD"]}],
        }
    ]
}


async def put_rules(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/rules", RULES


async def check_rules(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/rules/check", RULES


async def publish_rules(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.put("/v1/rules", RULES)
    return "/v1/rules/publish", {}


async def try_what_if(_: Storefront, order_id: str) -> tuple[str, Body]:
    period = {"requested_from": "2026-06-01T00:00:00Z", "requested_before": "2026-07-01T00:00:00Z"}
    return "/v1/what-if", {**RULES, **period}


RULE_SCENES: Mapping[str, Scene] = {
    "PUT /v1/rules": put_rules,
    "POST /v1/rules/check": check_rules,
    "POST /v1/rules/publish": publish_rules,
    "POST /v1/what-if": try_what_if,
}


_READS = ("GET /v1/rules", "POST /v1/rules/check", "GET /v1/rules/versions", "GET /v1/rules/versions/{version}")
_TRIES = ("POST /v1/what-if",)
SCOPES_OF_RULES = {
    **dict.fromkeys((*_READS, *_TRIES), Scope.POLICIES_READ),
    **dict.fromkeys(("PUT /v1/rules", "POST /v1/rules/publish"), Scope.POLICIES_WRITE),
}


def rule(action: str, rule_id: str = "rule", **more: Any) -> dict[str, Any]:
    return {"rule_id": rule_id, "name": f"규칙 {rule_id}", "action": action, **more}


async def publish(shop: Storefront, *rules: dict[str, Any]) -> dict[str, Any]:
    """The rules are in force."""
    stored = await shop.put("/v1/rules", {"rules": list(rules)})
    assert stored.status_code == 200, stored.text
    published = await shop.post("/v1/rules/publish")
    assert published.status_code == 201, published.text
    body: dict[str, Any] = published.json()
    return body
