"""The lines that a rule is for, in the words of a policy's page: their natures, and what must be on record."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine.model.vocabulary import Kind, Nature, Record
from app.engine.policy.rules import ExceptionRule, WindowRule
from app.engine.policy.scopes import Scoped

Words = Mapping[str, Any]
Answers = list[tuple[str, str]]
"""Answers, each with its citation."""


def shown(records: frozenset[Record], words: Words) -> str:
    """The records that a rule needs, all of them."""
    return str(words["shown"]).format(records=listed(records, words)) if records else ""


def not_shown(rule: Scoped, words: Words) -> str:
    """The records that take a rule away, all of them together."""
    records = listed(rule.without_records, words)
    return str(words["not_shown"]).format(records=records) if records else ""


def listed(records: frozenset[Record], words: Words) -> str:
    return str(words["and"].join(text for record, text in words["records"].items() if record in records))


def about(natures: frozenset[Nature], words: Words) -> str:
    text = words["or"].join(words["natures"][nature] for nature in sorted(natures))
    return str(words["about"]).format(natures=text) if text else ""


def where_they_differ(
    rule: WindowRule | ExceptionRule,
    rules: Sequence[WindowRule | ExceptionRule],
    kinds: tuple[Kind, ...],
    words: Words,
) -> str:
    """The kinds of a rule, if the rules have different kinds."""
    differ = len({each.kinds.intersection(kinds) for each in rules}) > 1
    return for_kinds(rule.kinds, kinds, words) if differ else ""


def for_kinds(chosen: frozenset[Kind], kinds: tuple[Kind, ...], words: Words) -> str:
    text = words["and"].join(words["kinds"][kind] for kind in kinds if kind in chosen)
    return str(words["kind"]).format(kinds=f"{text[0].upper()}{text[1:]}") if text else ""
