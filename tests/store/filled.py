"""The rows of a database that release 0.1.0 filled, for both kinds of database.

The database and not the code names the columns, so that the rows can be loaded after the tables have changed.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, MetaData, Table

RECORDED = Path(__file__).with_name("filled_by_0_1_0.jsonl.gz")

Row = dict[str, Any]


def load(connection: Connection) -> None:
    """Put every row into a database that is at revision 0009 and empty.

    Rows come in an order in which foreign keys find what they name. The outbox comes last: triggers have put all
    events into the outbox by then, and the outbox must hold the events that were not published yet.
    """
    for name, rows in recorded_rows():
        table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
        if name == "outbox":
            connection.execute(table.delete())
        connection.execute(table.insert(), [_as_kept(table, row) for row in rows])


def recorded_rows() -> Iterator[tuple[str, list[Row]]]:
    """Each table's rows. An instant is text in UTC, a day is text, and a column that is left out is null."""
    with gzip.open(RECORDED, "rt", encoding="utf-8") as lines:
        for name, group in groupby(map(json.loads, lines), key=lambda line: str(line["table"])):
            yield name, [line["row"] for line in group]


def _as_kept(table: Table, row: Row) -> Row:
    assert row.keys() <= set(table.columns.keys()), f"{table.name} has no such columns"
    return {column.name: _value(column, row.get(column.name)) for column in table.columns}


def _value(column: Column[Any], value: Any) -> Any:
    """SQLite keeps an instant as the very text that was recorded."""
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def without_lines(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The claims without the judgements of single lines and the time of the inspection, which 0.1.0 does not have."""
    later: dict[str, Any] = {"lines": [], "doubts": [], "return_shipping_citation": None}
    return [
        {**claim, "inspected_at": None, "repair_completed_at": None, "assessment": {**claim["assessment"], **later}}
        for claim in claims
    ]
