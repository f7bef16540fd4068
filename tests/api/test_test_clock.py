"""The clock of test mode: a worker fires each deadline on the way at its own instant, and nothing else moves."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from app.service.clock_turns import turn_clocks
from app.service.deadlines import fire_due
from app.service.withdrawal_matching import match_due
from app.store.database import Database
from tests.api.claims import history, read
from tests.api.deadlines import buy
from tests.api.file_scenes import AT_MARKETPLACE
from tests.api.for_tests import on_test_side
from tests.storefront import Storefront
from tests.withdrawals import DECLARATION


async def move(tests: Storefront, database: Database, **target: Any) -> dict[str, Any]:
    """Move the clock, and let a worker turn it. Returns the clock."""
    answer = await tests.post("/v1/test/clock", target)
    assert (answer.status_code, answer.json()["status"]) == (202, "advancing"), answer.text
    while await turn_clocks(database, tests.clock()):
        pass
    clock: dict[str, Any] = (await tests.get("/v1/test/clock")).json()
    assert (clock["status"], clock["target_at"]) == ("ready", None)
    return clock


async def test_each_deadline_on_the_way_fires_at_its_own_instant(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    deadlines = {}
    for order_id, days in (("early", 0), ("late", 2)):
        if days:
            await move(tests, database, advance=f"P{days}D")
        await buy(tests, order_id)
        claim = await tests.claim("cancel", order_id=order_id)
        deadlines[claim["claim_id"]] = claim["deadlines"]["respond_by"]
    assert len(set(deadlines.values())) == 2
    clock = await move(tests, database, advance="P60D")
    assert clock["now_at"] == (shop.clock() + timedelta(days=62)).isoformat().replace("+00:00", "Z")
    for claim_id, respond_by in deadlines.items():
        steps = {step["type"]: step["occurred_at"] for step in await history(tests, {"claim_id": claim_id})}
        assert steps["claim.response_overdue"] == respond_by
        assert (await read(tests, {"claim_id": claim_id}))["escalated_at"] == respond_by


async def test_only_the_clock_of_the_test_side_moves(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    claims = []
    for side in (shop, tests):
        await buy(side)
        claims.append(await side.claim("cancel"))
    await move(tests, database, advance="P60D")
    assert await fire_due(database, shop.clock()) == 0
    assert [
        (await read(side, claim))["escalated_at"] is None for side, claim in zip((shop, tests), claims, strict=True)
    ] == [
        True,
        False,
    ]
    second = await on_test_side(shop, database)
    assert (await second.get("/v1/test/clock")).json()["now_at"] > "2026-08"


async def test_the_time_runs_on_from_the_target_and_deadlines_fire_in_it(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await move(tests, database, to_at="2026-09-01T00:00:00Z")
    await buy(tests, paid_at="2026-09-01T00:00:00Z")
    claim = await tests.claim("cancel")
    respond_by = datetime.fromisoformat(claim["deadlines"]["respond_by"])
    assert await turn_clocks(database, tests.clock()) == 0
    tests.clock.instant += respond_by - datetime.fromisoformat("2026-09-01T00:00:00+00:00")
    assert (await tests.get("/v1/test/clock")).json()["now_at"] == claim["deadlines"]["respond_by"]
    assert await fire_due(database, tests.clock()) == 0
    assert await turn_clocks(database, tests.clock()) > 0
    assert (await read(tests, claim))["escalated_at"] == claim["deadlines"]["respond_by"]


async def test_nothing_is_written_while_the_clock_moves(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await tests.push_order()
    assert (await tests.post("/v1/test/clock", {"advance": "P7D"}, key="week")).status_code == 202
    for answer in (
        await tests.ask("cancel"),
        await tests.post("/v1/test/clock", {"advance": "P7D"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "test_clock_advancing")
    assert (await tests.get("/v1/orders/order-1")).status_code == 200
    assert (await tests.post("/v1/test/clock", {"advance": "P7D"}, key="week")).headers["idempotent-replayed"] == "true"
    while await turn_clocks(database, tests.clock()):
        pass
    assert (await tests.ask("cancel")).status_code == 201
    assert (await tests.get("/v1/test/clock")).json()["now_at"] == "2026-06-15T03:00:00Z"


WRONG_TARGETS = (
    ({"to_at": "2026-06-08T12:00:00+09:00"}, "test_clock_backward", "to_at"),
    ({"to_at": "2026-06-01T00:00:00Z"}, "test_clock_backward", "to_at"),
    ({"advance": "PT0S"}, "test_clock_backward", "advance"),
    ({"advance": "P1831D"}, "test_clock_too_far", "advance"),
    ({"to_at": "2032-01-01T00:00:00Z"}, "test_clock_too_far", "to_at"),
)


async def test_the_clock_goes_forward_and_not_too_far(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    for target, code, field in WRONG_TARGETS:
        answer = await tests.post("/v1/test/clock", target)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == field
    await move(tests, database, advance="P1829D")
    assert (await tests.post("/v1/test/clock", {"advance": "P2D"})).json()["code"] == "test_clock_too_far"


async def test_a_live_key_has_no_clock(shop: Storefront) -> None:
    for answer in (await shop.get("/v1/test/clock"), await shop.post("/v1/test/clock", {"advance": "P1D"})):
        assert (answer.status_code, answer.json()["code"]) == (403, "test_key_required")


async def test_of_two_moves_at_once_one_is_refused(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    moves = [tests.post("/v1/test/clock", {"advance": "P7D"}) for _ in range(5)]
    statuses = sorted([answer.status_code for answer in await asyncio.gather(*moves)])
    assert statuses == [202, 409, 409, 409, 409]
    while await turn_clocks(database, tests.clock()):
        pass
    assert (await tests.get("/v1/test/clock")).json()["now_at"] == "2026-06-15T03:00:00Z"


async def test_workers_at_once_fire_each_deadline_once_and_in_order(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    for number in range(6):
        await buy(tests, f"order-{number}")
        await tests.claim("cancel", order_id=f"order-{number}")
    await tests.post("/v1/test/clock", {"advance": "P60D"})
    status = "advancing"
    while status == "advancing":
        await asyncio.gather(*(turn_clocks(database, tests.clock()) for _ in range(4)))
        status = (await tests.get("/v1/test/clock")).json()["status"]
    claims = (await tests.get("/v1/claims")).json()["data"]
    steps = [
        step for claim in claims for step in await history(tests, claim) if step["type"] == "claim.response_overdue"
    ]
    assert len(steps) == 6
    assert {step["occurred_at"] for step in steps} == {claim["escalated_at"] for claim in claims}


async def test_a_buyer_lives_in_the_time_of_the_shop(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await move(tests, database, advance="P400D")
    await tests.push_order(paid_at="2027-07-01T00:00:00Z")
    links = [(await tests.post("/v1/orders/order-1/buyer-links", {"hours": 2})).json() for _ in range(2)]
    opened = await shop.http.post("/buyer/v1/sessions", json={"token": links[0]["token"]})
    assert opened.status_code == 201, opened.text
    assert opened.json()["expires_at"] > "2027-07"
    buyer = Storefront(shop.http, opened.json()["token"], tests.merchant_id, shop.clock)
    body = {"kind": "cancel", "reason": "change_of_mind", "lines": [{"line_id": "1", "quantity": 1}]}
    claim = (await buyer.post("/buyer/v1/claims", body)).json()
    assert claim["requested_at"] > "2027-07"
    await move(tests, database, advance="PT13H")
    assert (await buyer.get("/buyer/v1/sessions/current")).status_code == 401
    late = await shop.http.post("/buyer/v1/sessions", json={"token": links[1]["token"]})
    assert late.json()["code"] == "invalid_buyer_link"


async def test_a_withdrawal_is_matched_by_the_clock_of_the_shop(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await move(tests, database, advance="P30D")
    received = (await tests.post("/v1/withdrawals", DECLARATION)).json()
    assert await match_due(database, tests.clock()) == 0
    while await turn_clocks(database, tests.clock()):
        pass
    withdrawal = (await tests.get(f"/v1/withdrawals/{received['withdrawal_id']}")).json()
    assert (withdrawal["status"], withdrawal["received_at"][:10]) == ("unmatched", "2026-07-08")
    await tests.push_order()
    claim = await tests.claim("cancel")
    assert (await tests.post(f"/v1/claims/{claim['claim_id']}/files/url", AT_MARKETPLACE)).status_code == 201


async def test_what_is_due_of_a_test_side_waits_for_its_clock(shop: Storefront, database: Database) -> None:
    """Also at instants that have passed by the system clock."""
    tests = await on_test_side(shop, database)
    claims = []
    for side in (shop, tests):
        await buy(side)
        claims.append(await side.claim("cancel"))
    received = (await tests.post("/v1/withdrawals", DECLARATION)).json()
    shop.clock.turn(days=10)
    while await fire_due(database, shop.clock()) + await match_due(database, shop.clock()):
        pass
    of_tests = f"/v1/withdrawals/{received['withdrawal_id']}"
    assert [bool((await read(*each))["escalated_at"]) for each in ((shop, claims[0]), (tests, claims[1]))] == [
        True,
        False,
    ]
    assert (await tests.get(of_tests)).json()["status"] == "received"
    while await turn_clocks(database, shop.clock()):
        pass
    assert (await read(tests, claims[1]))["escalated_at"]
    assert (await tests.get(of_tests)).json()["status"] == "unmatched"


async def test_commands_beside_a_move_come_before_it_or_after_it(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    for number in range(6):
        await tests.push_order(f"order-{number}")
    turning = asyncio.gather(*(turn_clocks(database, shop.clock()) for _ in range(4)))
    move_answer, *answers = await asyncio.gather(
        tests.post("/v1/test/clock", {"advance": "P60D"}),
        *(tests.ask("cancel", order_id=f"order-{number}") for number in range(6)),
    )
    await turning
    assert move_answer.status_code in (202, 409)
    while await turn_clocks(database, shop.clock()):
        pass
    assert {answer.json().get("code") for answer in answers} <= {None, "test_clock_advancing"}
    claims = (await tests.get("/v1/claims")).json()["data"]
    assert len(claims) == len([answer for answer in answers if answer.status_code == 201])
    for claim in claims:
        instants = [step["occurred_at"] for step in await history(tests, claim)]
        assert instants == sorted(instants)
