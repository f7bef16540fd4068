"""Files are read as they are, in any encoding that sellers use, and a hostile file is refused in words."""

import io
import tempfile
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from app.files.sandbox import Sandbox
from app.files.tables import FILE_BYTES_MAX, TableError, TableFault, TableReading, rows_of
from tests.sheets import QOO10, SMARTSTORE, text_of, with_password, xlsx

KOREAN = [["주문번호", "상품명", "금액"], ["1", "꽃무늬 머그컵, 화이트", "12,000원"], ["2", "접시\n(대)", "8,000"]]
AT = datetime.fromisoformat("2026-06-05T10:00:05")
JAPANESE = [["注文番号", "商品名", "金額"], ["1", "マグカップ・白", "1,200円"], ["2", "お皿（大）ｱｲｳ", "800円"]]


async def read(content: bytes, password: str = "") -> list[list[Any]]:
    with tempfile.TemporaryFile() as sent:
        sent.write(content)
        sent.flush()
        table = await TableReading(Sandbox()).read("m", sent, password)
    with table.content as rows:
        return [row for _, row in rows_of(rows)]


async def fault_of(content: bytes, password: str = "") -> TableFault:
    with pytest.raises(TableError) as refused:
        await read(content, password)
    return refused.value.fault


@pytest.mark.parametrize(
    ("rows", "encoding", "delimiter"),
    [
        (KOREAN, "utf-8-sig", ","),
        (KOREAN, "utf-8", "\t"),
        (KOREAN, "cp949", ","),
        (KOREAN, "euc_kr", ";"),
        (KOREAN, "utf-16", "\t"),
        (JAPANESE, "utf-8-sig", ","),
        (JAPANESE, "cp932", ","),
        (JAPANESE, "shift_jis", "\t"),
        ([SMARTSTORE, ["1"] * len(SMARTSTORE)], "cp949", ","),
        ([QOO10, ["1"] * len(QOO10)], "cp932", "|"),
    ],
)
async def test_a_text_is_read_in_its_encoding(rows: list[list[str]], encoding: str, delimiter: str) -> None:
    assert await read(text_of(rows, encoding, delimiter)) == rows


async def test_numbers_dates_and_texts_of_a_workbook_stay_what_they_are() -> None:
    row = ["2026060512345678", 12000, 19.99, AT, date(2026, 6, 5), True, None, "0012"]
    (read_row,) = await read(xlsx([row]))
    assert read_row == [
        "2026060512345678",
        12000,
        19.99,
        {"at": "2026-06-05T10:00:05"},
        {"at": "2026-06-05"},
        True,
        None,
        "0012",
    ]


async def test_rows_are_counted_from_the_top_of_the_sheet() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["C4"] = "x"
    assert await read(saved(book)) == [[None], [None], [None], ["x"]]


async def test_the_largest_sheet_that_people_see_is_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([["안내"]], sheets=[("주문", KOREAN), ("숨김", KOREAN * 9)])))
    book["숨김"].sheet_state = "hidden"
    assert (await read(saved(book)))[0] == KOREAN[0]


async def test_a_formula_is_not_computed_and_an_error_has_no_value() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "=1+1", '=HYPERLINK("https://evil.example")', "b"])
    sheet["A2"], sheet["A2"].data_type = "#REF!", "e"
    assert await read(saved(book)) == [["a", None, None, "b"], [None, None, None, None]]


async def test_a_file_with_a_password_is_opened_with_the_password() -> None:
    locked = with_password(xlsx(KOREAN), "1234")
    assert await fault_of(locked) is TableFault.PASSWORD_NEEDED
    assert await fault_of(locked, "4321") is TableFault.PASSWORD_WRONG
    assert await read(locked, "1234") == KOREAN


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def far_cell() -> bytes:
    """A workbook of some kilobytes, with sixteen thousand million cells between its two values."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "x"
    book.active.cell(1_048_576, 16_384).value = "y"
    return saved(book)


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to `size` bytes."""
    source = zipfile.ZipFile(io.BytesIO(xlsx(KOREAN)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, source.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(size // 1_000_000):
                sheet.write(b" " * 1_000_000)
    return target.getvalue()


def entities() -> bytes:
    """A sheet whose text is an entity of entities of entities."""
    source = zipfile.ZipFile(io.BytesIO(xlsx(KOREAN)))
    target = io.BytesIO()
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{layers}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else source.read(name))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04 and nothing else", TableFault.UNREADABLE),
        (xlsx(KOREAN)[:-200], TableFault.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, TableFault.UNREADABLE),
        (far_cell(), TableFault.TOO_LARGE),
        (bomb(500_000_000), TableFault.TOO_LARGE),
        (b"a" * (FILE_BYTES_MAX + 1), TableFault.TOO_LARGE),
        (b"a,b\n" * 50_001, TableFault.TOO_LARGE),
        (b"a," * 400 + b"\nb\n", TableFault.TOO_LARGE),
        (b"a,b\n\0\0\0", TableFault.UNREADABLE),
        (b"\xff\xfea", TableFault.UNKNOWN_ENCODING),
        ("a,b\nMüller,größer\n".encode("latin-1"), TableFault.UNKNOWN_ENCODING),
        (b"<html><table><tr><td>1</td></tr></table></html>", TableFault.NOT_SUPPORTED),
        (b'<?xml version="1.0"?><x/>', TableFault.NOT_SUPPORTED),
    ],
    ids=[
        *(
            "no_archive",
            "cut_off",
            "no_workbook",
            "far_cell",
            "bomb",
            "bytes",
            "rows",
            "columns",
            "nul",
            "half_a_letter",
        ),
        *("no_encoding", "page", "xml"),
    ],
)
async def test_what_is_no_table_or_too_large_is_refused(content: bytes, fault: TableFault) -> None:
    assert await fault_of(content) is fault


async def test_entities_of_entities_are_not_expanded() -> None:
    assert await fault_of(entities()) is TableFault.UNREADABLE


async def test_a_huge_cell_is_cut_and_quotes_that_never_close_do_no_harm() -> None:
    (row,) = await read(b"a," + b"b" * 1_000_000)
    assert row == ["a", "b" * 1000]
    assert await read(b'a,"b\nc,d\n') == [["a", "b\nc,d\n"]]
