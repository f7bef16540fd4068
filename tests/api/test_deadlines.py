"""Deadlines that keep themselves, by a clock that is turned, on both databases."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from app.service.deadlines import count_overdue, fire_due
from app.store.database import Database
from tests.api.claims import history, pay, read
from tests.api.order_events import order_event_types, order_events
from tests.api.walks import APPROVE, DISPATCH, HOLD, INSPECT, RECEIVE
from tests.audit import audit
from tests.storefront import Storefront

Body = dict[str, Any]

SHIPS_TOMORROW = {"expected_ship_on": "2026-06-09"}
OFFER = {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000}


async def tick(shop: Storefront, database: Database) -> int:
    """What a worker does at each look, until there is nothing more to do."""
    fired = 0
    for _ in range(20):
        some = await fire_due(database, shop.clock())
        if not some:
            return fired
        fired += some
    raise AssertionError("it goes on for ever")


async def fire_at(shop: Storefront, database: Database, instant: str | datetime) -> int:
    shop.clock.instant = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return await tick(shop, database)


async def just_before_and_at(shop: Storefront, database: Database, instant: str) -> tuple[int, int]:
    """How many fire a moment before an instant, and how many at it."""
    moment = datetime.fromisoformat(instant)
    return await fire_at(shop, database, moment - timedelta(microseconds=1)), await fire_at(shop, database, moment)


async def wake_all(database: Database) -> None:
    """Have everything looked at, whether it is due or not."""
    async with database.engine.begin() as connection:
        for table in ("claims", "refunds", "orders"):
            await connection.execute(text(f"UPDATE {table} SET wakes_at = created_at"))


async def buy(shop: Storefront, order_id: str = "order-1", **changes: Any) -> Body:
    """An order that is not to ship for long, so that it does not make itself heard."""
    return await shop.push_order(order_id, **{"expected_ship_on": "2027-01-29", **changes})


async def steps(shop: Storefront, claim: Body) -> list[str]:
    return [event["type"].removeprefix("claim.") for event in await history(shop, claim)]


async def publish(shop: Storefront, base: str = "kr", **terms: Any) -> None:
    answer = await shop.post("/v1/policies", {"base": base, "policy_id": "house", "terms": terms})
    assert answer.status_code == 201, answer.text


# Answers


async def test_a_request_that_nobody_answers_is_escalated_once(shop: Storefront, database: Database) -> None:
    await buy(shop)
    claim = await shop.claim("cancel")
    assert await just_before_and_at(shop, database, claim["deadlines"]["respond_by"]) == (0, 1)
    overdue = await read(shop, claim)
    assert (overdue["state"], overdue["escalated_at"]) == ("requested", claim["deadlines"]["respond_by"])
    (listed,) = (await shop.get("/v1/claims", overdue=True)).json()["data"]
    assert listed["escalated_at"] == overdue["escalated_at"]
    shop.clock.turn(days=10)
    await tick(shop, database)
    assert await steps(shop, claim) == ["requested", "response_overdue"]
    assert (await history(shop, claim))[1]["data"]["by"] == {"role": "system", "name": "deadline"}


async def test_silence_grants_what_the_policy_says_it_does(shop: Storefront, database: Database) -> None:
    await publish(shop, unanswered="approve")
    await buy(shop, policy="house", paid_at="2026-06-08T12:00:00+09:00")
    claim = await shop.claim("cancel")
    await fire_at(shop, database, claim["deadlines"]["respond_by"])
    assert (await steps(shop, claim))[:4] == ["requested", "response_overdue", "approved", "refund.created"]
    assert (await history(shop, claim))[2]["data"]["by"]["role"] == "system"


async def test_silence_grants_nothing_that_a_guard_is_against(shop: Storefront, database: Database) -> None:
    await publish(shop, unanswered="approve")
    await buy(shop, policy="house", paid_at="2026-06-08T12:00:00+09:00")
    claim = await shop.claim("cancel", "other")
    await fire_at(shop, database, claim["deadlines"]["respond_by"])
    assert await steps(shop, claim) == ["requested", "response_overdue"]


@pytest.mark.parametrize("answer", ["approve", "retract"])
async def test_an_answer_in_time_is_not_late_afterwards(shop: Storefront, database: Database, answer: str) -> None:
    await buy(shop)
    claim = await shop.claim("cancel")
    shop.clock.instant = datetime.fromisoformat(claim["deadlines"]["respond_by"]) - timedelta(microseconds=1)
    await shop.give(claim, answer)
    shop.clock.turn(minutes=1)
    await tick(shop, database)
    assert "response_overdue" not in await steps(shop, claim)


# Holds


async def test_a_hold_ends_by_itself(shop: Storefront, database: Database) -> None:
    await buy(shop)
    claim = await shop.give(await shop.claim("cancel"), *HOLD)
    until = claim["hold"]["ends_at"]
    assert until == "2026-06-22T15:00:00Z"  # fourteen days after Monday the 8th, as Korea has it
    assert await just_before_and_at(shop, database, until) == (0, 2)
    assert await steps(shop, claim) == ["requested", "held", "released", "response_overdue"]
    assert (await read(shop, claim))["hold"] is None


async def test_a_hold_that_is_released_does_not_end_again(shop: Storefront, database: Database) -> None:
    await buy(shop)
    claim = await shop.give(await shop.claim("cancel"), "hold", {"reason": "other", "ends_at": "2026-06-09T03:00:00Z"})
    await shop.give(claim, "release")
    assert await fire_at(shop, database, "2026-06-09T03:00:00+00:00") == 0


async def test_a_hold_beyond_the_limit_is_refused_with_what_it_rests_on(shop: Storefront) -> None:
    await publish(shop, hold_within={"length": 2, "unit": "business_days"})
    await buy(shop, policy="house", paid_at="2026-06-08T12:00:00+09:00")
    claim = await shop.claim("cancel")
    too_long = {"reason": "other", "ends_at": "2026-06-10T15:00:00.000001Z"}
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/hold", too_long)
    assert answer.status_code == 409
    assert answer.json()["refusals"] == [
        {
            "code": "hold_too_long",
            "detail": "A hold that starts now must end by Thursday 11 June 00:00 UTC+09:00.",
            "params": {"ends_by": "2026-06-11T00:00:00+09:00"},
            "citation": "the seller's own promise",
            "field": "ends_at",
        }
    ]
    held = await shop.give(claim, "hold", {**too_long, "ends_at": "2026-06-10T15:00:00Z"})
    assert held["hold"]["ends_at"] == "2026-06-10T15:00:00Z"


# Offers


async def test_an_offer_lapses_and_another_can_be_made(shop: Storefront, database: Database) -> None:
    await buy(shop)
    asked = await shop.claim("cancel", more_offers=True)
    claim = await shop.give(asked, "offers", {**OFFER, "expires_at": "2026-06-09T03:00:00Z"})
    assert await just_before_and_at(shop, database, "2026-06-09T03:00:00+00:00") == (0, 1)
    lapsed = await read(shop, claim)
    assert (lapsed["state"], [offer["status"] for offer in lapsed["offers"]]) == ("requested", ["lapsed"])
    offer_id = lapsed["offers"][0]["offer_id"]
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/offers/{offer_id}/accept")
    assert answer.json()["code"] in ("offer_closed", "no_open_offer")
    again = await shop.give(claim, "offers", OFFER)
    assert [offer["status"] for offer in again["offers"]] == ["lapsed", "open"]
    assert again["offers"][1]["expires_at"] == "2026-06-16T15:00:00Z"  # a week, as it names no end
    assert await steps(shop, claim) == ["requested", "offer_made", "offer_lapsed", "offer_made"]


# Goods


async def test_goods_that_were_never_sent_end_the_claim(shop: Storefront, database: Database) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.give(await shop.claim("return"), *APPROVE)
    assert await just_before_and_at(shop, database, claim["deadlines"]["collect_by"]) == (0, 1)
    assert (await read(shop, claim))["state"] == "expired"
    order = (await shop.get("/v1/orders/order-1")).json()
    assert order["lines"][0]["units"]["untouched"] == 2


async def test_goods_on_their_way_are_waited_for(shop: Storefront, database: Database) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.give(await shop.give(await shop.claim("return"), *APPROVE), *DISPATCH)
    assert await fire_at(shop, database, claim["deadlines"]["collect_by"]) == 0
    assert (await read(shop, claim))["state"] == "collecting"


async def test_goods_that_were_said_to_be_sent_and_were_not_end_the_claim_too(shop: Storefront) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.give(await shop.give(await shop.claim("return"), *APPROVE), *DISPATCH)
    path = f"/v1/claims/{claim['claim_id']}/expire"
    assert (await shop.post(path)).json()["code"] == "collection_still_open"
    shop.clock.turn(days=60)
    unshown = (await shop.post(path)).json()
    assert (unshown["code"], unshown["refusals"][0]["field"]) == ("said_to_be_sent", "evidence")
    ended = await shop.give(claim, "expire", {"evidence": ["carrier-trace-88213"]})
    assert ended["state"] == "expired"
    assert (await shop.get("/v1/orders/order-1")).json()["lines"][0]["units"]["untouched"] == 2


async def test_a_fee_that_nobody_paid_comes_off_the_refund_once_its_day_has_passed(
    shop: Storefront, database: Database
) -> None:
    await publish(shop, fees={"return": 3000}, fee_collection="remit")
    await buy(shop, policy="house")
    await shop.ship()
    claim = await shop.claim("return")
    for step in (APPROVE, RECEIVE, INSPECT):
        claim = await shop.give(claim, *step)
    assert (claim["still_owed"], claim["hold"]["ends_at"]) == (3000, claim["deadlines"]["refund_due_by"])
    assert await just_before_and_at(shop, database, claim["hold"]["ends_at"]) == (0, 2)  # and the refund is late
    claim = await read(shop, claim)
    assert (claim["still_owed"], claim["hold"], claim["amounts"]["total"]) == (0, None, 9000)
    (refund,) = await shop.refunds_of(claim)
    assert refund["amount"] == 9000
    assert (await steps(shop, claim))[-3:] == ["released", "refund.created", "refund.overdue"]
    await pay(shop, claim)
    assert (await read(shop, claim))["state"] == "refunded"


async def test_time_on_hold_is_not_the_buyers(shop: Storefront, database: Database) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.give(await shop.claim("return"), *APPROVE)
    claim = await shop.give(claim, "offers", {**OFFER, "expires_at": "2026-06-12T03:00:00Z"})
    assert claim["deadlines"]["collect_by"] == "2026-06-22T15:00:00Z"
    await shop.give(claim, "hold", {"reason": "seller_check"})
    shop.clock.turn(days=2, hours=1)
    claim = await shop.give(claim, "release")
    assert (claim["deadlines"]["collect_by"], claim["offers"][0]["expires_at"]) == (
        "2026-06-25T15:00:00Z",
        "2026-06-15T03:00:00Z",
    )
    assert await fire_at(shop, database, "2026-06-22T15:00:00Z") == 1  # the offer, and not the claim
    assert (await read(shop, claim))["state"] == "approved"


# Money


async def owe_refund(shop: Storefront) -> tuple[Body, Body]:
    await buy(shop)
    claim = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(claim)
    return claim, refund


async def test_a_late_refund_is_told_once_with_its_interest(shop: Storefront, database: Database) -> None:
    claim, refund = await owe_refund(shop)
    assert await just_before_and_at(shop, database, refund["due_by"]) == (0, 1)
    (event,) = [event for event in await history(shop, claim) if event["type"] == "refund.overdue"]
    first_day = 12000 * 15 // (100 * 365)
    assert event["data"]["refund"]["late_interest"] == first_day
    assert event["data"]["refund"]["overdue_at"] == refund["due_by"]
    late = (await shop.get(f"/v1/refunds/{refund['refund_id']}")).json()
    assert (late["status"], late["overdue_at"], late["late_interest"]) == ("pending", refund["due_by"], first_day)
    await shop.post(f"/v1/refunds/{refund['refund_id']}/failed")
    shop.clock.turn(days=30)
    assert await tick(shop, database) == 0
    await pay(shop, claim)
    assert await steps(shop, claim) == (
        "requested approved refund.created refund.overdue refund.failed refund.succeeded refunded".split()
    )


async def test_a_refund_that_is_paid_in_time_is_not_late(shop: Storefront, database: Database) -> None:
    claim, refund = await owe_refund(shop)
    await pay(shop, claim)
    assert await fire_at(shop, database, refund["due_by"]) == 0


async def test_interest_counts_local_days_also_where_a_clock_is_turned_back(
    shop: Storefront, database: Database
) -> None:
    """The day on which summer time ends has 25 hours in Berlin, and is one day."""
    await publish(shop, base="eu", late_interest_percent=100)
    shop.clock.instant = datetime.fromisoformat("2026-10-09T12:00:00+02:00")
    await buy(shop, policy="house", paid_at="2026-10-09T11:00:00+02:00", currency="EUR", country="DE")
    claim = await shop.give(await shop.claim("cancel", requested_at="2026-10-09T11:30:00+02:00"), "approve")
    (refund,) = await shop.refunds_of(claim)
    assert (refund["due_on"], refund["time_zone"]) == ("2026-10-23", "Europe/Berlin")
    for instant, days in (
        ("2026-10-23T23:59:59+02:00", 0),
        ("2026-10-24T00:00:00+02:00", 1),
        ("2026-10-25T23:30:00+01:00", 2),
        ("2026-10-26T00:00:00+01:00", 3),
    ):
        shop.clock.instant = datetime.fromisoformat(instant)
        found = (await shop.get(f"/v1/refunds/{refund['refund_id']}")).json()
        assert found["late_interest"] == refund["amount"] * days // 365, instant


# Ship dates


async def test_a_ship_date_that_is_missing_is_told_once(shop: Storefront, database: Database) -> None:
    await shop.push_order(paid_at="2026-06-05T10:00:00+09:00")
    due = "2026-06-12T00:00:00+09:00"  # three business days after Monday, when we came to know of it
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
    await wake_all(database)  # whatever makes it look again
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
        "ship_date_set ship_date_near ship_date_changed ship_date_near ship_date_passed".split()
    )


@pytest.mark.parametrize("left", ["shipped", "cancelled"])
async def test_an_order_with_nothing_left_to_ship_is_late_no_more(
    shop: Storefront, database: Database, left: str
) -> None:
    await shop.push_order(expected_ship_on="2026-06-12")
    if left == "shipped":
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
    """Qoo10's rule: whoever asked before the day need not ask again after it."""
    await shop.push_order(policy="qoo10_jp", currency="JPY", country="JP", expected_ship_on="2026-06-09")
    claim = await shop.claim("cancel")
    assert claim["state"] == "requested"
    await fire_at(shop, database, "2026-06-09T23:59:59+09:00")
    assert (await read(shop, claim))["state"] == "requested"
    await fire_at(shop, database, "2026-06-10T00:00:00+09:00")
    assert await steps(shop, claim) == ["requested", "approved", "refund.created"]
    assert (await order_event_types(database))[-1] == "ship_date_passed"


# The loop itself


async def test_what_passed_while_nobody_looked_is_done_in_its_order(shop: Storefront, database: Database) -> None:
    """As after a restart: nothing is kept outside of the database."""
    await shop.push_order(expected_ship_on="2026-06-10")
    claim = await shop.give(await shop.claim("cancel"), "offers", {**OFFER, "expires_at": "2026-06-09T03:00:00Z"})
    await fire_at(shop, database, "2026-07-08T12:00:00+09:00")
    assert await steps(shop, claim) == ["requested", "offer_made", "offer_lapsed", "response_overdue"]
    assert await order_event_types(database) == ["ship_date_set", "ship_date_passed"]
    assert await tick(shop, database) == 0


async def test_a_look_does_no_more_than_it_is_told_to(shop: Storefront, database: Database) -> None:
    for number in range(5):
        await buy(shop, f"order-{number}")
        await shop.claim("cancel", order_id=f"order-{number}")
    shop.clock.turn(days=4)
    assert [await fire_due(database, shop.clock(), limit=2) for _ in range(4)] == [2, 2, 1, 0]


async def test_what_was_woken_too_early_sleeps_on_until_its_time(shop: Storefront, database: Database) -> None:
    """As after the migration, or when somebody has been quicker."""
    claim, refund = await owe_refund(shop)
    await buy(shop, "order-2", expected_ship_on="2026-06-12")
    waiting = await shop.claim("cancel", order_id="order-2")
    events = [await steps(shop, one) for one in (claim, waiting)]
    await wake_all(database)
    assert await tick(shop, database) == 5
    assert await tick(shop, database) == 0
    assert [await steps(shop, one) for one in (claim, waiting)] == events
    assert await order_event_types(database, "order-2") == ["ship_date_set"]
    await fire_at(shop, database, max(refund["due_by"], waiting["deadlines"]["respond_by"]))
    assert "refund.overdue" in await steps(shop, claim)
    assert "response_overdue" in await steps(shop, waiting)
    assert await order_event_types(database, "order-2") == ["ship_date_set", "ship_date_near"]


async def test_one_that_cannot_be_kept_is_put_off_and_keeps_nobody_waiting(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(2):
        await buy(shop, f"order-{number}")
    broken = await shop.claim("cancel", order_id="order-0")
    shop.clock.turn(days=1)
    sound = await shop.claim("cancel", order_id="order-1")
    await damage(database, broken["claim_id"])
    before = metric_of("recourse_deadlines_failed_total", subject="claim")
    shop.clock.instant = datetime.fromisoformat(sound["deadlines"]["respond_by"])
    with caplog.at_level(logging.CRITICAL):
        assert await fire_due(database, shop.clock(), limit=1) == 0
        assert await fire_due(database, shop.clock(), limit=1) == 1
        assert (await read(shop, sound))["escalated_at"]
    assert metric_of("recourse_deadlines_failed_total", subject="claim") == before + 1
    shop.clock.turn(minutes=15)
    with caplog.at_level(logging.CRITICAL):
        assert await fire_due(database, shop.clock()) == 0
    assert metric_of("recourse_deadlines_failed_total", subject="claim") == before + 2


async def damage(database: Database, claim_id: str) -> None:
    """A document that nobody can read, as no code of ours would write it."""
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE claims SET document = '{}' WHERE claim_id = :id"), {"id": claim_id})


def metric_of(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(metric, labels) or 0.0


async def test_lag_and_counts_are_measured(shop: Storefront, database: Database) -> None:
    _, refund = await owe_refund(shop)
    await buy(shop, "order-2")
    claim = await shop.claim("cancel", order_id="order-2")
    names = ("refund_due", "respond_by")
    before = [metric_of("recourse_deadlines_fired_total", name=name) for name in names]
    lag = metric_of("recourse_deadline_lag_seconds_sum")
    later = max(refund["due_by"], claim["deadlines"]["respond_by"])
    await fire_at(shop, database, datetime.fromisoformat(later) + timedelta(seconds=7))
    after = [metric_of("recourse_deadlines_fired_total", name=name) for name in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    assert metric_of("recourse_deadline_lag_seconds_sum") - lag >= 7
    assert await count_overdue(database, shop.clock()) == 0
    assert [metric_of("recourse_overdue", subject=subject) for subject in ("claim", "refund")] == [2, 1]


async def test_all_that_was_done_agrees(shop: Storefront, database: Database, database_url: str) -> None:
    await publish(shop, unanswered="approve")
    await shop.push_order(policy="house", paid_at="2026-06-08T12:00:00+09:00", expected_ship_on="2026-06-10")
    await shop.claim("cancel")
    for _ in range(20):
        shop.clock.turn(days=1)
        await tick(shop, database)
    assert await audit(database_url) == []
