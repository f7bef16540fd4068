"""A seller's policy in tests over HTTP: its terms, and the calls that check and publish the policy."""

from typing import Any

from tests.storefront import Storefront


def window(days: int, anchor: str = "delivered", roll: str = "none", **fields: Any) -> dict[str, Any]:
    period = {"length": days, "unit": "days", "anchor": anchor, "roll": roll}
    return {"code": "house_return", "kinds": ["return"], "periods": [period], **fields}


def promise(length: int, unit: str, anchor: str = "goods_back") -> dict[str, Any]:
    return {"kinds": ["return"], "periods": [{"length": length, "unit": unit, "anchor": anchor}]}


def within(length: int, anchor: str, roll: str = "none") -> dict[str, Any]:
    return {"length": length, "unit": "days", "anchor": anchor, "roll": roll}


async def check(shop: Storefront, base: str, **terms: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/policies/check", {"base": base, "terms": terms})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def publish(shop: Storefront, policy_id: str = "house", base: str = "kr", **fields: Any) -> dict[str, Any]:
    terms = fields.pop("terms", {})
    answer = await shop.post("/v1/policies", {"policy_id": policy_id, "base": base, "terms": terms, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
