"""The course of an import: matched, previewed, started, carried out, forgotten. Nobody is written to about the past."""

from datetime import timedelta
from typing import Any

import pytest

from app.records.api_key import Scope
from app.service.clock_turns import turn_clocks
from app.service.events.fanout import fan_out
from app.service.file_keeping import sweep
from app.service.messages import compose
from app.service.order_imports.imports import forget_old
from app.store.database import Database
from tests.api.for_tests import on_test_side
from tests.api.keys import colleague, stranger
from tests.sheets import (
    PLAIN,
    carry_out,
    counts,
    import_file,
    plain_rows,
    preview,
    send,
    smartstore,
    smartstore_row,
    state_of,
    text_of,
    upload,
    with_password,
    work,
)
from tests.storefront import Storefront

MUG, PLATE = (
    smartstore_row(1),
    smartstore_row(2, 주문번호="202606050000001", 상품명="접시", 수량=1, **{"최종 상품별 총 주문금액": 12000}),
)


async def messages_of(shop: Storefront, order_id: str) -> list[str]:
    """The templates of what people were sent about an order."""
    database = state_of(shop).database
    while await fan_out(database, shop.clock(), compose=compose):
        pass
    answer = await shop.get(f"/v1/orders/{order_id}/messages")
    return [f"{each['event']}.{each['audience']}" for each in answer.json()["data"]]


async def order(shop: Storefront, order_id: str) -> dict[str, Any]:
    answer = await shop.get(f"/v1/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_columns_are_matched_once_and_remembered_for_files_with_the_same_headings(
    shop: Storefront, database: Database
) -> None:
    headings = ["Nr", "Wann", "Was", "Wie viel", "Preis"]
    content = text_of([headings, ["B-1", "2026-06-05", "Tasse", "2", "12000"]])
    made = await upload(shop, content)
    assert (made["format"], made["matching"]) == ("generic", {})
    assert made["missing"] == ["order_id", "paid_at", "quantity", "unit_price"]
    answer = await shop.post(f"/v1/order-imports/{made['import_id']}/start")
    assert (answer.status_code, answer.json()["code"]) == (409, "import_not_matched")
    columns = {"order_id": "Nr", "paid_at": "Wann", "title": "Was", "quantity": "Wie viel", "unit_price": "Preis"}
    matching = {"columns": columns, "time_zone": "Asia/Tokyo", "policy": "kr"}
    answer = await shop.put(f"/v1/order-imports/{made['import_id']}/matching", matching)
    assert (answer.status_code, answer.json()["missing"]) == (200, [])
    assert counts(await carry_out(shop, made)) == (1, 0, 0, 0)
    again = await upload(shop, text_of([headings, ["B-2", "2026-06-05", "Teller", "1", "9000"]]))
    assert (again["matching"], again["policy"], again["time_zone"]) == (columns, "kr", "Asia/Tokyo")
    other_merchant = await stranger(shop, database)
    assert (await upload(other_merchant, content))["matching"] == {}


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"colour": "qty"}, "import_unknown_field"), ({"quantity": "Menge"}, "import_unknown_column")],
)
async def test_a_matching_names_fields_and_columns_that_exist(
    sqlite_shop: Storefront, columns: dict[str, str], code: str
) -> None:
    made = await upload(sqlite_shop, text_of(plain_rows(1)))
    answer = await sqlite_shop.put(f"/v1/order-imports/{made['import_id']}/matching", {"columns": columns})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_file_that_waits_shows_samples_of_its_columns(shop: Storefront) -> None:
    made = await upload(shop, smartstore(MUG, PLATE, smartstore_row(3), smartstore_row(4)))
    path = f"/v1/order-imports/{made['import_id']}"
    samples = {each["name"]: each["samples"] for each in (await shop.get(path)).json()["columns"]}
    assert samples["상품명"] == ["머그컵", "접시"]
    assert samples["주문번호"] == ["202606050000001", "202606050000003", "202606050000004"]
    await carry_out(shop, made)
    assert all(not each["samples"] for each in (await shop.get(path)).json()["columns"])


# The course of an import


async def test_twenty_rows_are_previewed_by_the_rules_of_the_import_and_nothing_is_stored(shop: Storefront) -> None:
    made = await upload(shop, text_of(plain_rows(30)))
    shown = await preview(shop, made)
    assert [row["row"] for row in shown] == list(range(2, 22))
    assert {row["result"] for row in shown} == {"new"}
    assert shown[0]["values"]["unit_price"] == 12000
    assert (await shop.get("/v1/orders/A-1")).status_code == 404
    answer = await shop.get(f"/v1/order-imports/{made['import_id']}/preview")
    assert answer.json()["total"] == 30


async def test_a_file_with_a_password_needs_the_password(shop: Storefront) -> None:
    locked = with_password(smartstore(MUG), "1234")
    for password, code in (("", "import_password_needed"), ("4321", "import_password_wrong")):
        answer = await send(shop, locked, password=password)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == "password"
    assert counts(await carry_out(shop, await upload(shop, locked, password="1234"))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html></html>", 415, "import_file_not_supported"),
        (b"PK\x03\x04", 422, "import_file_unreadable"),
        (b"a,b\n", 422, "import_file_empty"),
        (b"\xff\xfea", 422, "import_encoding_unknown"),
        (b"a,b\n" * 50_001, 413, "import_file_too_large"),
    ],
)
async def test_what_is_no_table_is_refused_in_words_and_nothing_is_kept(
    sqlite_shop: Storefront, content: bytes, status: int, code: str
) -> None:
    answer = await send(sqlite_shop, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await sqlite_shop.get("/v1/order-imports")).json()["data"] == []


async def test_a_request_with_one_key_makes_one_import(shop: Storefront) -> None:
    content = text_of(plain_rows(1))
    first, again = [await send(shop, content, key="once") for _ in range(2)]
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert len((await shop.get("/v1/order-imports")).json()["data"]) == 1


async def test_an_import_starts_once_and_in_time(shop: Storefront) -> None:
    made = await upload(shop, text_of(plain_rows(1)))
    path = f"/v1/order-imports/{made['import_id']}/start"
    late = await upload(shop, text_of(plain_rows(1)))
    await shop.post(path)
    assert (await shop.post(path)).json()["code"] == "import_started"
    shop.clock.turn(days=1)
    answer = await shop.post(f"/v1/order-imports/{late['import_id']}/start")
    assert (answer.status_code, answer.json()["code"]) == (409, "import_expired")


async def test_rows_are_not_kept_after_the_end_nor_after_a_day_of_waiting(shop: Storefront) -> None:
    state = state_of(shop)
    done, waiting = await upload(shop, text_of(plain_rows(1))), await upload(shop, text_of(plain_rows(2)))
    await carry_out(shop, done)
    assert await sweep(state.database, state.files.store, shop.clock()) == 0
    shop.clock.turn(days=1, minutes=10)
    assert await sweep(state.database, state.files.store, shop.clock()) == 1
    assert (await shop.get(f"/v1/order-imports/{waiting['import_id']}")).json()["state"] == "waiting"


async def test_an_import_whose_rows_are_lost_fails(shop: Storefront) -> None:
    made = await upload(shop, text_of(plain_rows(1)))
    await shop.post(f"/v1/order-imports/{made['import_id']}/start")
    shop.clock.turn(days=15)
    state = state_of(shop)
    await sweep(state.database, state.files.store, shop.clock())
    await work(shop)
    assert (await shop.get(f"/v1/order-imports/{made['import_id']}")).json()["state"] == "failed"


async def test_old_imports_are_forgotten(shop: Storefront) -> None:
    made = await import_file(shop, text_of(plain_rows(1, qty="x")))
    assert await forget_old(state_of(shop).database, shop.clock() + timedelta(days=89)) == 0
    assert await forget_old(state_of(shop).database, shop.clock() + timedelta(days=91)) == 1
    assert (await shop.get(f"/v1/order-imports/{made['import_id']}")).status_code == 404


async def test_two_imports_take_turns(shop: Storefront) -> None:
    first, second = [await upload(shop, text_of(plain_rows(3, sku=sku))) for sku in ("a", "b")]
    for made in (first, second):
        await shop.post(f"/v1/order-imports/{made['import_id']}/start")
    for turn in range(1, 4):
        for _ in range(2):
            shop.clock.turn(seconds=1)
            await work(shop, seconds=0)
        assert [await done(shop, made) for made in (first, second)] == [turn, turn]


async def done(shop: Storefront, made: dict[str, Any]) -> int:
    return int((await shop.get(f"/v1/order-imports/{made['import_id']}")).json()["done"])


async def test_imports_are_listed_the_newest_first_and_only_for_their_merchant(
    shop: Storefront, database: Database
) -> None:
    ids = []
    for count in (1, 2, 3):
        ids.append((await upload(shop, text_of(plain_rows(count))))["import_id"])
        shop.clock.turn(minutes=1)
    listed = (await shop.get("/v1/order-imports", limit=2)).json()
    assert [each["import_id"] for each in listed["data"]] == ids[:0:-1]
    following = (await shop.get("/v1/order-imports", limit=2, cursor=listed["next_cursor"])).json()
    assert [each["import_id"] for each in following["data"]] == ids[:1]
    other = await stranger(shop, database)
    assert (await other.get("/v1/order-imports")).json()["data"] == []
    assert (await other.get(f"/v1/order-imports/{ids[0]}")).status_code == 404
    reader = await colleague(shop, database, Scope.ORDERS_READ)
    assert (await reader.post(f"/v1/order-imports/{ids[0]}/start")).status_code == 403


# Messages


async def test_nobody_is_written_to_unless_asked(shop: Storefront) -> None:
    headings = [*PLAIN, "email", "carrier", "tracking number", "shipped at", "ship by"]
    row = ["2026-06-08 09:00", "MUG", "Mug", 1, 12000, "mina@shop.example", "CJ대한통운"]
    rows: list[list[Any]] = [
        headings,
        ["A-1", *row, "1", "2026-06-08 10:00", ""],
        ["A-2", *row, "", "", "2026-06-10"],
    ]
    await import_file(shop, text_of(rows))
    assert await messages_of(shop, "A-1") == []
    assert await messages_of(shop, "A-2") == []
    events = (await shop.get("/v1/events")).json()["data"]
    assert {event["body"]["data"]["quiet"] for event in events} == {"requested"}
    asked = [[each.replace("A-", "B-") if isinstance(each, str) else each for each in row] for row in rows]
    await carry_out(shop, await upload(shop, text_of(asked)), notify_buyers=True)
    assert await messages_of(shop, "B-1") == ["order.shipped.buyer"]
    assert await messages_of(shop, "B-2") == ["order.ship_date_set.buyer"]


async def test_even_then_nobody_is_written_to_about_what_is_long_past(shop: Storefront) -> None:
    headings = [*PLAIN, "email", "carrier", "tracking number", "shipped at", "delivered at"]
    row = ["A-1", "2026-05-01", "MUG", "Mug", 1, 12000, "mina@shop.example", "cj", "1", "2026-05-02", "2026-05-04"]
    await import_file(shop, text_of([headings, row]), notify_buyers="true")
    assert await messages_of(shop, "A-1") == []


async def test_an_import_of_test_mode_goes_by_the_clock_of_test_mode(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await tests.post("/v1/test/clock", {"advance": "P10D"})
    await turn_clocks(database, shop.clock())
    made = await import_file(tests, text_of(plain_rows(1, **{"paid at": "2026-06-17 10:00"})))
    assert counts(made) == (1, 0, 0, 0)
    assert (await shop.get("/v1/orders/A-1")).status_code == 404
    assert (await order(tests, "A-1"))["created_at"].startswith("2026-06-18")
