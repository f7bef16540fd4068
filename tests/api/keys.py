"""Other keys, other merchants, and the call of any route."""

from typing import Any

import httpx

from app.records.api_key import Scope
from app.store.database import Database
from tests.storefront import Storefront, new_key


async def colleague(shop: Storefront, database: Database, *scopes: Scope) -> Storefront:
    """Another key of the same merchant."""
    _, token = await new_key(database, shop.clock(), frozenset(scopes), shop.merchant_id)
    return Storefront(shop.http, token, shop.merchant_id, shop.clock)


async def stranger(shop: Storefront, database: Database) -> Storefront:
    """An admin key of another merchant."""
    merchant_id, token = await new_key(database, shop.clock())
    return Storefront(shop.http, token, merchant_id, shop.clock)


async def call(shop: Storefront, name: str, path: str | None = None, body: Any = None) -> httpx.Response:
    """Call a route; without a path, the ids in the path exist nowhere."""
    method, template = name.split(" ")
    ids = {"order_id": "nowhere", "claim_id": "nobody", "offer_id": "none", "refund_id": "nothing"}
    ids |= {"policy_id": "nothing", "version": "1", "change_id": "none", "payment_id": "pay-1", "reversal_id": "dp_1"}
    ids |= {"event": "claim.rejected", "audience": "buyer", "language": "ko"}
    ids |= {
        "endpoint_id": "nowhere",
        "delivery_id": "nothing",
        "event_id": "nothing",
        "entry_id": "none",
        "link_id": "none",
        "key_id": "none",
        "file_id": "none",
        "import_id": "none",
        "report_name": "none",
        **dict.fromkeys(("withdrawal_id", "parcel_id", "location_id"), "none"),
        **dict.fromkeys(
            ("staff_id", "invitation_id", "session_id", "role", "limit_id", "approval_id", "buyer_id"), "none"
        ),
        "currency": "KRW",
    }
    address = path or template.format(**ids)
    if method == "GET":
        return await shop.get(address)
    if method == "DELETE":
        return await shop.delete(address)
    return await {"POST": shop.post, "PUT": shop.put, "PATCH": shop.patch}[method](address, body or {})
