"""Orders come in from files: sent, matched, previewed, started, and counted. Nobody is written to about the past."""

from datetime import datetime
from typing import Any

import pytest

from tests.sheets import (
    PLAIN,
    QOO10,
    SHOPIFY,
    carry_out,
    counts,
    import_file,
    plain_rows,
    preview,
    refused_rows,
    row_of,
    smartstore,
    smartstore_row,
    text_of,
    upload,
)
from tests.storefront import Storefront

MUG, PLATE = (
    smartstore_row(1),
    smartstore_row(2, 주문번호="202606050000001", 상품명="접시", 수량=1, **{"최종 상품별 총 주문금액": 12000}),
)


async def order(shop: Storefront, order_id: str) -> dict[str, Any]:
    answer = await shop.get(f"/v1/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_export_of_smartstore_becomes_orders_with_lines_parcels_and_money(shop: Storefront) -> None:
    shipped = {"주문상태": "배송중", "택배사": "CJ대한통운", "송장번호": "6512", "발송일": datetime(2026, 6, 6, 9)}  # noqa: DTZ001 - a cell has no zone
    plate = smartstore_row(
        2,
        주문번호=MUG[1],
        상품명="접시",
        옵션정보="",
        수량=1,
        상품가격=9000,
        옵션가격=-500,
        **{"최종 상품별 총 주문금액": 8000, "배송비 묶음번호": "771", **shipped},
    )
    made = await import_file(shop, smartstore(MUG, plate))
    assert (made["format"], made["state"], counts(made)) == ("smartstore", "done", (1, 0, 0, 0))
    found = await order(shop, "202606050000001")
    assert [
        (line["line_id"], line["title"], line["quantity"], line["unit_price"], line["discount"], line["shipped"])
        for line in found["lines"]
    ] == [
        ("2026060500000001", "머그컵 / 색상: 화이트", 2, 12000, 0, 0),
        ("2026060500000002", "접시", 1, 8500, 500, 1),
    ]
    assert (found["currency"], found["shipping_charged"], found["paid_at"]) == ("KRW", 3000, "2026-06-05T01:00:00Z")
    assert [(each["payment_id"], each["method"], each["captured"]) for each in found["payments"]] == [
        ("import", "naver_pay", 35000)
    ]
    assert [(each["carrier"], each["tracking_number"]) for each in found["shipments"]] == [("cj", "6512")]
    buyer = (await shop.get("/v1/orders/202606050000001/buyer")).json()
    assert (buyer["name"], buyer["phone_ending"]) == ("김민지", "5678")


async def test_a_csv_of_qoo10_in_the_encoding_of_excel_becomes_orders_in_yen(shop: Storefront) -> None:
    row = row_of(
        QOO10,
        配送状態="配送完了",
        注文番号="1206705330",
        カート番号="120670001",
        入金日="2026/06/01 10:00:00",
        発送日="2026/06/02",
        配送完了日="2026/06/04",
        配送会社="佐川急便",
        送り状番号="401234567890",
        商品番号="900001",
        商品名="マグカップ",
        数量="2",
        オプション情報="カラー:白",
        国家="JP",
        通貨="JPY",
        販売価格="1,200",
        割引額="400",
        注文金額の合計="2,000",
        購入者名="佐藤 花",
        購入者携帯電話番号="090-1234-5678",
        ギフト注文="Y",
    )
    made = await import_file(shop, text_of([QOO10, row], "cp932"), name="Delivery.csv", policy="qoo10_jp")
    assert (made["format"], made["time_zone"], counts(made)) == ("qoo10", "Asia/Tokyo", (1, 0, 0, 0))
    found = await order(shop, "1206705330")
    (line,) = found["lines"]
    assert (line["title"], line["unit_price"], line["discount"], line["delivered"]) == (
        *("マグカップ / カラー:白", 1200, 400, 2),
    )
    assert (found["currency"], found["country"], found["gift"]) == ("JPY", "JP", True)
    assert found["shipments"][0]["delivered_at"] == "2026-06-03T15:00:00Z"
    assert found["payments"][0]["captured"] == 2000


@pytest.mark.parametrize(("total", "on_top"), [("59.90", False), ("65.90", True)])
async def test_a_csv_of_shopify_joins_its_rows_and_says_whether_prices_have_tax(
    shop: Storefront, total: str, on_top: bool
) -> None:
    first = row_of(
        SHOPIFY,
        Name="#1001",
        Email="mina@shop.example",
        Financial_Status="paid",
        Currency="USD",
        Paid_at="2026-06-05 10:00:00 -0400",
        Fulfilled_at="2026-06-06 10:00:00 -0400",
        Subtotal="54.90",
        Shipping="5.00",
        Taxes="6.00",
        Total=total,
        Lineitem_quantity="2",
        Lineitem_name="Mug",
        Lineitem_price="19.95",
        Lineitem_sku="MUG",
        Shipping_Country="US",
        Billing_Name="Mina",
    )
    second = row_of(
        SHOPIFY,
        Name="#1001",
        Lineitem_quantity="1",
        Lineitem_name="Plate",
        Lineitem_price="20.00",
        Lineitem_sku="PLATE",
    )
    made = await import_file(shop, text_of([SHOPIFY, first, second]), name="orders_export.csv", policy="us")
    assert (made["format"], counts(made)) == ("shopify", (1, 0, 0, 0)), await refused_rows(shop, made)
    found = await order(shop, "#1001".replace("#", "%23"))
    assert [(line["line_id"], line["shipped"]) for line in found["lines"]] == [("MUG", 2), ("PLATE", 1)]
    assert (found["discount"], found["prices_include_tax"]) == (500, not on_top)
    assert sum(line["tax"] for line in found["lines"]) == (600 if on_top else 0)
    assert (found["payments"][0]["captured"], found["unpaid"]) == (int(total.replace(".", "")), 0)
    assert found["shipments"][0]["tracking_number"] == "#1001"


async def test_the_same_file_twice_changes_nothing(shop: Storefront) -> None:
    content = smartstore(MUG, PLATE, smartstore_row(3))
    await import_file(shop, content)
    before = await order(shop, "202606050000001")
    again = await import_file(shop, content)
    assert counts(again) == (0, 0, 2, 0)
    assert await order(shop, "202606050000001") == before


async def test_a_changed_file_changes_only_what_it_says_and_names_the_fields(shop: Storefront) -> None:
    first = plain_rows(2)
    first = [[*first[0], "email"], *([*row, "mina@shop.example"] for row in first[1:])]
    await import_file(shop, text_of(first))
    stored = await order(shop, "A-1")
    made = await upload(shop, text_of([PLAIN, ["A-1", "2026-06-05 10:00", "MUG", "Mug", 3, 12000], *plain_rows(2)[2:]]))
    shown = await preview(shop, made)
    assert [(row["result"], row["changes"]) for row in shown] == [
        ("changed", ["payments", "lines.MUG.quantity"]),
        ("unchanged", []),
    ]
    assert (await order(shop, "A-1"))["lines"] == stored["lines"]
    ended = await carry_out(shop, made)
    assert counts(ended) == (0, 1, 1, 0)
    rows = (await shop.get(f"/v1/order-imports/{made['import_id']}/rows", result="changed")).json()["data"]
    assert [(row["row"], row["order_id"], row["changes"]) for row in rows] == [
        (2, "A-1", ["payments", "lines.MUG.quantity"])
    ]
    after = await order(shop, "A-1")
    assert (after["lines"][0]["quantity"], after["payments"][0]["captured"]) == (3, 36000)
    assert (await shop.get("/v1/orders/A-1/buyer")).json()["email"] == "mina@shop.example"


async def test_an_export_with_some_lines_of_an_order_takes_none_away(shop: Storefront) -> None:
    await import_file(shop, smartstore(MUG, PLATE))
    made = await import_file(shop, smartstore(PLATE))
    assert counts(made) == (0, 0, 1, 0)
    third = smartstore_row(4, 주문번호=MUG[1], 상품명="그릇", 수량=1, **{"최종 상품별 총 주문금액": 12000})
    made = await import_file(shop, smartstore(third))
    assert counts(made) == (0, 1, 0, 0)
    found = await order(shop, "202606050000001")
    assert len(found["lines"]) == 3
    assert found["unpaid"] == 0


async def test_the_lines_of_an_order_that_the_storefront_pushed_are_not_there_twice(shop: Storefront) -> None:
    await shop.push_order("A-1")
    made = await import_file(shop, text_of(plain_rows(1)))
    assert await refused_rows(shop, made) == [(2, None, "import_lines_differ")]
    assert len((await order(shop, "A-1"))["lines"]) == 1


async def test_payments_that_the_storefront_reported_stay(shop: Storefront) -> None:
    lines = [{"line_id": "MUG", "quantity": 2, "unit_price": 12000, "sku": "MUG", "title": "Mug"}]
    await shop.push_order("A-1", lines=lines)
    made = await import_file(shop, text_of(plain_rows(1, price=11000)))
    assert counts(made) == (0, 1, 0, 0)
    found = await order(shop, "A-1")
    assert [(each["payment_id"], each["captured"]) for each in found["payments"]] == [("pay-1", 27000)]
    assert (found["lines"][0]["unit_price"], found["shipping_charged"]) == (11000, 3000)


async def test_what_is_over_at_the_marketplace_is_left_out_with_its_reason(shop: Storefront) -> None:
    over = smartstore_row(2, 주문번호=MUG[1], 주문상태="취소")
    alone = smartstore_row(3, 주문상태="반품완료")
    made = await import_file(shop, smartstore(MUG, over, alone))
    assert (counts(made), made["left_out"]) == ((1, 0, 0, 1), 1)
    assert await refused_rows(shop, made) == [(4, "state", "import_row_ended"), (5, "state", "import_row_ended")]
    assert [line["line_id"] for line in (await order(shop, "202606050000001"))["lines"]] == ["2026060500000001"]


REFUSED: list[tuple[dict[str, Any], str | None, str]] = [
    ({"order no": ""}, "order_id", "import_missing"),
    ({"order no": "2.02611E+15"}, "order_id", "import_number_rounded"),
    ({"qty": "two"}, "quantity", "import_not_a_quantity"),
    ({"qty": ""}, "quantity", "import_missing"),
    ({"price": "12.5"}, "unit_price", "import_not_an_amount"),
    ({"price": "=1+1"}, "unit_price", "import_not_an_amount"),
    ({"paid at": "someday"}, "paid_at", "import_not_a_date"),
    ({"paid at": "2027-01-01"}, "paid_at", "in_future"),
    ({"sku": "a" * 201}, "sku", "import_text_too_long"),
    ({"sku": "a\tb"}, "sku", "import_not_one_line"),
    ({"price": 10**13, "qty": 1_000_000}, "quantity", "import_line_too_expensive"),
]


@pytest.mark.parametrize(("changes", "field", "code"), REFUSED)
async def test_a_row_is_refused_with_its_number_its_field_and_its_reason(
    sqlite_shop: Storefront, changes: dict[str, Any], field: str | None, code: str
) -> None:
    values = {"order no": "A-9", "paid at": "2026-06-05", "sku": "MUG", "title": "Mug", "qty": 1, "price": 1, **changes}
    content = text_of([*plain_rows(1), [values[name] for name in PLAIN]], delimiter=";")
    made = await upload(sqlite_shop, content, name="orders.csv")
    (sound, refused) = await preview(sqlite_shop, made, "ko")
    assert (sound["result"], refused["result"], refused["row"]) == ("new", "refused", 3)
    (reason,) = refused["refusals"]
    assert (reason["field"], reason["code"], reason["row"]) == (field, code, 3)
    assert reason["detail"].endswith(".")
    ended = await carry_out(sqlite_shop, made)
    assert counts(ended) == (1, 0, 0, 1)
    assert await refused_rows(sqlite_shop, ended) == [(3, field, code)]


@pytest.mark.parametrize(
    ("language", "start"), [("ko", "이 행에 수량"), ("ja", "この行には数量"), ("en", "This row has no quantity")]
)
async def test_a_reason_is_a_sentence_in_the_language_of_its_reader(
    sqlite_shop: Storefront, language: str, start: str
) -> None:
    made = await upload(sqlite_shop, text_of(plain_rows(1, qty="")))
    (row,) = await preview(sqlite_shop, made, language)
    assert row["refusals"][0]["detail"].startswith(start)
    assert row["refusals"][0]["column"] == "qty"


async def test_an_id_that_a_cell_has_in_two_lines_is_one_line(sqlite_shop: Storefront) -> None:
    """As in every other way into the service: an id stands in the subjects of mails."""
    values = {"order no": "A\n9", "paid at": "2026-06-05", "sku": "MUG", "title": "Mug", "qty": 1, "price": 1}
    made = await import_file(sqlite_shop, text_of([PLAIN, [values[name] for name in PLAIN]]))
    assert counts(made) == (1, 0, 0, 0)
    assert [each["order_id"] for each in (await sqlite_shop.get("/v1/orders")).json()["data"]] == ["A 9"]
    parcels = [["order no", "carrier", "tracking number"], ["A\n9", "cj", "12\n34"]]
    assert counts(await import_file(sqlite_shop, text_of(parcels))) == (1, 0, 0, 0)
    (parcel,) = (await order(sqlite_shop, "A 9"))["shipments"]
    assert parcel["tracking_number"] == "12 34"


async def test_rows_of_one_order_that_contradict_each_other_refuse_the_order(shop: Storefront) -> None:
    other = smartstore_row(2, 주문번호=MUG[1], 구매자명="이서연")
    twice = smartstore_row(3)
    made = await import_file(shop, smartstore(MUG, twice, other, twice, smartstore_row(5)))
    assert counts(made) == (1, 0, 0, 2)
    assert await refused_rows(shop, made) == [
        (5, "buyer_name", "import_rows_differ"),
        (6, "line_id", "import_line_twice"),
    ]


async def test_a_rule_of_the_service_refuses_a_row_in_its_own_words(shop: Storefront) -> None:
    await import_file(shop, text_of(plain_rows(1)))
    await shop.ship("A-1")
    await shop.claim("return", order_id="A-1", lines=[{"line_id": "MUG", "quantity": 1}])
    made = await import_file(shop, text_of(plain_rows(1, price=9000)))
    assert await refused_rows(shop, made) == [(2, "lines", "line_has_claims")]
    rows = (await shop.get(f"/v1/order-imports/{made['import_id']}/rows")).json()["data"]
    assert "MUG" in rows[0]["refusal"]["detail"]
