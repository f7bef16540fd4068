"""An agent decides up to a limit at once, and up to a limit on a day."""

import asyncio
from collections import Counter
from datetime import date

import pytest

from app.service.agent_limits import AgentLimit
from app.service.callers import Callers
from app.store import agent_amounts
from app.store.database import Database, Tx
from tests.api.agents.callers import LIMITS, sellers_agent
from tests.api.claims import begin, read
from tests.api.walks import ONE, WALKS
from tests.races.test_endpoints import until_waiting
from tests.storefront import Storefront


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({}, "Agents decide no money in KRW, and this decision gives ₩12,000."),
        ({"JPY": LIMITS["KRW"]}, "Agents decide no money in KRW, and this decision gives ₩12,000."),
        (
            {"KRW": AgentLimit(per_decision=11_999, per_day=60_000)},
            "An agent may decide at most ₩11,999 at once, and this decision gives ₩12,000.",
        ),
        (
            {"KRW": AgentLimit(per_decision=12_000, per_day=11_999)},
            "This decision gives ₩12,000, and the agents of this key may decide ₩11,999 more today.",
        ),
        ({"KRW": AgentLimit(per_decision=12_000, per_day=12_000)}, None),
    ],
)
async def test_an_agent_decides_up_to_its_limits(
    shop: Storefront, database: Database, limits: dict[str, AgentLimit], why: str | None
) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database, limits=limits)
    result = await agent.result("approve_claim", claim_id=claim["claim_id"])
    refusal = result.structured_content or {}
    assert result.is_error == (why is not None)
    if why is not None:
        assert (refusal["code"], refusal["detail"].startswith(why)) == ("above_agent_limit", True), refusal["detail"]
        assert "a person of the shop" in refusal["detail"]


async def test_the_limit_of_a_day_counts_what_was_decided_and_begins_anew(shop: Storefront, database: Database) -> None:
    agent = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=24_000, per_day=30_000)})
    for order_id in ("order-1", "order-2", "order-3"):
        await shop.push_order(order_id)
    first, second, third = [
        await shop.claim("cancel", order_id=order_id) for order_id in ("order-1", "order-2", "order-3")
    ]
    assert (await agent.do("approve_claim", claim_id=first["claim_id"]))["state"] == "approved"
    assert (await agent.do("approve_claim", claim_id=second["claim_id"]))["state"] == "approved"
    refusal = await agent.refusal("approve_claim", claim_id=third["claim_id"])
    assert (refusal["code"], refusal["params"]["left"]) == ("above_agent_limit", 6000)
    other_key = await sellers_agent(shop, database, limits=agent.limits)
    assert (await other_key.call("approve_claim", claim_id=third["claim_id"]))["done"] is False
    shop.clock.turn(hours=12)
    assert (await agent.do("approve_claim", claim_id=third["claim_id"]))["state"] == "approved"


async def test_a_limit_that_was_used_up_in_between_is_kept(shop: Storefront, database: Database) -> None:
    """Both were asked while there was room for either."""
    agent = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=12_000, per_day=12_000)})
    claims = []
    for order_id in ("order-1", "order-2"):
        await shop.push_order(order_id)
        claims.append(await shop.claim("cancel", order_id=order_id))
    tokens = [(await agent.call("approve_claim", claim_id=each["claim_id"]))["confirm_token"] for each in claims]
    one, two = [{"claim_id": each["claim_id"]} for each in claims]
    assert (await agent.call("approve_claim", **one, confirm_token=tokens[0]))["done"]
    refusal = await agent.refusal("approve_claim", **two, confirm_token=tokens[1])
    assert refusal["code"] == "above_agent_limit"
    assert await read(shop, claims[1]) == claims[1]


async def test_the_goods_of_a_return_are_decided_by_what_becomes_owed(shop: Storefront, database: Database) -> None:
    """A person has approved the return. The agent's inspection makes the money owed."""
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return", "defective")
    for command, body in (("approve", {}), ("receive", {"lines": [ONE]})):
        claim = await shop.give(claim, command, body)
    inspect = {"claim_id": claim["claim_id"], "lines": [{"line_id": "1", "accepted": 1}]}
    small = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=9000, per_day=9000)})
    assert (await small.refusal("inspect_goods", **inspect))["code"] == "above_agent_limit"
    agent = await sellers_agent(shop, database)
    assert (await agent.do("inspect_goods", **inspect))["state"] == "accepted"


async def test_an_offer_counts_with_its_amount(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return")
    offer = {"claim_id": claim["claim_id"], "alternative": "partial_refund", "message": "그대로 쓰시겠어요?"}
    small = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=2000, per_day=2000)})
    assert (await small.refusal("make_offer", **offer, amount=2001))["code"] == "above_agent_limit"
    offered = await small.do("make_offer", **offer, amount=2000)
    assert offered["offers"][0]["amount"] == 2000


async def test_a_waived_debt_counts(shop: Storefront, database: Database) -> None:
    """A buyer who breaks the goods owes the return fee. To release the claim is to give the fee up."""
    claim = await begin(shop, WALKS["an exchange"])
    for command, body in (("approve", {}), ("receive", {"lines": [ONE]}), ("inspect", INSPECTED)):
        claim = await shop.give(claim, command, body)
    assert claim["still_owed"] == 6000
    small = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=5999, per_day=10**6)})
    assert (await small.refusal("release_claim", claim_id=claim["claim_id"]))["code"] == "above_agent_limit"
    payment = {"payment_id": "fee-1", "method": "card", "amount": 6000}
    assert (await small.do("confirm_claim_payment", claim_id=claim["claim_id"], **payment))["still_owed"] == 0


INSPECTED = {"lines": [{"line_id": "1", "accepted": 1}]}


async def test_many_decisions_at_once_stay_within_the_limit_of_the_day(shop: Storefront, database: Database) -> None:
    """The first decisions of a key meet before there is a row."""
    agent = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=12_000, per_day=24_000)})
    calls = []
    for number in range(4):
        await shop.push_order(f"order-{number}")
        claim = await shop.claim("cancel", order_id=f"order-{number}")
        token = (await agent.call("approve_claim", claim_id=claim["claim_id"]))["confirm_token"]
        calls.append({"claim_id": claim["claim_id"], "confirm_token": token})
    results = await asyncio.gather(*(agent.result("approve_claim", **call) for call in calls))
    contents = [result.structured_content or {} for result in results]
    assert Counter(content.get("code", "done") for content in contents) == {"done": 2, "above_agent_limit": 2}
    approved = [call["claim_id"] for call, content in zip(calls, contents, strict=True) if content.get("done")]
    states = {call["claim_id"]: (await agent.call("get_claim", claim_id=call["claim_id"]))["state"] for call in calls}
    assert {claim_id for claim_id, state in states.items() if state == "approved"} == set(approved)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_the_first_decision_of_a_key_waits_for_another_first_decision(
    shop: Storefront, database: Database
) -> None:
    """Both find no row. The second one runs again, and counts on top of the first."""
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=12_000, per_day=24_000)})
    token = (await agent.call("approve_claim", claim_id=claim["claim_id"]))["confirm_token"]
    caller = await Callers(database, remember_seconds=0).recognise(agent.token)
    assert caller is not None
    of_key = (caller.merchant_id, caller.key_id, "KRW", date(2026, 6, 8))
    counted, waiting = asyncio.Event(), asyncio.Event()

    async def first(tx: Tx) -> None:
        await agent_amounts.add(tx, *of_key, more=12_000, most=24_000)
        counted.set()
        await waiting.wait()

    decided = asyncio.create_task(database.write(first))
    await counted.wait()
    second = asyncio.create_task(agent.call("approve_claim", claim_id=claim["claim_id"], confirm_token=token))
    await until_waiting(database, 1)
    waiting.set()
    await decided
    assert (await second)["claim"]["state"] == "approved"
    async with database.read() as tx:
        assert await agent_amounts.load(tx, *of_key) == 24_000


async def test_a_limit_of_authority_holds_for_the_agents_of_a_key(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database)
    (made, *_) = (await shop.get("/v1/audit-entries", action="api_key.created")).json()["data"]
    limit = {"holder_kind": "api_key", "holder": made["subject_id"], "currency": "KRW", "per_decision": 11_999}
    assert (await shop.put("/v1/authority-limits", limit)).status_code == 200
    asked = await agent.call("approve_claim", claim_id=claim["claim_id"])
    refusal = await agent.refusal("approve_claim", claim_id=claim["claim_id"], confirm_token=asked["confirm_token"])
    assert refusal["code"] == "above_authority"
    approval = refusal["params"]["approval_id"]
    assert (await shop.post(f"/v1/approvals/{approval}/grant")).json()["status"] == "granted"
    assert (await read(shop, claim))["state"] == "approved"
