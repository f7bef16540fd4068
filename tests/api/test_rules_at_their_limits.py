"""Rules against the law of an order that nobody checked them for, offers worth nothing, and breakers of refunds."""

from typing import Any

import pytest

from app.records.api_key import Scope
from app.store.database import Database
from tests.api.agents.callers import sellers_agent
from tests.api.authority import cancellations
from tests.api.claims import history
from tests.api.deadlines import tick
from tests.api.rule_scenes import publish, rule
from tests.storefront import Storefront

MIND = {"field": "reason", "one_of": ["change_of_mind"]}
ASK = rule("ask", text="이유를 알려 주세요.", conditions=[MIND])


async def told(shop: Storefront, claim: Any) -> list[tuple[str, list[str]]]:
    """What came of the rules that fitted a claim."""
    rules = [event["data"]["rule"] for event in await history(shop, claim) if event["type"] == "claim.rule_applied"]
    return [(each["outcome"], each["why"]) for each in rules]


async def read(shop: Storefront, claim: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/claims/{claim['claim_id']}")).json())


async def test_a_rule_obeys_the_law_of_the_order_that_it_was_not_checked_for(shop: Storefront) -> None:
    japanese = {"base": "jp", "policy_id": "house", "is_default": True, "terms": {}}
    answer = await shop.post("/v1/policies", japanese)
    assert answer.status_code == 201, answer.text
    await publish(shop, ASK)
    await shop.push_order("order-1", policy="kr")
    await shop.ship("order-1")
    claim = await shop.claim("return", "change_of_mind")
    assert (claim["hold"], await told(shop, claim)) == (None, [("left_to_a_person", ["question_before_right"])])
    period = {"requested_from": "2026-06-01T00:00:00Z", "requested_before": "2027-07-01T00:00:00Z"}
    replayed = (await shop.post("/v1/what-if", {"rules": [ASK], **period})).json()
    outcomes = {each["outcome"]: each["after"] for each in replayed["outcomes"]}
    assert (replayed["claims"], outcomes["approvable"], replayed["changes"]) == (1, 1, [])


@pytest.mark.parametrize(
    ("offer", "order"),
    [
        ({"percent": 10}, {"lines": [{"line_id": "1", "sku": "GIFT", "quantity": 1, "unit_price": 0}]}),
        ({"amount": 10**13, "currency": "KRW"}, {}),
        ({"amount": 1, "currency": "JPY"}, {}),
    ],
)
async def test_an_offer_that_cannot_be_made_keeps_no_claim_from_opening(
    sqlite_shop: Storefront, offer: dict[str, Any], order: dict[str, Any]
) -> None:
    shop = sqlite_shop
    await publish(shop, rule("offer", alternative="partial_refund", text="어떠세요?", conditions=[MIND], **offer))
    await shop.push_order("order-1", **order)
    await shop.ship("order-1")
    claim = await shop.claim("return", "change_of_mind")
    assert (claim["state"], claim["offers"]) == ("requested", [])
    ((outcome, why),) = await told(shop, claim)
    assert outcome == "left_to_a_person"
    assert why


async def test_a_breaker_stops_rules_and_the_claim_goes_to_a_person(shop: Storefront, database: Database) -> None:
    await publish(shop, rule("approve", conditions=[{"field": "kind", "one_of": ["cancel"]}]))
    await shop.put("/v1/refund-breakers/KRW", {"decisions_per_hour": 2})
    claims = await cancellations(shop, 4)
    assert [claim["state"] for claim in claims] == ["approved", "approved", "requested", "requested"]
    outcomes = [await told(shop, claim) for claim in claims[1:3]]
    assert outcomes == [[("done", [])], [("left_to_a_person", ["refund_breaker_open"])]]
    (breaker,) = (await shop.get("/v1/refund-breakers")).json()["data"]
    assert breaker["opening"] is not None
    assert (await shop.post("/v1/refund-breakers/KRW/reset")).status_code == 200
    await tick(shop, database)
    assert [(await read(shop, claim))["state"] for claim in claims[2:]] == ["requested", "requested"]
    assert (await shop.post(f"/v1/claims/{claims[2]['claim_id']}/approve")).status_code == 200
    assert len((await shop.get("/v1/refunds", limit=100)).json()["data"]) == 3


async def test_a_breaker_stops_an_agent_that_has_confirmed(shop: Storefront, database: Database) -> None:
    first, second = await cancellations(shop, 2)
    agent = await sellers_agent(shop, database)
    asked = await agent.call("approve_claim", claim_id=second["claim_id"])
    await shop.put("/v1/refund-breakers/KRW", {"amount_per_day": 12_000})
    assert (await agent.do("approve_claim", claim_id=first["claim_id"]))["state"] == "approved"
    confirmed = {"claim_id": second["claim_id"], "confirm_token": asked["confirm_token"]}
    for arguments in (confirmed, {"claim_id": second["claim_id"]}):
        refusal = await agent.refusal("approve_claim", **arguments)
        assert (refusal["code"], refusal["params"]["scope"]) == ("refund_breaker_open", Scope.STAFF_WRITE)
    assert await shop.refunds_of(second) == []
    assert (await shop.post("/v1/refund-breakers/KRW/reset")).status_code == 200
    assert (await agent.do("approve_claim", claim_id=second["claim_id"]))["state"] == "approved"
