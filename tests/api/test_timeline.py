"""The timeline of a claim: all that has happened and was said, in one order, a page at a time."""

from typing import Any

from app.records.api_key import Scope
from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.store.database import Database
from tests.api.authority import limit
from tests.api.keys import colleague, stranger
from tests.api.staff import join
from tests.storefront import Storefront


async def publish(shop: Storefront, database: Database) -> None:
    while await fan_out(database, shop.clock(), compose=compose):
        pass


async def timeline(shop: Storefront, claim: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    answer = await shop.get(f"/v1/claims/{claim['claim_id']}/timeline", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def worked_on(shop: Storefront, database: Database) -> dict[str, Any]:
    """A claim with a note, a call, a question, an answer, an approval and messages."""
    clerk = await join(shop)
    await limit(shop, "role", "clerk", per_decision=0)
    await shop.push_order()
    claim = await shop.claim("cancel")
    await publish(shop, database)
    path = f"/v1/claims/{claim['claim_id']}"
    for kind, text in (("note", "단골 손님"), ("call", "통화함"), ("question", "사진이 있나요?"), ("answer", "네.")):
        shop.clock.turn(minutes=1)
        added = await clerk.session.post(f"{path}/contacts", {"kind": kind, "text": text})
        assert added.status_code == 201, added.text
    shop.clock.turn(minutes=1)
    assert (await clerk.session.post(f"{path}/approve")).status_code == 403
    shop.clock.turn(minutes=1)
    await shop.give(claim, "approve")
    await publish(shop, database)
    return claim


async def test_all_that_was_said_and_done_is_in_one_order(shop: Storefront, database: Database) -> None:
    claim = await worked_on(shop, database)
    entries = await timeline(shop, claim, limit=100)
    assert [entry["happened_at"] for entry in entries] == sorted(entry["happened_at"] for entry in entries)
    told = [(entry["kind"], entry["author"], entry["text"]) for entry in entries if entry["kind"] != "message"]
    assert [each for each in told if each[0] != "event"] == [
        ("note", "김민지", "단골 손님"),
        ("call", "김민지", "통화함"),
        ("question", "김민지", "사진이 있나요?"),
        ("answer", "김민지", "네."),
        ("approval", "김민지", None),
    ]
    events = [entry["subject"] for entry in entries if entry["kind"] == "event"]
    assert events[0] == "claim.requested"
    assert events[-2:] == ["claim.approved", "refund.created"]
    assert "claim.question_asked" not in events
    messages = [entry for entry in entries if entry["kind"] == "message"]
    assert {entry["status"] for entry in messages} == {"left_to_storefront"}
    assert {entry["audience"] for entry in messages} == {"buyer", "seller"}
    inside = {entry["kind"] for entry in entries if entry["internal"]}
    assert inside == {"note", "call", "approval", "message"}


async def test_pages_show_each_entry_once(shop: Storefront, database: Database) -> None:
    claim = await worked_on(shop, database)
    whole = [entry["entry_id"] for entry in await timeline(shop, claim, limit=100)]
    for size in (1, 3, 5):
        found, cursor = list[str](), None
        while True:
            query = {"limit": size} | ({"cursor": cursor} if cursor else {})
            answer = (await shop.get(f"/v1/claims/{claim['claim_id']}/timeline", **query)).json()
            found += [entry["entry_id"] for entry in answer["data"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        assert found == whole


async def test_a_buyer_reads_no_note_and_no_call(shop: Storefront, database: Database) -> None:
    claim = await worked_on(shop, database)
    made = await shop.post("/v1/orders/order-1/buyer-tokens", {"minutes": 5})
    token = made.json()["token"]
    for path in ("contacts", "history"):
        answer = await shop.http.get(
            f"/buyer/v1/claims/{claim['claim_id']}/{path}", headers={"Authorization": f"Bearer {token}"}
        )
        assert "통화함" not in answer.text
        assert "단골 손님" not in answer.text


async def test_a_stranger_finds_no_timeline(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    theirs = await stranger(shop, database)
    path = f"/v1/claims/{claim['claim_id']}/timeline"
    assert (await theirs.get(path)).status_code == 404
    reader = await colleague(shop, database, Scope.CLAIMS_READ)
    assert (await reader.get(path)).status_code == 403
