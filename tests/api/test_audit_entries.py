"""The audit trail: each change of a key is an entry, which nobody edits."""

from typing import Any

import pytest

from app.records.api_key import Scope
from app.service.erasure import delete_erased
from app.service.merchants import revoke_key
from app.store import api_keys
from app.store.database import Database
from tests.api.for_tests import on_test_side
from tests.api.keys import colleague, stranger
from tests.storefront import OPERATOR, Storefront


async def entries(shop: Storefront, **query: Any) -> list[dict[str, Any]]:
    answer = await shop.get("/v1/audit-entries", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def key_of(database: Database, scope: Scope) -> str:
    async with database.read() as tx:
        return next(key.key_id for key in await api_keys.all_keys(tx) if key.scopes == {scope})


async def test_an_entry_tells_who_changed_what(shop: Storefront, database: Database) -> None:
    clerk = await colleague(shop, database, Scope.CLAIMS_READ)
    key_id = await key_of(database, Scope.CLAIMS_READ)
    shop.clock.turn(seconds=1)
    await database.write(lambda tx: revoke_key(tx, key_id=key_id, by=OPERATOR, now=shop.clock()))
    revoked, created, first = await entries(shop)
    operator = {"kind": "operator", "actor_id": None, "name": "tests", "ip_address": None}
    assert [entry["action"] for entry in (revoked, created, first)] == [
        "api_key.revoked",
        "api_key.created",
        "api_key.created",
    ]
    assert created["actor"] == operator
    assert (created["subject"], created["subject_id"]) == ("api_key", key_id)
    assert created["changes"] == {
        "name": {"before": None, "after": "test"},
        "mode": {"before": None, "after": "live"},
        "scopes": {"before": None, "after": ["claims:read"]},
        "prefix": {"before": None, "after": clerk.token[:-39]},
    }
    assert revoked["created_at"] > created["created_at"]
    assert revoked["changes"] == {"revoked_at": {"before": None, "after": revoked["created_at"]}}
    assert clerk.token[-39:] not in str(revoked) + str(created)


async def test_a_change_that_is_refused_leaves_no_entry(shop: Storefront, database: Database) -> None:
    before = await entries(shop)
    with pytest.raises(LookupError):
        await database.write(lambda tx: _fail_after_revoking(tx, shop))
    assert await entries(shop) == before


async def _fail_after_revoking(tx: Any, shop: Storefront) -> None:
    (key,) = await api_keys.all_keys(tx)
    await revoke_key(tx, key_id=key.key_id, by=OPERATOR, now=shop.clock())
    raise LookupError


async def test_the_trail_is_narrowed_and_paged(shop: Storefront, database: Database) -> None:
    for scope in (Scope.CLAIMS_READ, Scope.ORDERS_READ):
        shop.clock.turn(seconds=1)
        await colleague(shop, database, scope)
    key_id = await key_of(database, Scope.ORDERS_READ)
    shop.clock.turn(seconds=1)
    await database.write(lambda tx: revoke_key(tx, key_id=key_id, by=OPERATOR, now=shop.clock()))
    every = await entries(shop)
    revoked = every[0]
    narrowed: tuple[tuple[dict[str, Any], list[dict[str, Any]]], ...] = (
        ({"action": "api_key.revoked"}, every[:1]),
        ({"action": "api_key.created"}, every[1:]),
        ({"subject": "api_key"}, every),
        ({"subject_id": key_id}, every[:2]),
        ({"actor_kind": "operator"}, every),
        ({"actor_kind": "api_key"}, []),
        ({"actor_id": key_id}, []),
        ({"created_from": revoked["created_at"]}, every[:1]),
        ({"created_before": revoked["created_at"]}, every[1:]),
        ({"subject_id": key_id, "action": "api_key.created"}, every[1:2]),
    )
    for query, expected in narrowed:
        assert await entries(shop, **query) == expected, query
    seen: list[Any] = []
    cursor: str | None = None
    while len(seen) < len(every):
        page = (await shop.get("/v1/audit-entries", limit=1, **({"cursor": cursor} if cursor else {}))).json()
        seen += page["data"]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (every, None)


async def test_the_trail_of_another_merchant_and_of_the_other_side_is_not_read(
    shop: Storefront, database: Database
) -> None:
    tests = await on_test_side(shop, database)
    other = await stranger(shop, database)
    sides = [[entry["subject_id"] for entry in await entries(side)] for side in (shop, tests, other)]
    assert [len(side) for side in sides] == [1, 1, 1]
    assert len({side[0] for side in sides}) == 3


async def test_the_trail_of_test_mode_goes_with_its_data(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    live = await entries(shop)
    assert (await tests.delete("/v1/test/data")).status_code == 202
    assert await entries(tests) == []
    while await delete_erased(database, shop.clock()):
        pass
    async with database.read() as tx:
        merchants = await api_keys.all_merchants(tx)
    assert tests.merchant_id not in {merchant.merchant_id for merchant in merchants}
    assert await entries(shop) == live
