"""The texts of pages in each of their languages, and how pages write days, instants and amounts."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from app.messages.carriers import carrier_name
from app.messages.days import last_day, local_day, written_day
from app.messages.money import money
from app.messages.translations import article, word

Words = Mapping[str, Mapping[str, str]]
"""Texts by table and key."""

_YEARS: Mapping[str, str] = {"ko": "{}년 ", "ja": "{}年"}
"""The languages that write a near day without its year."""


@cache
def words_of(package: str, language: str) -> Words:
    """The words in the folder `words` of the package: one file, or a folder of files that share the tables."""
    words = files(package) / "words"
    alone = words / f"{language}.toml"
    if alone.is_file():
        return tomllib.loads(alone.read_text("utf-8"))
    merged: dict[str, dict[str, str]] = {}
    for file in sorted((words / language).iterdir(), key=lambda each: each.name):
        for table, texts in tomllib.loads(file.read_text("utf-8")).items():
            merged.setdefault(table, {}).update(texts)
    return merged


def text_of(words: Words, key: str, **values: Any) -> str:
    """A text with these values. The key is `table.name`, or a name in the table `page`."""
    table, dot, name = key.partition(".")
    return (words[table][name] if dot else words["page"][key]).format(**values)


def functions_of(words: Words) -> Mapping[str, Callable[..., str]]:
    """What every template can call: `t` for a text, and `of` for the word for a code."""
    return {"t": partial(text_of, words), "of": lambda table, code: words[table].get(code, code)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes in one language. The instants are JSON texts, and the days are those of the zone. A day of another year
    than `now` has its year in every language."""

    language: str
    zone: ZoneInfo
    currency: str
    now: datetime

    def day_of(self, instant: str) -> str:
        return self._written(local_day(datetime.fromisoformat(instant), self.zone))

    def written_day_of(self, instant: datetime) -> str:
        return self._written(local_day(instant, self.zone))

    def last_day_of(self, end: str) -> str:
        """The last day before `end`."""
        day = last_day(datetime.fromisoformat(end), self.zone)
        return self._written(day) if day else ""

    def day(self, day: str) -> str:
        return self._written(date.fromisoformat(day))

    def _written(self, day: date) -> str:
        year = _YEARS.get(self.language, "") if day.year != local_day(self.now, self.zone).year else ""
        return year.format(day.year) + written_day(day, self.language)

    def money(self, amount: int) -> str:
        return money(amount, self.currency, self.language)

    def word(self, table: str, code: str) -> str:
        return word(table, code, self.language)

    def label(self, table: str, code: str) -> str:
        """The word as it stands alone, with a capital letter at its beginning."""
        alone = self.word(table, code)
        return alone[:1].upper() + alone[1:]

    def article(self, citation: str | None) -> str:
        """The articles of law in a citation. Empty without any."""
        return article(citation, self.language) or "" if citation else ""

    def carrier(self, code: str) -> str:
        return carrier_name(code, self.language)
