"""Policies are published in versions; an order is judged by the version in force when it was paid."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.store.database import Database
from tests.api.policies import publish, window
from tests.storefront import ORDER, Storefront, storefront


async def test_an_order_is_judged_by_the_version_in_force_when_it_was_paid(shop: Storefront) -> None:
    first = await publish(shop, terms={"windows": [window(10)]})
    shop.clock.turn(days=2)
    between = shop.clock().isoformat()
    shop.clock.turn(days=2)
    second = await publish(shop, terms={"windows": [window(20)]})
    assert (first["key"], second["key"]) == ("house@1", "house@2")
    pinned = {
        paid_at: (await shop.push_order(f"order-{number}", policy="house", paid_at=paid_at))["policy"]
        for number, paid_at in enumerate((between, shop.clock().isoformat(), "2026-01-05T00:00:00Z"))
    }
    assert list(pinned.values()) == ["house@1", "house@2", "house@1"]
    assert (await shop.push_order("order-0", policy="house", paid_at=between))["policy"] == "house@1"


@pytest.mark.parametrize(
    ("policy", "by_push", "claimed", "judged_by"),
    [
        ("house", True, False, "house@3"),
        ("house", False, False, "house@3"),
        ("house", False, True, "house@2"),
        ("house@1", False, False, "house@1"),
        ("house@2", True, False, "house@2"),
        ("house@2", False, False, "house@2"),
    ],
)
async def test_an_order_that_is_paid_later_is_judged_by_the_version_of_that_day(
    shop: Storefront, *, policy: str, by_push: bool, claimed: bool, judged_by: str
) -> None:
    for version in (1, 2):
        await publish(shop, terms={"windows": [window(10 * version)]})
        shop.clock.turn(days=1)
    unpaid: dict[str, Any] = {"policy": policy, "payments": [], "paid_at": None}
    pinned = (await shop.push_order(**unpaid))["policy"]
    assert pinned == ("house@2" if policy == "house" else policy)
    shop.clock.turn(hours=1)
    await publish(shop, terms={"windows": [window(30)]})
    shop.clock.turn(days=1)
    if claimed:
        await shop.claim("cancel")
    if by_push:
        order = await shop.push_order(policy=policy, paid_at=shop.clock().isoformat())
    else:
        payment = {"payment_id": "pay-1", "method": "card", "amount": 27000}
        order = (await shop.post("/v1/orders/order-1/payments", payment)).json()
    assert (order["policy"], order["paid_at"] is None) == (judged_by, False)
    again = await shop.push_order(policy=None, paid_at=order["paid_at"])
    assert again["policy"] == judged_by


async def test_a_version_may_wait_for_its_day(shop: Storefront) -> None:
    await publish(shop)
    later = shop.clock().replace(month=7).isoformat()
    await publish(shop, terms={"windows": [window(20)]}, effective_at=later)
    now = {"policy": "house", "paid_at": shop.clock().isoformat()}
    assert (await shop.push_order(**now))["policy"] == "house@1"
    past = {"policy_id": "house", "base": "kr", "terms": {}, "effective_at": "2026-06-01T00:00:00Z"}
    answer = await shop.post("/v1/policies", past)
    assert (answer.status_code, answer.json()["code"]) == (422, "effective_in_past")


async def test_a_default_judges_orders_that_name_no_policy(database_url: str) -> None:
    """The default judges the next order, also while the service remembers the key."""
    async with storefront(database_url, key_cache_seconds=3600) as shop:
        unnamed = {"policy": None, "paid_at": shop.clock().isoformat()}
        assert (await shop.push_order("before", **unnamed))["policy"] == "storefront_kr@2"
        await publish(shop, is_default=True)
        assert (await shop.push_order("after", **unnamed))["policy"] == "house@1"


async def test_a_policy_has_its_own_name_and_an_existing_base(shop: Storefront) -> None:
    answer = await shop.post("/v1/policies", {"policy_id": "kr", "base": "kr", "terms": {}})
    assert (answer.status_code, answer.json()["code"]) == (409, "policy_is_a_preset")
    for body, code in (
        ({"policy_id": "house", "base": "none", "terms": {}}, "unknown_policy"),
        ({"policy_id": "house", "base": "kr@9", "terms": {}}, "unknown_policy"),
    ):
        answer = await shop.post("/v1/policies", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await shop.get("/v1/policies")).json() == {"data": []}
    assert (await shop.get("/v1/policies/house/1")).status_code == 404


async def test_before_its_first_version_a_policy_is_its_base(shop: Storefront) -> None:
    later = shop.clock().replace(month=7).isoformat()
    await publish(shop, base="naver", effective_at=later)
    now = {"policy": "house", "paid_at": shop.clock().isoformat()}
    assert (await shop.push_order(**now))["policy"] == "naver@2"


async def test_versions_are_listed_read_and_compared(shop: Storefront) -> None:
    first = await publish(shop, terms={"fees": {"return": 2500}})
    shop.clock.turn(hours=1)
    second = await publish(shop, terms={"fees": {"return": 3000}, "advance_exchange": True})
    listed = (await shop.get("/v1/policies")).json()["data"]
    assert [row["key"] for row in listed] == ["house@2", "house@1"]
    assert (await shop.get("/v1/policies/house/1")).json() == first
    assert (await shop.get("/v1/policies/house/2")).json() == second
    comparison = (await shop.get("/v1/policies/house/2/diff")).json()
    assert (comparison["before"], comparison["after"]) == ("house@1", "house@2")
    assert [row["field"] for row in comparison["differences"]] == ["advance_exchange", "fees"]
    with_law = (await shop.get("/v1/policies/house/1/diff")).json()
    assert with_law["before"] == "kr@2"
    assert {row["field"] for row in with_law["differences"]} == {"fees", "policy_id"}


@pytest.mark.parametrize("change", ["UPDATE policies SET document = '{}'", "DELETE FROM policies"])
async def test_a_published_policy_cannot_be_changed(shop: Storefront, database_url: str, change: str) -> None:
    await publish(shop)
    database = Database(database_url)
    with pytest.raises(DBAPIError, match="does not change"):
        async with database.engine.begin() as connection:
            await connection.execute(text(change))
    await database.close()


@pytest.mark.parametrize("version", ["99999999999999999999", "-1", "x", "", "1.0", "٣"])
async def test_a_version_that_is_no_number_is_no_version(shop: Storefront, version: str) -> None:
    answer = await shop.put("/v1/orders/order-1", {**ORDER, "policy": f"house@{version}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_policy")
