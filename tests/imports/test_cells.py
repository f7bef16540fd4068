"""A cell is read as people mean it. What could mean two things is refused."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.imports.cells import CellError, Place, value_of
from app.imports.fields import Form

WON = Place(currency="KRW", zone=ZoneInfo("Asia/Seoul"))
YEN = Place(currency="JPY", zone=ZoneInfo("Asia/Tokyo"))
DOLLARS = Place(currency="USD", zone=ZoneInfo("America/New_York"))
DINARS = Place(currency="KWD", zone=ZoneInfo("Asia/Kuwait"))


@pytest.mark.parametrize(
    ("place", "cell", "amount"),
    [
        (WON, "12,000원", 12000),
        (WON, "₩12,000", 12000),
        (WON, " KRW 12,000 ", 12000),
        (WON, "１２，０００", 12000),
        (WON, 12000.0, 12000),
        (WON, "12000.00", 12000),
        (WON, 0, 0),
        (YEN, "¥1,200", 1200),
        (YEN, "￥1,200", 1200),
        (YEN, "1,200円", 1200),
        (DOLLARS, "19.99", 1999),
        (DOLLARS, 19.99, 1999),
        (DOLLARS, 0.1 + 0.2, 30),
        (DOLLARS, "$1,200", 120000),
        (DOLLARS, "1,234.5", 123450),
        (DOLLARS, "1.234,50 €", 123450),
        (DOLLARS, "19,99", 1999),
        (DINARS, "1.250", 1250),
    ],
)
def test_an_amount_is_read_in_minor_units(place: Place, cell: Any, amount: int) -> None:
    assert value_of(cell, Form.AMOUNT, place) == amount


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        *((WON, cell) for cell in ("12.5", "1.200", "1,20", "-5", -5, "1e5", "팔천원", "12,000원 외", "=1+1", 10**14)),
        *((DOLLARS, cell) for cell in ("1,2345", "19.999", "1.2.3", "١٢")),
    ],
)
def test_what_is_no_clear_amount_is_refused(place: Place, cell: Any) -> None:
    assert code_of(cell, Form.AMOUNT, place) == "import_not_an_amount"


def test_a_discount_may_stand_below_zero_and_the_price_of_an_option_may_be() -> None:
    assert [value_of(cell, Form.DISCOUNT, WON) for cell in ("-1,000", "▲1000", 1000)] == [1000, 1000, 1000]
    assert [value_of(cell, Form.SIGNED, WON) for cell in ("-1,000", "△1000", 1000)] == [-1000, -1000, 1000]


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-11-30 10:00:05", "2026-11-30T10:00:05+09:00"),
        ("2026.11.30", "2026-11-30T00:00:00+09:00"),
        ("2026/1/3 9:05", "2026-01-03T09:05:00+09:00"),
        ("2026년 11월 30일 오후 3:05", "2026-11-30T15:05:00+09:00"),
        ("2026. 11. 30. 오전 12:05:01", "2026-11-30T00:05:01+09:00"),
        ("2026年11月30日 10時05分", "2026-11-30T10:05:00+09:00"),
        ("2026-11-30(월) 10:00", "2026-11-30T10:00:00+09:00"),
        ("2026/11/30 3:05 PM", "2026-11-30T15:05:00+09:00"),
        ("20261130", "2026-11-30T00:00:00+09:00"),
        ("2025-10-07 09:50:26 +0200", "2025-10-07T09:50:26+02:00"),
        ("2026-11-30 10:00:00 UTC", "2026-11-30T10:00:00+00:00"),
        ("2026-11-30T10:00:00.000Z", "2026-11-30T10:00:00+00:00"),
        ({"at": "2026-11-30T10:00:05"}, "2026-11-30T10:00:05+09:00"),
        (46196.98, "2026-06-23T23:31:12+09:00"),
        ("46196", "2026-06-23T00:00:00+09:00"),
    ],
)
def test_an_instant_without_an_offset_is_in_the_zone_of_the_shop(cell: Any, instant: str) -> None:
    assert value_of(cell, Form.INSTANT, WON) == datetime.fromisoformat(instant)


def test_a_day_is_the_local_day_of_the_shop() -> None:
    assert value_of("2026-06-05 23:30:00 UTC", Form.DAY, WON) == date(2026, 6, 6)
    assert value_of("2026-06-05 23:30", Form.DAY, WON) == date(2026, 6, 5)


@pytest.mark.parametrize(
    "cell", ["어제", "13/11/2026", "2026-13-01", "1999-12-31", "2100-01-01", 7, "2026-02-30", True]
)
def test_what_is_no_clear_date_is_refused(cell: Any) -> None:
    assert code_of(cell, Form.INSTANT, WON) == "import_not_a_date"


@pytest.mark.parametrize(
    ("form", "cell", "value"),
    [
        (Form.KEY, "2026113012345678", "2026113012345678"),
        (Form.KEY, 123456789012345, "123456789012345"),
        (Form.KEY, '="0012"', "0012"),
        (Form.KEY, "'0012", "0012"),
        (Form.KEY, "\ufeff#1001 ", "#1001"),
        (Form.TEXT, "머그컵\n(대)", "머그컵 (대)"),
        (Form.QUANTITY, 2.0, 2),
        (Form.QUANTITY, "1,000개", 1000),
        (Form.QUANTITY, "２点", 2),
        (Form.FLAG, "はい", True),
        (Form.FLAG, "N", False),
        (Form.EMAIL, "mina@shop.example", "mina@shop.example"),
        (Form.PHONE, "010-1234-5678", "5678"),
        (Form.PHONE, "+82 10 1234 5678", "5678"),
        (Form.PHONE, 1012345678, "5678"),
        (Form.PHONE, "010-1234-****", None),
        (Form.COUNTRY, "日本", "JP"),
        (Form.COUNTRY, "kr", "KR"),
        (Form.CURRENCY, "jpy", "JPY"),
        *((form, cell, None) for form in Form for cell in (None, "", "  ", "\u3000")),
    ],
)
def test_a_cell_is_read_by_its_form(form: Form, cell: Any, value: Any) -> None:
    assert value_of(cell, form, WON) == value


@pytest.mark.parametrize(
    ("form", "cell", "code"),
    [
        (Form.KEY, "2.02611E+15", "import_number_rounded"),
        (Form.KEY, 2026113012345670, "import_number_rounded"),
        (Form.KEY, "a\tb", "import_not_one_line"),
        (Form.KEY, "a\0b", "import_not_one_line"),
        (Form.TEXT, "=?utf-8?q?a=0Ab?=", "import_not_one_line"),
        (Form.TEXT, "a" * 201, "import_text_too_long"),
        (Form.QUANTITY, 2.5, "import_not_a_quantity"),
        (Form.QUANTITY, "0", "import_not_a_quantity"),
        (Form.QUANTITY, "1000001", "import_not_a_quantity"),
        (Form.FLAG, "maybe", "import_not_yes_or_no"),
        (Form.EMAIL, "mina at shop", "import_not_an_email"),
        (Form.EMAIL, "mina@shop.example\nBcc: all@shop.example", "import_not_an_email"),
        (Form.COUNTRY, "달나라", "import_unknown_country"),
        (Form.CURRENCY, "WON", "import_unknown_currency"),
    ],
)
def test_a_cell_of_another_form_is_refused_with_its_code(form: Form, cell: Any, code: str) -> None:
    assert code_of(cell, form, WON) == code


def code_of(cell: Any, form: Form, place: Place) -> str:
    with pytest.raises(CellError) as refused:
        value_of(cell, form, place)
    return refused.value.code
