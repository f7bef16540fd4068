"""Tables in files that a client has sent: Excel workbooks, and text with commas or tabs. A file is read in a process of
its own, and its rows are kept as lines of JSON, so that nobody reads the sent file again."""

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from app import json_text
from app.files.kinds import MIB
from app.files.sandbox import Sandbox

FILE_BYTES_MAX = 20 * MIB
_PROGRAM = Path(__file__).with_name("read_table.py")
_PASSWORD = "TABLE_PASSWORD"  # noqa: S105 - the name that the program reads


class TableFault(StrEnum):
    """Why a file has no table that can be read."""

    UNREADABLE = "import_file_unreadable"
    TOO_LARGE = "import_file_too_large"
    NOT_SUPPORTED = "import_file_not_supported"
    PASSWORD_NEEDED = "import_password_needed"  # noqa: S105 - a code
    PASSWORD_WRONG = "import_password_wrong"  # noqa: S105 - a code
    UNKNOWN_ENCODING = "import_encoding_unknown"
    EMPTY = "import_file_empty"


class TableError(Exception):
    def __init__(self, fault: TableFault) -> None:
        super().__init__(fault)
        self.fault = fault


_FAULTS = {
    10: TableFault.UNREADABLE,
    11: TableFault.TOO_LARGE,
    12: TableFault.NOT_SUPPORTED,
    13: TableFault.PASSWORD_NEEDED,
    14: TableFault.PASSWORD_WRONG,
    15: TableFault.UNKNOWN_ENCODING,
}
"""The exit statuses of the program, which cannot be imported: it imports the readers. Any other status is that of a
program that had too little memory or time."""

Row = list[Any]
"""Texts, numbers, instants as `{"at": ...}`, booleans and nulls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`content` has the rows, and is at its beginning. The caller closes it."""

    content: BinaryIO
    size: int


class TableReading:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def read(self, owner: str, sent: BinaryIO, password: str = "") -> Table:
        """`sent` is a real file. The files of one owner are read one by one. Raises TableError, and BusyError."""
        if await asyncio.to_thread(_size_of, sent) > FILE_BYTES_MAX:
            raise TableError(TableFault.TOO_LARGE)
        rows: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            secret = {_PASSWORD: password.replace("\x00", "")}
            status = await self._sandbox.run(owner, _PROGRAM, source=sent, target=rows, more=secret)
            if status:
                raise TableError(_FAULTS.get(status, TableFault.TOO_LARGE))
            return Table(content=rows, size=await asyncio.to_thread(_size_of, rows))
        except BaseException:
            rows.close()
            raise


def rows_of(lines: Iterable[bytes]) -> Iterator[tuple[int, Row]]:
    """The rows of a kept table, each with its number as people count. The first line says how the file was read."""
    for number, line in enumerate(lines):
        if number:
            yield number, json_text.load(line.decode())


def _size_of(content: BinaryIO) -> int:
    size = content.seek(0, 2)
    content.seek(0)
    return size
