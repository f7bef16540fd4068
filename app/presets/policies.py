"""The policy of the engine that a preset gives on one day: the rules in force, with their citations as text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from app.engine.model.vocabulary import NOT_GOODS, Nature
from app.engine.policy.money_rules import DeductionRule, RestockingRule
from app.engine.policy.policy import Policy
from app.engine.policy.rules import ContractLimit, DeadlineRule, ExceptionRule, OfferRule, WindowRule
from app.presets.citations import source_of
from app.presets.documents import Document, in_force

_POLICY = TypeAdapter(Policy)
_LIMITS = TypeAdapter(tuple[ContractLimit, ...])
_OF_NO_POLICY = frozenset({"laws", "contract_limits", "required_messages"})
"""Sections that judge no claim."""
_GOODS = [nature.value for nature in Nature if nature not in NOT_GOODS]
_OF_THE_SOURCE = ("cites", "practice", "in_force_from", "in_force_to", "unverified")
_PERIODS = {"respond_within": "respond_citation", "collect_within": "collect_citation"}
"""Tables of the file whose citation is a field of the policy."""
_WITH_BASIS = {
    "windows": WindowRule,
    "exceptions": ExceptionRule,
    "refund_deadlines": DeadlineRule,
    "deductions": DeductionRule,
    "offers": OfferRule,
    "restocking": RestockingRule,
}


def policy_on(document: Document, on: date) -> Policy:
    """The policy of a merged document on a local day. Raises pydantic's ValidationError for a key that the engine does
    not know."""
    laws = document.get("laws", {})
    values: dict[str, Any] = {}
    for name, section in document.items():
        if name not in _OF_NO_POLICY:
            values |= _section(name, in_force(section, on), laws)
    return _POLICY.validate_python(values, extra="forbid")


def limits_on(document: Document, on: date) -> tuple[ContractLimit, ...]:
    """What contracts cannot do on a local day where they depart from default law."""
    laws = document.get("laws", {})
    rules = in_force(document.get("contract_limits", []), on)
    return _LIMITS.validate_python([_rule("contract_limits", rule, laws) for rule in rules], extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredMessage:
    """A message that the law wants sent about one of these events. `citation` is the article."""

    audience: str
    events: tuple[str, ...]
    citation: str


_REQUIRED = TypeAdapter(tuple[RequiredMessage, ...])


def required_messages_on(document: Document, on: date) -> tuple[RequiredMessage, ...]:
    """The messages that the law wants sent on a local day."""
    laws = document.get("laws", {})
    rules = in_force(document.get("required_messages", []), on)
    return _REQUIRED.validate_python([_rule("required_messages", rule, laws) for rule in rules], extra="forbid")


def _section(name: str, section: Any, laws: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(section, list) and name not in _LISTS:
        section = section[0] if section and isinstance(section[0], dict) else section
    if name in _PERIODS and isinstance(section, dict):
        rule = _rule(name, section, laws)
        citation = rule.pop("citation", None)
        return {name: rule} if citation is None else {name: rule, _PERIODS[name]: citation}
    if isinstance(section, dict):
        return {name: _rule(name, section, laws)}
    if isinstance(section, list) and name in _LISTS:
        return {name: [_rule(name, rule, laws) for rule in section]}
    return {name: section}


_LISTS = frozenset(field.name for field in fields(Policy)) & {
    *("windows", "exceptions", "deductions", "refund_deadlines", "automation", "promises", "late_refunds"),
}


def _rule(name: str, rule: Mapping[str, Any], laws: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with the keys of the engine."""
    keys = {key: value for key, value in rule.items() if key not in _OF_THE_SOURCE}
    if name != "windows":
        keys.pop("code", None)
    if "cites" in rule or "practice" in rule:
        source = source_of(rule, laws)
        keys["citation"] = source.text
        keys["basis"] = source.basis
    if name not in _WITH_BASIS:
        keys.pop("basis", None)
    if "natures" in keys:
        keys["natures"] = list(_natures(keys["natures"]))
    if "proof_cites" in keys:
        keys["proof_citation"] = source_of({"cites": keys.pop("proof_cites")}, laws).text
    if name == "late_interest":
        keys = _late_interest(keys)
    if name == "late_refunds":
        keys = _late_refund(keys)
    return keys


def _natures(words: Iterable[str]) -> Iterable[str]:
    """`goods` stands for every nature that is goods."""
    for word in words:
        yield from _GOODS if word == "goods" else [word]


def _late_refund(keys: dict[str, Any]) -> dict[str, Any]:
    """The interest of a rule stands beside its scope."""
    scope: dict[str, Any] = {key: keys[key] for key in ("kinds", "reasons") if key in keys}
    return {**scope, "interest": _late_interest({key: value for key, value in keys.items() if key not in scope})}


def _late_interest(keys: dict[str, Any]) -> dict[str, Any]:
    """`points` are added to every rate."""
    points = keys.pop("points", 0)
    rates = [
        {"from_on": rate.get("from", rate.get("from_on")), "rate": rate["rate"] + points}
        for rate in keys.get("rates", ())
    ]
    return {**keys, "rates": rates}
