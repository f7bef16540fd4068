"""One sentence for each code of a refusal or an error, in each language, with its parameters.

A placeholder is `{name}` or `{name:way}`, where the way is `money`, `instant`, `day` or a table of names.
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any

from app.messages.days import written_day
from app.messages.money import money
from app.messages.translations import words

Params = Mapping[str, Any]
Sentence = str | Mapping[str, str]
"""One sentence, or several: `default`, `without_x` for params without x, and others by the value of `why`."""

_WITHOUT = "without_"
_SEPARATORS = {"ko": ", ", "ja": "、", "en": ", "}
_SPACES = {"ko": " ", "ja": "", "en": " "}
_OWN_OFFSETS = {"ko": "+09:00", "ja": "+09:00"}


def sentence(table: str, code: str, params: Params, language: str) -> str:
    """The sentence for a code of `refusals`, `reports` or `errors`."""
    return _sentence(table, code, tuple(params.items()), language)


def paragraph(sentences: list[str], language: str) -> str:
    return _SPACES[language].join(sentences)


@cache
def sentences(table: str, language: str) -> Mapping[str, Sentence]:
    """All sentences of a table, by code."""
    by_code: Mapping[str, Sentence] = _file("refusals", language)[table]
    return by_code


@cache
def names(language: str) -> Mapping[str, Mapping[str, str]]:
    """The names of codes for the people who decide claims, by table."""
    return {**words(language), **_file("names", language)}


def ways(language: str) -> frozenset[str]:
    """Every way to write a parameter."""
    return frozenset({"", *_WAYS, *names(language)})


@lru_cache(maxsize=4096)
def _sentence(table: str, code: str, params: tuple[tuple[str, Any], ...], language: str) -> str:
    values = dict(params)
    pieces = _pieces(table, code, _variant(sentences(table, language)[code], values), language)
    return "".join(
        text if name is None else text + _written(values[name], way, values, language) for text, name, way in pieces
    )


def _variant(sentence: Sentence, params: Params) -> str | None:
    if isinstance(sentence, str):
        return None
    if (why := params.get("why")) in sentence:
        return str(why)
    without = (name for name in sentence if name.startswith(_WITHOUT) and not params.get(name.removeprefix(_WITHOUT)))
    return next(without, "default")


@cache
def _pieces(table: str, code: str, variant: str | None, language: str) -> tuple[tuple[str, str | None, str], ...]:
    sentence = sentences(table, language)[code]
    text = sentence if isinstance(sentence, str) else sentence[variant or "default"]
    return tuple((literal, name, way or "") for literal, name, way, _ in Formatter().parse(text))


def _written(value: Any, way: str, params: Params, language: str) -> str:
    if isinstance(value, tuple):
        return _SEPARATORS[language].join(_written(item, way, params, language) for item in value)
    if not way:
        return str(value)
    return _WAYS[way](value, params, language) if way in _WAYS else names(language)[way].get(value, str(value))


def _money(amount: int, params: Params, language: str) -> str:
    return money(amount, params["currency"], language)


def _day(day: str, _: Params, language: str) -> str:
    return written_day(date.fromisoformat(day), language)


def _instant(instant: str, _: Params, language: str) -> str:
    """The local day and time. The offset is included unless it is the only offset of the language's country."""
    at = datetime.fromisoformat(instant)
    offset = instant[-6:]
    text = f"{written_day(at.date(), language)}{_SPACES[language]}{at:%H:%M}"
    return text if offset == _OWN_OFFSETS.get(language) else f"{text} UTC{offset}"


_WAYS: Mapping[str, Callable[[Any, Params, str], str]] = {"money": _money, "day": _day, "instant": _instant}


@cache
def _file(folder: str, language: str) -> Mapping[str, Any]:
    return tomllib.loads((files("app.messages") / folder / f"{language}.toml").read_text("utf-8"))
