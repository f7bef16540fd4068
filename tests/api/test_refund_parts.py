"""Refunds that are paid in parts or another way, and what is told about it."""

from typing import Any

from tests.api.claims import history, read
from tests.api.test_refunds import owe_refund, refusal, report, reread
from tests.storefront import Storefront

VIRTUAL_ACCOUNT = [{"payment_id": "pay-1", "method": "virtual_account", "amount": 27000}]


async def pay_part(shop: Storefront, refund: dict[str, Any], amount: int, **body: Any) -> dict[str, Any]:
    return await report(shop, refund, "parts", amount=amount, **body)


def ways(refund: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    return [(part["method"], part["amount"], part["provider_reference"]) for part in refund["parts"]]


async def test_a_card_that_failed_is_refunded_by_bank_transfer_and_recorded_as_that(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop)
    other = {"method": "bank_transfer", "provider_reference": "tr_1"}
    assert await refusal(shop, refund, "succeeded", **other) == ("refund_method_differs", "method")
    await report(shop, refund, "failed", failure="card closed")
    paid = await report(shop, refund, "succeeded", **other)
    assert (paid["method"], ways(paid), paid["paid"]) == ("card", [("bank_transfer", 12000, "tr_1")], 12000)
    assert (await read(shop, claim))["state"] == "refunded"
    assert await report(shop, refund, "succeeded", **other) == paid


async def test_a_refund_of_a_virtual_account_is_paid_in_parts(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    assert refund["refund_to"] == "account"
    refund = await pay_part(shop, refund, 5000, method="points", provider_reference="po_1")
    assert (refund["status"], refund["paid"], (await read(shop, claim))["state"]) == ("pending", 5000, "approved")
    assert await pay_part(shop, refund, 5000, method="points", provider_reference="po_1") == refund
    assert await refusal(shop, refund, "parts", amount=7001) == ("refund_amount_differs", "amount")
    assert await refusal(shop, refund, "succeeded", amount=12000) == ("refund_amount_differs", "amount")
    refund = await pay_part(shop, refund, 7000, method="bank_transfer", provider_reference="tr_1")
    assert ways(refund) == [("points", 5000, "po_1"), ("bank_transfer", 7000, "tr_1")]
    assert (refund["status"], (await read(shop, claim))["state"]) == ("succeeded", "refunded")
    types = [event["type"] for event in await history(shop, claim)]
    assert types[-3:] == ["refund.part_paid", "refund.succeeded", "claim.refunded"]


async def test_a_reference_of_a_part_belongs_to_one_refund(shop: Storefront) -> None:
    _, refund = await owe_refund(shop, "order-1", payments=VIRTUAL_ACCOUNT)
    _, other = await owe_refund(shop, "order-2", payments=VIRTUAL_ACCOUNT)
    body = {"method": "bank_transfer", "provider_reference": "tr_1"}
    await pay_part(shop, refund, 5000, **body)
    differs = ("refund_reference_differs", "provider_reference")
    assert await refusal(shop, other, "parts", amount=5000, **body) == differs
    assert await refusal(shop, other, "succeeded", **body) == differs


async def test_a_reference_that_comes_later_is_the_parts_too(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    await report(shop, refund, "succeeded")
    await report(shop, refund, "succeeded", provider_reference="re_1")
    assert ways(await reread(shop, refund)) == [("card", 12000, "re_1")]


async def test_where_money_goes_back_to_is_the_storefronts_word(shop: Storefront) -> None:
    """A provider can send the money of this bank transfer back."""
    goes_back = [{**VIRTUAL_ACCOUNT[0], "method": "bank_transfer", "refund_to": "source"}]
    _, refund = await owe_refund(shop, payments=goes_back)
    assert refund["refund_to"] == "source"
    assert await refusal(shop, refund, "succeeded", method="points") == ("refund_method_differs", "method")


async def test_a_part_about_an_older_version_changes_nothing(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    await pay_part(shop, refund, 5000)
    stale = await shop.post(f"/v1/refunds/{refund['refund_id']}/parts", {"amount": 5000}, if_match='"1"')
    assert (stale.status_code, (await reread(shop, refund))["paid"]) == (412, 5000)


async def test_what_was_paid_in_parts_stays_paid_when_the_bank_takes_the_payment(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    await pay_part(shop, refund, 5000, method="bank_transfer", provider_reference="tr_1")
    taken = {"reversal_id": "dp_1", "kind": "chargeback", "amount": 20000}
    order = (await shop.post("/v1/orders/order-1/payments/pay-1/reversals", taken)).json()
    ended = await reread(shop, refund)
    assert (ended["status"], ended["amount"], ended["paid"]) == ("voided", 12000, 5000)
    rest = next(each for each in await shop.refunds_of(claim) if each["status"] == "pending")
    assert (rest["amount"], order["payments"][0]["refunded"]) == (2000, 7000)
    assert (await read(shop, claim))["amounts"]["total"] == 7000
    await report(shop, rest, "succeeded", method="bank_transfer")
    assert (await read(shop, claim))["state"] == "refunded"
    assert (await refusal(shop, refund, "parts", amount=1, method="bank_transfer"))[0] == "refund_voided"
