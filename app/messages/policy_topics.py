"""The answers of a policy to the questions of a buyer, by topic, each with its citation."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations

from app.engine.model.vocabulary import Fault, FeeCollection, Kind, Nature, Reason
from app.engine.policy.merging import PROMISE
from app.engine.policy.money_rules import DeductionRule, LostDiscount
from app.engine.policy.policy import Policy
from app.engine.policy.rules import (
    Anchor,
    DeadlineRule,
    Period,
    RestDayRule,
    Unanswered,
    Unit,
    WindowEnd,
    WindowRule,
)
from app.messages.late_interest import late_interest_answers
from app.messages.money import money as money_text
from app.messages.policy_exceptions import RETURNED, exceptions_of
from app.messages.policy_scopes import Answers, Words, about, for_kinds, listed, not_shown, shown, where_they_differ

Rule = WindowRule | DeadlineRule


def topics(policy: Policy, words: Words, language: str) -> Iterator[tuple[str, Answers]]:
    """The topics in the order of the page."""
    yield "cancel", [*_windows(policy, (Kind.CANCEL,), Fault.BUYER, words), *_never_cancelled(policy, words)]
    yield "mind", _windows(policy, (Kind.RETURN,), Fault.BUYER, words)
    yield "exchange", _windows(policy, (Kind.EXCHANGE,), Fault.BUYER, words)
    yield "fault", _windows(policy, (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR, Kind.REFUND), Fault.SELLER, words)
    yield "exceptions", exceptions_of(policy, RETURNED, words)
    yield "answer", list(_answers(policy, words))
    yield "back", [(_back(policy, words), policy.collect_citation)]
    yield "costs", list(_costs(policy, words, language))
    yield "money", list(_deadlines(policy, words))


def _windows(policy: Policy, kinds: tuple[Kind, ...], fault: Fault, words: Words) -> Answers:
    rules = [rule for rule in policy.windows if rule.kinds.intersection(kinds) and fault in rule.faults]
    answers = [
        (
            where_they_differ(rule, rules, kinds, words)
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
        for exception, citation in exceptions_of(policy, (Kind.CANCEL,), words)
    ]


def _answers(policy: Policy, words: Words) -> Iterator[tuple[str, str]]:
    yield _together((policy.respond_within,), WindowEnd.LAST, words), policy.respond_citation
    if policy.unanswered is Unanswered.APPROVE:
        yield words["granted"], policy.respond_citation
    for rule in policy.automation:
        kinds = for_kinds(rule.kinds, tuple(Kind), words)
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
                yield for_kinds(frozenset({kind}), kinds, words) + deadline(rule, words), rule.citation
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
