"""The rules of a law one by one, with their articles, for a person who checks them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.presets.citations import Source, source_of
from app.presets.documents import NEWEST, Document, chain_of, is_in_force, merged

_OF_THE_SOURCE = frozenset({"code", "cites", "practice", "basis", "in_force_from", "in_force_to", "unverified"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRule:
    """One rule. `code` is unique in its law: a single table has the name of its section. `says` are its values as
    sentences."""

    section: str
    code: str
    says: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A rule that differs between two days. None: there was no such rule, or there is none any more."""

    code: str
    before: LawRule | None
    after: LawRule | None


def every_rule(name: str) -> tuple[LawRule, ...]:
    """Every rule of every date, in the order of the file. Raises UnknownPolicyError."""
    return tuple(rule for _, rule in _every_rule(merged(chain_of(name))))


def law_rules(name: str, on: date = NEWEST, country: str | None = None) -> tuple[LawRule, ...]:
    """Every rule that is in force on a local day, in the order of the file. Raises UnknownPolicyError."""
    document = merged(chain_of(name, country))
    return tuple(rule for raw, rule in _every_rule(document) if is_in_force(raw, on))


def law_changes(name: str, before: date, after: date, country: str | None = None) -> tuple[RuleChange, ...]:
    """The rules that differ between two local days, by code. Raises UnknownPolicyError."""
    old = {rule.code: rule for rule in law_rules(name, before, country)}
    new = {rule.code: rule for rule in law_rules(name, after, country)}
    return tuple(
        RuleChange(code=code, before=old.get(code), after=new.get(code))
        for code in dict.fromkeys([*old, *new])
        if old.get(code) != new.get(code)
    )


def _every_rule(document: Document) -> Iterator[tuple[Document, LawRule]]:
    laws = document.get("laws", {})
    for section, content in document.items():
        if section == "laws":
            continue
        for raw in _tables(content):
            code = raw.get("code", section)
            yield raw, LawRule(section=section, code=code, says=tuple(_says(raw)), source=source_of(raw, laws))


def _tables(content: Any) -> Iterable[Document]:
    tables = content if isinstance(content, list) else [content]
    return [table for table in tables if isinstance(table, dict)]


def _says(rule: Mapping[str, Any]) -> Iterator[str]:
    for name, value in rule.items():
        if name not in _OF_THE_SOURCE:
            yield f"{_words(name)}: {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, dict):
        return _period(value) if "anchor" in value else ", ".join(f"{_words(k)} {_text(v)}" for k, v in value.items())
    return str(value)


def _period(period: Mapping[str, Any]) -> str:
    """Such as `14 days from order delivered, to the next working day`."""
    parts = [f"{period['length']} {_words(period['unit'])} from {_words(period['anchor'])}"]
    if period.get("first_day_counts"):
        parts.append("the first day counts")
    if period.get("roll") == "forward":
        parts.append("to the next working day")
    if more := period.get("then_months"):
        parts.append(f"and {more} months more")
    return ", ".join(parts)


def _words(name: str) -> str:
    return name.replace("_", " ")
