"""The formats of other systems: which headings they use, and what goes without saying in their files. A file of a
format without a row here is matched by a person."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.imports.fields import ImportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`columns` has the known headings of each field, the likeliest first. `recognised_by` are headings that a file of
    the format has. `ended` are the states of an order line that is over. `of_order` are fields that the first row of an
    order has for all of its rows. `carriers` are names that only this format uses."""

    name: str
    kind: ImportKind
    title: Mapping[str, str]
    recognised_by: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    currency: str | None = None
    time_zone: str | None = None
    payment_method: str = "other"
    ended: frozenset[str] = frozenset()
    of_order: frozenset[str] = frozenset()
    carriers: Mapping[str, str]


def fold(text: str) -> str:
    """A heading as headings are compared: without case, width, spaces and marks of a required column."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("(필수)", "").replace("(必須)", "")
    return "".join(plain.split()).strip("*※:")


@cache
def formats() -> Mapping[str, Format]:
    found = sorted((files("app.imports") / "data").iterdir(), key=lambda file: file.name)
    rows = [(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8"))) for file in found]
    return {name: _format(name, row) for name, row in rows}


def _format(name: str, row: Mapping[str, Any]) -> Format:
    return Format(
        name=name,
        kind=ImportKind(row["kind"]),
        title=row["title"],
        recognised_by=tuple(map(fold, row.get("recognised_by", ()))),
        columns={field: tuple(map(fold, headings)) for field, headings in row["columns"].items()},
        currency=row.get("currency"),
        time_zone=row.get("time_zone"),
        payment_method=row.get("payment_method", "other"),
        ended=frozenset(map(fold, row.get("ended", ()))),
        of_order=frozenset(row.get("of_order", ())),
        carriers={fold(each): code for each, code in row.get("carriers", {}).items()},
    )


@cache
def known_headings() -> frozenset[str]:
    return frozenset(heading for each in formats().values() for known in each.columns.values() for heading in known)


def recognised(columns: Sequence[str], kind: ImportKind | None) -> Format | None:
    """The format that most of the columns are of, if the file has the headings that the format is recognised by."""
    headings = set(map(fold, columns))
    fitting = [
        each
        for each in formats().values()
        if each.recognised_by and headings.issuperset(each.recognised_by) and kind in (None, each.kind)
    ]
    return max(fitting, key=lambda each: len(matched(each, columns)), default=None)


def matched(format_: Format, columns: Iterable[str]) -> dict[str, str]:
    """The column of each field, by the known headings. A column that comes first is the one of two with one heading."""
    by_heading: dict[str, str] = {}
    for column in columns:
        by_heading.setdefault(fold(column), column)
    found: dict[str, str] = {}
    for field, headings in format_.columns.items():
        known = [by_heading[heading] for heading in headings if heading in by_heading]
        if known:
            found[field] = known[0]
    return found
