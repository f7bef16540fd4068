"""Scenes of goods on their way back: each has a claim or a parcel that takes the request."""

from collections.abc import Mapping
from typing import Any

from app.records.api_key import Scope
from tests.api.refund_scenes import Scene
from tests.api.walks import ONE, Body
from tests.storefront import Storefront

POST: Body = {"way": "own_post"}
LOCATION: Body = {"name": "Seoul", "address": "서울 마포구 컵로 12, 머그 가게 반품 담당"}


async def approved_return(shop: Storefront, order_id: str = "order-1", **changes: Any) -> dict[str, Any]:
    """A return of shipped goods that waits for them."""
    await shop.push_order(order_id)
    await shop.ship(order_id)
    return await shop.give(await shop.claim("return", order_id=order_id, **changes), "approve")


async def announced(shop: Storefront, claim: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/parcels", {**POST, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def parcel_of_new_claim(shop: Storefront) -> dict[str, Any]:
    return await announced(shop, await approved_return(shop, "order-with-a-parcel"))


async def unannounced(shop: Storefront, **came: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/unannounced-parcels", {"note": "a mug", **came})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def path_of(parcel: dict[str, Any]) -> str:
    return f"/v1/claims/{parcel['claim_id']}/parcels/{parcel['parcel_id']}"


async def add_return_parcel(shop: Storefront, order_id: str) -> tuple[str, Body]:
    claim = await approved_return(shop, order_id)
    return f"/v1/claims/{claim['claim_id']}/parcels", POST


async def update_return_parcel(shop: Storefront, order_id: str) -> tuple[str, Body]:
    return path_of(await announced(shop, await approved_return(shop, order_id))), {"state": "booked"}


async def receive_return_parcel(shop: Storefront, order_id: str) -> tuple[str, Body]:
    return f"{path_of(await announced(shop, await approved_return(shop, order_id)))}/receive", {"lines": [ONE]}


async def add_unannounced_parcel(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/unannounced-parcels", {"carrier": "cj", "tracking_number": f"N-{order_id}"}


async def match_unannounced_parcel(shop: Storefront, order_id: str) -> tuple[str, Body]:
    claim, parcel = await approved_return(shop, order_id), await unannounced(shop)
    return f"/v1/unannounced-parcels/{parcel['parcel_id']}/match", {"claim_id": claim["claim_id"], "lines": [ONE]}


async def put_return_location(_: Storefront, order_id: str) -> tuple[str, Body]:
    return f"/v1/return-locations/{order_id}", LOCATION


async def delete_return_location(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path = f"/v1/return-locations/{order_id}"
    await shop.put("/v1/return-locations/default", {**LOCATION, "is_default": True})
    assert (await shop.put(path, LOCATION)).status_code == 200
    return path, {}


async def inspected_return(shop: Storefront, order_id: str = "order-1", **changes: Any) -> dict[str, Any]:
    """All its units are accepted."""
    claim = await approved_return(shop, order_id, **changes)
    quantity = claim["lines"][0]["quantity"]
    await shop.give(claim, "receive", {"lines": [{**ONE, "quantity": quantity}]})
    return await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": quantity}]})


async def change_disposition(shop: Storefront, order_id: str) -> tuple[str, Body]:
    claim = await inspected_return(shop, order_id)
    units = [{"disposition": "donate", "quantity": 1}]
    return f"/v1/claims/{claim['claim_id']}/dispositions", {"line_id": "1", "units": units, "reason": "a fair"}


RETURNS_BODILESS = {"DELETE /v1/return-locations/{location_id}"}
RETURNS_KEYLESS = {
    *RETURNS_BODILESS,
    "PUT /v1/return-locations/{location_id}",
    "PATCH /v1/claims/{claim_id}/parcels/{parcel_id}",
}
RETURNS: Mapping[str, Scene] = {
    "POST /v1/claims/{claim_id}/parcels": add_return_parcel,
    "PATCH /v1/claims/{claim_id}/parcels/{parcel_id}": update_return_parcel,
    "POST /v1/claims/{claim_id}/parcels/{parcel_id}/receive": receive_return_parcel,
    "POST /v1/claims/{claim_id}/dispositions": change_disposition,
    "POST /v1/unannounced-parcels": add_unannounced_parcel,
    "POST /v1/unannounced-parcels/{parcel_id}/match": match_unannounced_parcel,
    "PUT /v1/return-locations/{location_id}": put_return_location,
    "DELETE /v1/return-locations/{location_id}": delete_return_location,
}
RETURN_SCOPES: Mapping[str, Scope] = {
    "POST /v1/claims/{claim_id}/parcels": Scope.CLAIMS_WRITE,
    "GET /v1/claims/{claim_id}/parcels": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}/parcels/{parcel_id}": Scope.CLAIMS_READ,
    "PATCH /v1/claims/{claim_id}/parcels/{parcel_id}": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/parcels/{parcel_id}/receive": Scope.CLAIMS_DECIDE,
    "GET /v1/claims/{claim_id}/parcels/{parcel_id}/label": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}/parcels/{parcel_id}/packing-slip": Scope.CLAIMS_READ,
    "POST /v1/claims/{claim_id}/dispositions": Scope.CLAIMS_DECIDE,
    "GET /v1/claims/{claim_id}/dispositions": Scope.CLAIMS_READ,
    "GET /v1/parcels": Scope.CLAIMS_READ,
    "POST /v1/unannounced-parcels": Scope.CLAIMS_DECIDE,
    "GET /v1/unannounced-parcels": Scope.CLAIMS_READ,
    "GET /v1/unannounced-parcels/{parcel_id}": Scope.CLAIMS_READ,
    "POST /v1/unannounced-parcels/{parcel_id}/match": Scope.CLAIMS_DECIDE,
    "GET /v1/return-locations": Scope.MESSAGES_READ,
    "GET /v1/return-locations/{location_id}": Scope.MESSAGES_READ,
    "PUT /v1/return-locations/{location_id}": Scope.MESSAGES_WRITE,
    "DELETE /v1/return-locations/{location_id}": Scope.MESSAGES_WRITE,
}
