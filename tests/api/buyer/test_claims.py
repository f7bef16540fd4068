"""A buyer asks for a claim and answers the seller, over HTTP, on both databases."""

from typing import Any

import pytest

from tests.api.buyer.scenes import CANCEL
from tests.api.buyer.visits import Visit, visit
from tests.api.claims import history
from tests.api.refund_scenes import ACCOUNT
from tests.api.test_refused_claims import DUPLICATE
from tests.api.walks import ONE, PARCEL
from tests.storefront import ORDER, Storefront

RETURN: dict[str, Any] = {"kind": "return", "reason": "change_of_mind", "lines": [ONE]}
COUPON = {"alternative": "discount_coupon", "amount": 2000, "expires_at": "2026-06-14T15:00:00Z"}


async def opened(buyer: Visit, **body: Any) -> dict[str, Any]:
    answer = await buyer.post("/claims", {**RETURN, **body})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/buyer/v1/claims/{answer.json()['claim_id']}"
    return dict(answer.json())


async def given(buyer: Visit, claim: dict[str, Any], command: str, body: Any = None) -> dict[str, Any]:
    answer = await buyer.post(f"/claims/{claim['claim_id']}/{command}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def shipped(shop: Storefront, order_id: str = "order-1") -> Visit:
    await shop.push_order(order_id)
    await shop.ship(order_id)
    return await visit(shop, order_id)


async def test_a_request_of_a_buyer_is_a_claim_like_the_storefronts(shop: Storefront) -> None:
    await shipped(shop, "order-2")
    buyer = await shipped(shop)
    own, storefronts = await opened(buyer), await shop.claim("return", order_id="order-2")
    seen = (await shop.get(f"/v1/claims/{own['claim_id']}")).json()
    for field in ("kind", "state", "fault", "deadlines", "amounts", "turn", "still_owed"):
        if field != "deadlines":
            assert seen[field] == storefronts[field], field
        assert own[field] == seen[field] or field == "amounts", field
    assert own["amounts"]["total"] == seen["amounts"]["total"]
    assert seen["requester"]["role"] == "buyer"
    assert seen["requester"]["name"] == "buyer"
    assert seen["requester"]["key"].startswith("buyer session ")
    assert own["requester"] == {"role": "buyer"}


async def test_the_quote_says_what_the_claim_then_has(shop: Storefront) -> None:
    buyer = await shipped(shop)
    quote = (await buyer.post("/claims/quote", RETURN)).json()
    claim = await opened(buyer)
    for field in ("kind", "fault", "assessment", "amounts", "still_owed"):
        assert quote[field] == claim[field], field


async def test_a_buyer_reads_the_claims_of_the_order_alone(shop: Storefront) -> None:
    foreign = await opened(await shipped(shop, "order-2"))
    buyer = await shipped(shop)
    claim = await opened(buyer)
    assert [each["claim_id"] for each in (await buyer.get("/claims")).json()["data"]] == [claim["claim_id"]]
    assert (await buyer.get(f"/claims/{claim['claim_id']}")).json()["claim_id"] == claim["claim_id"]
    assert (await buyer.get(f"/claims/{foreign['claim_id']}")).status_code == 404


async def test_a_buyer_retracts_a_claim(shop: Storefront) -> None:
    buyer = await shipped(shop)
    assert (await given(buyer, await opened(buyer), "retract", {"note": "그냥 쓸게요."}))["state"] == "retracted"


async def test_a_buyer_sends_the_goods_back_and_reads_the_refund(shop: Storefront) -> None:
    buyer = await shipped(shop)
    claim = await opened(buyer)
    await shop.give(claim, "approve")
    sent = await given(buyer, claim, "dispatch", {"tracking": PARCEL})
    assert (sent["state"], sent["collection"]["number"]) == ("collecting", PARCEL["number"])
    await shop.give(claim, "receive", {"lines": [ONE]})
    await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": 1}]})
    (refund,) = (await buyer.get("/refunds")).json()["data"]
    (seen,) = await shop.refunds_of(claim)
    assert (refund["amount"], refund["status"]) == (seen["amount"], "pending")
    assert "idempotency_key" in seen
    assert "idempotency_key" not in refund


@pytest.mark.parametrize(("answer", "status"), [("accept", "accepted"), ("decline", "declined")])
async def test_a_buyer_answers_an_offer(shop: Storefront, answer: str, status: str) -> None:
    buyer = await shipped(shop)
    claim = await opened(buyer)
    offered = await shop.give(claim, "offers", {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000})
    offer_id = offered["offers"][0]["offer_id"]
    claim = await given(buyer, claim, f"offers/{offer_id}/{answer}")
    assert [offer["status"] for offer in claim["offers"]] == [status]


async def test_a_buyer_chooses_an_alternative_after_a_rejection(shop: Storefront) -> None:
    buyer = await shipped(shop)
    rejected = await shop.give(await opened(buyer), "reject", {**DUPLICATE, "offers": [COUPON]})
    claim = (await buyer.get(f"/claims/{rejected['claim_id']}")).json()
    assert claim["rejection"].keys() == {"ground", "message", "alternatives"}
    allowed = {action["command"] for action in claim["actions"] if action["allowed"]}
    assert allowed == {"accept_offer", "decline_offer"}
    claim = await given(buyer, claim, f"offers/{claim['offers'][0]['offer_id']}/accept")
    assert [offer["status"] for offer in claim["offers"]] == ["accepted"]


async def test_a_buyer_answers_a_question_and_reads_no_note(shop: Storefront) -> None:
    buyer = await shipped(shop)
    claim = await opened(buyer)
    path = f"/claims/{claim['claim_id']}/contacts"
    early = await buyer.post(path, {"text": "안녕하세요?"})
    assert (early.status_code, early.json()["code"]) == (409, "nothing_asked")
    for kind, text in (("note", "전화로 화를 내심"), ("question", "사진이 있을까요?")):
        assert (await shop.post(f"/v1{path}", {"kind": kind, "text": text})).status_code == 201
    held = (await buyer.get(f"/claims/{claim['claim_id']}")).json()["hold"]
    assert held.keys() == {"reason", "held_at", "ends_at"}
    answer = await buyer.post(path, {"text": "네, 보내드릴게요."})
    assert (answer.status_code, answer.json()["role"]) == (201, "buyer")
    read = await buyer.get(path)
    assert [each["text"] for each in read.json()["data"]] == ["사진이 있을까요?", "네, 보내드릴게요."]
    assert (await buyer.get(f"/claims/{claim['claim_id']}")).json()["hold"] is None


async def test_a_buyer_names_the_account_for_the_refund(shop: Storefront) -> None:
    await shop.push_order(payments=[{**ORDER["payments"][0], "method": "virtual_account"}])
    buyer = await visit(shop)
    claim = await opened(buyer, kind="cancel")
    path = f"/claims/{claim['claim_id']}/refund-account"
    assert (await buyer.put(path, ACCOUNT)).status_code == 200
    read = await buyer.get(path)
    assert read.json()["masked_number"].endswith("6789")
    assert ACCOUNT["number"] not in read.text


async def test_a_buyer_reads_what_is_owed_and_how_to_pay(shop: Storefront) -> None:
    await shop.put("/v1/shop", {"name": "머그 가게", "ways_to_pay": [{"currency": "KRW", "account": "국민 1-2-3"}]})
    buyer = await shipped(shop)
    claim = await opened(buyer, kind="exchange", lines=[{**ONE, "replacement": {"sku": "MUG-BLUE"}}])
    owed = (await buyer.get(f"/claims/{claim['claim_id']}/payment")).json()
    assert owed["still_owed"] == claim["still_owed"] > 0
    assert owed["way_to_pay"] == {"account": "국민 1-2-3", "url": None}
    assert owed["is_due"] is False


async def test_a_buyer_asks_for_another_address_and_another_day(shop: Storefront) -> None:
    await shop.push_order()
    buyer = await visit(shop)
    address = {"recipient": "김민아", "postal_code": "04524", "street": "세종대로 110"}
    change = await buyer.post("/address-changes", {"address": address})
    assert change.status_code == 201
    assert (await buyer.get("/address-changes")).json()["data"] == [change.json()]
    chosen = await buyer.post("/delivery-dates", {"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]})
    assert chosen.json()["lines"][0]["deliver_on"] == "2026-06-16"


async def test_a_buyer_asks_for_another_option_and_the_seller_sets_its_price(shop: Storefront) -> None:
    await shop.push_order()
    buyer = await visit(shop)
    wanted = {"line_id": "1", "quantity": 1, "sku": "MUG-BLUE"}
    priced = await buyer.post("/option-changes", {**wanted, "unit_price": 1})
    assert priced.json()["errors"][0]["field"] == "unit_price"
    first = (await buyer.post("/option-changes", wanted)).json()
    retracted = await buyer.post(f"/option-changes/{first['change_id']}/retract", {})
    assert retracted.json()["status"] == "retracted"
    second = (await buyer.post("/option-changes", wanted)).json()
    assert (await buyer.get("/option-changes")).json()["data"] == [second, retracted.json()]
    accept = f"/v1/orders/order-1/option-changes/{second['change_id']}/accept"
    assert (await shop.post(accept, {"unit_price": 11000})).json()["code"] == "option_is_cheaper"
    accepted = (await shop.post(accept, {"unit_price": 12500})).json()
    assert (accepted["status"], accepted["unit_price"], accepted["difference"]) == ("awaiting_payment", 12500, 500)


@pytest.mark.parametrize(
    "stated",
    [
        {"requester": "seller"},
        {"actor": "minji"},
        {"requested_at": "2026-06-01T00:00:00Z"},
        {"order_id": "order-2"},
        {"metadata": {"vip": "yes"}},
        {"shipping": 3000},
        {"fees": 1000},
        {"fault": "seller"},
        {"reason": "goodwill"},
        {"lines": [{**ONE, "replacement": {"sku": "MUG", "unit_price": 1}}]},
        {"lines": [{**ONE, "replacement": {"sku": "MUG", "sellable": True}}]},
        {"lines": []},
    ],
    ids=str,
)
async def test_a_buyer_states_nothing_that_is_the_sellers(sqlite_shop: Storefront, stated: dict[str, Any]) -> None:
    buyer = await shipped(sqlite_shop)
    for path in ("/claims", "/claims/quote"):
        answer = await buyer.post(path, {**RETURN, **stated})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_the_history_says_which_visit_gave_the_command(shop: Storefront) -> None:
    await shop.push_order()
    buyer = await visit(shop)
    claim = await opened(buyer, **CANCEL)
    access_id = (await buyer.get("/sessions/current")).json()["access_id"]
    first = (await history(shop, claim))[0]
    assert first["data"]["by"] == {"role": "buyer", "name": "buyer", "key": f"buyer session {access_id}"}
