"""Messages are news: nobody is written to about what is long past, or about what a request imports quietly."""

import pytest

from app.records.api_key import Scope
from app.store.database import Database
from tests.api.claims import history
from tests.api.deadlines import fire_at, tick
from tests.api.keys import colleague
from tests.api.order_events import order_events
from tests.messages.claim_messages import MUGS, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import ORDER, Storefront

PARCEL = {"carrier": "cj", "tracking_number": "T-1"}


async def messages_of_order(shop: Storefront) -> list[tuple[str, str]]:
    answer = await shop.get("/v1/orders/order-1/messages", limit=100)
    return [(message["event"], message["audience"]) for message in answer.json()["data"]]


async def marks(database: Database) -> list[tuple[str, str | None]]:
    """The events of the order, each with its mark."""
    return [(name, data.get("quiet")) for name, data in await order_events(database)]


async def test_an_order_of_last_month_is_recorded_and_nobody_is_written_to(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS, paid_at="2026-05-01T10:00:00+09:00", expected_ship_on="2026-05-04")
    assert await tick(shop, database) == 1
    for path, name, day in (("shipments", "shipped_at", "04"), ("deliveries", "delivered_at", "06")):
        answer = await shop.post(f"/v1/orders/order-1/{path}", {**PARCEL, name: f"2026-05-{day}T10:00:00+09:00"})
        assert answer.status_code == 200, answer.text
    assert await marks(database) == [
        ("order.ship_date_set", "past"),
        ("order.ship_date_passed", "past"),
        ("order.shipped", "past"),
        ("order.delivered", "past"),
    ]
    webhooks = await publish_all(database, shop.merchant_id)
    assert all(messages == [] for messages in webhooks.values())
    assert await messages_of_order(shop) == []


@pytest.mark.parametrize(("hours", "events"), [(71.9, ["order.shipped"]), (72.1, [])])
async def test_a_parcel_is_news_for_three_days(
    shop: Storefront, database: Database, hours: float, events: list[str]
) -> None:
    await shop.push_order(**MUGS)
    left_at = shop.clock().isoformat()
    shop.clock.turn(hours=hours)
    await shop.ship(delivered=False, shipped_at=left_at)
    await publish_all(database, shop.merchant_id)
    assert [event for event, _ in await messages_of_order(shop)] == events


async def test_a_ship_date_of_today_is_news_and_its_warning_is_sent(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS, expected_ship_on="2026-06-08")
    await fire_at(shop, database, "2026-06-09T00:00:00+09:00")
    assert await marks(database) == [("order.ship_date_set", None), ("order.ship_date_passed", None)]
    await publish_all(database, shop.merchant_id)
    assert await messages_of_order(shop) == [
        ("order.ship_date_set", "buyer"),
        ("order.ship_date_passed", "buyer"),
        ("order.ship_date_passed", "seller"),
    ]


async def test_a_ship_date_that_is_set_after_one_of_the_past_is_watched_again(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS, expected_ship_on="2026-06-01")
    await tick(shop, database)
    await shop.push_order(**MUGS, expected_ship_on="2026-06-09")
    await fire_at(shop, database, "2026-06-10T00:00:00+09:00")
    assert (await marks(database))[-1] == ("order.ship_date_passed", None)


@pytest.mark.parametrize(
    ("days", "mark", "told"),
    [(1, None, [("claim.requested", "buyer"), ("claim.requested", "seller")]), (60, "past", [])],
)
async def test_a_request_whose_answer_was_due_before_it_was_heard_has_no_receipt(
    shop: Storefront, database: Database, days: int, mark: str | None, told: list[tuple[str, str]]
) -> None:
    """The seller hears that the answer is late."""
    await shop.push_order(**MUGS, paid_at="2026-03-01T10:00:00+09:00")
    await shop.ship()
    requested_at = shop.clock().isoformat()
    shop.clock.turn(days=days)
    claim = await shop.claim("return", "defective", requested_at=requested_at)
    assert (await history(shop, claim))[0]["data"].get("quiet") == mark
    if mark:
        await tick(shop, database)
        told = [("claim.response_overdue", "seller")]
    await publish_all(database, shop.merchant_id)
    assert [(message["event"], message["audience"]) for message in await messages_of(shop, claim)] == told


async def test_a_quiet_request_has_events_and_no_messages(shop: Storefront, database: Database) -> None:
    order = {**ORDER, **MUGS, "expected_ship_on": "2026-06-20"}
    assert (await shop.put("/v1/orders/order-1?quiet=true", order)).status_code == 201
    answer = await shop.post("/v1/orders/order-1/delay?quiet=true", DELAY)
    assert answer.status_code == 200, answer.text
    assert await marks(database) == [("order.ship_date_set", "requested"), ("order.delayed", "requested")]
    body = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": MUG}
    claim = (await shop.post("/v1/claims?quiet=true", body)).json()
    claim = (await shop.post(f"/v1/claims/{claim['claim_id']}/approve?quiet=true")).json()
    (refund,) = await shop.refunds_of(claim)
    assert {event["data"]["quiet"] for event in await history(shop, claim)} == {"requested"}
    await publish_all(database, shop.merchant_id)
    assert await messages_of_order(shop) == []
    paid = {"provider_reference": "re_1", "amount": refund["amount"]}
    assert (await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", paid)).status_code == 200
    await publish_all(database, shop.merchant_id)
    assert await messages_of_order(shop) == [("claim.refunded", "buyer")]


MUG = [{"line_id": "1", "quantity": 1}]
DELAY = {"reason": "preparing", "message": "조금 늦어집니다.", "expected_ship_on": "2026-06-25"}


async def test_a_buyers_key_cannot_turn_off_the_messages_to_the_seller(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    buyer = await colleague(shop, database, Scope.CLAIMS_WRITE, Scope.CLAIMS_READ)
    body = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": MUG}
    answer = await buyer.post("/v1/claims?quiet=true", body)
    assert (answer.status_code, answer.json()["detail"]) == (403, "This needs the scope claims:decide.")
    assert (await buyer.post("/v1/claims?quiet=false", body)).status_code == 201


@pytest.mark.parametrize(("query", "code"), [("quite=true", "invalid_request"), ("quiet=loud", "invalid_request")])
async def test_a_misspelt_quiet_request_is_refused(shop: Storefront, query: str, code: str) -> None:
    """Otherwise an import would write to all its buyers."""
    answer = await shop.post(f"/v1/orders/order-1/delay?{query}", DELAY)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
