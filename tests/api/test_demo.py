"""The demo shop: three months of claims that the use cases have decided, and a morning's work in the queue."""

from collections import Counter
from datetime import timedelta

from app.service.demo import load_demo
from app.store.database import Database
from tests.store.tampering import publish, verify
from tests.storefront import Storefront


async def demo(shop: Storefront, database_url: str) -> Storefront:
    """The demo's own shop, in the service of `shop`."""
    database = Database(database_url)
    made = await database.write(lambda tx: load_demo(tx, shop.clock()))
    await database.close()
    return Storefront(shop.http, made.token, made.merchant_id, shop.clock)


async def test_the_demo_has_three_months_of_sound_claims_and_forty_that_wait_and_is_made_once(
    shop: Storefront, database_url: str
) -> None:
    demo_shop = await demo(shop, database_url)
    claims = (await demo_shop.get("/v1/claims", limit=100)).json()["data"]
    oldest = (await demo_shop.get("/v1/claims", sort="created_at", limit=1)).json()["data"][0]
    assert oldest["created_at"] < (shop.clock() - timedelta(days=60)).isoformat()
    states = Counter(claim["state"] for claim in claims)
    assert len(states) >= 5
    assert states["refunded"] >= 30
    waiting = (await demo_shop.get("/v1/queue", limit=100)).json()["data"]
    assert 30 <= len(waiting) <= 60
    assert sum(entry["claim"]["suggestion"] is not None for entry in waiting) >= 30

    await publish(shop.clock, database_url)
    checked = await verify(database_url)
    assert checked.exit_code == 0, checked.output
    before = (await demo_shop.get("/v1/queue/summary")).json()
    again = await demo(shop, database_url)
    assert (again.merchant_id, (await again.get("/v1/queue/summary")).json()) == (demo_shop.merchant_id, before)
    assert (await demo_shop.get("/v1/claims")).status_code == 401
