"""The reports of a shop: exact, by the shop's days, as JSON and as files."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI

from app.service.reports.counts import count_changes
from app.store.database import Database
from tests.api.recomputed_reports import Recomputed, stories
from tests.api.report_lives import count_all, keyed, live, report
from tests.storefront import MONDAY, Storefront

SEOUL = "Asia/Seoul"
FIRST = date(2026, 6, 8)


@pytest.fixture
def sqlite_database(service: FastAPI, sqlite_shop: Storefront) -> Database:
    """The database of the storefront on SQLite."""
    assert sqlite_shop.merchant_id
    state_database: Database = service.state.app_state.database
    return state_database


_OF_VERSIONS = (
    "claims",
    "first_answer_median_minutes",
    "decision_median_minutes",
    "money_median_minutes",
    "decision_p90_minutes",
)


async def use_zone(shop: Storefront, zone: str) -> None:
    settings: dict[str, Any] = {"time_zone": zone, "off": [], "quiet_hours": None, "digest": None}
    answer = await shop.put("/v1/message-settings", settings)
    assert answer.status_code == 200, answer.text


def ranges(last: date) -> Iterator[tuple[date, date]]:
    """A day, days of one month, whole months with days around them, and everything."""
    yield FIRST, FIRST
    yield FIRST + timedelta(days=3), FIRST + timedelta(days=12)
    yield FIRST + timedelta(days=9), max(last - timedelta(days=4), FIRST + timedelta(days=9))
    yield date(2026, 6, 1), date(2026, 7, 31)
    yield date(2026, 1, 1), date(2027, 12, 31)


async def assert_exact(shop: Storefront, zone: str) -> None:
    told, orders = await stories(shop)
    last = max(date.fromisoformat(story.claim["requested_at"][:10]) for story in told)
    for from_on, to_on in ranges(last):
        again = Recomputed(told, orders, zone, from_on, to_on)
        await assert_same(shop, again, from_on, to_on)


async def assert_same(shop: Storefront, again: Recomputed, from_on: date, to_on: date) -> None:
    async def rows(name: str) -> list[dict[str, Any]]:
        return list((await report(shop, name, from_on, to_on))["rows"])

    by_reason = keyed(await rows("reasons"), lambda r: (r["kind"], r["reason"], r["fault"]), lambda r: r["claims"])
    assert by_reason == again.reasons()
    products = await rows("products")
    counts = keyed(products, lambda r: r["sku"], lambda r: (r["claims"], r["units"], r["cancelled_units"]))
    assert {sku: each for sku, each in counts.items() if each[0]} == again.products()
    sold_orders, sold = again.sold()
    assert {row["sku"]: row["sold_units"] for row in products if row["sold_units"]} == sold
    for row in await rows("rates"):
        assert (row["orders"], row["sold_units"]) == (sold_orders, sold.total())
    times = keyed(
        await rows("times"), lambda r: r["step"], lambda r: (r["claims"], r["median_minutes"], r["p90_minutes"])
    )
    assert times == again.times()
    overdue = keyed(await rows("overdue"), lambda r: r["subject"], lambda r: (r["claims"], r["overdue"]))
    assert overdue == again.overdue()
    costs = keyed(await rows("costs"), lambda r: r["cost"], lambda r: (r["claims"], r["amount"]))
    assert costs == again.costs()
    alternatives = await rows("offers")
    offers = {(row["alternative"], "accepted"): row["accepted"] for row in alternatives if row["accepted"]}
    assert offers == {key: count for key, count in again.offers().items() if key[1] == "accepted"}
    assert {row["alternative"]: row["kept_amount"] for row in alternatives if row["kept_amount"]} == again.kept()
    assert keyed(await rows("repeats"), lambda r: r["earlier_claims"], lambda r: r["claims"]) == again.repeats()
    versions = await rows("policy_versions")
    assert keyed(versions, lambda r: r["policy"], lambda r: tuple(r[name] for name in _OF_VERSIONS)) == again.policies()


@pytest.mark.parametrize("seed", [1, 2])
async def test_reports_are_what_all_claims_and_orders_give(shop: Storefront, database: Database, seed: int) -> None:
    await live(shop, database, seed, claims=14)
    await count_all(database, shop)
    await assert_exact(shop, "UTC")


async def test_another_time_zone_counts_everything_by_its_days(
    sqlite_shop: Storefront, sqlite_database: Database
) -> None:
    shop, database = sqlite_shop, sqlite_database
    shop.clock.turn(hours=12)  # midnight in Seoul
    await live(shop, database, 3, claims=8)
    await count_all(database, shop)
    await use_zone(shop, SEOUL)
    assert (await report(shop, "reasons", FIRST, FIRST))["recounting"] is True
    await count_all(database, shop)
    assert (await report(shop, "reasons", FIRST, FIRST))["recounting"] is False
    await assert_exact(shop, SEOUL)
    await use_zone(shop, "America/New_York")
    await count_changes(database, shop.clock(), limit=3)  # the next change of the zone comes half-way
    await use_zone(shop, "Asia/Kathmandu")
    await live(shop, database, 4, claims=3)
    await count_all(database, shop)
    await assert_exact(shop, "Asia/Kathmandu")


async def test_a_report_says_until_when_everything_is_counted(
    sqlite_shop: Storefront, sqlite_database: Database
) -> None:
    shop, database = sqlite_shop, sqlite_database
    await shop.push_order()
    await count_all(database, shop)
    shop.clock.turn(minutes=5)
    await shop.claim("cancel")
    asked_at = shop.clock().astimezone(MONDAY.tzinfo)
    shop.clock.turn(minutes=5)
    waiting = await report(shop, "faults", FIRST, FIRST)
    assert (waiting["counted_to_at"], waiting["rows"]) == ("2026-06-08T03:05:00Z", [])
    assert asked_at.minute == 5
    await count_all(database, shop)
    counted = await report(shop, "faults", FIRST, FIRST)
    assert (counted["counted_to_at"], counted["rows"][0]["claims"]) == ("2026-06-08T03:10:00Z", 1)


async def test_intervals_and_the_days_before_have_rows_of_their_own(
    sqlite_shop: Storefront, sqlite_database: Database
) -> None:
    shop, database = sqlite_shop, sqlite_database
    for day in range(20):
        await shop.push_order(f"order-{day}", paid_at=shop.clock().isoformat())
        await shop.claim("cancel", order_id=f"order-{day}")
        shop.clock.turn(days=1)
    await count_all(database, shop)
    first, last = date(2026, 6, 15), date(2026, 6, 28)
    body = await report(shop, "faults", first, last, interval="week", compare="before")
    stretches = [(row["from_on"], row["to_on"], row["claims"]) for row in body["rows"]]
    assert stretches == [("2026-06-15", "2026-06-21", 7), ("2026-06-22", "2026-06-28", 6)]
    assert [(row["from_on"], row["claims"]) for row in body["before"]] == [("2026-06-08", 7)]


async def test_no_cell_of_a_file_is_a_formula(sqlite_shop: Storefront, sqlite_database: Database) -> None:
    shop, database = sqlite_shop, sqlite_database
    await shop.push_order(lines=[{"line_id": "1", "sku": "=1+1", "quantity": 2, "unit_price": 12000}])
    await shop.claim("cancel")
    await count_all(database, shop)
    days = {"from_on": "2026-06-08", "to_on": "2026-06-08"}
    answer = await shop.get("/v1/reports/product_reasons", **days, format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["sku"], row["claims"], row["reason"]) == ("'=1+1", "1", "change_of_mind")
    answer = await shop.get("/v1/reports/product_reasons", **days, format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sku": "MUG"}, "report_without_filter"),
        ({"from_on": "2026-06-09", "to_on": "2026-06-08"}, "days_not_in_order"),
        ({"from_on": "2001-01-01", "to_on": "2026-06-08"}, "invalid_request"),
        ({"format": "pdf"}, "invalid_request"),
        ({"since": "2026-06-09"}, "invalid_request"),
    ],
)
async def test_what_a_report_cannot_show_is_refused(sqlite_shop: Storefront, query: dict[str, str], code: str) -> None:
    answer = await sqlite_shop.get("/v1/reports/times", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_there_is_no_report_of_another_name(sqlite_shop: Storefront) -> None:
    assert (await sqlite_shop.get("/v1/reports/moods")).status_code == 404
