"""Events of a ship date that is missing, near, or has passed."""

import pytest

from app.store.database import Database
from tests.api.claims import read
from tests.api.deadlines import SHIPS_TOMORROW, fire_at, just_before_and_at, steps, tick, wake_all
from tests.api.order_events import order_event_types, order_events
from tests.storefront import Storefront


async def test_a_ship_date_that_is_missing_is_published_once(shop: Storefront, database: Database) -> None:
    await shop.push_order(paid_at="2026-06-05T10:00:00+09:00")
    due = "2026-06-12T00:00:00+09:00"  # three business days after Monday, the day of the push
    assert await just_before_and_at(shop, database, due) == (0, 1)
    shop.clock.turn(days=30)
    assert await tick(shop, database) == 0
    ((name, data),) = await order_events(database)
    assert (name, data["citation"], data["due_at"]) == (
        "order.ship_date_missing",
        "KR E-Commerce Act 15(1)",
        "2026-06-11T15:00:00Z",
    )


async def test_a_ship_date_is_near_the_day_before_and_passes_with_its_day(shop: Storefront, database: Database) -> None:
    await shop.push_order(expected_ship_on="2026-06-10")
    assert await order_event_types(database) == ["ship_date_set"]
    assert await just_before_and_at(shop, database, "2026-06-09T00:00:00+09:00") == (0, 1)
    assert await just_before_and_at(shop, database, "2026-06-11T00:00:00+09:00") == (0, 1)
    assert await order_event_types(database) == ["ship_date_set", "ship_date_near", "ship_date_passed"]
    shop.clock.turn(days=30)
    assert await tick(shop, database) == 0
    await wake_all(database)  # an early wake publishes no second event
    assert await tick(shop, database) == 1
    assert await order_event_types(database) == ["ship_date_set", "ship_date_near", "ship_date_passed"]


async def test_a_date_that_has_moved_does_not_pass_and_the_new_one_does(shop: Storefront, database: Database) -> None:
    await shop.push_order(**SHIPS_TOMORROW)
    assert await tick(shop, database) == 1
    await shop.post("/v1/orders/order-1/expected-ship-date", {"expected_ship_on": "2026-06-12"})
    assert await fire_at(shop, database, "2026-06-10T00:00:00+09:00") == 0
    assert await fire_at(shop, database, "2026-06-11T00:00:00+09:00") == 1
    assert await fire_at(shop, database, "2026-06-13T00:00:00+09:00") == 1
    assert await order_event_types(database) == (
        "ship_date_set ship_date_near delayed ship_date_near ship_date_passed".split()
    )


@pytest.mark.parametrize("reason", ["shipped", "cancelled"])
async def test_an_order_with_nothing_left_to_ship_is_late_no_more(
    shop: Storefront, database: Database, reason: str
) -> None:
    await shop.push_order(expected_ship_on="2026-06-12")
    if reason == "shipped":
        await shop.ship()
    else:
        await shop.give(await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}]), "approve")
    await fire_at(shop, database, "2026-06-20T00:00:00+09:00")
    assert not [
        name for name in await order_event_types(database) if name.startswith(("ship_date_near", "ship_date_passed"))
    ]


async def test_a_parcel_that_is_ready_is_not_at_risk_until_its_day_has_passed(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(expected_ship_on="2026-06-10")
    await shop.post("/v1/orders/order-1/ready-to-ship")
    assert await fire_at(shop, database, "2026-06-09T00:00:00+09:00") == 0
    assert await fire_at(shop, database, "2026-06-11T00:00:00+09:00") == 1
    assert await order_event_types(database) == ["ship_date_set", "ready_to_ship", "ship_date_passed"]


async def test_an_open_cancellation_is_granted_when_the_ship_date_passes(shop: Storefront, database: Database) -> None:
    """Qoo10's rule: a buyer who requests before the ship date does not request again after it."""
    await shop.push_order(policy="qoo10_jp", currency="JPY", country="JP", expected_ship_on="2026-06-09")
    claim = await shop.claim("cancel")
    assert claim["state"] == "requested"
    await fire_at(shop, database, "2026-06-09T23:59:59+09:00")
    assert (await read(shop, claim))["state"] == "requested"
    await fire_at(shop, database, "2026-06-10T00:00:00+09:00")
    assert await steps(shop, claim) == ["requested", "approved", "refund.created"]
    assert (await order_event_types(database))[-1] == "ship_date_passed"
