"""Cancellations that approve themselves, and cancellations that a parcel overtakes."""

from typing import Any

import pytest

from tests.api.claims import codes, history, order_of, read, take
from tests.api.walks import ONE, PAY
from tests.storefront import ORDER, Storefront

CONFIRMED = {"confirmed_at": "2026-06-05T12:00:00+09:00"}
TWO = [{**ONE, "quantity": 2}]

AUTOMATIC: list[tuple[str, str, dict[str, Any], bool]] = [
    ("naver, not confirmed", "naver", {}, True),
    ("naver, confirmed", "naver", CONFIRMED, False),
    ("qoo10, no ship date", "qoo10_jp", {}, True),
    ("qoo10, no ship date, confirmed", "qoo10_jp", CONFIRMED, True),
    ("qoo10, ships today", "qoo10_jp", {"expected_ship_on": "2026-06-08"}, False),
    ("qoo10, should have shipped yesterday", "qoo10_jp", {"expected_ship_on": "2026-06-07"}, True),
    ("a storefront of its own", "storefront_kr", {}, False),
    ("Korean law alone", "kr", {}, False),
]


async def test_the_policy_says_which_cancellations_approve_themselves(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    for name, policy, order, by_itself in AUTOMATIC:
        with subtests.test(name):
            await shop.push_order(name, policy=policy, **order)
            claim = await shop.claim("cancel", order_id=name)
            assert claim["assessment"]["automatic"] == ("approve" if by_itself else None)
            assert claim["state"] == ("approved" if by_itself else "requested")
            roles = [event["data"].get("by", {}).get("role") for event in await history(shop, claim)]
            assert roles == (["buyer", "system", None] if by_itself else ["buyer"])
            assert len(await shop.refunds_of(claim)) == by_itself


async def test_a_cancellation_that_the_buyer_may_not_have_waits_for_a_person(shop: Storefront) -> None:
    custom = {**ORDER["lines"][0], "nature": "custom_made", "records": ["notice", "consent"]}
    await shop.push_order(policy="naver", lines=[custom])
    claim = await shop.claim("cancel")
    assert (claim["state"], claim["assessment"]["verdict"]) == ("requested", "ineligible")
    assert claim["assessment"]["alternatives_required"]


async def test_an_automatic_approval_after_reclassification_follows_at_once(shop: Storefront) -> None:
    await shop.push_order(policy="naver")
    claim = await shop.claim("cancel", "other")
    assert (claim["state"], claim["assessment"]["verdict"]) == ("requested", "review")
    claim = await shop.give(claim, "reclassify", {"reason": "out_of_stock"})
    assert claim["state"] == "approved"
    assert claim["deadlines"]["refund_due_on"] == "2026-06-10"


# Overtaken: the parcel left after the request


def shipment(**changes: Any) -> dict[str, Any]:
    """A parcel that left at 13:00, an hour after the clock of these tests begins."""
    return {"carrier": "cj", "tracking_number": "T-1", "shipped_at": "2026-06-08T13:00:00+09:00", **changes}


async def report(shop: Storefront, parcel: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.post("/v1/orders/order-1/shipments", parcel)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def request_first(shop: Storefront, **changes: Any) -> dict[str, Any]:
    """The storefront sends the claim first, and then the report of the parcel that overtakes the claim."""
    claim = await shop.claim("cancel", **changes)
    shop.clock.turn(hours=2)
    await report(shop, shipment())
    return await read(shop, claim)


async def ship_first(shop: Storefront, **changes: Any) -> dict[str, Any]:
    """The storefront reports the parcel first, and then sends a claim from an hour before the parcel left."""
    requested_at = shop.clock().isoformat()
    shop.clock.turn(hours=2)
    await report(shop, shipment())
    return await shop.claim("cancel", requested_at=requested_at, **changes)


@pytest.mark.parametrize("arrive", [request_first, ship_first], ids=["claim first", "parcel first"])
async def test_overtaken_the_cancellation_becomes_a_return_at_the_sellers_cost(shop: Storefront, arrive: Any) -> None:
    await shop.push_order()
    claim = await arrive(shop)
    assert (claim["kind"], claim["state"], claim["overtaken"]) == ("return", "requested", True)
    assert (claim["assessment"]["verdict"], claim["seller_pays_return"]) == ("eligible", True)
    assert claim["amounts"]["total"] == 12000
    assert (await order_of(shop, claim))["lines"][0]["units"]["open_other"] == 1
    assert [event["type"] for event in await history(shop, claim)] == ["claim.requested", "claim.overtaken"]
    for step in (
        ("approve", {}),
        ("receive", {"lines": [ONE]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
        PAY,
    ):
        claim = await take(shop, claim, step)
    assert claim["state"] == "refunded"


@pytest.mark.parametrize("arrive", [request_first, ship_first], ids=["claim first", "parcel first"])
async def test_overtaken_cancellations_end_where_the_policy_refuses_them(shop: Storefront, arrive: Any) -> None:
    await shop.push_order(policy="qoo10_jp", expected_ship_on="2026-06-09")
    claim = await arrive(shop)
    assert (claim["kind"], claim["state"], claim["overtaken"]) == ("cancel", "rejected", True)
    assert claim["rejection"]["ground"] == "already_shipped"
    units = (await order_of(shop, claim))["lines"][0]["units"]
    assert (units["untouched"], units["open_cancel"], units["open_other"]) == (2, 0, 0)


async def test_a_cancellation_of_goods_that_had_left_goes_on_as_a_return_in_one_command(shop: Storefront) -> None:
    """The return follows the fault: the buyer pays for a change of mind."""
    await shop.push_order()
    claim = await shop.claim("cancel")
    assert [each["allowed"] for each in claim["actions"] if each["command"] == "convert"] == [False]
    early = await shop.post(f"/v1/claims/{claim['claim_id']}/convert")
    assert codes(early.json()) == ["not_shipped"]
    await shop.give(claim, "retract")
    await report(shop, shipment(shipped_at=shop.clock().isoformat(), lines=TWO))
    shop.clock.turn(hours=2)
    claim = await shop.claim("cancel")
    assert claim["assessment"]["findings"][0]["ground"] == "already_shipped"
    other = await shop.post(f"/v1/claims/{claim['claim_id']}/convert", {"to": "exchange"})
    assert codes(other.json()) == ["becomes_a_return"]
    claim = await shop.give(claim, "convert")
    assert (claim["kind"], claim["state"], claim["overtaken"]) == ("return", "requested", False)
    assert claim["amounts"]["total"] == 9000
    units = (await order_of(shop, claim))["lines"][0]["units"]
    assert (units["untouched"], units["open_cancel"], units["open_other"]) == (1, 0, 1)
    assert (await shop.give(claim, "approve"))["state"] == "approved"


async def test_units_that_have_not_left_are_still_cancelled(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel", lines=TWO)
    shop.clock.turn(hours=2)
    await report(shop, shipment(lines=[ONE]))
    claim = await read(shop, claim)
    assert (claim["kind"], claim["state"], claim["lines"][0]["quantity"]) == ("cancel", "requested", 1)
    units = (await order_of(shop, claim))["lines"][0]["units"]
    assert (units["untouched"], units["open_cancel"], units["open_other"]) == (0, 1, 1)
    assert (await shop.give(claim, "approve"))["amounts"]["total"] == 12000


async def test_the_shipped_units_of_a_cancellation_come_back_at_the_sellers_cost(shop: Storefront) -> None:
    await shop.push_order()
    cancellation = await shop.claim("cancel", lines=TWO)
    shop.clock.turn(hours=2)
    await report(shop, shipment(lines=[ONE]))
    (split,) = [claim for claim in (await shop.get("/v1/claims")).json()["data"] if claim["kind"] == "return"]
    assert (split["split_from"], split["state"], split["overtaken"]) == (
        cancellation["claim_id"],
        "requested",
        True,
    )
    assert [(line["line_id"], line["quantity"]) for line in split["lines"]] == [("1", 1)]
    assert (split["assessment"]["verdict"], split["assessment"]["return_shipping_payer"]) == (
        "eligible",
        "seller",
    )
    assert [(step["code"], step["amount"]) for step in split["amounts"]["steps"]] == [("goods", 12000)]
    (event,) = (await shop.get(f"/v1/claims/{split['claim_id']}/events")).json()["data"]
    assert (event["type"], event["data"]["by"]["role"]) == ("claim.requested", "system")


async def test_units_paid_after_the_cancellation_request_still_become_a_return(shop: Storefront) -> None:
    await shop.push_order(payments=[], paid_at=None)
    await shop.claim("cancel", "other", lines=TWO)
    shop.clock.turn(hours=1)
    payment = {"payment_id": "pay-1", "method": "bank_transfer", "amount": 27000}
    assert (await shop.post("/v1/orders/order-1/payments", payment)).status_code == 200
    shop.clock.turn(hours=1)
    await report(shop, shipment(lines=[ONE]))
    kinds = [(claim["kind"], claim["fault"]) for claim in (await shop.get("/v1/claims")).json()["data"]]
    assert sorted(kinds) == [("cancel", "undecided"), ("return", "undecided")]


async def test_units_shipped_before_the_request_leave_the_claim_and_the_rest_is_still_cancelled(
    shop: Storefront,
) -> None:
    await shop.push_order()
    requested_at = shop.clock()
    shop.clock.turn(hours=2)
    claim = await shop.claim("cancel", lines=TWO)
    shipped_early = {**shipment(lines=[ONE]), "shipped_at": requested_at.isoformat()}
    await report(shop, shipped_early)
    claim = await read(shop, claim)
    assert (claim["state"], claim["lines"][0]["quantity"]) == ("requested", 1)
    units = (await order_of(shop, claim))["lines"][0]["units"]
    assert (units["untouched"], units["open_cancel"], units["open_other"]) == (1, 1, 0)


async def test_the_newest_of_several_cancellations_is_overtaken_first(shop: Storefront) -> None:
    await shop.push_order()
    older = await shop.claim("cancel")
    shop.clock.turn(minutes=30)
    newer = await shop.claim("cancel")
    shop.clock.turn(hours=2)
    await report(shop, shipment(lines=[ONE]))
    assert [(await read(shop, claim))["kind"] for claim in (older, newer)] == ["cancel", "return"]


async def test_a_cancellation_asked_for_after_the_parcel_left_has_a_ground_against_it(shop: Storefront) -> None:
    await shop.push_order()
    shop.clock.turn(hours=2)
    await report(shop, shipment())
    claim = await shop.claim("cancel")
    assert (claim["kind"], claim["state"], claim["assessment"]["verdict"]) == ("cancel", "requested", "ineligible")
    assert [finding["ground"] for finding in claim["assessment"]["findings"]] == ["already_shipped"]
    refusal = await shop.post(f"/v1/claims/{claim['claim_id']}/approve", {"override": "please"})
    assert codes(refusal.json()) == ["already_shipped"]
    rejected = await shop.give(claim, "reject", {"ground": "already_shipped", "message": "이미 출발했습니다."})
    assert rejected["state"] == "rejected"


async def test_a_granted_cancellation_is_not_overtaken_but_stops_the_parcel(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel", lines=TWO), "approve")
    shop.clock.turn(hours=2)
    refusal = await shop.post("/v1/orders/order-1/shipments", shipment())
    assert (refusal.status_code, refusal.json()["code"]) == (409, "nothing_to_ship")
    assert (await read(shop, claim))["state"] == "approved"


async def test_a_held_cancellation_is_overtaken_all_the_same(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), "hold", {"reason": "seller_check"})
    shop.clock.turn(hours=2)
    await report(shop, shipment())
    claim = await read(shop, claim)
    assert (claim["kind"], claim["overtaken"], claim["hold"]["reason"]) == ("return", True, "seller_check")
