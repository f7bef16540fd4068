"""Scenes of API keys: a key that is made, rotated or revoked."""

from collections.abc import Mapping

from app.records.api_key import Scope
from tests.api.refund_scenes import Scene
from tests.api.walks import Body
from tests.storefront import Storefront

LIMIT: Body = {"rate_limit": {"requests_per_minute": 600, "burst": 50}}
NEW_KEY: Body = {"name": "warehouse", "scopes": ["claims:read"]}


async def create_key(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/api-keys", {**NEW_KEY, "name": order_id[:200]}


def use_key(path: str, body: Body) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        made = (await shop.post("/v1/api-keys", {**NEW_KEY, "name": order_id[:200]})).json()
        return f"/v1/api-keys/{made['key_id']}{path}", body

    return scene


API_KEYS: Mapping[str, Scene] = {
    "POST /v1/api-keys": create_key,
    "PATCH /v1/api-keys/{key_id}": use_key("", LIMIT),
    "POST /v1/api-keys/{key_id}/rotate": use_key("/rotate", {}),
    "POST /v1/api-keys/{key_id}/revoke": use_key("/revoke", {}),
}
KEY_SCOPES: Mapping[str, Scope] = {
    "POST /v1/api-keys": Scope.API_KEYS_WRITE,
    "GET /v1/api-keys": Scope.API_KEYS_READ,
    "GET /v1/api-keys/{key_id}": Scope.API_KEYS_READ,
    "PATCH /v1/api-keys/{key_id}": Scope.API_KEYS_WRITE,
    "POST /v1/api-keys/{key_id}/rotate": Scope.API_KEYS_WRITE,
    "POST /v1/api-keys/{key_id}/revoke": Scope.API_KEYS_WRITE,
    "GET /v1/audit-entries": Scope.AUDIT_READ,
    "GET /v1/reports": Scope.REPORTS_READ,
    "GET /v1/reports/{report_name}": Scope.REPORTS_READ,
    "GET /v1/root-hashes": Scope.AUDIT_READ,
}
