"""The rules of a preset, one by one, and policies in which one of them is broken."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from app.engine.policy.policy import Policy
from app.presets.documents import chain_of, merged
from app.presets.policies import policy_on
from tests.engine.oracle.laws import LAWS
from tests.engine.oracle_bridge import PolicyOf

SECTIONS = ("windows", "exceptions", "refund_deadlines", "late_refunds")
Rule = tuple[str, str]
"""The section of a rule and its code."""


def rules_of(law: str) -> frozenset[Rule]:
    """Every rule of a law that decides something, by its code."""
    document = _document(law)
    coded = {(section, rule["code"]) for section in SECTIONS for rule in document.get(section, ())}
    return frozenset(coded | ({("late_interest", "late_interest")} if document.get("late_interest") else set()))


def broken(law: str, rule: Rule) -> Iterator[tuple[str, PolicyOf]]:
    """Policies with one rule that is wrong: each of its numbers one higher, or else the rule left out."""
    section, code = rule
    numbers = list(_numbers(_find(_document(law), section, code)))
    for path in numbers:
        yield f"{code} {'.'.join(map(str, path))} + 1", _policies(law, section, code, path)
    if not numbers:
        yield f"without {code}", _policies(law, section, code, None)


def _policies(law: str, section: str, code: str, path: tuple[Any, ...] | None) -> PolicyOf:
    document = deepcopy(dict(_document(law)))
    if path is None:
        document[section] = [rule for rule in document[section] if rule["code"] != code]
    else:
        for rule in _find(document, section, code):
            _raise(rule, path)
    editions: dict[date, Policy] = {}

    def of(_: str, on: date, __: str) -> Policy:
        if on not in editions:
            editions[on] = policy_on(document, on)
        return editions[on]

    return of


def _document(law: str) -> Mapping[str, Any]:
    jurisdiction = LAWS[law]
    return merged(chain_of(jurisdiction.preset, jurisdiction.places[0][0]))


def _find(document: Mapping[str, Any], section: str, code: str) -> list[dict[str, Any]]:
    """Every version of a rule."""
    found = document[section]
    return [found] if isinstance(found, dict) else [rule for rule in found if rule["code"] == code]


def _numbers(rules: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Where a rule has a number: the keys and places that lead to it."""
    for section, keys in (("periods", ("length",)), ("rates", ("rate",)), ("penalties", ("after_days", "percent"))):
        for place in range(len(rules[0].get(section, ()))):
            yield from ((section, place, key) for key in keys)
    if "discovered_within" in rules[0]:
        yield "discovered_within", "length"


def _raise(rule: dict[str, Any], path: tuple[Any, ...]) -> None:
    *steps, last = path
    inner: Any = rule
    for step in steps:
        inner = inner[step]
    inner[last] += 1
