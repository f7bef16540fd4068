"""A program of its own: reads a table from a file on standard input, and writes its rows as lines of JSON.

The first line tells how the file was read. Each line after it is a row: a list of texts, numbers, instants as
`{"at": ...}`, booleans and nulls. The program gets no path of a client, and has its own limits of memory and time. A
formula is never computed: the value that was last saved counts. The exit status says what happened.
"""

import csv
import io
import json
import math
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO

from msoffcrypto import OfficeFile
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

if sys.platform != "win32":
    import resource

ROWS_MAX = 50_000
COLUMNS_MAX = 300
CELL_MAX = 1_000
"""Characters of a cell. Nothing that is imported is longer, so the rest of a longer cell is cut off."""
WRITTEN_MAX = 32 * 1024 * 1024
UNPACKED_MAX = 400 * 1024 * 1024
MEMORY_MAX = 1536 * 1024 * 1024
SECONDS_MAX = 30
UNREADABLE, TOO_LARGE, NOT_SUPPORTED, PASSWORD_NEEDED, PASSWORD_WRONG, UNKNOWN_ENCODING = 10, 11, 12, 13, 14, 15
"""Exit statuses, which `tables.py` reads. 0 is success."""
PASSWORD = "TABLE_PASSWORD"  # noqa: S105 - the name of a variable of the environment, which no list of processes shows

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",\t;|"
_SHEETS_READ = 5
_PLAIN_AT_LEAST = 0.3
"""The share of usual letters, without which a reading is a guess."""

Cell = str | int | float | bool | dict[str, str] | None


class StopError(Exception):
    """`status` is the exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read(content: BinaryIO, password: str, target: BinaryIO) -> None:
    """Raises StopError."""
    head = content.read(8)
    content.seek(0)
    if head.startswith(_OLE):
        content = _without_password(content, password)
        head = content.read(8)
        content.seek(0)
    if head.startswith((_ZIP, _OLE)):
        how, rows = _of_excel(content, is_zip=head.startswith(_ZIP))
    else:
        how, rows = _of_text(content.read())
    _write(target, how, rows)


def _without_password(content: BinaryIO, password: str) -> BinaryIO:
    """The workbook inside an encrypted file. Old workbooks have the same wrapping, and may have no password."""
    try:
        file = OfficeFile(content)
        if not file.is_encrypted():
            content.seek(0)
            return content
        if not password:
            raise StopError(PASSWORD_NEEDED)
        plain = io.BytesIO()
        file.load_key(password=password, verify_password=True)
        file.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        raise StopError(PASSWORD_WRONG) from None
    except FileFormatError:
        raise StopError(NOT_SUPPORTED) from None
    plain.seek(0)
    return plain


def _of_excel(content: BinaryIO, *, is_zip: bool) -> tuple[dict[str, object], Iterator[Sequence[object]]]:
    """The largest of the first sheets that people see."""
    if is_zip:
        _refuse_large_archive(content)
    try:
        workbook = load_workbook(content)
        shown = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
        sheets = [workbook.get_sheet_by_name(name) for name in shown[:_SHEETS_READ]]
    except CalamineError:
        raise StopError(UNREADABLE) from None
    if not sheets:
        raise StopError(UNREADABLE)
    largest = max(sheets, key=lambda sheet: sheet.total_height * sheet.total_width)
    if largest.total_height > ROWS_MAX or largest.total_width > COLUMNS_MAX:
        raise StopError(TOO_LARGE)
    return {"sheet": largest.name}, largest.iter_rows()


def _refuse_large_archive(content: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(content) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise StopError(UNREADABLE) from None
    if unpacked > UNPACKED_MAX:
        raise StopError(TOO_LARGE)
    content.seek(0)


def _of_text(content: bytes) -> tuple[dict[str, object], Iterator[Sequence[object]]]:
    text, encoding = _decoded(content)
    if "\x00" in text:
        raise StopError(UNREADABLE)
    if text.lstrip()[:1] == "<":  # a page, or XML, under the name of a table
        raise StopError(NOT_SUPPORTED)
    csv.field_size_limit(WRITTEN_MAX)
    delimiter = max(_DELIMITERS, key=lambda each: _columns(text, each))
    return {"encoding": encoding, "delimiter": delimiter}, csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter
    )


def _decoded(content: bytes) -> tuple[str, str]:
    """Raises StopError for a text in none of the encodings."""
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    try:
        return content.decode(marked or "utf-8"), marked or "utf-8"
    except UnicodeDecodeError:
        if marked:
            raise StopError(UNKNOWN_ENCODING) from None
    readings = []
    for encoding, is_plain in (("cp949", _is_plain_korean), ("cp932", _is_plain_japanese)):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        letters = [letter for letter in text[:200_000] if letter > "\x7f"]
        readings.append((sum(map(is_plain, letters)) / len(letters), text, encoding))
    share, text, encoding = max(readings, default=(0.0, "", ""))
    if share < _PLAIN_AT_LEAST:
        raise StopError(UNKNOWN_ENCODING)
    return text, encoding


def _is_plain_korean(letter: str) -> bool:
    """One of the 2,350 syllables of KS X 1001. Japanese that is read as Korean has rare syllables."""
    return "가" <= letter <= "힣" and len(letter.encode("euc_kr", "ignore")) == 2


def _is_plain_japanese(letter: str) -> bool:
    """Korean that is read as Japanese has half-width katakana."""
    return "ぁ" <= letter <= "ヿ" or "一" <= letter <= "龠" or "！" <= letter <= "～" or "、" <= letter <= "〗"


def _columns(text: str, delimiter: str) -> tuple[int, int]:
    """The columns of the row in the middle of the first rows, and of all of them."""
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
    widths = sorted(len(row) for row, _ in zip(reader, range(60), strict=False) if row)
    return (widths[len(widths) // 2], sum(widths)) if widths else (0, 0)


def _write(target: BinaryIO, how: dict[str, object], rows: Iterable[Sequence[object]]) -> None:
    written = target.write(_line(how))
    for number, row in enumerate(rows, start=1):
        if number > ROWS_MAX or len(row) > COLUMNS_MAX:
            raise StopError(TOO_LARGE)
        written += target.write(_line([_cell(value) for value in row]))
        if written > WRITTEN_MAX:
            raise StopError(TOO_LARGE)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _cell(value: object) -> Cell:
    match value:
        case str():
            return value[:CELL_MAX] or None
        case bool():
            return value
        case int():
            return value
        case float():
            return _number(value)
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"at": value.isoformat()}
        case None:
            return None
        case _:
            return str(value)[:CELL_MAX]


def _number(value: float) -> int | float | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _limit_resources() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    _limit_resources()
    try:
        read(io.BytesIO(sys.stdin.buffer.read()), os.environ.get(PASSWORD, ""), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except StopError as stop:
        return stop.status
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - readers raise errors of many kinds for a broken file
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
