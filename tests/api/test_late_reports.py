"""What happened earlier may be reported late: the report says when, and deadlines count from then."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.records.api_key import Scope
from app.store.database import Database
from tests.api.claims import order_of, read
from tests.api.keys import colleague
from tests.api.order_events import order_event_types
from tests.api.policies import publish
from tests.api.test_refunds import owe_refund, report, reread
from tests.storefront import Storefront

ONE = [{"line_id": "1", "quantity": 1}]
ACCEPTED = [{"line_id": "1", "accepted": 1}]
Body = dict[str, Any]
PARCEL = {"carrier": "cj", "number": "659876543210"}
BLUE = [{"line_id": "1", "quantity": 1, "replacement": {"sku": "MUG-BLUE"}}]


def ago(shop: Storefront, **before: float) -> str:
    return (shop.clock() - timedelta(**before)).isoformat()


def same(stored: str, stated: str) -> bool:
    return datetime.fromisoformat(stored) == datetime.fromisoformat(stated)


async def approved(
    shop: Storefront, kind: str = "return", policy: str = "storefront_kr", **request: Any
) -> dict[str, Any]:
    """A claim that was approved ten days ago."""
    await shop.push_order(policy=policy)
    await shop.ship()
    shop.clock.turn(hours=1)
    claim = await shop.give(await shop.claim(kind, "defective", **request), "approve")
    shop.clock.turn(days=10)
    return claim


async def test_the_refund_of_goods_that_came_back_earlier_is_due_earlier(shop: Storefront) -> None:
    claim = await approved(shop)
    sent, came, seen = ago(shop, days=8), ago(shop, days=6), ago(shop, days=5)
    claim = await shop.give(claim, "dispatch", {"tracking": PARCEL, "dispatched_at": sent})
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": came})
    claim = await shop.give(claim, "inspect", {"lines": ACCEPTED, "inspected_at": seen})
    assert same(claim["dispatched_at"], sent)
    assert same(claim["received_at"], came)
    assert same(claim["inspected_at"], seen)
    due_by = datetime.fromisoformat(claim["deadlines"]["refund_due_by"])
    assert due_by < shop.clock() < due_by + timedelta(days=5)
    (refund,) = await shop.refunds_of(claim)
    assert refund["late_interest"] > 0


async def test_goods_are_back_with_the_last_of_two_receipts(shop: Storefront) -> None:
    claim = await approved(shop, lines=[{"line_id": "1", "quantity": 2}])
    last = ago(shop, days=2)
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": last})
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": ago(shop, days=3)})
    assert (claim["state"], same(claim["received_at"], last)) == ("received", True)


async def test_the_windows_of_a_replacement_count_from_its_arrival(shop: Storefront) -> None:
    claim = await approved(shop, "exchange", lines=BLUE)
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": ago(shop, days=7)})
    claim = await shop.give(claim, "inspect", {"lines": ACCEPTED, "inspected_at": ago(shop, days=7)})
    sent, arrived = ago(shop, days=6), ago(shop, days=4)
    claim = await shop.give(claim, "reship", {"tracking": PARCEL, "reshipped_at": sent})
    claim = await shop.give(claim, "confirm-delivery", {"delivered_at": arrived})
    replacement = (await order_of(shop, claim))["lines"][1]
    assert same(replacement["shipped_at"], sent)
    assert same(replacement["delivered_at"], arrived)


async def test_a_debt_was_paid_when_the_report_says(shop: Storefront) -> None:
    lines = [{**BLUE[0], "replacement": {"sku": "MUG-BLUE", "unit_price": 20000}}]
    claim = await approved(shop, "exchange", lines=lines)
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": ago(shop, days=7)})
    claim = await shop.give(claim, "inspect", {"lines": ACCEPTED})
    paid_at = ago(shop, days=1)
    payment = {"payment_id": "extra", "method": "card", "amount": claim["amounts"]["buyer_owes"]}
    claim = await shop.give(claim, "confirm-payment", {**payment, "paid_at": paid_at})
    assert same(claim["buyer_payment"]["paid_at"], paid_at)


STEPS: list[tuple[str, str, Body]] = [
    ("dispatch", "dispatched_at", {"tracking": PARCEL}),
    ("receive", "received_at", {"lines": ONE}),
    ("inspect", "inspected_at", {"lines": ACCEPTED}),
    ("reship", "reshipped_at", {"tracking": PARCEL}),
    ("confirm-delivery", "delivered_at", {}),
]


REPAIR_STEPS = [*STEPS[:3], ("complete-repair", "completed_at", {}), STEPS[4]]
"""The buyer fetches the repaired goods."""


@pytest.mark.parametrize(
    ("kind", "steps", "end"), [("exchange", STEPS, "exchanged"), ("repair", REPAIR_STEPS, "sent_back")]
)
async def test_no_report_is_from_the_future_or_before_what_it_follows(
    shop: Storefront, kind: str, steps: list[tuple[str, str, Body]], end: str
) -> None:
    claim = await approved(shop, kind, lines=BLUE if kind == "exchange" else ONE)
    for number, (command, field, body) in enumerate(steps):
        happened = ago(shop, days=8 - number)
        too_early = ago(shop, days=9.1 - number if number else 10.2)
        for instant, code in ((ago(shop, days=-1), "happened_in_future"), (too_early, "happened_too_early")):
            answer = await shop.post(f"/v1/claims/{claim['claim_id']}/{command}", {**body, field: instant})
            refusals = answer.json()["refusals"]
            assert [(each["code"], each["field"]) for each in refusals] == [(code, field)], (command, instant)
            assert await read(shop, claim) == claim
        claim = await shop.give(claim, command, {**body, field: happened})
    assert claim["state"] == end


async def test_a_client_whose_clock_is_ahead_by_minutes_gives_its_commands(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    soon, later = ago(shop, minutes=-5), ago(shop, minutes=-5.1)
    body = {"order_id": "order-1", "kind": "return", "reason": "defective", "lines": ONE}
    for field in ("requested_at", "discovered_at"):
        answer = await shop.post("/v1/claims", {**body, field: later})
        (refusal,) = answer.json()["refusals"]
        assert refusal["field"] == field
    claim = await shop.claim("return", "defective", requested_at=soon, discovered_at=soon)
    assert same(claim["requested_at"], soon)
    claim = await shop.give(claim, "approve")
    for command, field, step in STEPS[:3]:
        path = f"/v1/claims/{claim['claim_id']}/{command}"
        (refusal,) = (await shop.post(path, {**step, field: later})).json()["refusals"]
        assert (refusal["code"], refusal["field"]) == ("happened_in_future", field)
        claim = await shop.give(claim, command, {**step, field: soon})
        assert same(claim[field], soon)


async def test_a_repair_was_done_when_the_report_says(shop: Storefront) -> None:
    claim = await approved(shop, "repair", lines=ONE)
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": ago(shop, days=7)})
    claim = await shop.give(claim, "inspect", {"lines": ACCEPTED, "inspected_at": ago(shop, days=6)})
    assert claim["repair_completed_at"] is None
    done = ago(shop, days=4)
    claim = await shop.give(claim, "complete-repair", {"completed_at": done})
    assert same(claim["repair_completed_at"], done)


async def test_when_goods_were_sent_needs_the_tracking_number(shop: Storefront) -> None:
    claim = await approved(shop)
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/dispatch", {"dispatched_at": ago(shop, days=1)})
    assert answer.status_code == 422


async def test_only_a_seller_reports_what_happened_more_than_a_day_ago(shop: Storefront, database: Database) -> None:
    claim = await approved(shop)
    buyers = await colleague(shop, database, Scope.CLAIMS_WRITE, Scope.CLAIMS_READ)
    path = f"/v1/claims/{claim['claim_id']}/dispatch"
    for hours, status in ((24.1, 403), (23.9, 200)):
        answer = await buyers.post(path, {"tracking": PARCEL, "dispatched_at": ago(shop, hours=hours)})
        assert answer.status_code == status, hours


async def test_interest_ends_when_the_money_was_paid(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    due_by = datetime.fromisoformat(refund["due_by"])
    shop.clock.turn(seconds=(due_by - shop.clock()).total_seconds() + 30 * 86400)
    assert (await reread(shop, refund))["late_interest"] > 0
    for instant, code in ((ago(shop, days=-1), "in_future"), (ago(shop, days=40), "paid_before_owed")):
        for path in ("succeeded", "parts"):
            body = {"amount": refund["amount"], "paid_at": instant}
            answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/{path}", body)
            assert (answer.status_code, answer.json()["code"]) == (422, code), (path, instant)
    in_time = (due_by - timedelta(hours=1)).isoformat()
    part = await report(shop, refund, "parts", amount=2000, provider_reference="tr_1", paid_at=in_time)
    assert same(part["parts"][0]["paid_at"], in_time)
    paid = await report(shop, refund, "succeeded", provider_reference="tr_2", paid_at=in_time)
    assert (paid["late_interest"], same(paid["parts"][1]["paid_at"], in_time)) == (0, True)


DELIVERY = {"carrier": PARCEL["carrier"], "tracking_number": PARCEL["number"]}


async def inspected(shop: Storefront) -> dict[str, Any]:
    """An exchange whose goods were accepted seven days ago."""
    claim = await approved(shop, "exchange", lines=BLUE)
    claim = await shop.give(claim, "receive", {"lines": ONE, "received_at": ago(shop, days=7)})
    return await shop.give(claim, "inspect", {"lines": ACCEPTED, "inspected_at": ago(shop, days=7)})


async def deliver(shop: Storefront, at: str) -> None:
    answer = await shop.post("/v1/orders/order-1/deliveries", {**DELIVERY, "delivered_at": at})
    assert answer.status_code == 200, answer.text


async def test_a_replacement_that_left_earlier_can_have_arrived_earlier(shop: Storefront) -> None:
    claim = await inspected(shop)
    await shop.give(claim, "reship", {"tracking": PARCEL, "reshipped_at": ago(shop, days=6)})
    await deliver(shop, ago(shop, days=4))
    assert (await read(shop, claim))["state"] == "exchanged"


@pytest.mark.parametrize("stated", [True, False], ids=["stated", "not stated"])
async def test_a_replacement_is_delivered_whether_its_arrival_or_its_sending_is_reported_first(
    shop: Storefront, database: Database, stated: bool
) -> None:
    claim, arrived = await inspected(shop), ago(shop, days=4)
    sent = ago(shop, days=6) if stated else arrived
    await deliver(shop, arrived)
    body = {"tracking": PARCEL, **({"reshipped_at": sent} if stated else {})}
    claim = await shop.give(claim, "reship", body)
    assert (claim["state"], claim["turn"]) == ("exchanged", None)
    order = await order_of(shop, claim)
    replacement = order["lines"][1]
    (shipped,) = (each for each in order["shipments"] if each["tracking_number"] == PARCEL["number"])
    assert replacement["delivered"] == replacement["quantity"] == 1
    for instant, expected in (("shipped_at", sent), ("delivered_at", arrived)):
        assert same(replacement[instant], expected)
        assert same(shipped[instant], expected)
    assert (await order_event_types(database)).count("delivered") == 2


async def test_a_replacement_that_has_arrived_did_not_leave_later(shop: Storefront) -> None:
    claim = await inspected(shop)
    await deliver(shop, ago(shop, days=4))
    path = f"/v1/claims/{claim['claim_id']}/reship"
    answer = await shop.post(path, {"tracking": PARCEL, "reshipped_at": ago(shop, days=3)})
    assert (answer.status_code, answer.json()["code"]) == (422, "delivered_before_shipped")
    assert answer.json()["errors"][0]["field"] == "reshipped_at"
    assert await read(shop, claim) == claim


async def test_a_replacement_that_goes_first_and_has_arrived_ends_the_exchange_with_the_inspection(
    shop: Storefront,
) -> None:
    await publish(shop, "in_advance", terms={"advance_exchange": True})
    claim = await approved(shop, "exchange", "in_advance", lines=BLUE)
    await deliver(shop, ago(shop, days=4))
    claim = await shop.give(claim, "reship", {"tracking": PARCEL})
    assert (claim["state"], (await order_of(shop, claim))["lines"][1]["delivered"]) == ("approved", 1)
    claim = await shop.give(claim, "receive", {"lines": ONE})
    assert (await shop.give(claim, "inspect", {"lines": ACCEPTED}))["state"] == "exchanged"
