"""A replacement is a line of the order like any other line."""

from datetime import datetime
from typing import Any

from tests.api import walks
from tests.api.claims import begin, codes, order_of, refusals, take
from tests.api.walks import ONE, WALKS
from tests.storefront import ORDER, Storefront


async def test_an_exchange_needs_a_replacement_that_can_be_sent(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("exchange")
    assert await refusals(shop, claim, "approve") == ["replacement_unnamed"]
    sold_out = {"line_id": "1", "replacement": {**walks.BLUE, "sellable": False}}
    claim = await shop.give(claim, "reclassify", {"reason": "change_of_mind", "replacements": [sold_out]})
    assert await refusals(shop, claim, "approve") == ["replacement_unsellable"]


async def test_an_exchanged_item_comes_back_as_a_claim_on_the_replacement(shop: Storefront) -> None:
    walk = WALKS["an exchange"]
    claim = await begin(shop, walk)
    for step in walk.steps:
        claim = await take(shop, claim, step)
    assert (claim["amounts"]["total"], claim["amounts"]["buyer_owes"]) == (0, 6000)
    original, replacement = (await order_of(shop, claim))["lines"]
    assert (replacement["replaces"], replacement["sku"], replacement["delivered"]) == ("1", "MUG-BLUE", 1)
    assert original["units"]["exchanged"] == 1
    answer = await shop.ask("return", lines=[{**ONE, "quantity": 2}])
    assert codes(answer.json()) == ["units_unavailable", "not_shipped"]
    second_claim = await shop.claim("return", "defective", lines=[{"line_id": replacement["line_id"], "quantity": 1}])
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [{"line_id": replacement["line_id"], "quantity": 1}]}),
        ("inspect", {"lines": [{"line_id": replacement["line_id"], "accepted": 1}]}),
        ("pay", {}),
    ):
        second_claim = await take(shop, second_claim, (command, body))
    assert (second_claim["state"], second_claim["amounts"]["total"]) == ("refunded", 12000)
    original, replacement = (await order_of(shop, claim))["lines"]
    assert (original["units"]["exchanged"], replacement["units"]["returned"]) == (1, 1)


async def exchange_line(shop: Storefront, line_id: str) -> dict[str, Any]:
    """Exchange one unit of a line. Returns the line of the replacement."""
    line = {"line_id": line_id, "quantity": 1}
    claim = await shop.claim("exchange", "defective", lines=[{**line, "replacement": walks.BLUE}])
    for step in (
        walks.APPROVE,
        ("receive", {"lines": [line]}),
        ("inspect", {"lines": [{"line_id": line_id, "accepted": 1}]}),
        walks.RESHIP,
        walks.CONFIRM,
    ):
        claim = await take(shop, claim, step)
    return dict((await order_of(shop, claim))["lines"][-1])


async def test_a_replacement_arrives_like_any_parcel(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    line = {"line_id": "1", "quantity": 1}
    claim = await shop.claim("exchange", "defective", lines=[{**line, "replacement": walks.BLUE}])
    for step in (
        walks.APPROVE,
        ("receive", {"lines": [line]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
        ("reship", {"tracking": {"carrier": "cj", "number": "R-1"}}),
    ):
        claim = await take(shop, claim, step)
    order = await order_of(shop, claim)
    (parcel,) = [line for line in order["shipments"] if line["tracking_number"] == "R-1"]
    assert parcel["lines"] == [{"line_id": order["lines"][-1]["line_id"], "quantity": 1}]
    shop.clock.turn(days=1)
    delivered_at = shop.clock()
    shop.clock.turn(days=1)
    report = {"carrier": "cj", "tracking_number": "R-1", "delivered_at": delivered_at.isoformat()}
    assert (await shop.post("/v1/orders/order-1/deliveries", report)).status_code == 200
    claim = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    replacement = (await order_of(shop, claim))["lines"][-1]
    assert (claim["state"], replacement["delivered"]) == ("exchanged", 1)
    assert datetime.fromisoformat(replacement["delivered_at"]) == delivered_at


async def test_a_replacement_that_was_confirmed_by_hand_may_be_reported_all_the_same(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    replacement = await exchange_line(shop, "1")
    parcel = {"carrier": walks.PARCEL["carrier"], "tracking_number": walks.PARCEL["number"]}
    report = {**parcel, "delivered_at": shop.clock().isoformat()}
    answer = await shop.post("/v1/orders/order-1/deliveries", report)
    assert (answer.status_code, answer.json()["lines"][-1]["delivered"]) == (200, replacement["quantity"])


async def test_a_line_with_the_longest_of_ids_can_be_exchanged(postgres_shop: Storefront) -> None:
    longest = "x" * 200
    await postgres_shop.push_order(lines=[{**ORDER["lines"][0], "line_id": longest}])
    await postgres_shop.ship()
    assert (await exchange_line(postgres_shop, longest))["replaces"] == longest


async def test_a_replacement_can_be_exchanged_again_and_again(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    line_id = "1"
    for _ in range(7):
        replacement = await exchange_line(shop, line_id)
        assert (replacement["replaces"], replacement["quantity"], replacement["delivered"]) == (line_id, 1, 1)
        line_id = replacement["line_id"]


async def test_a_debt_is_said_before_the_decision_and_until_it_is_paid(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    dearer = [{"line_id": "1", "quantity": 1, "replacement": {"sku": "MUG-LARGE", "unit_price": 15000}}]
    asked = {"order_id": "order-1", "kind": "exchange", "reason": "defective", "lines": dearer}
    quote = (await shop.post("/v1/claims/quote", asked)).json()
    claim = await shop.claim("exchange", "defective", lines=dearer)
    owed = [quote["still_owed"], claim["still_owed"]]
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [{"line_id": "1", "quantity": 1}]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
        ("confirm-payment", {"payment_id": "extra", "method": "card", "amount": 3000}),
    ):
        claim = await shop.give(claim, command, body)
        owed.append(claim["still_owed"])
    assert owed == [3000, 3000, 3000, 3000, 3000, 0]
