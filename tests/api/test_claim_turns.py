"""Whose turn a claim is, over HTTP: in answers, in events and in lists, on both databases."""

import pytest

from app.store.database import Database
from tests.api.claims import history, read
from tests.api.deadlines import buy, fire_at, owe_refund, tick
from tests.storefront import Storefront

OFFER = {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000}
PARTIES = ("seller", "buyer", "carrier", "provider")


async def listed(shop: Storefront, turn: str) -> list[str]:
    return [claim["claim_id"] for claim in (await shop.get("/v1/claims", turn=turn)).json()["data"]]


async def whose(shop: Storefront) -> list[str]:
    """The parties in whose lists the only claim is."""
    return [party for party in PARTIES if await listed(shop, party)]


async def test_the_list_of_a_party_has_the_claims_that_wait_for_it(shop: Storefront) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.claim("return")
    assert (claim["turn"], claim["turn_began_at"], claim["turn_ends_by"]) == (
        "seller",
        claim["created_at"],
        claim["deadlines"]["respond_by"],
    )
    assert await whose(shop) == ["seller"]
    shop.clock.turn(hours=1)
    offered = await shop.give(claim, "offers", OFFER)
    assert (offered["turn"], offered["turn_ends_by"]) == ("buyer", offered["offers"][0]["expires_at"])
    assert offered["turn_began_at"] == offered["updated_at"]
    assert await whose(shop) == ["buyer"]
    await shop.give(claim, "retract")
    assert await whose(shop) == []
    events = [event["data"]["claim"]["turn"] for event in await history(shop, claim)]
    assert [turn and turn["party"] for turn in events] == ["seller", "buyer", None]


async def test_a_refund_is_the_providers_turn_while_the_provider_has_it(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop)
    assert await whose(shop) == ["seller"]
    for report, parties in (("processing", ["provider"]), ("failed", ["seller"]), ("unknown", ["provider"])):
        answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/{report}", {})
        assert answer.status_code == 200, answer.text
        assert (await whose(shop), (await read(shop, claim))["turn"]) == (parties, parties[0])
    await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"provider_reference": "p"})
    assert (await whose(shop), (await read(shop, claim))["turn"]) == ([], None)


@pytest.mark.parametrize("kind", ["offer", "question"])
async def test_a_claim_that_waits_for_the_buyer_is_not_overdue_and_gets_its_days_back(
    shop: Storefront, database: Database, kind: str
) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.claim("return")
    respond_by = claim["deadlines"]["respond_by"]
    if kind == "offer":
        await shop.give(claim, "offers", OFFER)
    else:
        await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", {"kind": "question", "text": "사진이 있을까요?"})
    await fire_at(shop, database, respond_by)
    assert (await shop.get("/v1/claims", overdue=True)).json()["data"] == []
    waiting = await read(shop, claim)
    assert (waiting["escalated_at"], waiting["turn"]) == (None, "buyer")
    await fire_at(shop, database, waiting["turn_ends_by"])
    again = await read(shop, claim)
    assert again["turn"] == "seller"
    assert again["deadlines"]["respond_by"] == again["turn_ends_by"] > shop.clock().isoformat()
    await fire_at(shop, database, again["turn_ends_by"])
    await tick(shop, database)
    assert len((await shop.get("/v1/claims", overdue=True)).json()["data"]) == 1
