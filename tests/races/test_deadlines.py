"""Several workers at once, and people who act at the moment at which a deadline passes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from app.service.deadlines import fire_due
from app.store.database import Database
from tests.audit import audit
from tests.races.conftest import ORDERS, Act, Arena, tally

SOON = "2099-12-31"  # so that a ship date is not what is missing


@asynccontextmanager
async def workers(arena: Arena, number: int) -> AsyncIterator[list[Database]]:
    """Each worker has its own connections, as a process has."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_open_database(arena.database_url)) for _ in range(number)]


@asynccontextmanager
async def _open_database(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=2)
    try:
        yield database
    finally:
        await database.close()


async def loop(database: Database, now: datetime) -> int:
    """A worker's loop, until it has nothing to do twice in a row: once may mean that others held the rows."""
    fired = idle = 0
    while idle < 2:
        some = await fire_due(database, now, limit=5)
        fired, idle = fired + some, 0 if some else idle + 1
        await asyncio.sleep(0)
    return fired


async def all_loops(arena: Arena, number: int, now: datetime) -> None:
    async with workers(arena, number) as databases:
        await asyncio.gather(*(loop(database, now) for database in databases))


async def event_counts(arena: Arena) -> Counter[tuple[str, str]]:
    """The number of events of each type for each claim or order."""
    async with _open_database(arena.database_url) as database, database.engine.connect() as connection:
        claims = await connection.execute(
            text("SELECT claim_id, type FROM claim_events WHERE merchant_id = :m"), {"m": arena.shop.merchant_id}
        )
        orders = await connection.execute(
            text("SELECT subject_id, type FROM notices WHERE merchant_id = :m"), {"m": arena.shop.merchant_id}
        )
        return Counter([*((row[0], row[1]) for row in claims), *((row[0], row[1]) for row in orders)])


def in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


@pytest.mark.parametrize("number", [2, 4])
async def test_each_deadline_fires_once_however_many_workers_there_are(arena: Arena, number: int) -> None:
    claims = await arena.cancellations(expected_ship_on=in_days(2).date().isoformat())
    approved = claims.pop("order-0")
    await arena.shop.give({"claim_id": approved}, "approve")
    held = claims.pop("order-1")
    await arena.shop.give({"claim_id": held}, "hold", {"reason": "seller_check"})
    await all_loops(arena, number, in_days(40))
    events = await event_counts(arena)
    for claim in (*claims.values(), held):
        assert events[claim, "claim.response_overdue"] == 1
    assert events[held, "claim.released"] == 1
    assert events[approved, "refund.overdue"] == 1
    passed = [order for order in ORDERS if order != "order-0"]  # order-0 has nothing left to ship
    assert {order: events[order, "order.ship_date_passed"] for order in passed} == dict.fromkeys(passed, 1)
    assert await audit(arena.database_url) == []


async def test_silence_grants_a_request_once(arena: Arena) -> None:
    claims = await _request_cancellations(arena)
    await all_loops(arena, 4, in_days(10))
    events = await event_counts(arena)
    for claim in claims.values():
        assert (events[claim, "claim.approved"], events[claim, "refund.created"]) == (1, 1)
    assert await audit(arena.database_url) == []


async def duel(arena: Arena, act: Act[str], claims: dict[str, str], now: datetime) -> list[str]:
    """People act on every claim while two workers fire the deadlines; the answers to the people."""
    async with workers(arena, 2) as databases:
        loops = [asyncio.create_task(loop(database, now)) for database in databases]
        answers = await arena.together(act, claims.values())
        await asyncio.gather(*loops)
    assert set(tally(answers)) <= {"200", "409 illegal_transition", "409 refund_already_succeeded"}
    assert await audit(arena.database_url) == []
    return [str(answer.status_code) for answer in answers]


async def test_a_retraction_and_silence_that_grants_do_not_both_win(arena: Arena) -> None:
    claims = await _request_cancellations(arena)
    answers = await duel(arena, lambda shop, claim: shop.post(f"/v1/claims/{claim}/retract"), claims, in_days(10))
    events = await event_counts(arena)
    for claim, answer in zip(claims.values(), answers, strict=True):
        retracted, approved = events[claim, "claim.retracted"], events[claim, "claim.approved"]
        assert (retracted, approved) == ((1, 0) if answer == "200" else (0, 1))


async def test_an_answer_at_the_last_moment_counts_whatever_the_clock_does(arena: Arena) -> None:
    claims = await arena.cancellations(expected_ship_on=SOON)
    answers = await duel(arena, lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"), claims, in_days(10))
    events = await event_counts(arena)
    assert set(answers) == {"200"}
    for claim in claims.values():
        assert events[claim, "claim.approved"] == 1
        assert events[claim, "claim.response_overdue"] <= 1


async def test_a_refund_that_is_paid_as_it_falls_due_is_paid_once(arena: Arena) -> None:
    claims = await arena.cancellations(expected_ship_on=SOON)
    await arena.together(lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"), claims.values())
    refunds = {order: (await arena.shop.refunds_of({"claim_id": claim}))[0] for order, claim in claims.items()}
    paid = {order: str(refund["refund_id"]) for order, refund in refunds.items()}
    answers = await duel(arena, lambda shop, refund: shop.post(f"/v1/refunds/{refund}/succeeded"), paid, in_days(10))
    events = await event_counts(arena)
    assert set(answers) == {"200"}
    for claim in claims.values():
        assert events[claim, "claim.refunded"] == 1
        assert events[claim, "refund.overdue"] <= 1


async def _request_cancellations(arena: Arena) -> dict[str, str]:
    """A cancellation for each order, under a policy that grants requests without an answer."""
    body: dict[str, Any] = {"base": "kr", "policy_id": "house", "terms": {"unanswered": "approve"}}
    published = await arena.shop.post("/v1/policies", body)
    assert published.status_code == 201, published.text
    await arena.orders(policy="house", expected_ship_on=SOON, paid_at=None)
    answers = await arena.together(lambda shop, order: shop.ask("cancel", order_id=order), ORDERS)
    return {order: answer.json()["claim_id"] for order, answer in zip(ORDERS, answers, strict=True)}
