"""What a policy says to a buyer, topic by topic: each answer with what it rests on."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from app.engine.model.vocabulary import Declared, Fault, FeeCollection, Ground, Kind, Nature, Reason, Record
from app.engine.policy.merging import PROMISE
from app.engine.policy.money_rules import DeductionRule, LostDiscount
from app.engine.policy.policy import Policy
from app.engine.policy.rules import (
    Anchor,
    DeadlineRule,
    ExceptionRule,
    Period,
    RestDayRule,
    Unanswered,
    Unit,
    WindowEnd,
    WindowRule,
)
from app.messages.money import money as written

Words = Mapping[str, Any]

Found = list[tuple[str, str]]
"""Answers, each with its citation."""
Rule = WindowRule | DeadlineRule


def topics(policy: Policy, words: Words, language: str) -> Iterator[tuple[str, Found]]:
    """In the order of the page."""
    yield "cancel", [*_windows(policy, (Kind.CANCEL,), Fault.BUYER, words), *_never_cancelled(policy, words)]
    yield "mind", _windows(policy, (Kind.RETURN,), Fault.BUYER, words)
    yield "exchange", _windows(policy, (Kind.EXCHANGE,), Fault.BUYER, words)
    yield "fault", _windows(policy, (Kind.RETURN, Kind.EXCHANGE, Kind.REFUND), Fault.SELLER, words)
    yield "exceptions", _exceptions(policy, (Kind.RETURN, Kind.EXCHANGE), words)
    yield "answer", list(_answers(policy, words))
    yield "back", [(_back(policy.collect_within, words), policy.collect_citation)]
    yield "costs", list(_costs(policy, words, language))
    yield "money", list(_deadlines(policy, words))


def _windows(policy: Policy, kinds: tuple[Kind, ...], fault: Fault, words: Words) -> Found:
    rules = [rule for rule in policy.windows if rule.kinds.intersection(kinds) and fault in rule.faults]
    found = [
        (
            _where_they_differ(rule, rules, kinds, words)
            + _window(rule, words)
            + _for_reasons(rule.reasons, words)
            + (words["after_exchange"] if rule.after_exchange else ""),
            rule.citation,
        )
        for rule in rules
    ]
    return (
        [*found, (words["last_counts"], "")]
        if any(_meet(one, other, kinds) for one, other in combinations(rules, 2))
        else found
    )


def _meet(one: Rule, other: Rule, kinds: tuple[Kind, ...]) -> bool:
    """Could both speak of the same claim?"""
    if one.kinds.isdisjoint(other.kinds.intersection(kinds)):
        return False
    return one.reasons is None or other.reasons is None or not one.reasons.isdisjoint(other.reasons)


def _where_they_differ(
    rule: WindowRule | ExceptionRule,
    rules: Sequence[WindowRule | ExceptionRule],
    kinds: tuple[Kind, ...],
    words: Words,
) -> str:
    """The kinds that a rule is for, where not all are for the same of them."""
    differ = len({each.kinds.intersection(kinds) for each in rules}) > 1
    return _for_kinds(rule.kinds, kinds, words) if differ else ""


def _for_kinds(named: frozenset[Kind], kinds: tuple[Kind, ...], words: Words) -> str:
    said = words["and"].join(words["kinds"][kind] for kind in kinds if kind in named)
    return f"{said[0].upper()}{said[1:]}: " if said else ""


def _for_reasons(reasons: frozenset[Reason] | None, words: Words) -> str:
    if reasons is None:
        return ""
    named = words["comma"].join(words["reasons"][reason] for reason in sorted(reasons))
    return str(words["only"]).format(reasons=named)


def _window(rule: WindowRule, words: Words) -> str:
    return _together(rule.periods, rule.ends, words) if rule.periods else str(words["unlimited"])


def _together(periods: tuple[Period, ...], ends: WindowEnd, words: Words) -> str:
    said = [_period(period, words) for period in periods]
    if len(said) > 1:
        joined = words["either"].join(said)
        together = words["first" if ends is WindowEnd.FIRST else "last"].format(periods=joined)
    else:
        together = words["within"].format(period=said[0])
    rolls = words["rolls"] if any(period.roll is RestDayRule.FORWARD for period in periods) else ""
    return f"{together}{rolls}"


def _period(period: Period, words: Words) -> str:
    name = "months" if period.unit is Unit.MONTHS_TO_THE_DATE else period.unit.value
    if period.length == 0:
        name = "on"
    elif period.first_day_counts and period.unit is Unit.DAYS:
        name = "counted"
    texts = words["periods"]
    text: str = texts.get(f"one_{name}", texts[name]) if period.length == 1 else texts[name]
    return text.format(anchor=words["anchors"][period.anchor], n=period.length)


def _never_cancelled(policy: Policy, words: Words) -> Found:
    return [
        (words["except"].format(exception=exception), citation)
        for exception, citation in _exceptions(policy, (Kind.CANCEL,), words)
    ]


def _exceptions(policy: Policy, kinds: tuple[Kind, ...], words: Words) -> Found:
    rules = [rule for rule in policy.exceptions if rule.kinds.intersection(kinds) and rule.ground in words["grounds"]]
    return [(_where_they_differ(rule, rules, kinds, words) + _exception(rule, words), rule.citation) for rule in rules]


def _exception(rule: ExceptionRule, words: Words) -> str:
    """What a ground is usually about need not be said: goods made to order are made to order."""
    usual = _SAID_BY[rule.ground]
    said = [words["grounds"][rule.ground]]
    said.append(_about(rule.natures.difference(usual), words))
    happened = [words["conditions"][each] for each in sorted(rule.conditions) if each not in usual]
    if happened:
        said.append(words["happened"].format(conditions=words["and"].join(happened)))
    elif not rule.conditions and any(isinstance(each, Declared) for each in usual):
        said.append(words["whatever"])
    said.append(_shown(rule.records.difference(usual), words))
    if rule.indivisible:
        said.append(words["indivisible"])
    if Fault.SELLER in rule.faults:
        said.append(words["even_faulty"])
    return "".join(said)


def _shown(records: frozenset[Record], words: Words) -> str:
    """What must have been told or agreed, all of it, for a rule to bind."""
    named = [text for record, text in words["records"].items() if record in records]
    return str(words["shown"]).format(records=words["and"].join(named)) if named else ""


_SAID_BY: Mapping[Ground, tuple[Nature | Declared | Record, ...]] = defaultdict(
    tuple,
    {
        Ground.CUSTOM_MADE: (Nature.CUSTOM_MADE,),
        Ground.DAMAGED_BY_BUYER: (Declared.DAMAGED,),
        Ground.USED_OR_CONSUMED: (Declared.USED,),
        Ground.VALUE_LOST_BY_TIME: (Nature.PERISHABLE,),
        Ground.SEAL_BROKEN: (Nature.SEALED_MEDIA, Declared.SEAL_BROKEN),
        Ground.HYGIENE_UNSEALED: (Nature.HYGIENE, Declared.SEAL_BROKEN),
        Ground.DIGITAL_BEGUN: (Nature.DIGITAL, Declared.BEGUN),
        Ground.SERVICE_BEGUN: (Nature.SERVICE, Declared.BEGUN),
        Ground.NO_RETURNS_AGREED: (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN),
    },
)


def _answers(policy: Policy, words: Words) -> Iterator[tuple[str, str]]:
    yield _together((policy.respond_within,), WindowEnd.LAST, words), policy.respond_citation
    if policy.unanswered is Unanswered.APPROVE:
        yield words["granted"], policy.respond_citation
    for rule in policy.automation:
        kinds = _for_kinds(rule.kinds, tuple(Kind), words)
        yield kinds + words["automatic"][rule.when], rule.citation


def _back(period: Period, words: Words) -> str:
    later = "" if period.anchor in (Anchor.APPROVED, Anchor.GOODS_BACK) else words["not_before_approval"]
    return str(_together((period,), WindowEnd.LAST, words) + later + words["else_it_ends"])


def _costs(policy: Policy, words: Words, language: str) -> Iterator[tuple[str, str]]:
    texts, shipping = words["costs"], policy.shipping
    if shipping.return_shipping_payer is Fault.SELLER:
        yield texts["return_seller"], shipping.citation
    elif not policy.fees.return_:
        yield texts["return_self"], policy.fees.citation or shipping.citation
    yield from _fees(policy, texts, language)
    yield texts["fault"], shipping.citation
    for rule in policy.deductions:
        yield _deduction(rule, words), rule.citation
    if policy.lost_discount is LostDiscount.RECALCULATE:
        yield texts["lost_discount"], PROMISE
    if policy.fee_collection is not FeeCollection.DEDUCT:
        yield texts["apart"], PROMISE


def _fees(policy: Policy, texts: Words, language: str) -> Iterator[tuple[str, str]]:
    fees = policy.fees

    def said(name: str, amount: int) -> tuple[str, str]:
        threshold = written(fees.free_shipping_from or 0, policy.currency, language)
        text = texts[name].format(amount=written(amount, policy.currency, language), threshold=threshold)
        return text, fees.citation or policy.shipping.citation

    if policy.shipping.return_shipping_payer is Fault.BUYER:
        exchanges = any(Kind.EXCHANGE in rule.kinds and Fault.BUYER in rule.faults for rule in policy.windows)
        if fees.return_:
            yield said("return_buyer", fees.return_)
        if exchanges and fees.exchange_round_trip:
            yield said("exchange_buyer", fees.exchange_round_trip)
    if fees.free_shipping_from is not None and fees.outbound:
        yield said("outbound", fees.outbound)
    if fees.restocking_percent:
        yield texts["restocking"].format(percent=fees.restocking_percent), policy.restocking.citation


def _deduction(rule: DeductionRule, words: Words) -> str:
    said = [words["deductions"][rule.reason]]
    said += [_about(rule.natures, words), _shown(rule.records, words)]
    if Fault.SELLER not in rule.faults:
        said.append(words["only_at_buyers_fault"])
    return "".join(said) + str(words["stop"])


def _deadlines(policy: Policy, words: Words) -> Iterator[tuple[str, str]]:
    """An exchange gives goods for goods, and what of a price is paid back besides is due as for a return."""
    kinds = tuple(kind for kind in Kind if kind is not Kind.EXCHANGE)
    for kind in kinds:
        for rule in (*policy.refund_deadlines, *policy.promises):
            if kind in rule.kinds:
                yield _for_kinds(frozenset({kind}), kinds, words) + _deadline(rule, words), rule.citation
    if any(_meet(law, promise, kinds) for law in policy.refund_deadlines for promise in policy.promises):
        yield words["soonest_counts"], ""
    if policy.late_interest:
        interest = policy.late_interest
        yield words["late"].format(percent=interest.percent), interest.citation


def _deadline(rule: DeadlineRule, words: Words) -> str:
    return (
        _together(rule.periods, WindowEnd.LAST, words) + _about(rule.natures, words) + _for_reasons(rule.reasons, words)
    )


def _about(natures: frozenset[Nature], words: Words) -> str:
    named = words["or"].join(words["natures"][nature] for nature in sorted(natures))
    return str(words["about"]).format(natures=named) if named else ""


@cache
def words_of(language: str) -> Words:
    return tomllib.loads((files("app.messages") / "pages" / f"{language}.toml").read_text("utf-8"))
