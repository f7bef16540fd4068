"""Messages of a claim as the API lists them, and a shop and a buyer to write to."""

from typing import Any

from tests.storefront import ORDER, Storefront

BUYER = {"email": "mina@example.com", "language": "ko", "name": "김민지"}
SHOP = {"name": "머그 가게", "contact_email": "help@mug.example", "language": "ko"}
MUGS: dict[str, Any] = {"lines": [{**ORDER["lines"][0], "title": "머그컵"}], "buyer": BUYER}


async def messages_of(shop: Storefront, claim: dict[str, Any]) -> list[dict[str, Any]]:
    return list((await shop.get(f"/v1/claims/{claim['claim_id']}/messages", limit=100)).json()["data"])
