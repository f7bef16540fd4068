"""The names of carriers for people, and the page of a parcel. A carrier without a row keeps its code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from app.messages.translations import FALLBACK, LANGUAGES

Row = Mapping[str, Any]


@cache
def carriers() -> Mapping[str, Row]:
    """The rows by each code that a storefront may send."""
    rows = tomllib.loads((files("app.messages") / "carriers.toml").read_text("utf-8"))
    return {code: row for name, row in rows.items() for code in (name, *row["also"])}


@cache
def carrier_names(language: str) -> Mapping[str, str]:
    """The name of every carrier that we know, by its first code, in the order of the names."""
    rows = tomllib.loads((files("app.messages") / "carriers.toml").read_text("utf-8"))
    named = {code: carrier_name(code, language) for code in rows}
    return dict(sorted(named.items(), key=lambda row: row[1]))


def carrier_name(code: str, language: str) -> str:
    """The name in the language. German and French readers know the English names."""
    row = carriers().get(code)
    return row[language if language in LANGUAGES else FALLBACK] if row else code


def tracking_url(code: str, number: str) -> str | None:
    """The page of the parcel, without the spaces and hyphens in which people group a number. None for a carrier that
    we do not know."""
    row = carriers().get(code)
    plain = number.replace(" ", "").replace("-", "")
    return row["page"].format(number=quote(plain, safe="")) if row and plain else None
