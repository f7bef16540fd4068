"""A policy as a buyer reads it: what may be cancelled, until when, who pays, when the money comes."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from app.engine.policy import DeadlineRule, Ends, ExceptionRule, Period, Policy, Roll, Unit, WindowRule
from app.engine.vocabulary import Fault, Ground, Kind, Nature, Reason
from app.messages.money import money as written

_CURRENCIES = {"KR": "KRW", "JP": "JPY", "GB": "GBP", "US": "USD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with its answers, and the rules that they rest on."""

    topic: str
    question: str
    answers: tuple[str, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    language: str
    title: str
    policy: str
    rows: tuple[Row, ...]
    disclaimer: str


def policy_page(policy: Policy, language: str) -> PolicyPage:
    """The page in one of LANGUAGES. Fees are in the currency of the policy's country, else in euros."""
    words = _words(language)
    rows = (_row(topic, found, words) for topic, found in _topics(policy, words, language))
    return PolicyPage(
        language=language,
        title=words["title"],
        policy=policy.title,
        rows=tuple(row for row in rows if row.answers),
        disclaimer=words["disclaimer"],
    )


def as_html(page: PolicyPage) -> str:
    """A whole document without scripts, styles or anything to load: the storefront dresses it."""
    rows = "".join(_html_row(row) for row in page.rows)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title></head>\n<body>\n<h1>{escape(page.title)}</h1>\n"
        f"<p>{escape(page.policy)}</p>\n<table>\n{rows}</table>\n<p>{escape(page.disclaimer)}</p>\n</body>\n</html>\n"
    )


def _html_row(row: Row) -> str:
    answers = "".join(f"<li>{escape(answer)}</li>" for answer in row.answers)
    citations = "".join(f"<br><small>{escape(citation)}</small>" for citation in row.citations)
    question = escape(row.question)
    return f'<tr id="{row.topic}"><th scope="row">{question}</th><td><ul>{answers}</ul>{citations}</td></tr>\n'


Found = list[tuple[str, str]]
"""Answers, each with its citation."""


def _topics(policy: Policy, words: Mapping[str, Any], language: str) -> Iterator[tuple[str, Found]]:
    yield "cancel", [*_windows(policy, (Kind.CANCEL,), Fault.BUYER, words), *_never_cancelled(policy, words)]
    yield "mind", _windows(policy, (Kind.RETURN,), Fault.BUYER, words)
    yield "exchange", _windows(policy, (Kind.EXCHANGE,), Fault.BUYER, words)
    yield "fault", _windows(policy, (Kind.RETURN, Kind.EXCHANGE, Kind.REFUND), Fault.SELLER, words)
    yield (
        "exceptions",
        [(_exception(rule, words), rule.citation) for rule in _exceptions(policy, Kind.RETURN, words)],
    )
    yield "costs", list(_costs(policy, words, language))
    yield "money", _deadlines(policy, words)


def _row(topic: str, found: Found, words: Mapping[str, Any]) -> Row:
    answers, citations = zip(*found, strict=True) if found else ((), ())
    return Row(
        topic=topic,
        question=words["questions"][topic],
        answers=tuple(dict.fromkeys(answers)),
        citations=tuple(dict.fromkeys(citation for citation in citations if citation)),
    )


def _windows(policy: Policy, kinds: tuple[Kind, ...], fault: Fault, words: Mapping[str, Any]) -> Found:
    """What differs between the kinds is said with the kind."""
    rules = [rule for rule in policy.windows if rule.kinds.intersection(kinds) and fault in rule.faults]
    every = frozenset(kinds).intersection(*(rule.kinds for rule in rules))
    return [
        (
            _for_kinds(rule.kinds - every, kinds, words)
            + _window(rule, words)
            + _for_reasons(rule.reasons, words),
            rule.citation,
        )
        for rule in rules
    ]


def _for_kinds(named: frozenset[Kind], kinds: tuple[Kind, ...], words: Mapping[str, Any]) -> str:
    said = [words["kinds"][kind] for kind in kinds if kind in named]
    return f"{', '.join(said)}: " if said else ""


def _for_reasons(reasons: frozenset[Reason] | None, words: Mapping[str, Any]) -> str:
    if reasons is None:
        return ""
    return str(words["only"]).format(reasons=", ".join(words["reasons"][reason] for reason in sorted(reasons)))


def _window(rule: WindowRule, words: Mapping[str, Any]) -> str:
    return _together(rule.periods, rule.ends, words) if rule.periods else str(words["unlimited"])


def _together(periods: tuple[Period, ...], ends: Ends, words: Mapping[str, Any]) -> str:
    said = [_period(period, words) for period in periods]
    if len(said) > 1:
        joined = words["either"].join(said)
        together = words["first" if ends is Ends.FIRST else "last"].format(periods=joined)
    else:
        together = words["within"].format(period=said[0])
    rolls = words["rolls"] if any(period.roll is Roll.FORWARD for period in periods) else ""
    return f"{together}{rolls}"


def _period(period: Period, words: Mapping[str, Any]) -> str:
    name = "months" if period.unit is Unit.MONTHS_TO_THE_DATE else period.unit.value
    if period.length == 0:
        name = "on"
    elif period.first_day_counts and period.unit is Unit.DAYS:
        name = "counted"
    text: str = words["periods"][name]
    return text.format(anchor=words["anchors"][period.anchor], n=period.length)


def _exceptions(policy: Policy, kind: Kind, words: Mapping[str, Any]) -> list[ExceptionRule]:
    return [rule for rule in policy.exceptions if kind in rule.kinds and rule.ground in words["grounds"]]


def _exception(rule: ExceptionRule, words: Mapping[str, Any]) -> str:
    """What a ground is usually about need not be said: goods made to order are made to order."""
    natures = [words["natures"][nature] for nature in sorted(rule.natures) if nature not in _SAID_BY[rule.ground]]
    about = words["about"].format(natures=", ".join(natures)) if natures else ""
    return str(words["grounds"][rule.ground] + about + (words["records"] if rule.records else ""))


def _never_cancelled(policy: Policy, words: Mapping[str, Any]) -> Found:
    return [
        (words["except"].format(exception=_exception(rule, words)), rule.citation)
        for rule in _exceptions(policy, Kind.CANCEL, words)
    ]


_SAID_BY: Mapping[Ground, tuple[Nature, ...]] = defaultdict(
    tuple,
    {
        Ground.CUSTOM_MADE: (Nature.CUSTOM_MADE,),
        Ground.VALUE_LOST_BY_TIME: (Nature.PERISHABLE,),
        Ground.SEAL_BROKEN: (Nature.SEALED_MEDIA,),
        Ground.HYGIENE_UNSEALED: (Nature.HYGIENE,),
        Ground.DIGITAL_BEGUN: (Nature.DIGITAL,),
        Ground.SERVICE_BEGUN: (Nature.SERVICE,),
    },
)


def _costs(policy: Policy, words: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    texts, fees = words["costs"], policy.fees
    currency = _CURRENCIES.get(policy.country, "EUR")

    def money(amount: int) -> str:
        return written(amount, currency, language) if amount else str(words["free"])

    if policy.shipping.return_paid_by is Fault.SELLER:
        yield texts["return_seller"], policy.shipping.citation
    else:
        paid = texts["return_buyer"].format(amount=money(fees.return_)) if fees.return_ else texts["return_self"]
        yield paid, fees.citation or policy.shipping.citation
        exchanges = any(Kind.EXCHANGE in rule.kinds and Fault.BUYER in rule.faults for rule in policy.windows)
        if exchanges and fees.exchange_round_trip:
            yield texts["exchange_buyer"].format(amount=money(fees.exchange_round_trip)), fees.citation
    yield texts["fault"], policy.shipping.citation
    if fees.free_shipping_from is not None and fees.outbound:
        threshold = money(fees.free_shipping_from)
        yield texts["outbound"].format(threshold=threshold, amount=money(fees.outbound)), fees.citation
    if fees.restocking_percent:
        yield texts["restocking"].format(percent=fees.restocking_percent), policy.restocking.citation


def _deadlines(policy: Policy, words: Mapping[str, Any]) -> Found:
    return [
        (f"{words['kinds'][kind]}: {_deadline(rule, words)}", rule.citation)
        for kind in Kind
        for rule in (*policy.refund_deadlines, *policy.promises)
        if kind in rule.kinds and kind is not Kind.EXCHANGE  # which gives goods for goods
    ]


def _deadline(rule: DeadlineRule, words: Mapping[str, Any]) -> str:
    return _together(rule.periods, Ends.LAST, words) + _for_reasons(rule.reasons, words)


@cache
def _words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files("app.messages") / "pages" / f"{language}.toml").read_text("utf-8"))
