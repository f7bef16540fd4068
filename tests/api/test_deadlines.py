"""Deadlines fire without a request; the tests turn the clock, on both databases."""

from datetime import datetime, timedelta

import pytest

from app.store.database import Database
from tests.api.claims import history, pay, read
from tests.api.deadlines import buy, fire_at, just_before_and_at, owe_refund, publish, steps, tick
from tests.api.walks import APPROVE, DISPATCH, HOLD, INSPECT, RECEIVE
from tests.storefront import Storefront

OFFER = {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000}


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
    assert await steps(shop, claim) == ["requested", "response_reminded", "response_overdue"]
    assert (await history(shop, claim))[1]["data"]["by"] == {"role": "system", "name": "deadline", "key": None}


async def test_silence_grants_a_claim_where_the_policy_says_so(shop: Storefront, database: Database) -> None:
    await publish(shop, unanswered="approve")
    await buy(shop, policy="house", paid_at="2026-06-08T12:00:00+09:00")
    claim = await shop.claim("cancel")
    await fire_at(shop, database, claim["deadlines"]["respond_by"])
    assert (await steps(shop, claim))[:4] == ["requested", "response_overdue", "approved", "refund.created"]
    assert (await history(shop, claim))[2]["data"]["by"]["role"] == "system"


async def test_silence_grants_nothing_that_a_guard_refuses(shop: Storefront, database: Database) -> None:
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
    ends_at = claim["hold"]["ends_at"]
    assert ends_at == "2026-06-22T15:00:00Z"  # fourteen days after Monday the 8th, in Korean time
    assert await just_before_and_at(shop, database, ends_at) == (0, 2)
    assert await steps(shop, claim) == ["requested", "held", "released", "response_overdue"]
    assert (await read(shop, claim))["hold"] is None


async def test_a_hold_that_is_released_does_not_end_again(shop: Storefront, database: Database) -> None:
    await buy(shop)
    claim = await shop.give(await shop.claim("cancel"), "hold", {"reason": "other", "ends_at": "2026-06-09T03:00:00Z"})
    await shop.give(claim, "release")
    assert await fire_at(shop, database, "2026-06-09T03:00:00+00:00") == 0


async def test_a_hold_beyond_the_limit_is_refused_with_its_citation(shop: Storefront) -> None:
    await publish(shop, hold_within={"length": 2, "unit": "business_days"})
    await buy(shop, policy="house", paid_at="2026-06-08T12:00:00+09:00")
    claim = await shop.claim("cancel")
    too_long = {"reason": "other", "ends_at": "2026-06-10T15:00:00.000001Z"}
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/hold", too_long)
    assert answer.status_code == 409
    assert answer.json()["refusals"] == [
        {
            "code": "hold_too_long",
            "detail": "A hold that starts now must end by Thursday 11 June 2026 00:00 UTC+09:00.",
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
    requested = await shop.claim("cancel", more_offers=True)
    claim = await shop.give(requested, "offers", {**OFFER, "expires_at": "2026-06-09T03:00:00Z"})
    assert await just_before_and_at(shop, database, "2026-06-09T03:00:00+00:00") == (0, 1)
    lapsed = await read(shop, claim)
    assert (lapsed["state"], [offer["status"] for offer in lapsed["offers"]]) == ("requested", ["lapsed"])
    offer_id = lapsed["offers"][0]["offer_id"]
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/offers/{offer_id}/accept")
    assert answer.json()["code"] in ("offer_closed", "no_open_offer")
    again = await shop.give(claim, "offers", OFFER)
    assert [offer["status"] for offer in again["offers"]] == ["lapsed", "open"]
    assert again["offers"][1]["expires_at"] == "2026-06-16T15:00:00Z"  # a week: the offer names no end
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


async def test_goods_that_were_reported_as_sent_and_never_came_end_the_claim_too(shop: Storefront) -> None:
    await buy(shop)
    await shop.ship()
    claim = await shop.give(await shop.give(await shop.claim("return"), *APPROVE), *DISPATCH)
    path = f"/v1/claims/{claim['claim_id']}/expire"
    assert (await shop.post(path)).json()["code"] == "collection_still_open"
    shop.clock.turn(days=60)
    refusal = (await shop.post(path)).json()
    assert (refusal["code"], refusal["refusals"][0]["field"]) == ("said_to_be_sent", "evidence")
    expired = await shop.give(claim, "expire", {"evidence": ["carrier-trace-88213"]})
    assert expired["state"] == "expired"
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
    assert await just_before_and_at(shop, database, claim["hold"]["ends_at"]) == (
        0,
        2,
    )  # the end of the hold and the overdue refund
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
    assert await fire_at(shop, database, "2026-06-22T15:00:00Z") == 1  # the offer lapses and the claim does not expire
    assert (await read(shop, claim))["state"] == "approved"


# Money


async def test_a_late_refund_is_published_once_with_its_interest(shop: Storefront, database: Database) -> None:
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
        "requested approved refund.created refund.reminded refund.overdue refund.failed refund.succeeded"
        " refunded".split()
    )


async def test_a_report_on_a_late_refund_is_published_with_the_interest_so_far(
    shop: Storefront, database: Database
) -> None:
    claim, refund = await owe_refund(shop)
    await fire_at(shop, database, refund["due_by"])
    shop.clock.turn(days=3)
    answer = (await shop.post(f"/v1/refunds/{refund['refund_id']}/failed")).json()
    assert answer["late_interest"] == 4 * 12000 * 15 // (100 * 365)
    event = (await history(shop, claim))[-1]
    assert (event["type"], event["data"]["refund"]["late_interest"]) == ("refund.failed", answer["late_interest"])


async def test_a_refund_that_is_paid_in_time_is_not_late(shop: Storefront, database: Database) -> None:
    claim, refund = await owe_refund(shop)
    await pay(shop, claim)
    assert await fire_at(shop, database, refund["due_by"]) == 0


async def test_interest_counts_local_days_also_where_a_clock_is_turned_back(
    shop: Storefront, database: Database
) -> None:
    """In Berlin the day on which summer time ends has 25 hours. Interest counts it as one day."""
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
        body = (await shop.get(f"/v1/refunds/{refund['refund_id']}")).json()
        assert body["late_interest"] == refund["amount"] * days // 365, instant
