"""A buyer's agent quotes, asks and is refused: the SDK's own client calls the tools."""

from typing import Any

import pytest
from mcp import MCPError

from app.api.commands import COMMANDS
from app.store.database import Database
from tests.api.agents.callers import buyers_agent
from tests.api.buyer.visits import signed_in
from tests.api.claims import history, read
from tests.api.walks import CUSTOM_MADE, ONE
from tests.storefront import Storefront

RETURN: dict[str, Any] = {"kind": "return", "reason": "change_of_mind", "lines": [ONE]}


async def test_an_agent_quotes_and_opens_a_return(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    agent = await buyers_agent(shop, database)
    quote = await agent.call("quote_claim", **RETURN)
    assert (quote["assessment"]["verdict"], quote["amounts"]["total"]) == ("eligible", 9000)
    asked = await agent.call("request_claim", **RETURN)
    assert (asked["done"], asked["would"]["quote"]) == (False, quote)
    assert (await agent.call("list_claims"))["data"] == []
    opened = await agent.call("request_claim", **RETURN, confirm_token=asked["confirm_token"])
    assert (opened["done"], opened["claim"]["state"]) == (True, "requested")
    visit = await signed_in(shop)
    assert (await visit.get(f"/claims/{opened['claim']['claim_id']}")).json() == opened["claim"]
    assert (await agent.call("get_claim", claim_id=opened["claim"]["claim_id"])) == opened["claim"]


async def test_the_history_says_that_an_agent_has_asked(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await (await buyers_agent(shop, database)).do("request_claim", **{**RETURN, "kind": "cancel"})
    (requested, *_) = await history(shop, claim)
    by = requested["data"]["by"]
    assert (by["role"], by["name"], by["key"].split()[:2]) == ("buyer", "agent", ["buyer", "token"])


@pytest.mark.parametrize(
    ("order", "days", "ground", "article", "params"),
    [
        (CUSTOM_MADE, 0, "custom_made", "KR E-Commerce Act 17(2)6", {}),
        ({}, 8, "window_closed", "KR E-Commerce Act 17(1)1", {"ends_on": "2026-06-15"}),
    ],
)
async def test_what_the_buyer_is_not_entitled_to_is_refused_with_the_article(
    shop: Storefront,
    database: Database,
    order: dict[str, Any],
    days: int,
    ground: str,
    article: str,
    params: dict[str, Any],
) -> None:
    await shop.push_order(**order)
    await shop.ship()
    shop.clock.turn(days=days)
    agent = await buyers_agent(shop, database)
    refusal = await agent.refusal("request_claim", **RETURN)
    assert refusal["code"] == "not_entitled"
    (reason,) = refusal["refusals"]
    assert (reason["code"], article in reason["citation"]) == (ground, True), reason
    assert (reason["params"], refusal["options"]) == ({"line_ids": ["1"], **params}, [])
    assert (await agent.call("list_claims"))["data"] == []
    asked_anyway = await agent.do("request_claim", **RETURN, ask_anyway=True)
    assert asked_anyway["assessment"]["findings"][0]["ground"] == ground


async def test_a_refusal_says_what_the_buyer_may_request_instead(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    agent = await buyers_agent(shop, database)
    refusal = await agent.refusal("request_claim", **{**RETURN, "kind": "cancel"})
    assert [each["code"] for each in refusal["refusals"]] == ["already_shipped"]
    assert {"line_id": "1", "kind": "return", "quantity": 2} in refusal["options"]
    assert "cancel" not in {each["kind"] for each in refusal["options"]}


@pytest.mark.parametrize(("language", "word"), [("ko", "주문 항목 1"), ("ja", "注文明細 1"), ("en", "Line 1")])
async def test_a_refusal_is_in_the_language_that_the_call_asks_for(
    shop: Storefront, database: Database, language: str, word: str
) -> None:
    await shop.push_order()
    agent = await buyers_agent(shop, database)
    refusal = await agent.refusal("request_claim", **RETURN, language=language)
    assert word in refusal["detail"], refusal["detail"]


async def test_a_buyers_agent_sees_no_other_order(shop: Storefront, database: Database) -> None:
    await shop.push_order("order-1")
    await shop.push_order("order-2")
    claim = await shop.claim("cancel", order_id="order-2")
    agent = await buyers_agent(shop, database)
    for tool, more in (
        ("get_claim", {}),
        ("list_contacts", {}),
        ("retract_claim", {}),
        ("quote_edit", {"reason": "defective", "lines": [ONE]}),
        ("edit_claim", {"reason": "defective", "lines": [ONE]}),
        ("answer_question", {"text": "네"}),
        ("accept_offer", {"offer_id": "x"}),
    ):
        refusal = await agent.refusal(tool, claim_id=claim["claim_id"], **more)
        assert (refusal["code"], refusal["params"]["id"]) == ("not_found", claim["claim_id"]), tool
    assert (await agent.call("list_claims"))["data"] == []
    assert (await agent.call("list_refunds"))["data"] == []
    assert (await agent.call("get_order"))["order_id"] == "order-1"
    assert (await agent.refusal("get_order", order_id="order-2"))["code"] == "invalid_request"


async def test_a_token_of_the_other_orders_claim_does_nothing(shop: Storefront, database: Database) -> None:
    """Not even its holder can use the token for the order of somebody else."""
    for order_id in ("order-1", "order-2"):
        await shop.push_order(order_id)
    own, other = await buyers_agent(shop, database), await buyers_agent(shop, database, "order-2")
    cancel = {**RETURN, "kind": "cancel"}
    token = (await own.call("request_claim", **cancel))["confirm_token"]
    assert (await other.refusal("request_claim", **cancel, confirm_token=token))["code"] == (
        "confirm_token_of_other_call"
    )


async def test_a_buyers_agent_has_no_tool_of_a_seller(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    agent = await buyers_agent(shop, database)
    tools = await agent.tools()
    sellers = {"approve_claim", "reject_claim", "make_offer", "list_claim_events"}
    sellers |= {row.name for row in COMMANDS} - {"retract_claim", "dispatch_goods"}
    assert not sellers & set(tools)
    for name in sellers:
        with pytest.raises(MCPError, match=f"Unknown tool: {name}"):
            await agent.result(name, claim_id="x")


async def test_a_buyers_agent_goes_with_the_claim_until_its_end(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    agent = await buyers_agent(shop, database)
    claim = await agent.do("request_claim", **RETURN)
    of_claim = {"claim_id": claim["claim_id"]}
    edited = await agent.call("quote_edit", **of_claim, reason="defective", lines=[ONE])
    assert edited["fault"] == "seller"
    claim = await agent.do("edit_claim", **of_claim, reason="defective", lines=[ONE])
    assert claim["reason"] == "defective"
    question = {"kind": "question", "text": "사진이 있을까요?"}
    assert (await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", question)).status_code == 201
    answered = await agent.call("answer_question", **of_claim, text="네, 보내드릴게요.")
    assert await agent.call("answer_question", **of_claim, text="네, 보내드릴게요.") == answered
    contacts = (await agent.call("list_contacts", **of_claim))["data"]
    assert [each["text"] for each in contacts] == [question["text"], answered["text"]]
    offer = {"alternative": "partial_refund", "amount": 2000, "message": "그대로 쓰시겠어요?"}
    claim = await shop.give(claim, "offers", offer)
    offer_id = claim["offers"][0]["offer_id"]
    declined = await agent.do("decline_offer", **of_claim, offer_id=offer_id)
    assert declined["offers"][0]["status"] == "declined"
    await shop.give(claim, "approve")
    sent = await agent.do("dispatch_goods", **of_claim, tracking={"carrier": "cj", "number": "640000000001"})
    assert sent["state"] == "collecting"
    assert (await agent.do("retract_claim", **of_claim))["state"] == "retracted"
    refusal = await agent.refusal("retract_claim", **of_claim)
    assert (refusal["code"], refusal["actions"]) == ("illegal_transition", [])


async def test_an_offer_is_accepted_once_it_is_confirmed(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    agent = await buyers_agent(shop, database)
    claim = await shop.claim("return", "defective")
    claim = await shop.give(claim, "offers", {"alternative": "partial_refund", "amount": 2000, "message": "어떠세요?"})
    offer = {"claim_id": claim["claim_id"], "offer_id": claim["offers"][0]["offer_id"]}
    asked = await agent.call("accept_offer", **offer)
    assert (asked["would"]["amount"], asked["would"]["claim"]["state"]) == (2000, "approved")
    assert (await read(shop, claim))["state"] == "requested"
    assert (await agent.do("accept_offer", **offer))["state"] == "approved"


async def test_a_quote_that_has_changed_is_not_confirmed(shop: Storefront, database: Database) -> None:
    """The order left in the meantime: the cancellation would be something else."""
    await shop.push_order()
    agent = await buyers_agent(shop, database)
    cancel = {**RETURN, "kind": "cancel", "lines": [{**ONE, "quantity": 2}]}
    token = (await agent.call("request_claim", **cancel))["confirm_token"]
    await shop.push_order(shipping_charged=1000, payments=[{"payment_id": "pay-1", "method": "card", "amount": 25000}])
    refusal = await agent.refusal("request_claim", **cancel, confirm_token=token)
    assert refusal["code"] == "quote_changed"
    assert (await agent.call("list_claims"))["data"] == []


async def test_a_token_that_has_ended_says_so(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    agent = await buyers_agent(shop, database)
    shop.clock.turn(minutes=16)
    assert (await agent.refusal("get_order"))["code"] == "invalid_agent_token"
    with pytest.raises(MCPError, match="Send an active API key"):
        await agent.tools()
