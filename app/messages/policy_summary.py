"""The short form of a policy for buyers: what, until when, at which cost, and when the money comes.

The short form is about standard goods in the usual case. The topics of the page have the other cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.model.vocabulary import Fault, Kind, Nature
from app.engine.policy.policy import Policy
from app.engine.policy.rules import DeadlineRule, WindowRule
from app.messages.money import money
from app.messages.policy_exceptions import is_about_usual_goods
from app.messages.policy_scopes import Words
from app.messages.policy_topics import deadline, for_reasons, window


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySummaryLine:
    """What a buyer can do, until when, and what it costs. `costs` ends with the day of the refund."""

    topic: str
    what: str
    until: tuple[str, ...]
    costs: tuple[str, ...]


def summary(policy: Policy, words: Words, language: str) -> tuple[PolicySummaryLine, ...]:
    """A row for each topic that the policy has an answer for."""
    short = words["short"]
    texts = (
        ("cancel", _until_cancelled(policy, words), (short["free"], *_refunded(policy, Kind.CANCEL, words))),
        ("mind", _until(policy, Kind.RETURN, Fault.BUYER, words), tuple(_of_return(policy, words, language))),
        ("exchange", _until(policy, Kind.EXCHANGE, Fault.BUYER, words), tuple(_of_exchange(policy, words, language))),
        ("fault", _until(policy, Kind.RETURN, Fault.SELLER, words), (words["costs"]["fault"],)),
        ("exceptions", _exceptions(policy, words), (short["as_ordered"],)),
    )
    return tuple(
        PolicySummaryLine(topic=topic, what=short[topic], until=until, costs=costs)
        for topic, until, costs in texts
        if until
    )


def _until_cancelled(policy: Policy, words: Words) -> tuple[str, ...]:
    until = _until(policy, Kind.CANCEL, Fault.BUYER, words)
    returns = _until(policy, Kind.RETURN, Fault.BUYER, words)
    return (*until, words["short"]["after_shipping"]) if until and returns else until


def _until(policy: Policy, kind: Kind, fault: Fault, words: Words) -> tuple[str, ...]:
    """The windows for every reason, or else those for some reasons."""
    rules = [rule for rule in policy.windows if kind in rule.kinds and fault in rule.faults and _is_usual(rule)]
    usual = [rule for rule in rules if not rule.opens_after]
    chosen = [rule for rule in usual if rule.reasons is None] or usual or rules
    return tuple(dict.fromkeys(window(rule, words) + for_reasons(rule.reasons, words) for rule in chosen))


def _is_usual(rule: WindowRule | DeadlineRule) -> bool:
    return (not rule.natures or Nature.STANDARD in rule.natures) and not rule.records


def _refunded(policy: Policy, kind: Kind, words: Words) -> Iterator[str]:
    rules = [rule for rule in (*policy.refund_deadlines, *policy.promises) if kind in rule.kinds and _is_usual(rule)]
    for rule in [each for each in rules if each.reasons is None]:
        yield words["short"]["refund"].format(when=deadline(rule, words))


def _of_return(policy: Policy, words: Words, language: str) -> Iterator[str]:
    fees, texts = policy.fees, words["costs"]
    threshold = money(fees.free_shipping_from or 0, policy.currency, language)
    if policy.shipping.return_shipping_payer is Fault.SELLER:
        yield words["short"]["our_cost"]
    elif fees.return_shipping:
        yield texts["return_buyer"].format(amount=money(fees.return_shipping, policy.currency, language))
    else:
        yield texts["return_self"]
    if fees.free_shipping_from is not None and fees.outbound:
        yield texts["outbound"].format(amount=money(fees.outbound, policy.currency, language), threshold=threshold)
    yield from _refunded(policy, Kind.RETURN, words)


def _of_exchange(policy: Policy, words: Words, language: str) -> Iterator[str]:
    fee = policy.fees.exchange_round_trip
    if policy.shipping.return_shipping_payer is Fault.SELLER:
        yield words["short"]["our_cost"]
    elif fee:
        yield words["costs"]["exchange_buyer"].format(amount=money(fee, policy.currency, language))
    else:
        yield words["short"]["own_cost"]


def _exceptions(policy: Policy, words: Words) -> tuple[str, ...]:
    """The names of the grounds for ordinary goods and goods made to order. The topic of the page has the conditions and
    the other goods. None if a change of mind gives no right that could have exceptions."""
    kinds = {Kind.RETURN, Kind.EXCHANGE}
    if not any(rule.kinds & kinds and Fault.BUYER in rule.faults for rule in policy.windows):
        return ()
    rules = [rule for rule in policy.exceptions if rule.kinds & kinds and rule.ground in words["grounds"]]
    usual = [rule for rule in rules if is_about_usual_goods(rule)]
    return tuple(dict.fromkeys(words["grounds"][rule.ground] for rule in usual or rules))
