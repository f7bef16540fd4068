"""Breakers of refunds: too much in an hour or a day stops all decisions that pay back, and loses none of them."""

from datetime import datetime
from typing import Any

import pytest

from app.messages.mail import Mailer, server_of
from app.records.api_key import Scope
from app.service.mail_delivery import send_due
from app.store.database import Database
from tests.api.authority import approve, cancellations, limit, open_approvals
from tests.api.deadlines import buy, fire_at, publish, steps, tick
from tests.api.keys import colleague
from tests.api.scenes import fan_out_all
from tests.api.staff import join
from tests.api.walks import ONE
from tests.messages.postbox import Postbox, open_postbox
from tests.storefront import Storefront

EACH = 12_000
"""What a cancellation pays back."""


async def put(shop: Storefront, **limits: int) -> dict[str, Any]:
    answer = await shop.put("/v1/refund-breakers/KRW", limits)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def read(shop: Storefront) -> dict[str, Any]:
    return dict((await shop.get("/v1/refund-breakers")).json()["data"][0])


async def opened(shop: Storefront) -> list[dict[str, Any]]:
    await fan_out_all(shop)
    feed = (await shop.get("/v1/events", limit=100)).json()["data"]
    return [event for event in feed if event["type"] == "refund_breaker.opened"]


async def state(shop: Storefront, claim: dict[str, Any]) -> str:
    return str((await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["state"])


@pytest.mark.parametrize(
    ("limits", "per", "passes_after"),
    [
        ({"decisions_per_hour": 2}, "hour", 1),
        ({"amount_per_hour": 2 * EACH}, "hour", 1),
        ({"decisions_per_day": 2}, "day", 24),
        ({"amount_per_day": 2 * EACH + 1}, "day", 24),
    ],
)
async def test_above_a_limit_nothing_is_paid_back_until_the_time_has_passed(
    sqlite_shop: Storefront, limits: dict[str, int], per: str, passes_after: int
) -> None:
    shop = sqlite_shop
    await put(shop, **limits)
    claims = await cancellations(shop, 4)
    assert [(await approve(shop, claim)).status_code for claim in claims[:3]] == [200, 200, 409]
    stopped = await approve(shop, claims[3])
    assert (stopped.json()["code"], stopped.json()["params"]["why"]) == ("refund_breaker_open", per)
    assert stopped.json()["params"]["scope"] == "staff:write"
    told, stored = stopped.json()["params"]["until"], (await read(shop))["opening"]["until_at"]
    assert datetime.fromisoformat(told) == datetime.fromisoformat(stored)
    shop.clock.turn(hours=passes_after - 1, minutes=30)
    if passes_after > 1:
        assert (await approve(shop, claims[2])).status_code == 409
    shop.clock.turn(minutes=31)
    assert (await approve(shop, claims[2])).status_code == 200
    assert len(await opened(shop)) == 1


async def test_a_person_resets_the_breaker_and_the_trail_has_it(shop: Storefront) -> None:
    await put(shop, decisions_per_hour=1)
    first, second, third = await cancellations(shop, 3)
    assert (await approve(shop, first)).status_code == 200
    assert (await approve(shop, second)).status_code == 409
    reset = await shop.post("/v1/refund-breakers/KRW/reset")
    assert (reset.status_code, reset.json()["opening"]) == (200, None)
    assert (await approve(shop, second)).status_code == 200
    assert (await approve(shop, third)).status_code == 409
    assert len(await opened(shop)) == 2
    trail = (await shop.get("/v1/audit-entries", subject="refund_breaker")).json()["data"]
    assert [entry["action"] for entry in trail] == ["refund_breaker.reset", "refund_breaker.set"]
    assert (await shop.post("/v1/refund-breakers/JPY/reset")).status_code == 404


async def test_the_owners_are_told_once(shop: Storefront, database: Database) -> None:
    owner = await join(shop, "owner@mug.example", "owner")
    await join(shop)
    await put(shop, amount_per_hour=EACH)
    for claim in await cancellations(shop, 4):
        await approve(shop, claim)
    assert len(await opened(shop)) == 1
    async with open_postbox(Postbox()) as box:
        mailer = Mailer(server_of(box.url), sender="recourse@mail.example")
        assert await send_due(database, mailer, shop.clock(), limit=50)
    (letter,) = [letter for letter in box.letters if letter["To"] == owner.email]
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert "1시간 한도 12,000원" in plain.get_content()


async def test_the_breaker_holds_for_each_who_decides(shop: Storefront, database: Database) -> None:
    clerk = await join(shop)
    key = await colleague(shop, database, Scope.CLAIMS_DECIDE)
    await put(shop, decisions_per_day=0)
    claims = await cancellations(shop, 2)
    for who in (clerk.session, key, shop):
        assert (await approve(who, claims[0])).json()["code"] == "refund_breaker_open"
    ids = [claim["claim_id"] for claim in claims]
    for dry_run in (True, False):
        bulk = {"command": "approve", "claim_ids": ids, "dry_run": dry_run}
        results = (await shop.post("/v1/claims/bulk", bulk)).json()["results"]
        assert {each["code"] for each in results} == {"refund_breaker_open"}
    offer = {"alternative": "partial_refund", "amount": 1, "message": "부분 환불은 어떠세요?"}
    assert (await shop.post(f"/v1/claims/{ids[0]}/offers", offer)).json()["code"] == "refund_breaker_open"
    held = await shop.give(claims[0], "hold", {"reason": "seller_check"})
    assert held["hold"]["reason"] == "seller_check"


async def test_what_the_policy_grants_waits_and_is_not_lost(shop: Storefront, database: Database) -> None:
    await put(shop, decisions_per_hour=0)
    await publish(shop, automation=[{"kinds": ["cancel"], "when": "always"}])
    await shop.push_order(policy="house")
    claim = (await shop.ask("cancel", lines=[ONE])).json()
    assert claim["state"] == "requested"
    waiting = await read(shop)
    assert (waiting["waiting_claims"], waiting["waiting_claim_ids"]) == (1, [claim["claim_id"]])
    assert len(await opened(shop)) == 1
    shop.clock.turn(hours=1)
    await tick(shop, database)
    assert await state(shop, claim) == "requested"
    assert len(await opened(shop)) == 1
    await put(shop, decisions_per_hour=1)
    await tick(shop, database)
    assert await state(shop, claim) == "approved"
    assert (await read(shop))["waiting_claims"] == 0
    assert [refund["amount"] for refund in await shop.refunds_of(claim)] == [EACH]


async def test_what_silence_grants_waits_and_is_not_lost(shop: Storefront, database: Database) -> None:
    await publish(shop, unanswered="approve")
    await buy(shop, policy="house", paid_at="2026-06-08T12:00:00+09:00")
    claim = await shop.claim("cancel")
    await put(shop, amount_per_day=1)
    await fire_at(shop, database, claim["deadlines"]["respond_by"])
    assert (await steps(shop, claim))[-1] == "response_overdue"
    assert (await read(shop))["waiting_claim_ids"] == [claim["claim_id"]]
    await put(shop)
    assert (await shop.post("/v1/refund-breakers/KRW/reset")).status_code == 200
    await tick(shop, database)
    assert await state(shop, claim) == "approved"


async def test_who_has_a_limit_of_authority_opens_no_gate(shop: Storefront) -> None:
    manager = await join(shop, "m@mug.example", "owner")
    await limit(shop, "staff", manager.staff_id, per_day=1)
    answer = await manager.session.put("/v1/refund-breakers/KRW", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "authority_is_limited")
    await put(shop, decisions_per_day=0)
    answer = await manager.session.post("/v1/refund-breakers/KRW/reset")
    assert (answer.status_code, answer.json()["code"]) == (403, "authority_is_limited")


async def test_a_granted_approval_waits_for_the_breaker_too(shop: Storefront) -> None:
    clerk = await join(shop)
    await limit(shop, "role", "clerk", per_decision=0)
    (claim,) = await cancellations(shop, 1)
    approval = (await approve(clerk.session, claim)).json()["params"]["approval_id"]
    await put(shop, decisions_per_day=0)
    granted = await shop.post(f"/v1/approvals/{approval}/grant")
    assert granted.json()["code"] == "refund_breaker_open"
    assert len(await open_approvals(shop)) == 1
    await put(shop)
    await shop.post("/v1/refund-breakers/KRW/reset")
    assert (await shop.post(f"/v1/approvals/{approval}/grant")).status_code == 200


async def test_a_dry_run_tells_what_is_above_the_authority(shop: Storefront) -> None:
    clerk = await join(shop)
    await limit(shop, "role", "clerk", per_day=EACH)
    first, second = await cancellations(shop, 2)
    ids = [first["claim_id"], second["claim_id"]]
    dry = {"command": "approve", "claim_ids": ids, "dry_run": True}
    results = (await clerk.session.post("/v1/claims/bulk", dry)).json()["results"]
    assert [each["code"] for each in results] == [None, None]
    assert (await approve(clerk.session, first)).status_code == 200
    results = (await clerk.session.post("/v1/claims/bulk", {**dry, "claim_ids": ids[1:]})).json()["results"]
    assert [each["code"] for each in results] == ["above_authority"]
    assert await open_approvals(shop) == []
