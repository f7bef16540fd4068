"""Each text column of the schema is classified in `docs/privacy.md`: data of a buyer, or not."""

import re
from pathlib import Path

from sqlalchemy import Column, LargeBinary, String

from app.store.tables import metadata

PAGE = Path(__file__).parents[1].joinpath("docs/privacy.md").read_text("utf-8")
SHORT = {2, 3, 32, 36, 40, 64}
"""Lengths of ids, of words of closed lists and of digests."""


def part(name: str) -> list[str]:
    """The rows of a table of the page, without its heading."""
    text = PAGE.partition(f"<!-- {name}:begin -->\n")[2].partition(f"<!-- {name}:end -->")[0]
    return text.splitlines()[2:]


def personal() -> list[str]:
    """The columns of the first cells, as `table.column`."""
    return [name for row in part("personal") for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", row.split("|")[1])]


def others() -> list[str]:
    named = ([re.findall(r"`([a-z_]+)`", cell) for cell in row.split("|")[1:3]] for row in part("others"))
    return [f"{table}.{column}" for (table,), columns in named for column in columns]


def is_text(column: Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, String):
        return kind.length not in SHORT or column.name == "phone_ending"
    return isinstance(kind, LargeBinary)


def test_each_text_column_is_data_of_a_buyer_or_not() -> None:
    columns = {
        f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns if is_text(column)
    }
    classified = [*personal(), *others()]
    assert len(classified) == len(set(classified))
    assert set(classified) == columns
