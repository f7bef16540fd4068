"""Limits of authority: what a person or a key may pay back alone, and what a second person grants or refuses."""

from dataclasses import replace
from typing import Any

import pytest

from app.records.api_key import Scope
from app.store.database import Database
from tests.api.authority import approve, cancellations, limit, open_approvals
from tests.api.claims import begin, history
from tests.api.keys import colleague, stranger
from tests.api.staff import Person, code_of, join, sign_in, signed_in
from tests.api.walks import APPROVE, INSPECT, ONE, RECEIVE, WALKS
from tests.storefront import Storefront

CANCEL = WALKS["a cancellation is granted"]


@pytest.fixture
async def minji(shop: Storefront) -> Person:
    return await join(shop)


@pytest.fixture
async def manager(shop: Storefront) -> Person:
    return await join(shop, "suji@mug.example", "manager", "이수진")


async def test_within_the_limit_a_person_decides_alone(shop: Storefront, minji: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=12000)
    (claim,) = await cancellations(shop, 1)
    assert (await approve(minji.session, claim)).status_code == 200
    assert await open_approvals(shop) == []


async def test_above_the_limit_nothing_is_decided_until_a_second_person_grants_it(
    shop: Storefront, minji: Person, manager: Person
) -> None:
    await limit(shop, "role", "clerk", per_decision=11999)
    (claim,) = await cancellations(shop, 1)
    held = await approve(minji.session, claim)
    assert (held.status_code, held.json()["code"]) == (403, "above_authority")
    params = held.json()["params"]
    assert (params["amount"], params["allowed"]) == (12000, 11999)
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["version"] == claim["version"]
    (approval,) = await open_approvals(shop)
    told = (approval["approval_id"], approval["command"], approval["reach"], approval["asked_by"])
    assert told == (params["approval_id"], "approve", "decision", minji.staff_id)
    path = f"/v1/approvals/{approval['approval_id']}"
    own = await minji.session.post(f"{path}/grant")
    assert (own.status_code, own.json()["code"]) == (403, "second_person_required")
    granted = await manager.session.post(f"{path}/grant")
    assert granted.status_code == 200, granted.text
    assert (granted.json()["status"], granted.json()["decided_by"]) == ("granted", manager.staff_id)
    by = (await history(shop, claim))[1]["data"]["by"]
    assert by["name"] == "김민지 · 이수진"
    assert by["key"] == f"staff {minji.staff_id} · staff {manager.staff_id}"
    assert [refund["amount"] for refund in await shop.refunds_of(claim)] == [12000]
    again = await manager.session.post(f"{path}/grant")
    assert (again.status_code, again.json()["code"]) == (409, "approval_decided")


async def test_a_refused_approval_leaves_the_claim_as_it_is(shop: Storefront, minji: Person, manager: Person) -> None:
    await limit(shop, "staff", minji.staff_id, per_decision=0)
    (claim,) = await cancellations(shop, 1)
    approval = (await approve(minji.session, claim)).json()["params"]["approval_id"]
    for who, status in ((minji, 403), (manager, 200), (manager, 409)):
        answer = await who.session.post(f"/v1/approvals/{approval}/refuse", {"note": "사진을 확인해 주세요."})
        assert answer.status_code == status, answer.text
    read = (await minji.session.get(f"/v1/approvals/{approval}")).json()
    assert (read["status"], read["note"], read["decided_name"]) == ("refused", "사진을 확인해 주세요.", "이수진")
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["state"] == "requested"
    assert (await approve(minji.session, claim)).json()["params"]["approval_id"] != approval


async def test_a_command_has_one_open_approval(shop: Storefront, minji: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    first, second = await cancellations(shop, 2)
    ids = [(await approve(minji.session, claim)).json()["params"]["approval_id"] for claim in (first, first, second)]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
    assert len(await open_approvals(shop)) == 2
    assert len((await shop.get("/v1/approvals", claim_id=first["claim_id"])).json()["data"]) == 1


async def test_the_second_person_needs_the_authority_too(shop: Storefront, minji: Person, manager: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    await limit(shop, "role", "manager", per_decision=10000)
    (claim,) = await cancellations(shop, 1)
    approval = (await approve(minji.session, claim)).json()["params"]["approval_id"]
    refused = await manager.session.post(f"/v1/approvals/{approval}/grant")
    assert (refused.status_code, refused.json()["code"]) == (403, "above_own_authority")
    assert len(await open_approvals(shop)) == 1
    await limit(shop, "role", "manager", per_decision=12000)
    assert (await manager.session.post(f"/v1/approvals/{approval}/grant")).status_code == 200


async def test_a_granted_command_is_judged_as_of_then(shop: Storefront, minji: Person, manager: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    (claim,) = await cancellations(shop, 1)
    approval = (await approve(minji.session, claim)).json()["params"]["approval_id"]
    await shop.give(claim, "retract")
    refused = await manager.session.post(f"/v1/approvals/{approval}/grant")
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert len(await open_approvals(shop)) == 1
    assert (await manager.session.post(f"/v1/approvals/{approval}/refuse")).status_code == 200


async def test_an_override_is_granted_by_somebody_who_may_override(shop: Storefront, database: Database) -> None:
    clerk = await colleague(shop, database, Scope.CLAIMS_DECIDE, Scope.CLAIMS_OVERRIDE)
    plain = await colleague(shop, database, Scope.CLAIMS_DECIDE)
    await shop.push_order()
    await shop.ship()
    shop.clock.turn(days=60)
    claim = await shop.claim("refund", "change_of_mind")
    own = (await key_ids(shop, database))[-2]
    await limit(shop, "api_key", own, per_decision=0)
    approval = (await approve(clerk, claim, override="단골 손님")).json()["params"]["approval_id"]
    refused = await plain.post(f"/v1/approvals/{approval}/grant")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_held")
    assert (await shop.post(f"/v1/approvals/{approval}/grant")).json()["status"] == "granted"


async def key_ids(shop: Storefront, database: Database) -> list[str]:
    """The keys of the merchant, in the order in which they were made."""
    entries = (await shop.get("/v1/audit-entries", action="api_key.created", limit=100)).json()["data"]
    return [entry["subject_id"] for entry in reversed(entries)]


async def test_a_limit_holds_for_an_api_key(shop: Storefront, database: Database) -> None:
    key = await colleague(shop, database, Scope.CLAIMS_DECIDE, Scope.STAFF_WRITE)
    (own_id,) = (await key_ids(shop, database))[-1:]
    await limit(shop, "api_key", own_id, per_decision=5000)
    (claim,) = await cancellations(shop, 1)
    assert (await approve(key, claim)).json()["code"] == "above_authority"
    lifted = await key.put(
        "/v1/authority-limits", {"holder_kind": "api_key", "holder": own_id, "currency": "KRW", "per_day": 10**9}
    )
    assert (lifted.status_code, lifted.json()["code"]) == (403, "own_limit")
    assert (await approve(shop, claim)).status_code == 200


async def test_the_sum_of_a_local_day_is_limited(shop: Storefront, minji: Person) -> None:
    """It is noon in Seoul. The next day begins there, and not at midnight of another zone."""
    await limit(shop, "role", "clerk", per_day=25000)
    claims = await cancellations(shop, 4)
    answers = [(await approve(minji.session, claim)).status_code for claim in claims[:3]]
    assert answers == [200, 200, 403]
    (approval,) = await open_approvals(shop)
    assert (approval["reach"], approval["allowed"]) == ("day", 25000)
    shop.clock.turn(hours=11.9)
    minji = await again(shop, minji)
    assert (await approve(minji.session, claims[2])).status_code == 403
    shop.clock.turn(hours=0.2)
    assert (await approve(minji.session, claims[2])).status_code == 200


async def again(shop: Storefront, person: Person) -> Person:
    """The person signs in again, since a session lasts twelve hours."""
    session = signed_in(shop, await sign_in(shop, person.email, code=code_of(shop, person.secret)))
    return replace(person, session=session)


async def test_each_person_of_a_role_has_a_sum_of_their_own(shop: Storefront, minji: Person) -> None:
    await limit(shop, "role", "clerk", per_day=12000)
    other = await join(shop, "b@mug.example", name="박서준")
    first, second, third = await cancellations(shop, 3)
    assert (await approve(minji.session, first)).status_code == 200
    assert (await approve(other.session, second)).status_code == 200
    assert (await approve(other.session, third)).status_code == 403


async def test_a_limit_of_a_person_takes_the_place_of_the_role(shop: Storefront, minji: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    own = await limit(shop, "staff", minji.staff_id, per_decision=12000)
    first, second = await cancellations(shop, 2)
    assert (await approve(minji.session, first)).status_code == 200
    assert (await shop.delete(f"/v1/authority-limits/{own['limit_id']}")).status_code == 200
    assert (await approve(minji.session, second)).status_code == 403
    assert (await shop.delete(f"/v1/authority-limits/{own['limit_id']}")).status_code == 404


@pytest.mark.parametrize(
    ("narrowed", "status"),
    [
        ({"command": "approve"}, 403),
        ({"command": "inspect"}, 200),
        ({"claim_kind": "cancel"}, 403),
        ({"claim_kind": "return"}, 200),
        ({"currency": "JPY"}, 200),
        ({"command": "approve", "claim_kind": "cancel"}, 403),
    ],
)
async def test_a_limit_is_for_a_command_a_kind_and_a_currency(
    sqlite_shop: Storefront, narrowed: dict[str, Any], status: int
) -> None:
    minji = await join(sqlite_shop)
    await limit(sqlite_shop, "role", "clerk", per_decision=0, **narrowed)
    (claim,) = await cancellations(sqlite_shop, 1)
    assert (await approve(minji.session, claim)).status_code == status


async def test_a_return_is_limited_where_it_pays(shop: Storefront) -> None:
    claim = await begin(shop, WALKS["a return at the buyer's cost"])
    minji = await join(shop)
    await limit(shop, "role", "clerk", per_decision=100)
    path = f"/v1/claims/{claim['claim_id']}"
    for command, body in (APPROVE, RECEIVE):
        assert (await minji.session.post(f"{path}/{command}", body)).status_code == 200
    held = await minji.session.post(f"{path}/{INSPECT[0]}", INSPECT[1])
    assert held.json()["code"] == "above_authority"
    assert (await shop.get(path)).json()["state"] == "received"
    approval = held.json()["params"]["approval_id"]
    assert (await shop.get(f"/v1/approvals/{approval}")).json()["data"]["by"]["name"] == "김민지"
    assert (await shop.post(f"/v1/approvals/{approval}/grant")).status_code == 200
    assert (await shop.get(path)).json()["state"] == "accepted"


async def test_an_offer_is_limited_when_it_is_made(shop: Storefront, minji: Person) -> None:
    """The buyer could accept it at once."""
    await limit(shop, "role", "clerk", per_decision=1000)
    (claim,) = await cancellations(shop, 1)
    offer = {"alternative": "partial_refund", "amount": 1001, "message": "부분 환불은 어떠세요?"}
    path = f"/v1/claims/{claim['claim_id']}/offers"
    assert (await minji.session.post(path, offer)).json()["code"] == "above_authority"
    assert (await minji.session.post(path, {**offer, "amount": 1000})).status_code == 200


async def test_what_the_buyer_or_the_policy_decides_is_not_limited(shop: Storefront, database: Database) -> None:
    key = await colleague(shop, database, Scope.CLAIMS_WRITE, Scope.CLAIMS_DECIDE, Scope.CLAIMS_READ)
    await limit(shop, "api_key", (await key_ids(shop, database))[-1], per_decision=0)
    await shop.push_order()
    claim = (await key.ask("cancel", lines=[ONE])).json()
    assert (await key.post(f"/v1/claims/{claim['claim_id']}/retract")).status_code == 200


async def test_a_limit_names_somebody_who_is_there(shop: Storefront, database: Database, minji: Person) -> None:
    theirs = await stranger(shop, database)
    for kind, holder in (("staff", "nobody"), ("api_key", "nobody"), ("staff", minji.staff_id)):
        body = {"holder_kind": kind, "holder": holder, "currency": "KRW", "per_decision": 0}
        answer = await (theirs if holder == minji.staff_id else shop).put("/v1/authority-limits", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_holder")
    body = {"holder_kind": "role", "holder": "nobody", "currency": "KRW", "per_decision": 0}
    assert (await shop.put("/v1/authority-limits", body)).json()["code"] == "unknown_role"


async def test_nobody_lifts_their_own_limit(shop: Storefront) -> None:
    owner = await join(shop, "owner@mug.example", "owner")
    set_by_key = await limit(shop, "role", "owner", per_decision=0)
    for holder_kind, holder in (("role", "owner"), ("staff", owner.staff_id)):
        body = {"holder_kind": holder_kind, "holder": holder, "currency": "KRW", "per_decision": 10**9}
        answer = await owner.session.put("/v1/authority-limits", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "own_limit")
    deleted = await owner.session.delete(f"/v1/authority-limits/{set_by_key['limit_id']}")
    assert (deleted.status_code, deleted.json()["code"]) == (403, "own_limit")


async def test_limits_and_approvals_are_in_the_audit_trail(shop: Storefront, minji: Person, manager: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    (claim,) = await cancellations(shop, 1)
    approval = (await approve(minji.session, claim)).json()["params"]["approval_id"]
    await manager.session.post(f"/v1/approvals/{approval}/grant")
    entries = (await shop.get("/v1/audit-entries", limit=3)).json()["data"]
    assert [(entry["action"], entry["actor"]["name"]) for entry in entries] == [
        ("approval.granted", "이수진"),
        ("approval.requested", "김민지"),
        ("authority_limit.set", "test"),
    ]
