"""Data that comes after an erasure, and data that an erasure must wait for or cannot reach by its order."""

from sqlalchemy import Connection

from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.service.privacy.erasing import Retention, erase_due
from app.store.database import Database
from tests.api.privacy_scenes import HOLD
from tests.api.walks import Body
from tests.files import PDF, add_file
from tests.store.rows import run
from tests.store.tampering import verify
from tests.storefront import Storefront

BUYER = {"name": "남궁민아", "email": "namgung@mail.example", "language": "ko", "phone_ending": "9876"}


async def erased(shop: Storefront) -> set[str]:
    held: Body = (await shop.get("/v1/orders/order-1/privacy")).json()
    return {group["group"] for group in held["groups"] if group["erased_at"]}


async def look_through(shop: Storefront, database: Database) -> None:
    """All merchants once."""
    retention = Retention(database)
    while await retention.run(shop.clock()):
        pass


async def test_a_buyer_who_is_pushed_again_after_an_erasure_is_erased_again(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(buyer=BUYER)
    await shop.post("/v1/orders/order-1/erase")
    shop.clock.turn(days=1)
    await shop.push_order(buyer={**BUYER, "phone_ending": "5432"})
    assert (await shop.get("/v1/orders", q="5432")).json()["data"]
    assert "unneeded" not in await erased(shop)
    await erase_due(database, shop.clock())
    assert "unneeded" in await erased(shop)
    assert not (await shop.get("/v1/orders", q="5432")).json()["data"]
    assert (await shop.get("/v1/orders/order-1/buyer")).json()["phone_ending"] is None


async def test_a_claim_that_is_made_after_all_was_erased_is_kept_and_then_erased(
    shop: Storefront, database: Database, database_url: str
) -> None:
    await shop.push_order(buyer=BUYER)
    shop.clock.turn(days=366 * 6)
    await shop.post("/v1/orders/order-1/erase")
    assert await erased(shop) == {"unneeded", "dispute", "contract"}
    shop.clock.turn(days=1)
    claim = await shop.claim("cancel")
    said = {"kind": "note", "text": "상자가 찢어졌어요"}
    path = f"/v1/claims/{claim['claim_id']}"
    assert (await shop.post(f"{path}/contacts", said)).status_code == 201
    await look_through(shop, database)
    await shop.give((await shop.get(path)).json(), "retract")
    assert "dispute" not in await erased(shop)
    shop.clock.turn(days=366 * 2)
    await look_through(shop, database)
    assert (await shop.get(f"{path}/contacts")).json()["data"][0]["text"] == said["text"]
    shop.clock.turn(days=367)
    await look_through(shop, database)
    assert "dispute" in await erased(shop)
    assert (await shop.get(f"{path}/contacts")).json()["data"][0]["text"] == ""
    found = await verify(database_url)
    assert found.exit_code == 0, found.output


async def test_records_of_a_contract_count_from_the_dispatch_when_it_is_the_last_fact(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order(buyer=BUYER)
    sqlite_shop.clock.turn(days=30)
    await sqlite_shop.ship(delivered=False)
    held: Body = (await sqlite_shop.get("/v1/orders/order-1/privacy")).json()
    ends = {group["group"]: group["until_at"][:10] for group in held["groups"]}
    assert ends["contract"] == "2031-07-09"


async def test_no_file_is_deleted_from_an_order_on_legal_hold(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order(buyer=BUYER)
    claim = await sqlite_shop.claim("cancel")
    file = await add_file(sqlite_shop, claim["claim_id"], PDF)
    path = f"/v1/claims/{claim['claim_id']}/files/{file['file_id']}"
    await sqlite_shop.put("/v1/orders/order-1/legal-hold", HOLD)
    refused = await sqlite_shop.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "order_on_legal_hold")
    await sqlite_shop.delete("/v1/orders/order-1/legal-hold")
    assert (await sqlite_shop.delete(path)).json()["status"] == "erased"


async def test_the_note_of_a_parcel_that_nobody_has_matched_is_forgotten_after_the_longest_time(
    shop: Storefront, database: Database, database_url: str
) -> None:
    came = {"carrier": "cj", "tracking_number": "77", "note": "남궁민아의 편지"}
    assert (await shop.post("/v1/unannounced-parcels", came)).status_code == 201

    def notes(connection: Connection) -> list[str | None]:
        return [row.note for row in connection.exec_driver_sql("SELECT note FROM return_parcels")]

    shop.clock.turn(days=366 * 7 - 1)
    await look_through(shop, database)
    assert await run(database_url, notes) == [came["note"]]
    shop.clock.turn(days=2)
    await look_through(shop, database)
    assert await run(database_url, notes) == [None]


async def test_an_erasure_publishes_which_groups_went_and_nothing_of_the_buyer(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(buyer=BUYER)
    held: Body = (await shop.post("/v1/orders/order-1/erase")).json()
    await shop.post("/v1/orders/order-1/erase")
    while await fan_out(database, shop.clock(), compose=compose):
        pass
    feed = [each["body"] for each in (await shop.get("/v1/events")).json()["data"]]
    (event,) = [body for body in feed if body["type"] == "order.buyer_erased"]
    assert event["data"]["erased"] == ["dispute", "unneeded"]
    assert event["data"]["erases_next_at"] == held["erases_next_at"]
    assert event["data"]["messages"] == []
    assert "namgung" not in str(event)
