"""Requests about policies and rules that succeed."""

from collections.abc import Mapping

from tests.api.refund_scenes import Scene
from tests.api.rule_scenes import RULE_SCENES
from tests.api.walks import Body
from tests.storefront import Storefront

HOUSE: Body = {
    "base": "kr",
    "terms": {
        "windows": [
            {
                "code": "house_return",
                "kinds": ["return"],
                "periods": [{"length": 30, "unit": "days", "anchor": "delivered"}],
            }
        ]
    },
}


async def check_policy(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/policies/check", HOUSE


async def publish_policy(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/policies", {**HOUSE, "policy_id": "house"}


POLICIES: Mapping[str, Scene] = {
    "POST /v1/policies/check": check_policy,
    "POST /v1/policies": publish_policy,
    **RULE_SCENES,
}
