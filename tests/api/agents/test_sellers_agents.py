"""A seller's agent reads, decides within its limits, and is refused: the SDK's own client calls the tools."""

from datetime import timedelta

import pytest
from mcp import MCPError

from app.api.commands import COMMANDS
from app.api.context import DecidesClaims
from app.records.api_key import Scope
from app.store.database import Database
from tests.api.agents.callers import AgentClient, buyers_agent, sellers_agent
from tests.api.claims import history, read
from tests.api.keys import stranger
from tests.api.walks import CUSTOM_MADE, ONE
from tests.storefront import Storefront

PAIR = [{**ONE, "quantity": 2}]


async def test_an_agent_approves_with_a_confirm_token(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database)
    asked = await agent.call("approve_claim", claim_id=claim["claim_id"])
    would = asked["would"]
    assert (asked["done"], would["claim"]["state"], would["amount"], would["currency"]) == (
        *(False, "approved", 12000),
        "KRW",
    )
    assert would["events"] == ["claim.approved", "refund.created"]
    assert await read(shop, claim) == claim
    done = await agent.call("approve_claim", claim_id=claim["claim_id"], confirm_token=asked["confirm_token"])
    assert (done["done"], done["claim"]) == (True, await read(shop, claim))
    assert done["claim"]["state"] == "approved"
    by = (await history(shop, claim))[1]["data"]["by"]
    assert (by["role"], by["name"], by["key"]) == ("seller", "agent", "test")


async def test_a_rejection_without_a_ground_is_refused_with_the_article(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return")
    agent = await sellers_agent(shop, database)
    refusal = await agent.refusal(
        "reject_claim", claim_id=claim["claim_id"], ground="window_closed", message="기간이 지났습니다."
    )
    (reason,) = refusal["refusals"]
    assert refusal["code"] == "no_ground_for_rejection"
    assert reason["citation"].startswith("KR E-Commerce Act 17(1)1")
    assert "approve" in {action["command"] for action in refusal["actions"]}
    assert all(action["allowed"] for action in refusal["actions"])


async def test_an_approval_against_the_law_is_refused_with_the_article(shop: Storefront, database: Database) -> None:
    await shop.push_order(**CUSTOM_MADE)
    await shop.ship()
    claim = await shop.claim("return")
    agent = await sellers_agent(shop, database)
    refusal = await agent.refusal("approve_claim", claim_id=claim["claim_id"])
    assert refusal["code"] == "ineligible"
    assert "KR E-Commerce Act 17(2)6" in refusal["refusals"][0]["citation"]
    reject = next(action for action in refusal["actions"] if action["command"] == "reject")
    assert reject["grounds"][0] == "custom_made"
    override = {"claim_id": claim["claim_id"], "override": "단골 고객"}
    missing = await agent.refusal("approve_claim", **override)
    assert (missing["code"], missing["detail"]) == ("missing_scope", "This needs the scope claims:override.")
    rejected = await agent.do(
        "reject_claim", claim_id=claim["claim_id"], ground="custom_made", message="주문 제작 상품입니다."
    )
    assert rejected["state"] == "rejected"


async def test_an_agent_has_the_tools_of_its_scopes(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    reader = await sellers_agent(shop, database, Scope.CLAIMS_READ)
    assert set(await reader.tools()) == {"list_claims", "get_claim", "list_claim_events", "get_options"}
    refusal = await reader.refusal("approve_claim", claim_id=claim["claim_id"])
    assert (refusal["code"], refusal["detail"]) == ("missing_scope", "This needs the scope claims:decide.")
    assert (await reader.refusal("get_order", order_id="order-1"))["code"] == "missing_scope"
    assert await reader.call("get_claim", claim_id=claim["claim_id"]) == claim


async def test_every_decision_of_the_api_is_a_tool(shop: Storefront, database: Database) -> None:
    tools = await (await sellers_agent(shop, database)).tools()
    decisions = {row.name for row in COMMANDS if row.allowed is DecidesClaims}
    hints = {name: tool.annotations.model_dump() for name, tool in tools.items() if tool.annotations}
    assert decisions | {"approve_claim", "reject_claim", "make_offer"} == {
        name for name, hint in hints.items() if not hint["read_only_hint"]
    }
    assert hints["approve_claim"]["destructive_hint"]
    assert not hints["hold_claim"]["destructive_hint"]
    assert {(hint["idempotent_hint"], hint["open_world_hint"]) for hint in hints.values()} == {(True, False)}
    assert "actor" not in str([tool.input_schema["properties"] for tool in tools.values()])


async def test_an_agent_reaches_no_other_merchant(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    other = AgentClient(shop, database, (await stranger(shop, database)).token)
    for tool in ("get_claim", "approve_claim", "list_claim_events", "list_contacts"):
        assert (await other.refusal(tool, claim_id=claim["claim_id"]))["code"] == "not_found"
    assert (await other.call("list_claims"))["data"] == []


async def test_an_agent_with_an_expired_key_is_refused(shop: Storefront, database: Database) -> None:
    expires_at = (shop.clock() + timedelta(hours=1)).isoformat()
    new = {"name": "agent", "scopes": ["claims:read"], "expires_at": expires_at}
    agent = AgentClient(shop, database, (await shop.post("/v1/api-keys", new)).json()["secret"])
    assert (await agent.call("list_claims"))["data"] == []
    shop.clock.turn(hours=1)
    assert (await agent.refusal("list_claims"))["code"] == "invalid_agent_token"


async def test_an_agent_reads_what_the_api_answers(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    claims = [await shop.claim("return"), await shop.claim("return", "defective")]
    agent = AgentClient(shop, database, shop.token)
    assert await agent.call("get_order", order_id="order-1") == (await shop.get("/v1/orders/order-1")).json()
    options = (await shop.get("/v1/orders/order-1/options", reason="defective")).json()
    assert await agent.call("get_options", order_id="order-1", reasons=["defective"]) == options
    newest = (await agent.call("list_claims", limit=1))["data"]
    assert newest == [claims[1]]
    assert (await agent.call("list_claims", limit=1, after=claims[1]["claim_id"]))["data"] == [
        await read(shop, claims[0])
    ]
    assert (await agent.call("list_claims", state="rejected"))["data"] == []
    events = (await agent.call("list_claim_events", claim_id=claims[0]["claim_id"]))["data"]
    assert events == await history(shop, claims[0])
    asked = {"order_id": "order-1", "kind": "return", "reason": "defective", "lines": [ONE]}
    refused = await agent.refusal("quote_claim", **asked)
    assert refused["code"] == (await shop.post("/v1/claims/quote", asked)).json()["code"]
    approved = await shop.give(claims[1], "approve")
    assert (await agent.call("list_refunds", claim_id=approved["claim_id"]))["data"] == await shop.refunds_of(approved)


async def test_wrong_arguments_are_refused_by_their_fields(shop: Storefront, database: Database) -> None:
    agent = await sellers_agent(shop, database)
    refusal = await agent.refusal("hold_claim", claim_id="x", reason="because", until="now")
    assert (refusal["code"], {error["field"] for error in refusal["errors"]}) == (
        "invalid_request",
        {"reason", "until"},
    )
    assert (await agent.refusal("hold_claim", reason="seller_check"))["errors"][0]["field"] == "claim_id"
    named = await agent.refusal("approve_claim", claim_id="x", actor="minji")
    assert [(error["field"], error["rule"]) for error in named["errors"]] == [("actor", "extra_forbidden")]
    with pytest.raises(MCPError, match="Unknown tool: pay_me"):
        await agent.result("pay_me")


async def test_the_agents_of_a_buyer_and_of_a_seller_meet_in_one_claim(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    buyer, seller = await buyers_agent(shop, database), await sellers_agent(shop, database)
    claim = await buyer.do("request_claim", kind="cancel", reason="change_of_mind", lines=PAIR)
    approved = await seller.do("approve_claim", claim_id=claim["claim_id"])
    assert (await buyer.call("get_claim", claim_id=claim["claim_id"]))["state"] == approved["state"] == "approved"
    (refund,) = (await buyer.call("list_refunds"))["data"]
    assert refund["amount"] == 27000
