from typing import Any

from tests.races.conftest import ORDERS, Arena, everywhere, tally
from tests.storefront import Storefront

LINES = [{"line_id": line_id, "quantity": 1, "unit_price": 60_000} for line_id in ("1", "2", "3")]
PARCEL = {"carrier": "cj", "number": "640000000001"}


@everywhere
async def test_of_the_claims_of_a_parcel_one_carries_the_fee(arena: Arena) -> None:
    """All claims of all orders are inspected at the same moment."""
    payments = [{"payment_id": "pay-1", "method": "card", "amount": 180_000}]
    await arena.orders(shipping_charged=0, lines=LINES, payments=payments)
    received = {order: [await _receive(arena.shop, order, line) for line in LINES] for order in ORDERS}
    claims = [claim for several in received.values() for claim in several]
    answers = await arena.rush(_inspect, claims)
    assert tally(answers) == {"200": len(claims)}
    for several in received.values():
        ends = [(await arena.shop.get(f"/v1/claims/{claim['claim_id']}")).json() for claim in several]
        (carrier,) = [end["claim_id"] for end in ends if end["fee_carried_by"] is None]
        assert {end["fee_carried_by"] for end in ends} == {None, carrier}
        assert sum(end["amounts"]["total"] for end in ends) == 180_000 - 3_000 - 3_000


async def _receive(shop: Storefront, order_id: str, line: dict[str, Any]) -> dict[str, Any]:
    if line is LINES[0]:
        await shop.ship(order_id)
    units = {"line_id": line["line_id"], "quantity": 1}
    claim = await shop.claim("return", order_id=order_id, lines=[units])
    await shop.give(claim, "approve")
    await shop.give(claim, "dispatch", {"tracking": PARCEL})
    return await shop.give(claim, "receive", {"lines": [units]})


async def _inspect(shop: Storefront, claim: dict[str, Any]) -> Any:
    inspection = {"lines": [{"line_id": claim["lines"][0]["line_id"], "accepted": 1}]}
    return await shop.post(f"/v1/claims/{claim['claim_id']}/inspect", inspection)
