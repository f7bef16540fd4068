"""Presets as they are written: TOML with dated rules, laws that rules cite, and national law on top of common law."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

Document = Mapping[str, Any]
NEWEST = date.max
"""A day on which everything that has no end is in force."""
_OF_ONE_FILE = ("extends", "national", "drop")
"""These say how a file builds on its parent, and are not a part of the policy."""


class UnknownPolicyError(LookupError):
    """No preset has this name or version."""


@cache
def preset_names() -> tuple[str, ...]:
    names = (entry.name for entry in _data().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def chain_of(name: str, country: str | None = None) -> tuple[str, ...]:
    """The files that make a preset, the most general one first. The national law of `country` follows the law that it
    extends. Raises UnknownPolicyError."""
    ancestors = _ancestors(name)
    if any(_file(each).get("national") for each in ancestors):
        return ancestors
    national = {_file(each)["extends"]: each for each in preset_names() if _is_national_law_of(each, country)}
    return tuple(link for each in ancestors for link in (each, national.get(each)) if link is not None)


@cache
def merged(chain: tuple[str, ...]) -> Document:
    """One document of several files, with every rule of every date."""
    document: dict[str, Any] = {}
    for name in chain:
        document = _on_top(document, _file(name))
    return document


@cache
def changes_of(chain: tuple[str, ...]) -> tuple[date, ...]:
    """The days on which some rule begins or no longer applies, in order."""
    days = set()
    for rule in rules_in(merged(chain)):
        if begins := rule.get("in_force_from"):
            days.add(begins)
        if ends := rule.get("in_force_to"):
            days.add(ends + timedelta(days=1))
    return tuple(sorted(days))


def rules_in(document: Document) -> Iterable[Document]:
    for name, section in document.items():
        if isinstance(section, dict) and name != "laws":
            yield section
        elif isinstance(section, list):
            yield from (rule for rule in section if isinstance(rule, dict))


def in_force(section: Any, on: date) -> Any:
    """The rules of a list that are in force on a day, or the one table of several."""
    if not isinstance(section, list) or not all(isinstance(rule, dict) for rule in section):
        return section
    return [rule for rule in section if is_in_force(rule, on)]


def is_in_force(rule: Document, on: date) -> bool:
    return bool(rule.get("in_force_from", date.min) <= on <= rule.get("in_force_to", date.max))


def _ancestors(name: str) -> tuple[str, ...]:
    parent = _file(name).get("extends")
    return (*_ancestors(parent), name) if parent else (name,)


def _is_national_law_of(name: str, country: str | None) -> bool:
    document = _file(name)
    return bool(document.get("national")) and document.get("country") == country


@cache
def _file(name: str) -> Document:
    if name not in preset_names():
        raise UnknownPolicyError(name)
    return tomllib.loads((_data() / f"{name}.toml").read_text("utf-8"))


def _on_top(base: Document, document: Document) -> dict[str, Any]:
    dropped = frozenset(document.get("drop", ()))
    kept = {name: _without(section, dropped) for name, section in base.items()}
    changes = {name: section for name, section in document.items() if name not in _OF_ONE_FILE}
    return {**kept, **{name: _merged_section(kept.get(name), section, name) for name, section in changes.items()}}


def _without(section: Any, codes: frozenset[str]) -> Any:
    """The rules whose code is in none of these."""
    return [rule for rule in section if rule["code"] not in codes] if _has_codes(section) else section


def _merged_section(base: Any, section: Any, name: str) -> Any:
    """Rules replace the rules of the same code. Laws are added. Everything else replaces."""
    if name == "laws":
        return {**(base or {}), **section}
    if not (_has_codes(base) and _has_codes(section)):
        return section
    new: dict[str, list[Any]] = {}
    for rule in section:
        new.setdefault(rule["code"], []).append(rule)
    result = []
    for rule in base:
        if rule["code"] not in new:
            result.append(rule)
        else:
            result += new[rule["code"]]
            new[rule["code"]] = []
    return [*result, *(rule for rules in new.values() for rule in rules)]


def _has_codes(section: Any) -> bool:
    if not isinstance(section, list) or not section:
        return False
    return all(isinstance(rule, dict) and "code" in rule for rule in section)


def _data() -> Any:
    return files("app.presets") / "data"
