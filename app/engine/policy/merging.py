"""Merges a seller's terms into a base policy: every term that the law allows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.engine.model.late_interest import constant_interest
from app.engine.model.vocabulary import Fault, Kind
from app.engine.policy.law import Violation
from app.engine.policy.policy import Policy
from app.engine.policy.rule_comparison import is_replaced
from app.engine.policy.rules import Basis, DeadlineRule, WindowRule
from app.engine.policy.terms import Terms


def merge_terms(
    base: Policy, terms: Terms, forbidden: tuple[Violation, ...], *, policy_id: str, version: int
) -> Policy:
    """The policy that binds: the base with every term that the law allows."""
    void = {
        field: tuple(violation for violation in forbidden if violation.field == field) for field in _fields(forbidden)
    }
    changes = {name: value for name in _AS_SAID if (value := getattr(terms, name)) is not None and name not in void}
    changes |= {_CITED[name]: PROMISE for name in _CITED.keys() & changes.keys()}
    policy = replace(base, policy_id=policy_id, version=version, closing_days=terms.closing_days, **changes)
    for apply in _APPLIED:
        policy = apply(policy, terms, void)
    return policy


Voids = Mapping[str, tuple[Violation, ...]]
"""The violations, by their place in the terms."""


def _fields(forbidden: tuple[Violation, ...]) -> set[str]:
    return {violation.field for violation in forbidden}


PROMISE = "the seller's own promise"
_CITED = {"respond_within": "respond_citation", "collect_within": "collect_citation"}

_AS_SAID = (
    "title",
    "language",
    "respond_within",
    "collect_within",
    "automation",
    "refund_order",
    "overtaken",
    "advance_exchange",
    "fee_collection",
    "lost_discount",
    "deposit",
    "hold_within",
    "offer_within",
    "unanswered",
    "ship_date_within",
    "ask_carrier_after",
    "tell_buyer_after",
)
"""The seller's terms that replace the base's, unless they are void."""


def _with_windows(policy: Policy, terms: Terms, void: Voids) -> Policy:
    """The seller's windows are added to the law's, and the one that closes last counts. A window that no statute gives
    is a default: the seller's own window replaces it."""
    promised = tuple(
        part for n, rule in enumerate(terms.windows) for part in _what_stands(rule, void.get(f"windows.{n}", ()))
    )
    kept = tuple(rule for rule in policy.windows if rule.basis is Basis.STATUTE or not is_replaced(rule, promised))
    return replace(policy, windows=(*kept, *promised))


def _what_stands(rule: WindowRule, void: tuple[Violation, ...]) -> Iterator[WindowRule]:
    """The whole window, or for each fault the kinds of claims for which it is not void."""
    if not void:
        yield rule
        return
    for fault in sorted(rule.faults):
        kinds = rule.kinds.difference(*(violation.kinds for violation in void if fault in violation.faults))
        if kinds:
            yield replace(rule, kinds=kinds, faults=frozenset({fault}))


def _with_promises(policy: Policy, terms: Terms, void: Voids) -> Policy:
    """A promise with reasons stays if the law does not forbid it. If the law and the promise have deadlines, the
    earlier deadline applies. A promise for every line takes the place of a default."""
    promises = tuple(
        rule if rule.reasons else replace(rule, kinds=kinds)
        for n, rule in enumerate(terms.promises)
        if (kinds := _kinds_left(rule.kinds, void.get(f"promises.{n}", ()))) or rule.reasons
    )
    promised = frozenset(kind for rule in promises if _is_for_every_line(rule) for kind in rule.kinds)
    kept = tuple(rule for rule in policy.refund_deadlines if rule.basis is Basis.STATUTE or rule.kinds - promised)
    return replace(policy, refund_deadlines=kept, promises=promises)


def _is_for_every_line(rule: DeadlineRule) -> bool:
    return rule.reasons is None and not (rule.natures or rule.records or rule.without_records)


def _with_exceptions(policy: Policy, terms: Terms, void: Voids) -> Policy:
    added = tuple(
        replace(rule, kinds=kinds)
        for n, rule in enumerate(terms.exceptions)
        if (kinds := _kinds_left(rule.kinds, void.get(f"exceptions.{n}", ())))
    )
    return replace(policy, exceptions=(*policy.exceptions, *added))


def _kinds_left(kinds: frozenset[Kind], void: tuple[Violation, ...]) -> frozenset[Kind]:
    return kinds.difference(*(violation.kinds for violation in void))


def _with_fees(policy: Policy, terms: Terms, void: Voids) -> Policy:
    fees: dict[str, Any] = {name: fee for name, fee in terms.fees.items() if f"fees.{name}" not in void}
    return replace(policy, fees=replace(policy.fees, **fees))


def _with_currency(policy: Policy, terms: Terms, _: Voids) -> Policy:
    """Fees in the base's currency do not apply in another currency."""
    if terms.currency in (None, policy.currency):
        return policy
    nothing = replace(policy.fees, outbound=0, return_shipping=0, exchange_round_trip=0, free_shipping_from=None)
    return replace(policy, currency=terms.currency, fees=nothing)


def _with_interest(policy: Policy, terms: Terms, void: Voids) -> Policy:
    percent = terms.late_interest_percent
    if percent is None or "late_interest_percent" in void:
        return policy
    citation = policy.late_interest.citation if policy.late_interest else PROMISE
    return replace(policy, late_interest=constant_interest(percent, citation))


def _with_the_rest(policy: Policy, terms: Terms, _: Voids) -> Policy:
    """Terms cannot remove a marketplace's requirement of alternatives."""
    required = policy.rejection.alternative_required or bool(terms.alternative_required)
    paid_by = Fault.SELLER if terms.return_shipping_payer is Fault.SELLER else policy.shipping.return_shipping_payer
    return replace(
        policy,
        rejection=replace(policy.rejection, alternative_required=required),
        shipping=replace(policy.shipping, return_shipping_payer=paid_by),
    )


def _with_offers(policy: Policy, terms: Terms, void: Voids) -> Policy:
    promised = terms.offer_rounds if "offer_rounds" not in void else None
    rounds = policy.offers.rounds if promised is None else promised
    promised_more = terms.offer_rounds_if_wanted
    promised_more = policy.offers.rounds_if_wanted if promised_more is None else promised_more
    return replace(policy, offers=replace(policy.offers, rounds=rounds, rounds_if_wanted=max(rounds, promised_more)))


_APPLIED: tuple[Callable[[Policy, Terms, Voids], Policy], ...] = (
    _with_windows,
    _with_promises,
    _with_exceptions,
    _with_currency,
    _with_fees,
    _with_interest,
    _with_offers,
    _with_the_rest,
)
