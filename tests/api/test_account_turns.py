"""Whose turn a claim is while its refund waits for an account of the buyer, on both databases."""

from tests.api.claims import history, read
from tests.api.test_refund_accounts import put
from tests.api.test_refund_parts import VIRTUAL_ACCOUNT
from tests.api.test_refunds import owe_refund, report
from tests.storefront import Storefront


async def test_a_claim_that_waits_for_the_account_is_the_buyers_turn_and_keeps_the_laws_day(shop: Storefront) -> None:
    """KR E-Commerce Act 18(2) names no account. Civil Act 460, 461: who has asked for it is not in default."""
    claim, refund = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    waiting = await read(shop, claim)
    assert (waiting["turn"], waiting["turn_ends_by"]) == ("buyer", waiting["deadlines"]["refund_due_by"])
    assert waiting["deadlines"]["refund_due_by"] is not None
    turns = [event["data"]["claim"]["turn"] for event in await history(shop, claim) if "claim" in event["data"]]
    assert turns[-1]["party"] == "buyer"
    await put(shop, claim)
    assert (await read(shop, claim))["turn"] == "seller"
    await report(shop, refund, "processing", method="bank_transfer")
    assert (await read(shop, claim))["turn"] == "provider"
    await report(shop, refund, "failed")
    assert (await read(shop, claim))["turn"] == "seller"
    shop.clock.turn(minutes=1)
    await shop.post(f"/v1/claims/{claim['claim_id']}/refund-account/request")
    assert (await read(shop, claim))["turn"] == "buyer"
    await put(shop, claim)
    assert (await read(shop, claim))["turn"] == "seller"


async def test_an_account_that_was_named_early_leaves_the_turn_with_the_seller(shop: Storefront) -> None:
    await shop.push_order(payments=VIRTUAL_ACCOUNT)
    claim = await shop.claim("cancel")
    await put(shop, claim)
    await shop.give(claim, "approve")
    assert (await read(shop, claim))["turn"] == "seller"


async def test_a_refund_beside_the_account_is_still_the_sellers(shop: Storefront) -> None:
    card = {"payment_id": "pay-2", "method": "card", "amount": 5_000}
    (virtual,) = VIRTUAL_ACCOUNT
    await shop.push_order(payments=[{**virtual, "amount": 22_000}, card])
    claim = await shop.give(await shop.claim("cancel"), "approve")
    assert claim["turn"] == "seller"
    (by_card,) = [refund for refund in await shop.refunds_of(claim) if refund["method"] == "card"]
    await report(shop, by_card, "processing")
    assert (await read(shop, claim))["turn"] == "buyer"
