"""What a buyer's key may state, and who is on record: the person that a request names, and its key."""

import logging

import pytest

from app.records.api_key import Scope
from app.store import api_keys
from app.store.database import Database
from tests.api.claims import begin, history
from tests.api.keys import colleague
from tests.api.walks import APPROVE, INSPECT, ONE, RECEIVE, WALKS
from tests.storefront import Storefront


@pytest.fixture
async def buyer(shop: Storefront, database: Database) -> Storefront:
    """A key for what buyers do."""
    return await colleague(shop, database, Scope.CLAIMS_WRITE, Scope.CLAIMS_READ)


@pytest.fixture
async def clerk(shop: Storefront, database: Database) -> Storefront:
    return await colleague(shop, database, Scope.CLAIMS_WRITE, Scope.CLAIMS_READ, Scope.CLAIMS_DECIDE)


@pytest.mark.parametrize(
    ("hours", "answers"), [(0, (201, 201)), (23.9, (201, 201)), (24.1, (403, 201)), (86 * 24, (403, 201))]
)
async def test_a_request_of_an_earlier_day_takes_the_scope_of_a_seller(
    shop: Storefront, buyer: Storefront, clerk: Storefront, hours: float, answers: tuple[int, int]
) -> None:
    """The windows of that day would be open again."""
    await shop.push_order()
    await shop.ship()
    requested_at = shop.clock().isoformat()
    shop.clock.turn(hours=hours)
    for key, expected in zip((buyer, clerk), answers, strict=True):
        answer = await key.ask("return", requested_at=requested_at)
        assert answer.status_code == expected, answer.text
        if expected == 403:
            assert answer.json()["detail"] == "This needs the scope claims:decide."
            quote = await key.post("/v1/claims/quote", {**RETURN, "requested_at": requested_at})
            assert quote.status_code == 403


RETURN = {"order_id": "order-1", "kind": "return", "reason": "change_of_mind", "lines": [ONE]}


async def test_a_request_of_the_seller_takes_the_scope_of_a_seller(
    shop: Storefront, buyer: Storefront, clerk: Storefront
) -> None:
    await shop.push_order()
    assert (await buyer.ask("cancel", "out_of_stock", requester="seller")).status_code == 403
    assert (await clerk.ask("cancel", "out_of_stock", requester="seller")).status_code == 201


async def test_a_buyer_does_not_confirm_their_own_payment(
    shop: Storefront, buyer: Storefront, clerk: Storefront
) -> None:
    claim = await begin(shop, WALKS["an exchange"])
    for step in (APPROVE, RECEIVE, INSPECT):
        claim = await shop.give(claim, *step)
    path = f"/v1/claims/{claim['claim_id']}/confirm-payment"
    payment = {"payment_id": "fee-1", "method": "card", "amount": 6000}
    assert claim["still_owed"] == 6000
    refused = await buyer.post(path, payment)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["still_owed"] == 6000
    assert (await clerk.post(path, payment)).json()["still_owed"] == 0


async def test_an_actor_does_not_hide_the_key(shop: Storefront, buyer: Storefront) -> None:
    await shop.push_order()
    claim = (await buyer.ask("cancel", actor="the manager")).json()
    assert claim["requester"] == {"role": "buyer", "name": "the manager", "key": "test"}
    held = await shop.give(claim, "hold", {"reason": "seller_check", "actor": "minji"})
    await shop.give(held, "release")
    question = {"kind": "question", "text": "Why?", "actor": "minji"}
    await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", question)
    named = [event["data"]["by"] for event in await history(shop, claim)]
    assert [by["name"] for by in named] == ["the manager", "minji", "test", "minji", "minji"]
    assert {by["key"] for by in named} == {"test"}


async def test_the_system_has_no_key(shop: Storefront) -> None:
    claim = await begin(shop, WALKS["a cancellation is granted"])
    shop.clock.turn(days=90)
    claim = await shop.give(claim, "approve", {"actor": "minji"})
    for refund in await shop.refunds_of(claim):
        await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"amount": refund["amount"]})
    named = [event["data"]["by"] for event in await history(shop, claim) if "by" in event["data"]]
    assert [(by["role"], by["key"]) for by in named] == [("buyer", "test"), ("seller", "test"), ("system", None)]


async def test_the_line_of_a_request_names_the_merchant_and_the_key(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.push_order()
    with caplog.at_level(logging.INFO, "app.access"):
        await shop.claim("cancel", actor="nobody")
        await shop.http.get("/v1/claims")
    with_key, without_key = (record for record in caplog.records if record.name == "app.access")
    assert vars(with_key)["merchant"] == shop.merchant_id
    assert vars(with_key)["key"] in {key.key_id for key in await database.write(api_keys.all_keys)}
    assert "key" not in vars(without_key)
