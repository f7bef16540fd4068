"""API keys over the API: a key makes, rotates and revokes the keys of its side, and none that can do more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.records.api_key import Scope
from app.service.key_uses import KeyUses
from app.store.database import Database
from tests.api.for_tests import on_test_side
from tests.api.keys import colleague, stranger
from tests.storefront import Storefront

KEYS = "/v1/api-keys"
NEW = {"name": "warehouse", "scopes": ["claims:read"]}


def holder(shop: Storefront, secret: str) -> Storefront:
    return Storefront(shop.http, secret, shop.merchant_id, shop.clock)


async def made(shop: Storefront, **more: Any) -> dict[str, Any]:
    answer = await shop.post(KEYS, {**NEW, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def rotated(shop: Storefront, key_id: str, **body: Any) -> dict[str, Any]:
    answer = await shop.post(f"{KEYS}/{key_id}/rotate", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def listed(shop: Storefront) -> list[dict[str, Any]]:
    return list((await shop.get(KEYS, limit=100)).json()["data"])


async def actions(shop: Storefront, key_id: str) -> list[dict[str, Any]]:
    answer = await shop.get("/v1/audit-entries", subject_id=key_id)
    return list(reversed(answer.json()["data"]))


async def test_a_new_key_works_at_once_and_its_secret_is_shown_once(shop: Storefront, database: Database) -> None:
    answer = await shop.post(KEYS, NEW)
    key = answer.json()
    secret = key.pop("secret")
    assert (answer.status_code, answer.headers["location"]) == (201, f"{KEYS}/{key['key_id']}")
    assert (key["name"], key["scopes"], key["mode"]) == ("warehouse", ["claims:read"], "live")
    assert secret.startswith(key["prefix"])
    assert len(secret) - len(key["prefix"]) == 39
    assert (await holder(shop, secret).get("/v1/claims")).status_code == 200
    assert (await holder(shop, secret).get("/v1/orders")).json()["code"] == "missing_scope"
    assert (await shop.get(answer.headers["location"])).json() == key
    assert key in await listed(shop)
    rows: list[Any] = []
    async with database.engine.connect() as connection:
        for table in ("api_keys", "audit_entries", "idempotency_keys"):
            rows += await connection.execute(text(f"SELECT * FROM {table}"))
    assert key["prefix"] in str(rows)
    assert secret[len(key["prefix"]) :] not in str(rows)


async def test_a_key_gives_no_scope_that_it_lacks(shop: Storefront, database: Database) -> None:
    clerk = await colleague(shop, database, Scope.API_KEYS_READ, Scope.API_KEYS_WRITE, Scope.CLAIMS_READ)
    before = await listed(shop)
    for scopes in (["claims:write"], ["claims:read", "admin"], ["admin"], ["metrics:read"]):
        answer = await clerk.post(KEYS, {**NEW, "scopes": scopes})
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held"), scopes
    assert await listed(shop) == before
    assert (await made(clerk))["scopes"] == ["claims:read"]


@pytest.mark.parametrize("change", ["rotate", "revoke"])
async def test_a_key_changes_no_key_that_can_do_more(shop: Storefront, database: Database, change: str) -> None:
    clerk = await colleague(shop, database, Scope.API_KEYS_READ, Scope.API_KEYS_WRITE, Scope.CLAIMS_READ)
    stronger = await made(shop, scopes=["claims:decide", "claims:read"])
    before = await listed(shop)
    answer = await clerk.post(f"{KEYS}/{stronger['key_id']}/{change}")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    assert answer.json()["params"] == {"scope": "claims:decide"}
    assert await listed(shop) == before
    assert (await clerk.post(f"{KEYS}/{(await made(shop))['key_id']}/{change}")).is_success


async def test_the_keys_of_another_merchant_and_of_the_other_side_are_not_there(
    shop: Storefront, database: Database
) -> None:
    tests = await on_test_side(shop, database)
    sides = (shop, tests, await stranger(shop, database))
    keys = [await made(side) for side in sides]
    assert [key["mode"] for key in keys] == ["live", "test", "live"]
    assert keys[1]["secret"].startswith("rk_test_")
    for own, side in zip(keys, sides, strict=True):
        assert (await listed(side))[0]["key_id"] == own["key_id"]
        assert len(await listed(side)) == 2
        for other in keys:
            found = 200 if other is own else 404
            assert (await side.get(f"{KEYS}/{other['key_id']}")).status_code == found
            if other is not own:
                for change in ("rotate", "revoke"):
                    assert (await side.post(f"{KEYS}/{other['key_id']}/{change}")).status_code == 404
    test_key = holder(shop, keys[1]["secret"])
    assert (await test_key.get("/v1/claims")).status_code == 200


async def test_an_expired_key_is_told_what_to_do(shop: Storefront, database: Database) -> None:
    sides = (shop, await on_test_side(shop, database))
    expires_at = shop.clock() + timedelta(minutes=1)
    secrets = [(await made(side, expires_at=expires_at.isoformat()))["secret"] for side in sides]
    for secret in secrets:
        assert (await holder(shop, secret).get("/v1/claims")).status_code == 200
    shop.clock.turn(minutes=1)
    for secret in secrets:
        answer = await holder(shop, secret).get("/v1/claims")
        assert (answer.status_code, answer.json()["code"]) == (401, "api_key_expired")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert datetime.fromisoformat(answer.json()["params"]["expired_at"]) == expires_at
        assert "POST /v1/api-keys" in answer.json()["detail"]


async def test_a_key_for_tests_expires_by_the_system_clock(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    secret = (await made(tests, expires_at=(shop.clock() + timedelta(days=1)).isoformat()))["secret"]
    until = (shop.clock() + timedelta(days=30)).isoformat()
    assert (await tests.post("/v1/test/clock", {"to_at": until})).status_code == 202
    assert (await holder(shop, secret).get("/v1/claims")).status_code == 200


async def test_both_keys_work_during_the_overlap_of_a_rotation(shop: Storefront) -> None:
    old = await made(shop)
    new = await rotated(shop, old["key_id"], overlap_seconds=3600)
    assert (new["rotated_from"], new["name"], new["scopes"]) == (old["key_id"], old["name"], old["scopes"])
    for secret in (old["secret"], new["secret"]):
        assert (await holder(shop, secret).get("/v1/claims")).status_code == 200
    shop.clock.turn(seconds=3600)
    assert (await holder(shop, old["secret"]).get("/v1/claims")).json()["code"] == "api_key_expired"
    assert (await holder(shop, new["secret"]).get("/v1/claims")).status_code == 200


OVERLAPS: list[tuple[dict[str, int], dict[str, Any], timedelta]] = [
    ({}, {}, timedelta(days=1)),
    ({"overlap_seconds": 0}, {}, timedelta()),
    ({"overlap_seconds": 7200}, {"expires_at": timedelta(hours=1)}, timedelta(hours=1)),
]


@pytest.mark.parametrize(("body", "old", "ends_in"), OVERLAPS)
async def test_the_old_key_ends_with_the_overlap_and_not_later_than_before(
    shop: Storefront, body: dict[str, int], old: dict[str, Any], ends_in: timedelta
) -> None:
    key = await made(shop, **{name: (shop.clock() + after).isoformat() for name, after in old.items()})
    assert (await rotated(shop, key["key_id"], **body))["expires_at"] is None
    stored = (await shop.get(f"{KEYS}/{key['key_id']}")).json()
    assert datetime.fromisoformat(stored["expires_at"]) == shop.clock() + ends_in
    works = (await holder(shop, key["secret"]).get("/v1/claims")).status_code == 200
    assert works is bool(ends_in)


async def test_a_key_has_one_key_that_replaces_it(shop: Storefront) -> None:
    old = await made(shop)
    new = await rotated(shop, old["key_id"])
    again = await shop.post(f"{KEYS}/{old['key_id']}/rotate")
    assert (again.status_code, again.json()["code"]) == (409, "api_key_rotated")
    assert again.json()["params"]["successor"] == new["key_id"]
    await shop.post(f"{KEYS}/{new['key_id']}/revoke")
    assert (await rotated(shop, old["key_id"]))["rotated_from"] == old["key_id"]


async def test_a_key_that_has_ended_is_not_rotated(shop: Storefront) -> None:
    revoked, expired = await made(shop), await made(shop, expires_at=(shop.clock() + timedelta(1)).isoformat())
    await shop.post(f"{KEYS}/{revoked['key_id']}/revoke")
    shop.clock.turn(days=1)
    for key in (revoked, expired):
        answer = await shop.post(f"{KEYS}/{key['key_id']}/rotate")
        assert (answer.status_code, answer.json()["code"]) == (409, "api_key_not_active")


async def test_a_revoked_key_is_refused_and_stays_in_the_list(shop: Storefront) -> None:
    key = await made(shop)
    first = (await shop.post(f"{KEYS}/{key['key_id']}/revoke")).json()
    assert datetime.fromisoformat(first["revoked_at"]) == shop.clock()
    assert (await holder(shop, key["secret"]).get("/v1/claims")).json()["code"] == "invalid_api_key"
    shop.clock.turn(seconds=1)
    assert (await shop.post(f"{KEYS}/{key['key_id']}/revoke")).json() == first
    assert first in await listed(shop)
    assert [entry["action"] for entry in await actions(shop, key["key_id"])] == [
        "api_key.created",
        "api_key.revoked",
    ]


async def test_a_process_that_changes_a_key_knows_it_at_once(
    shop: Storefront, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers = service.state.app_state.callers
    monkeypatch.setattr(callers, "_remember", 3600)
    revoked, old = await made(shop), await made(shop)
    for key in (revoked, old):
        assert (await holder(shop, key["secret"]).get("/v1/claims")).status_code == 200
    await shop.post(f"{KEYS}/{revoked['key_id']}/revoke")
    await rotated(shop, old["key_id"], overlap_seconds=0)
    codes = [(await holder(shop, key["secret"]).get("/v1/claims")).json()["code"] for key in (revoked, old)]
    assert codes == ["invalid_api_key", "api_key_expired"]


async def test_the_audit_trail_tells_who_changed_a_key_and_from_where(shop: Storefront) -> None:
    boss = await made(shop, name="boss", scopes=["admin"])
    key = await made(holder(shop, boss["secret"]))
    new = await rotated(holder(shop, boss["secret"]), key["key_id"], overlap_seconds=60)
    created, ended = await actions(shop, key["key_id"])
    (replacing,) = await actions(shop, new["key_id"])
    actor = {"kind": "api_key", "actor_id": boss["key_id"], "name": "boss", "ip_address": "127.0.0.1"}
    assert [entry["actor"] for entry in (created, ended, replacing)] == [actor] * 3
    assert (created["action"], ended["action"]) == ("api_key.created", "api_key.rotated")
    assert created["changes"]["prefix"] == {"before": None, "after": key["prefix"]}
    assert ended["changes"].keys() == {"expires_at"}
    assert replacing["changes"]["rotated_from"] == {"before": None, "after": key["key_id"]}


async def test_the_last_use_of_a_key_is_written_later(shop: Storefront, database: Database, service: FastAPI) -> None:
    for side in (shop, await on_test_side(shop, database)):
        key = await made(side)
        user = holder(side, key["secret"])
        assert (await user.get("/v1/orders")).status_code == 403
        shop.clock.turn(seconds=10)
        assert (await user.get("/v1/claims")).status_code == 200
        assert (await side.get(f"{KEYS}/{key['key_id']}")).json()["last_used_at"] is None
        used_at = shop.clock()
        shop.clock.turn(seconds=10)
        await service.state.app_state.key_uses.write(database)
        stored = (await side.get(f"{KEYS}/{key['key_id']}")).json()
        assert datetime.fromisoformat(stored["last_used_at"]) == used_at


async def test_an_earlier_use_of_another_process_does_not_hide_a_later_one(
    shop: Storefront, database: Database, service: FastAPI
) -> None:
    key = await made(shop)
    caller = await service.state.app_state.callers.recognise(key["secret"])
    assert caller is not None
    for ago in (0, 30):
        other = KeyUses()
        other.note(caller, shop.clock() - timedelta(seconds=ago))
        await other.write(database)
    stored = (await shop.get(f"{KEYS}/{key['key_id']}")).json()
    assert datetime.fromisoformat(stored["last_used_at"]) == shop.clock()


async def test_a_limit_of_authority_is_not_escaped_by_another_key(shop: Storefront) -> None:
    scopes = ["api_keys:write", "claims:decide", "claims:read"]
    key, other = await made(shop, scopes=scopes), await made(shop, scopes=["claims:decide"])
    limit = {"holder_kind": "api_key", "currency": "KRW", "per_decision": 1}
    assert (await shop.put("/v1/authority-limits", {**limit, "holder": key["key_id"]})).is_success
    clerk = holder(shop, key["secret"])
    for answer in (
        await clerk.post(KEYS, {**NEW, "scopes": ["claims:decide"]}),
        await clerk.post(f"{KEYS}/{other['key_id']}/rotate"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "authority_is_limited")
    assert (await clerk.post(KEYS, NEW)).status_code == 201


async def test_keys_are_paged(shop: Storefront) -> None:
    for name in ("a", "b", "c"):
        shop.clock.turn(seconds=1)
        await made(shop, name=name)
    every, cursor, seen = await listed(shop), None, []
    while True:
        page = (await shop.get(KEYS, limit=1, **({"cursor": cursor} if cursor else {}))).json()
        seen += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == every
    assert [key["name"] for key in seen] == ["c", "b", "a", "test"]
