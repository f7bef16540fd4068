"""The answers of a policy to the questions of a buyer, by topic, each with its citation."""

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
from app.messages.late_interest import late_interest_answers
from app.messages.money import money as money_text
from app.messages.policy_scopes import about, listed, not_shown, shown

Words = Mapping[str, Any]

Answers = list[tuple[str, str]]
"""Answers, each with its citation."""
Rule = WindowRule | DeadlineRule


def topics(policy: Policy, words: Words, language: str) -> Iterator[tuple[str, Answers]]:
    """The topics in the order of the page."""
    yield "cancel", [*_windows(policy, (Kind.CANCEL,), Fault.BUYER, words), *_never_cancelled(policy, words)]
    yield "mind", _windows(policy, (Kind.RETURN,), Fault.BUYER, words)
    yield "exchange", _windows(policy, (Kind.EXCHANGE,), Fault.BUYER, words)
    yield "fault", _windows(policy, (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR, Kind.REFUND), Fault.SELLER, words)
    yield "exceptions", _exceptions(policy, (Kind.RETURN, Kind.EXCHANGE), words)
    yield "answer", list(_answers(policy, words))
    yield "back", [(_back(policy, words), policy.collect_citation)]
    yield "costs", list(_costs(policy, words, language))
    yield "money", list(_deadlines(policy, words))


def _windows(policy: Policy, kinds: tuple[Kind, ...], fault: Fault, words: Words) -> Answers:
    rules = [rule for rule in policy.windows if rule.kinds.intersection(kinds) and fault in rule.faults]
    answers = [
        (
            _where_they_differ(rule, rules, kinds, words)
            + window(rule, words)
            + for_reasons(rule.reasons, words)
            + about(rule.natures if Nature.STANDARD not in rule.natures else frozenset(), words)
            + shown(rule.records, words)
            + not_shown(rule, words)
            + (words["after_first_remedy"] if rule.opens_after else ""),
            rule.citation,
        )
        for rule in rules
    ]
    return (
        [*answers, (words["last_counts"], "")]
        if any(_meet(one, other, kinds) for one, other in combinations(rules, 2))
        else answers
    )


def _meet(one: Rule, other: Rule, kinds: tuple[Kind, ...]) -> bool:
    """True if both rules can apply to the same claim."""
    if one.kinds.isdisjoint(other.kinds.intersection(kinds)):
        return False
    if one.natures and other.natures and one.natures.isdisjoint(other.natures):
        return False
    return one.reasons is None or other.reasons is None or not one.reasons.isdisjoint(other.reasons)


def _where_they_differ(
    rule: WindowRule | ExceptionRule,
    rules: Sequence[WindowRule | ExceptionRule],
    kinds: tuple[Kind, ...],
    words: Words,
) -> str:
    """The kinds of a rule, if the rules have different kinds."""
    differ = len({each.kinds.intersection(kinds) for each in rules}) > 1
    return _for_kinds(rule.kinds, kinds, words) if differ else ""


def _for_kinds(chosen: frozenset[Kind], kinds: tuple[Kind, ...], words: Words) -> str:
    text = words["and"].join(words["kinds"][kind] for kind in kinds if kind in chosen)
    return str(words["kind"]).format(kinds=f"{text[0].upper()}{text[1:]}") if text else ""


def for_reasons(reasons: frozenset[Reason] | None, words: Words) -> str:
    if reasons is None:
        return ""
    text = words["comma"].join(words["reasons"][reason] for reason in sorted(reasons))
    return str(words["only"]).format(reasons=text)


def window(rule: WindowRule, words: Words) -> str:
    """A window without periods ends when the goods are sent, or has no end after they arrived."""
    if rule.periods:
        return _together(rule.periods, rule.ends, words)
    return str(words["unlimited" if Kind.CANCEL in rule.kinds else "no_end"])


def _together(periods: tuple[Period, ...], ends: WindowEnd, words: Words) -> str:
    texts = [_period(period, words) for period in periods]
    if len(texts) > 1:
        joined = words["either"].join(texts)
        together = words["first" if ends is WindowEnd.FIRST else "last"].format(periods=joined)
    else:
        together = words["within" if periods[0].length else "by"].format(period=texts[0])
    rolls = words["rolls"] if any(period.roll is RestDayRule.FORWARD for period in periods) else ""
    return f"{together}{rolls}"


def _period(period: Period, words: Words) -> str:
    """The period, in years where it is whole years and the language counts them so."""
    name = "months" if period.unit is Unit.MONTHS_TO_THE_DATE else period.unit.value
    texts, length = words["periods"], period.length
    if period.length == 0:
        name = "on"
    elif period.first_day_counts and period.unit is Unit.DAYS:
        name = "counted"
    elif name == "months" and length % 12 == 0 and "years" in texts:
        name, length = "years", length // 12
    text: str = texts.get(f"one_{name}", texts[name]) if length == 1 else texts[name]
    more = words["then_months"].format(n=period.then_months) if period.then_months else ""
    anchor = words["anchors"][period.anchor]
    return text.format(anchor=anchor, stem=anchor.removesuffix(_DAY), n=length) + more


_DAY = " 날"
"""The Korean word for a day, which "the day after" has once only: 받으신 날, 받으신 다음 날."""


def _never_cancelled(policy: Policy, words: Words) -> Answers:
    return [
        (words["except"].format(exception=exception), citation)
        for exception, citation in _exceptions(policy, (Kind.CANCEL,), words)
    ]


def _exceptions(policy: Policy, kinds: tuple[Kind, ...], words: Words) -> Answers:
    rules = [rule for rule in policy.exceptions if rule.kinds.intersection(kinds) and rule.ground in words["grounds"]]
    return [(_where_they_differ(rule, rules, kinds, words) + _exception(rule, words), rule.citation) for rule in rules]


def _exception(rule: ExceptionRule, words: Words) -> str:
    """The text of an exception, without conditions that the name of its ground implies."""
    usual = _IN_THE_NAME[rule.ground]
    parts = [words["grounds"][rule.ground]]
    parts.append(about(rule.natures.difference(usual), words))
    declared = [words["conditions"][each] for each in sorted(rule.conditions) if each not in usual]
    if declared:
        parts.append(words["happened"].format(conditions=words["and"].join(declared)))
    elif not rule.conditions and not rule.needs_proof and any(isinstance(each, Declared) for each in usual):
        parts.append(words["whatever"])
    parts.append(shown(rule.records.difference(usual), words))
    parts.append(not_shown(rule, words))
    if rule.needs_proof:
        parts.append(words["proof"])
    if rule.indivisible:
        parts.append(words["indivisible"])
    if Fault.SELLER in rule.faults:
        parts.append(words["even_faulty"])
    return "".join(parts)


_IN_THE_NAME: Mapping[Ground, tuple[Nature | Declared | Record, ...]] = defaultdict(
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


def _back(policy: Policy, words: Words) -> str:
    period = policy.collect_within
    later = "" if period.anchor in (Anchor.APPROVED, Anchor.GOODS_BACK) else words["not_before_approval"]
    after = words["else_it_ends"] if policy.collect_lapses else words["else_it_waits"]
    return str(_together((period,), WindowEnd.LAST, words) + later + after)


def _costs(policy: Policy, words: Words, language: str) -> Iterator[tuple[str, str]]:
    texts, shipping = words["costs"], policy.shipping
    if shipping.return_shipping_payer is Fault.SELLER:
        yield texts["return_seller"], shipping.citation
    elif not policy.fees.return_shipping:
        yield texts["return_self"], policy.fees.citation or shipping.citation
    yield from _fees(policy, texts, language)
    if shipping.return_shipping_payer is Fault.BUYER:
        yield from _free_ways_back(policy, words, language)
    if shipping.standard_delivery_only and Fault.BUYER in shipping.outbound_refunded_at:
        yield texts["standard_delivery_only"], shipping.citation
    yield texts["fault"], shipping.citation
    for rule in policy.deductions:
        yield _deduction(rule, words), rule.citation
    if policy.lost_discount is LostDiscount.RECALCULATE:
        yield texts["lost_discount"], PROMISE
    if policy.fee_collection is not FeeCollection.DEDUCT:
        yield texts["apart"], PROMISE


def _free_ways_back(policy: Policy, words: Words, language: str) -> Iterator[tuple[str, str]]:
    """When the buyer does not pay for the way back after a change of mind."""
    texts, rule = words["costs"], policy.shipping
    if rule.buyer_pays_records:
        yield texts["only_with_records"].format(records=listed(rule.buyer_pays_records, words)), rule.citation
    if rule.instalments_from_months is not None:
        amount = money_text(rule.instalments_from_amount, policy.currency, language)
        yield texts["instalments"].format(months=rule.instalments_from_months, amount=amount), rule.citation


def _fees(policy: Policy, texts: Words, language: str) -> Iterator[tuple[str, str]]:
    fees = policy.fees

    def fee(name: str, amount: int) -> tuple[str, str]:
        threshold = money_text(fees.free_shipping_from or 0, policy.currency, language)
        text = texts[name].format(amount=money_text(amount, policy.currency, language), threshold=threshold)
        return text, fees.citation or policy.shipping.citation

    if policy.shipping.return_shipping_payer is Fault.BUYER:
        exchanges = any(Kind.EXCHANGE in rule.kinds and Fault.BUYER in rule.faults for rule in policy.windows)
        if fees.return_shipping:
            yield fee("return_buyer", fees.return_shipping)
        if exchanges and fees.exchange_round_trip:
            yield fee("exchange_buyer", fees.exchange_round_trip)
    if fees.free_shipping_from is not None and fees.outbound:
        yield fee("outbound", fees.outbound)
    if fees.restocking_percent:
        yield texts["restocking"].format(percent=fees.restocking_percent), policy.restocking.citation


def _deduction(rule: DeductionRule, words: Words) -> str:
    parts = [words["deductions"][rule.reason]]
    parts += [about(rule.natures, words), shown(rule.records, words)]
    if Fault.SELLER not in rule.faults:
        parts.append(words["only_at_buyers_fault"])
    return "".join(parts) + str(words["stop"])


def _deadlines(policy: Policy, words: Words) -> Iterator[tuple[str, str]]:
    """The deadlines of refunds. An exchange has no own deadline: a price difference is due as for a return. A repair
    refunds nothing."""
    kinds = (Kind.CANCEL, Kind.RETURN, Kind.REFUND)
    for kind in kinds:
        for rule in (*policy.refund_deadlines, *policy.promises):
            if kind in rule.kinds:
                yield _for_kinds(frozenset({kind}), kinds, words) + deadline(rule, words), rule.citation
    if any(_meet(law, promise, kinds) for law in policy.refund_deadlines for promise in policy.promises):
        yield words["soonest_counts"], ""
    if policy.late_interest:
        for answer in late_interest_answers(policy.late_interest, words):
            yield answer, policy.late_interest.citation


def deadline(rule: DeadlineRule, words: Words) -> str:
    return (
        _together(rule.periods, WindowEnd.LAST, words)
        + about(rule.natures, words)
        + for_reasons(rule.reasons, words)
        + shown(rule.records, words)
        + not_shown(rule, words)
    )


@cache
def words_of(language: str) -> Words:
    return tomllib.loads((files("app.messages") / "pages" / f"{language}.toml").read_text("utf-8"))
