"""Parcel numbers come in from sheets: each finds its order, its lines and its carrier, and is reported once."""

from typing import Any

import pytest

from tests.api.test_order_imports import order
from tests.sheets import (
    carry_out,
    counts,
    import_file,
    plain_rows,
    preview,
    refused_rows,
    smartstore,
    smartstore_row,
    text_of,
    upload,
    xlsx,
)
from tests.storefront import Storefront

SHEET = ["상품주문번호", "배송방법", "택배사", "송장번호"]
PLAIN_SHEET = ["주문번호", "택배사", "송장번호"]


def mug_and_plate() -> bytes:
    total = {"최종 상품별 총 주문금액": 12000}
    return smartstore(
        smartstore_row(1), smartstore_row(2, 주문번호="202606050000001", 수량=1, **total), smartstore_row(3)
    )


async def test_a_sheet_of_smartstore_finds_the_order_of_each_line(shop: Storefront) -> None:
    await import_file(shop, mug_and_plate())
    rows = [
        ["2026060500000001", "택배", "CJ대한통운", "6512"],
        ["2026060500000002", "택배", "CJ대한통운", "6512"],
        ["2026060500000003", "택배", "한진택배", "7001"],
    ]
    made = await import_file(shop, xlsx([SHEET, *rows]))
    assert (made["format"], made["kind"], counts(made)) == ("smartstore_parcels", "parcels", (2, 0, 0, 0))
    found = await order(shop, "202606050000001")
    (parcel,) = found["shipments"]
    assert (parcel["carrier"], parcel["tracking_number"]) == ("cj", "6512")
    assert {line["line_id"]: line["quantity"] for line in parcel["lines"]} == {
        "2026060500000001": 2,
        "2026060500000002": 1,
    }
    assert parcel["shipped_at"] == "2026-06-08T03:00:00Z"
    again = await import_file(shop, xlsx([SHEET, *rows]))
    assert counts(again) == (0, 0, 2, 0)


async def test_a_sheet_with_order_numbers_sends_all_that_is_left(shop: Storefront) -> None:
    await import_file(shop, text_of(plain_rows(2)))
    content = text_of([PLAIN_SHEET, ["A-1", "롯데택배", "1"], ["A-2", "동네택배", "2"]], "cp949")
    made = await import_file(shop, content)
    assert counts(made) == (2, 0, 0, 0)
    shipments = [(await order(shop, order_id))["shipments"][0] for order_id in ("A-1", "A-2")]
    assert [(each["carrier"], each["lines"]) for each in shipments] == [
        ("lotte", [{"line_id": "MUG", "quantity": 2}]),
        ("other", [{"line_id": "MUG", "quantity": 2}]),
    ]


REFUSED: list[tuple[list[Any], str | None, str]] = [
    (["A-9", "CJ대한통운", "1"], None, "not_found"),
    (["A-1", "", "1"], "carrier", "import_missing"),
    (["A-1", "CJ대한통운", ""], "tracking_number", "import_missing"),
    (["", "CJ대한통운", "1"], "order_id", "import_missing"),
    (["A-1", "CJ대한통운", "6.5123E+11"], "tracking_number", "import_number_rounded"),
]


@pytest.mark.parametrize(("row", "field", "code"), REFUSED)
async def test_a_row_of_a_sheet_is_refused_with_its_reason(
    sqlite_shop: Storefront, row: list[Any], field: str | None, code: str
) -> None:
    await import_file(sqlite_shop, text_of(plain_rows(1)))
    made = await upload(sqlite_shop, text_of([PLAIN_SHEET, row]), kind="parcels")
    (shown,) = await preview(sqlite_shop, made)
    assert [reason["code"] for reason in shown["refusals"]] == [code]
    ended = await carry_out(sqlite_shop, made)
    assert await refused_rows(sqlite_shop, ended) == [(2, field, code)]


async def test_a_line_without_an_order_or_with_several_is_refused(sqlite_shop: Storefront) -> None:
    await import_file(sqlite_shop, text_of(plain_rows(2)))
    rows = [["MUG", "택배", "CJ대한통운", "1"], ["2026060500000009", "택배", "CJ대한통운", "2"]]
    made = await import_file(sqlite_shop, xlsx([SHEET, *rows]))
    assert await refused_rows(sqlite_shop, made) == [
        (2, "line_id", "import_line_in_several_orders"),
        (3, "line_id", "import_line_not_found"),
    ]


async def test_another_number_for_goods_that_have_left_is_refused_in_the_words_of_the_service(
    sqlite_shop: Storefront,
) -> None:
    await import_file(sqlite_shop, text_of(plain_rows(1)))
    await import_file(sqlite_shop, text_of([PLAIN_SHEET, ["A-1", "CJ대한통운", "1"]]))
    made = await import_file(sqlite_shop, text_of([PLAIN_SHEET, ["A-1", "CJ대한통운", "2"]]))
    assert await refused_rows(sqlite_shop, made) == [(2, None, "nothing_to_ship")]
