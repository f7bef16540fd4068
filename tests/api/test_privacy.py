"""The data of buyers: what is held and until when, export, erasure, retention and legal holds."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.service.privacy.erasing import Retention, erase_due
from app.store.database import Database
from app.store.tables import metadata
from tests.api.buyer.visits import visit
from tests.api.privacy_scenes import HOLD
from tests.api.scenes import ELSEWHERE
from tests.files import PDF, add_file
from tests.store.rows import run
from tests.store.tampering import verify
from tests.storefront import Storefront

BUYER = {"name": "남궁민아", "email": "namgung@mail.example", "language": "ko", "phone_ending": "9876"}
PERSONAL = (
    "남궁민아",
    "namgung",
    "9876",
    "김민아",
    "세종대로",
    "상자가 찢어졌어요",
    "찢어진 사진",
    "느렸어요",
    "파란색이 좋아요",
)
HISTORIES = {"claims", "claim_events", "feed", "notices"}
Body = dict[str, Any]


async def bought(shop: Storefront, database: Database) -> Body:
    """An order with a claim that has ended, and with everything that a buyer can leave behind."""
    await shop.push_order(buyer=BUYER, buyer_id="member-7")
    await shop.post("/v1/orders/order-1/address-changes", ELSEWHERE)
    claim = await shop.claim("cancel")
    path = f"/v1/claims/{claim['claim_id']}"
    asked = {"kind": "question", "text": "어디가 찢어졌나요?"}
    assert (await shop.post(f"{path}/contacts", asked)).status_code == 201
    buyer = await visit(shop)
    said = {"text": "상자가 찢어졌어요"}
    answered = await buyer.post(f"/claims/{claim['claim_id']}/contacts", said)
    assert answered.status_code == 201, answered.text
    await add_file(shop, claim["claim_id"], PDF, caption="찢어진 사진")
    claim = await shop.give((await shop.get(path)).json(), "retract")
    survey = {"score": "bad", "text": "느렸어요"}
    assert (await buyer.post(f"/claims/{claim['claim_id']}/survey", survey)).status_code == 201
    while await fan_out(database, shop.clock(), compose=compose):
        pass
    return claim


async def groups(answer: httpx.Response) -> dict[str, Body]:
    assert answer.status_code == 200, answer.text
    return {group["group"]: group for group in answer.json()["groups"]}


async def dump(database_url: str) -> str:
    """Every value of every row of the database as text."""

    def read(connection: Connection) -> str:
        rows = (
            f"{table}: {tuple(row)}"
            for table in sorted(metadata.tables.keys() - HISTORIES)
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )
        return "\n".join(rows)

    return str(await run(database_url, read))


async def test_what_is_held_names_the_article_and_the_end(shop: Storefront, database: Database) -> None:
    await bought(shop, database)
    held = await groups(await shop.get("/v1/orders/order-1/privacy"))
    assert (held["contract"]["years"], held["contract"]["until_at"][:10]) == (5, "2031-06-09")
    assert (held["dispute"]["years"], held["dispute"]["until_at"][:10]) == (3, "2029-06-09")
    assert "art. 6(1) no. 4" in held["dispute"]["citation"]
    assert held["unneeded"]["citation"] is None


async def test_an_erasure_takes_now_what_no_law_wants_and_the_rest_at_its_end(
    shop: Storefront, database: Database, database_url: str
) -> None:
    await bought(shop, database)
    answer = await shop.post("/v1/orders/order-1/erase")
    first = await groups(answer)
    assert first["unneeded"]["erased_at"] is not None
    assert (first["dispute"]["erased_at"], first["contract"]["erased_at"]) == (None, None)
    assert answer.json()["erases_next_at"] == first["dispute"]["until_at"]
    assert not (await shop.get("/v1/orders", q="namgung")).json()["data"]
    assert (await shop.get("/v1/orders/order-1/buyer")).json()["name"] == "남궁민아"
    again = await groups(await shop.post("/v1/orders/order-1/erase"))
    assert again == first
    await end_of(shop, database, years=3)
    assert "dispute" in await erased(shop)
    assert (await shop.get("/v1/orders/order-1/buyer")).json()["name"] == "남궁민아"
    await end_of(shop, database, years=2)
    assert await erased(shop) == {"unneeded", "dispute", "contract"}
    left = await dump(database_url)
    for words in PERSONAL:
        assert words not in left, next(line for line in left.splitlines() if words in line)
    found = await verify(database_url)
    assert found.exit_code == 0, found.output


async def end_of(shop: Storefront, database: Database, *, years: int) -> None:
    shop.clock.turn(days=366 * years)
    await erase_due(database, shop.clock())


async def erased(shop: Storefront) -> set[str]:
    held = await groups(await shop.get("/v1/orders/order-1/privacy"))
    return {name for name, group in held.items() if group["erased_at"]}


async def test_a_claim_that_is_open_keeps_everything(shop: Storefront, database: Database) -> None:
    await shop.push_order(buyer=BUYER)
    claim = await shop.claim("cancel")
    held = await groups(await shop.post("/v1/orders/order-1/erase"))
    assert {group["until_at"] for group in held.values()} == {None}
    assert await erased(shop) == set()
    await shop.give(claim, "retract")
    shop.clock.turn(days=1)
    await erase_due(database, shop.clock())
    assert await erased(shop) == {"unneeded"}


async def test_a_legal_hold_stops_the_request_and_the_worker_until_it_is_lifted(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(buyer=BUYER, buyer_id="member-7")
    held = (await shop.put("/v1/orders/order-1/legal-hold", HOLD)).json()
    assert held["legal_hold"]["reason"] == HOLD["reason"]
    refused = await shop.post("/v1/orders/order-1/erase")
    assert (refused.status_code, refused.json()["code"]) == (409, "order_on_legal_hold")
    of_buyer = await shop.post("/v1/buyers/member-7/erase")
    assert [order["erasure_asked_at"] for order in of_buyer.json()["data"]] == [None]
    shop.clock.turn(days=366 * 6)
    retention = Retention(database)
    while await retention.run(shop.clock()):
        pass
    assert await erased(shop) == set()
    assert (await shop.delete("/v1/orders/order-1/legal-hold")).status_code == 200
    assert (await shop.delete("/v1/orders/order-1/legal-hold")).status_code == 404
    await shop.post("/v1/orders/order-1/erase")
    assert await erased(shop) == {"unneeded", "dispute", "contract"}
    actions = [entry["action"] for entry in (await shop.get("/v1/audit-entries")).json()["data"]]
    assert actions[:3] == ["buyer.erased", "legal_hold.lifted", "legal_hold.set"]


async def test_a_hold_that_comes_after_the_request_stops_the_worker(shop: Storefront, database: Database) -> None:
    await shop.push_order(buyer=BUYER)
    await shop.post("/v1/orders/order-1/erase")
    await shop.put("/v1/orders/order-1/legal-hold", HOLD)
    await end_of(shop, database, years=6)
    assert "contract" not in await erased(shop)
    await shop.delete("/v1/orders/order-1/legal-hold")
    await erase_due(database, shop.clock())
    assert "contract" in await erased(shop)


async def test_the_worker_erases_without_a_request_what_has_reached_its_end(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(buyer=BUYER)
    retention = Retention(database)
    await retention.run(shop.clock())
    assert (await shop.get("/v1/orders/order-1/privacy")).json()["erasure_asked_at"] is None
    shop.clock.turn(days=366 * 5)
    while await retention.run(shop.clock()):
        pass
    assert await erased(shop) == {"unneeded", "dispute", "contract"}
    assert (await shop.get("/v1/orders/order-1/privacy")).json()["erasure_asked_by"] is None


async def test_an_export_has_the_data_of_all_orders_and_the_bytes_of_files(
    shop: Storefront, database: Database
) -> None:
    claim = await bought(shop, database)
    answer = await shop.get("/v1/buyers/member-7/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(archive.read("order-1/data.json"))
    assert data["buyer"][0]["email"] == "namgung@mail.example"
    assert data["contacts"][1]["text"] == "상자가 찢어졌어요"
    assert data["claims"][0]["document"]["claim_id"] == claim["claim_id"]
    assert data["surveys"][0]["text"] == "느렸어요"
    (file,) = data["files"]
    assert archive.read(f"order-1/files/{file['file_id']}").startswith(b"%PDF")
    of_order = await shop.get("/v1/orders/order-1/export")
    assert zipfile.ZipFile(io.BytesIO(of_order.content)).namelist() == archive.namelist()
    assert (await shop.get("/v1/buyers/nobody/export")).status_code == 404
    assert (await shop.get("/v1/orders/none/export")).status_code == 404
    exported = await shop.get("/v1/audit-entries", action="buyer.exported")
    assert len(exported.json()["data"]) == 2


async def test_a_request_whose_answer_was_erased_is_not_executed_again(shop: Storefront) -> None:
    await shop.push_order(buyer=BUYER)
    path = "/v1/orders/order-1/payments"
    paid = {"payment_id": "pay-2", "method": "points", "amount": 500}
    assert (await shop.post(path, paid, key="once")).status_code == 200
    shop.clock.turn(days=366 * 6)
    await shop.post("/v1/orders/order-1/erase")
    answer = await shop.post(path, paid, key="once")
    assert (answer.status_code, answer.json()["code"]) == (409, "answer_erased")


@pytest.mark.parametrize("law", ["kr", "jp", "eu", "fr", "uk", "us"])
async def test_each_law_has_its_years_and_its_source(sqlite_shop: Storefront, law: str) -> None:
    years = {"kr": 5, "jp": 12, "eu": 9, "fr": 11, "uk": 7, "us": 12}
    currency = {"kr": "KRW", "jp": "JPY", "us": "USD", "uk": "GBP"}.get(law, "EUR")
    await sqlite_shop.push_order(policy=law, currency=currency)
    held = await groups(await sqlite_shop.get("/v1/orders/order-1/privacy"))
    assert held["contract"]["years"] == years[law]
    assert held["contract"]["basis"] == ("practice" if law == "us" else "statute")
