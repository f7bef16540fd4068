"""A file is recognised by its headings, wherever they stand, and each known heading has its field."""

import pytest

from app.imports.fields import FIELDS, ImportKind, missing
from app.imports.formats import fold, formats, matched, recognised
from app.imports.headings import find_headings
from app.messages.carriers import carriers
from app.messages.sentences import names
from app.messages.translations import LANGUAGES
from app.service.order_imports.inspection import format_of
from app.service.order_imports.words import carrier_word, method_word
from tests.sheets import NOTICE, PLAIN, QOO10, SHOPIFY, SMARTSTORE

PARCELS = ["상품주문번호", "배송방법", "택배사", "송장번호"]


@pytest.mark.parametrize(
    ("columns", "kind", "name"),
    [
        (SMARTSTORE, None, "smartstore"),
        (SMARTSTORE, ImportKind.PARCELS, "smartstore_parcels"),
        (PARCELS, None, "smartstore_parcels"),
        (QOO10, None, "qoo10"),
        (SHOPIFY, None, "shopify"),
        (PLAIN, None, "generic"),
        (["주문 번호", "택배사", "운송장번호"], None, "generic_parcels"),
        (["주문 번호", "택배사", "운송장번호"], ImportKind.ORDERS, "generic"),
        (["a", "b"], None, "generic"),
    ],
)
def test_a_format_is_recognised_by_its_headings(columns: list[str], kind: ImportKind | None, name: str) -> None:
    assert format_of(tuple(columns), kind).name == name


@pytest.mark.parametrize(("columns", "name"), [(SMARTSTORE, "smartstore"), (QOO10, "qoo10"), (SHOPIFY, "shopify")])
def test_an_export_needs_no_matching(columns: list[str], name: str) -> None:
    format_ = recognised(columns, None)
    assert format_ is not None
    assert missing(format_.kind, matched(format_, columns)) == ()


@pytest.mark.parametrize("name", formats())
def test_each_heading_of_a_format_has_a_field_and_each_carrier_a_code(name: str) -> None:
    format_ = formats()[name]
    assert format_.columns.keys() <= FIELDS.keys()
    assert set(format_.carriers.values()) <= carriers().keys()
    assert set(format_.title) == set(LANGUAGES)
    for field, headings in format_.columns.items():
        assert len(set(headings)) == len(headings), field


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_field_has_a_name(language: str) -> None:
    assert names(language)["import_field"].keys() == FIELDS.keys()


@pytest.mark.parametrize(
    ("rows", "row", "columns"),
    [
        ([SMARTSTORE], 1, tuple(SMARTSTORE)),
        ([[NOTICE], [], SMARTSTORE, ["1"]], 3, tuple(SMARTSTORE)),
        ([["Report", "2026"], PLAIN, ["1"]], 2, tuple(PLAIN)),
        ([["Report"], ["a", "b"], ["1", "2"]], 2, ("a", "b")),
        ([["주문번호", "", "수량", "수량", " 주문번호"]], 1, ("주문번호", "#2", "수량", "수량 (2)", "주문번호 (2)")),
    ],
)
def test_the_headings_need_not_be_first_and_each_column_has_a_name_of_its_own(
    rows: list[list[str]], row: int, columns: tuple[str, ...]
) -> None:
    found = find_headings(enumerate(rows, start=1))
    assert found is not None
    assert (found.row, found.columns) == (row, columns)


@pytest.mark.parametrize("rows", [[], [[]], [["a"], ["b"]], [[1, 2, 3]], [[""] * 5]])
def test_a_file_without_headings_has_none(rows: list[list[object]]) -> None:
    assert find_headings(enumerate(rows, start=1)) is None


def test_headings_are_compared_without_width_case_spaces_and_marks() -> None:
    assert {fold(text) for text in ("주문번호", " 주문 번호 ", "*주문번호", "주문번호(필수)", "주문번호 :")} == {
        "주문번호"
    }
    assert fold("ＱＴＹ") == fold("qty")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CJ대한통운", "cj"),
        ("CJ택배", "cj"),
        ("한진택배", "hanjin"),
        ("佐川急便", "sagawa"),
        ("Royal Mail", "royal_mail"),
        ("kr.cjlogistics", "cj"),
        ("Rider & Sons", "rider_sons"),
        ("동네택배", "other"),
        (None, "other"),
    ],
)
def test_a_carrier_has_its_code_or_that_of_its_name(name: str | None, code: str) -> None:
    assert carrier_word(name, formats()["smartstore"]) == code


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("신용카드", "card"),
        ("コンビニ", "konbini"),
        ("Shopify Payments", "shopify_payments"),
        ("토스", "x"),
        (None, "x"),
    ],
)
def test_a_payment_method_has_a_word(name: str | None, word: str) -> None:
    assert method_word(name, "x") == word
