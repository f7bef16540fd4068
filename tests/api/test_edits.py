"""A claim is edited over HTTP: what is stored, published and told, and what a refusal leaves alone."""

from typing import Any

from app.store.database import Database
from tests.api.claims import codes, history, order_of, read
from tests.api.walks import ONE, PAIR, TWO
from tests.messages.publishing import publish_all
from tests.storefront import ORDER, Storefront

LINES = [*ORDER["lines"], {"line_id": "2", "sku": "MUG-BLUE", "quantity": 1, "unit_price": 3000}]
BROKEN: dict[str, Any] = {
    "reason": "defective",
    "lines": [PAIR, TWO],
    "note": "금이 가 있어요.",
    "conditions": ["opened"],
}


async def returned(shop: Storefront) -> dict[str, Any]:
    await shop.push_order(lines=LINES)
    await shop.ship()
    return await shop.claim("return")


async def test_an_edit_is_in_the_claim_its_history_and_its_event(shop: Storefront) -> None:
    claim = await returned(shop)
    shop.clock.turn(hours=1)
    edited = await shop.give(claim, "edit", BROKEN, if_match='"1"')
    assert edited == await read(shop, claim)
    for field in ("requested_at", "deadlines", "requester", "turn_ends_by", "kind"):
        assert edited[field] == claim[field], field
    assert (edited["reason"], edited["fault"], edited["note"]) == ("defective", "seller", BROKEN["note"])
    assert [(each["line_id"], each["quantity"]) for each in edited["lines"]] == [("1", 2), ("2", 1)]
    assert [(each["reason"], each["quantity"]) for each in edited["asked"]] == [
        *(("change_of_mind", 1), ("defective", 2), ("defective", 1)),
    ]
    event = (await history(shop, claim))[-1]
    assert event["type"] == "claim.edited"
    before, command = event["data"]["before"], event["data"]["command"]
    assert (before["reason"], before["lines"][0]["quantity"], before["note"]) == ("change_of_mind", 1, None)
    assert (command["command"], command["reason"], len(command["lines"])) == ("edit", "defective", 2)
    units = [line["units"]["open_other"] for line in (await order_of(shop, claim))["lines"]]
    assert units == [2, 1]


async def test_both_sides_read_what_was_changed(shop: Storefront, database: Database) -> None:
    claim = await returned(shop)
    await shop.give(claim, "edit", BROKEN)
    await publish_all(database, shop.merchant_id)
    stored = (await shop.get(f"/v1/claims/{claim['claim_id']}/messages")).json()["data"]
    texts = {each["audience"]: each["text"] for each in stored if each["event"] == "claim.edited"}
    assert texts.keys() == {"buyer", "seller"}
    for text in texts.values():
        assert "변경 전 상품:\n- MUG-WHITE 1개\n변경 후 상품:\n- MUG-WHITE 2개\n- MUG-BLUE 1개" in text
        assert "변경 전 사유: 단순 변심" in text
        assert BROKEN["note"] in text


async def test_a_refused_edit_changes_nothing_and_names_the_article(shop: Storefront) -> None:
    claim = await returned(shop)
    shop.clock.turn(days=9)
    before = await read(shop, claim)
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/edit", {"reason": "change_of_mind", "lines": [PAIR]})
    assert answer.status_code == 409
    assert codes(answer.json()) == ["asked_too_late"]
    assert "17" in answer.json()["refusals"][0]["citation"]
    assert await read(shop, claim) == before
    kept = await shop.give(claim, "edit", {"reason": "change_of_mind", "lines": [ONE], "note": "천천히 주세요."})
    assert kept["assessment"]["verdict"] == "eligible"


async def test_a_shop_shows_that_the_buyer_took_the_fault(shop: Storefront) -> None:
    await shop.push_order(lines=LINES)
    await shop.ship()
    claim = await shop.claim("return", reason="defective")
    wish = {"reason": "change_of_mind", "lines": [ONE]}
    for path in ("edit", "edit/quote"):
        answer = await shop.post(f"/v1/claims/{claim['claim_id']}/{path}", wish)
        assert answer.status_code == 409
        assert codes(answer.json()) == ["proof_required"]
        assert answer.json()["refusals"][0]["field"] == "evidence"
    edited = await shop.give(claim, "edit", {**wish, "evidence": ["chat 12"]})
    assert edited["fault"] == "buyer"
    assert (await history(shop, claim))[-1]["data"]["command"]["evidence"] == ["chat 12"]


async def test_a_quote_of_an_edit_counts_the_units_of_the_claim_as_free(shop: Storefront) -> None:
    claim = await returned(shop)
    wish = {"reason": "change_of_mind", "lines": [PAIR]}
    quoted = (await shop.post(f"/v1/claims/{claim['claim_id']}/edit/quote", wish)).json()
    assert await read(shop, claim) == claim
    edited = await shop.give(claim, "edit", wish)
    for field in ("assessment", "amounts", "still_owed", "deadlines", "reason", "fault"):
        assert quoted[field] == edited[field], field


async def test_goods_that_an_edit_has_added_are_found_by_their_sku(shop: Storefront) -> None:
    claim = await returned(shop)
    await shop.give(claim, "edit", {**BROKEN, "lines": [TWO]})
    await shop.give(claim, "edit", {**BROKEN, "lines": [ONE, TWO]})
    (found,) = (await shop.get("/v1/claims", sku="MUG-BLUE")).json()["data"]
    assert found["claim_id"] == claim["claim_id"]


async def test_edits_of_another_version_are_stale(shop: Storefront) -> None:
    claim = await returned(shop)
    await shop.give(claim, "edit", BROKEN)
    stale = await shop.post(f"/v1/claims/{claim['claim_id']}/edit", {**BROKEN, "note": "?"}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
