"""What a seller does beyond the answer: goods at the counter, more than the right, and goods for the shelf again."""

from typing import Any

from app.store.database import Database
from tests.api.claims import history, order_of, pay, read
from tests.api.walks import APPROVE, BLUE, INSPECT, ONE, PAIR, RECEIVE
from tests.messages.claim_messages import MUGS, SHOP, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

COUNTER = {"country": "KR", "address": "서울 마포구 컵로 12", "method": {"ko": "택배 또는 매장 방문"}}


async def returned(shop: Storefront, reason: str = "change_of_mind", **changes: Any) -> dict[str, Any]:
    """A return that was accepted."""
    claim = await shop.claim("return", reason, **changes)
    for step in (APPROVE, RECEIVE, INSPECT):
        claim = await shop.give(claim, *step)
    return claim


async def test_goods_that_are_brought_to_the_counter_come_back_without_a_parcel(
    shop: Storefront, database: Database
) -> None:
    await shop.put("/v1/shop", {**SHOP, "return_addresses": [COUNTER]})
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await returned(shop)
    await publish_all(database, shop.merchant_id)
    (text,) = [m["text"] for m in await messages_of(shop, claim) if m["event"] == "claim.approved"]
    assert "보내실 곳: 서울 마포구 컵로 12\n보내시는 방법: 택배 또는 매장 방문\n" in text
    assert (claim["state"], claim["collection"]) == ("accepted", None)


async def test_a_request_by_telephone_is_a_claim_of_its_time(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    called_at = shop.clock().isoformat()
    shop.clock.turn(hours=2)
    claim = await shop.claim("return", requested_at=called_at, note="전화로 접수", actor="minji")
    by = {"role": "buyer", "name": "minji", "key": "test"}
    assert (claim["requester"], claim["requested_at"]) == (by, "2026-06-08T04:00:00Z")


async def test_at_the_sellers_fault_the_way_back_is_free_and_the_buyer_chooses_money_goods_or_credit(
    shop: Storefront,
) -> None:
    await shop.push_order()
    await shop.ship()
    for kind, line in (("return", ONE), ("exchange", {**ONE, "replacement": BLUE})):
        request = {"order_id": "order-1", "kind": kind, "reason": "defective", "lines": [line]}
        quote = (await shop.post("/v1/claims/quote", request)).json()
        assert (quote["assessment"]["verdict"], quote["assessment"]["return_shipping_payer"]) == ("eligible", "seller")
        assert quote["amounts"]["buyer_owes"] == 0
    claim = await shop.claim("return", "defective")
    body = {"alternative": "store_credit", "amount": 13000, "message": "적립금으로 드릴까요?"}
    claim = await shop.give(claim, "offers", body)
    assert (claim["state"], claim["offers"][0]["status"]) == ("requested", "open")


async def test_more_than_the_right_is_a_refund_of_goodwill_beside_the_return(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await returned(shop, "defective")
    await pay(shop, claim)
    extra = await shop.claim("refund", "goodwill", amount=2000)
    extra = await shop.give(extra, "approve")
    await pay(shop, extra)
    assert ((await read(shop, claim))["state"], (await read(shop, extra))["state"]) == ("refunded", "refunded")
    assert (await order_of(shop, claim))["payments"][0]["refunded"] == 14000


async def test_goodwill_cannot_exceed_what_was_captured(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return", "defective", lines=[PAIR])
    for command, body in (("approve", {}), ("receive", {"lines": [PAIR]})):
        claim = await shop.give(claim, command, body)
    claim = await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": 2}]})
    assert (await shop.ask("refund", "goodwill", amount=2000)).status_code == 409


async def test_goods_that_need_no_shipping_or_came_back_are_named_for_the_stock(shop: Storefront) -> None:
    await shop.push_order()
    cancelled = await shop.give(await shop.claim("cancel"), "approve")
    effects = [event["data"].get("effects", []) for event in await history(shop, cancelled)]
    stopped = {"effect": "stop_fulfilment", "line_id": "1", "quantity": 1}
    assert stopped in [effect for each in effects for effect in each]
    await shop.ship()
    assert (await returned(shop))["lines"][0]["disposition"] == "restock"
