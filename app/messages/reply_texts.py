"""Replies that fill themselves from the facts of a claim: questions to the buyer, and what a clerk says on the phone.

A reply that lacks a fact has no text: a clerk never reads a day or an amount that nobody knows.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.messages.render import fill


class ReplyUse(StrEnum):
    """`question`: the text goes to the buyer. `call`: the clerk says or copies the text, and notes it."""

    QUESTION = "question"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledReply:
    """`text` is None if facts are missing. `missing` are pairs of a fact and its name in the language."""

    name: str
    number: int
    use: ReplyUse
    title: str
    text: str | None
    missing: tuple[tuple[str, str], ...]


def filled_replies(language: str, facts: Mapping[str, Any]) -> list[FilledReply]:
    """Every reply in one of LANGUAGES, by its number. A fact that is None, False or zero is missing."""
    return [_filled(name, row, language, facts) for name, row in _file("replies").items()]


def reply_title(name: str, language: str) -> str:
    """The title for a clerk of another language than the text's."""
    return str(_file(language)[name]["title"])


def fact_name(fact: str, language: str) -> str:
    return str(_file(language)["facts"][fact])


def _filled(name: str, row: Mapping[str, Any], language: str, facts: Mapping[str, Any]) -> FilledReply:
    texts = _file(language)
    missing = tuple((fact, fact_name(fact, language)) for fact in row["facts"] if not facts.get(fact))
    return FilledReply(
        name=name,
        number=row["number"],
        use=ReplyUse(row["use"]),
        title=reply_title(name, language),
        text=None if missing else fill(texts[name]["text"], language, facts),
        missing=missing,
    )


@cache
def _file(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("app.messages") / "replies" / f"{name}.toml").read_text("utf-8"))
