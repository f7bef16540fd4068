"""A call without a token says what would happen, and the token is for that call alone."""

from typing import Any

import pytest

from app.service.agent_limits import AgentLimit
from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.store.database import Database
from tests.api.agents.callers import AgentClient, sellers_agent
from tests.api.claims import begin, history, read, take
from tests.api.for_tests import on_test_side
from tests.api.walks import WALKS
from tests.storefront import Storefront


@pytest.fixture
def shop(sqlite_shop: Storefront) -> Storefront:
    """The database plays no part in what a token is for."""
    return sqlite_shop


@pytest.mark.parametrize(
    "walk",
    [
        "a cancellation is granted",
        "a cancellation is refused",
        "a return at the buyer's cost",
        "a return at the seller's cost",
        "a return of goods that the buyer broke",
        "a repair",
        "a refund of a part",
    ],
)
async def test_an_agent_reads_first_what_the_buyer_will_read(shop: Storefront, database: Database, walk: str) -> None:
    """For each decision of the walk, the messages and the events are those that were shown."""
    claim = await begin(shop, WALKS[walk])
    agent = await sellers_agent(shop, database, limits={"KRW": AgentLimit(per_decision=10**6, per_day=10**6)})
    told = await _messages(database, shop, claim)
    for command, body in WALKS[walk].steps:
        if command not in TOOL_OF:
            claim = await take(shop, claim, (command, body))
            told = await _messages(database, shop, claim)
            continue
        call = {"claim_id": claim["claim_id"], **body}
        asked = await agent.call(TOOL_OF[command], **call)
        before = await history(shop, claim)
        claim = (await agent.call(TOOL_OF[command], **call, confirm_token=asked["confirm_token"]))["claim"]
        assert asked["would"]["events"] == [event["type"] for event in (await history(shop, claim))[len(before) :]]
        assert _decided(asked["would"]["claim"]) == _decided(claim)
        now_told = await _messages(database, shop, claim)
        new = [message for message in now_told if message not in told]
        assert sorted((each["subject"], each["text"]) for each in asked["would"]["messages"]) == sorted(new)
        told = now_told
    assert told


TOOL_OF = {
    "approve": "approve_claim",
    "reject": "reject_claim",
    "receive": "receive_goods",
    "inspect": "inspect_goods",
    "complete-repair": "complete_claim_repair",
    "reship": "reship_goods",
}


def _decided(claim: dict[str, Any]) -> dict[str, Any]:
    return {name: claim[name] for name in ("state", "version", "amounts", "deadlines", "turn", "actions")}


async def _messages(database: Database, shop: Storefront, claim: dict[str, Any]) -> list[tuple[str, str]]:
    while await fan_out(database, shop.clock(), compose=compose):
        pass
    rows = (await shop.get(f"/v1/claims/{claim['claim_id']}/messages")).json()["data"]
    return [(each["subject"], each["text"]) for each in rows if each["audience"] == "buyer"]


async def test_a_repeated_call_with_a_token_is_done_once(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database)
    of_claim = {"claim_id": claim["claim_id"]}
    token = (await agent.call("approve_claim", **of_claim))["confirm_token"]
    first = await agent.call("approve_claim", **of_claim, confirm_token=token)
    same_bytes = f"{token}{'=' * (-len(token) % 4)}"
    assert await agent.call("approve_claim", **of_claim, confirm_token=same_bytes) == first
    shop.clock.turn(hours=2)
    assert await agent.call("approve_claim", **of_claim, confirm_token=token) == first
    assert len(await shop.refunds_of(claim)) == 1


async def test_a_token_is_for_one_call_of_one_caller(shop: Storefront, database: Database) -> None:
    for order_id in ("order-1", "order-2"):
        await shop.push_order(order_id)
    claim, other = [await shop.claim("cancel", order_id=order_id) for order_id in ("order-1", "order-2")]
    agent, colleague = await sellers_agent(shop, database), await sellers_agent(shop, database)
    hold = {"claim_id": claim["claim_id"], "reason": "seller_check", "note": "a"}
    token = (await agent.call("hold_claim", **hold))["confirm_token"]
    for caller, tool, arguments in (
        (agent, "hold_claim", {**hold, "claim_id": other["claim_id"]}),
        (agent, "hold_claim", {**hold, "note": "b"}),
        (agent, "approve_claim", {"claim_id": claim["claim_id"]}),
        (colleague, "hold_claim", hold),
    ):
        refusal = await caller.refusal(tool, **arguments, confirm_token=token)
        assert refusal["code"] == "confirm_token_of_other_call", tool
    for forged in ("", "x", token[:40] + ("A" if token[40] != "A" else "B") + token[41:], token[::-1], "é"):
        refusal = await agent.refusal("hold_claim", **hold, confirm_token=forged)
        assert (refusal["code"], refusal["errors"][0]["field"]) == ("confirm_token_unknown", "confirm_token"), forged
    assert [await read(shop, each) for each in (claim, other)] == [claim, other]
    assert (await agent.call("hold_claim", **hold, language="ko", confirm_token=token))["claim"]["hold"]


async def test_a_token_ends_after_ten_minutes(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database)
    for minutes, code in ((9.9, None), (10, "confirm_token_expired")):
        hold = {"claim_id": claim["claim_id"], "reason": "seller_check"}
        token = (await agent.call("hold_claim", **hold))["confirm_token"]
        shop.clock.turn(minutes=minutes)
        result = await agent.result("hold_claim", **hold, confirm_token=token)
        assert (result.structured_content or {}).get("code") == code
        if code is None:
            await shop.give(claim, "release")


async def test_a_claim_that_has_changed_is_not_decided(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    agent = await sellers_agent(shop, database)
    token = (await agent.call("approve_claim", claim_id=claim["claim_id"]))["confirm_token"]
    await shop.give(claim, "hold", {"reason": "seller_check"})
    changed = await shop.give(claim, "release")
    refusal = await agent.refusal("approve_claim", claim_id=claim["claim_id"], confirm_token=token)
    assert (refusal["code"], refusal["params"]["version"]) == ("stale_version", changed["version"])
    assert await read(shop, claim) == changed


async def test_a_decision_that_would_give_more_than_was_shown_is_not_confirmed(
    shop: Storefront, database: Database
) -> None:
    """The claim is as it was. Another claim takes the rest of the order, and so the shipping would come back too."""
    await shop.push_order()
    claim, rest = [await shop.claim("cancel") for _ in range(2)]
    agent = await sellers_agent(shop, database)
    of_claim = {"claim_id": claim["claim_id"]}
    asked = await agent.call("approve_claim", **of_claim)
    assert asked["would"]["amount"] == 12000
    await shop.give(rest, "approve")
    refusal = await agent.refusal("approve_claim", **of_claim, confirm_token=asked["confirm_token"])
    assert (refusal["code"], (await read(shop, claim))["version"]) == ("quote_changed", claim["version"])
    assert (await agent.call("approve_claim", **of_claim))["would"]["amount"] == 15000


async def test_an_agent_of_the_test_side_goes_by_the_clock_of_its_merchant(
    shop: Storefront, database: Database
) -> None:
    """The days of the law pass with the merchant's clock, and the minutes of a token with the system's clock."""
    tests = await on_test_side(shop, database)
    await tests.push_order()
    claim = await tests.claim("cancel")
    agent = AgentClient(shop, database, tests.token)
    of_claim = {"claim_id": claim["claim_id"]}
    token = (await agent.call("approve_claim", **of_claim))["confirm_token"]
    moved = await tests.post("/v1/test/clock", {"advance": "P1D"})
    assert moved.status_code in (200, 202), moved.text
    refusal = await agent.refusal("approve_claim", **of_claim, confirm_token=token)
    assert refusal["code"] == "test_clock_advancing"
    live = await sellers_agent(shop, database)
    assert (await live.refusal("get_claim", **of_claim))["code"] == "not_found"
