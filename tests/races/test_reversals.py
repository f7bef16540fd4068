"""Two reports of the bank about one payment at once, and a report of the bank while the payer reports too."""

from typing import Any

from tests.audit import audit
from tests.races.conftest import CALLERS, ORDERS, Arena, tally
from tests.storefront import Storefront

CAPTURED = 27000
ACCOUNT = [{"payment_id": "pay-1", "method": "virtual_account", "amount": CAPTURED}]


def taken(amount: int, name: str = "dp_1") -> dict[str, Any]:
    return {"reversal_id": name, "kind": "chargeback", "amount": amount}


def reversals_of(order: str) -> str:
    return f"/v1/orders/{order}/payments/pay-1/reversals"


async def test_reversals_of_one_payment_never_take_more_than_was_captured(arena: Arena) -> None:
    await arena.orders()
    ends = await arena.duel(
        lambda shop, order: shop.post(reversals_of(order), taken(15000, "dp_1")),
        lambda shop, order: shop.post(reversals_of(order), taken(15000, "dp_2")),
        ORDERS,
    )
    assert {tuple(sorted(end)) for end in ends} == {("200", "409 reversal_above_captured")}
    for order in ORDERS:
        (payment,) = (await arena.shop.get(f"/v1/orders/{order}")).json()["payments"]
        assert payment["reversed"] == 15000


async def test_one_reversal_counts_once_however_often_it_is_reported(arena: Arena) -> None:
    await arena.shop.push_order()
    claim = await arena.shop.give(await arena.shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}]), "approve")
    path = reversals_of("order-1")
    answers = await arena.rush(lambda shop, _: shop.post(path, taken(6000)), range(CALLERS))
    assert tally(answers) == {"200": CALLERS}
    refunds = await arena.shop.refunds_of(claim)
    assert sorted((each["status"], each["amount"]) for each in refunds) == [("pending", 21000), ("voided", 27000)]
    assert await audit(arena.database_url) == []


async def test_a_part_that_is_paid_while_the_bank_takes_the_payment_is_counted_or_refused(arena: Arena) -> None:
    """What was paid before the report of the bank stays paid. A later part has no refund any more."""
    claims = await arena.cancellations(payments=ACCOUNT)
    await arena.together(lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"), claims.values())
    refunds = {order: (await arena.shop.refunds_of({"claim_id": claim}))[0] for order, claim in claims.items()}

    async def pay_part(shop: Storefront, order: str) -> Any:
        part = {"amount": 5000, "method": "bank_transfer", "provider_reference": f"tr-{order}"}
        return await shop.post(f"/v1/refunds/{refunds[order]['refund_id']}/parts", part)

    ends = await arena.duel(pay_part, lambda shop, order: shop.post(reversals_of(order), taken(20000)), ORDERS)
    assert set(ends) <= {("200", "200"), ("409 refund_voided", "200")}
    for order, (part, _) in zip(ORDERS, ends, strict=True):
        paid = 5000 if part == "200" else 0
        every = await arena.shop.refunds_of({"claim_id": claims[order]})
        seen = sorted((each["status"], each["amount"], each["paid"]) for each in every)
        assert seen == [("pending", CAPTURED - 20000 - paid, 0), ("voided", CAPTURED, paid)]
    assert await audit(arena.database_url) == []
