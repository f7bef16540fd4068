"""Checks a seller's terms against the law. Each function checks one kind of term and returns the void terms.

`merging` omits void terms from the policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.model.late_interest import constant_interest
from app.engine.model.vocabulary import Fault, Kind, Word
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.policy import Policy
from app.engine.policy.rule_comparison import (
    binds,
    binds_by_time_alone,
    first_day_with_less,
    is_below,
    is_cut_short,
    is_earlier,
    is_later,
    is_replaced,
    is_the_laws,
    meet,
    statutes_about,
    takes_away,
)
from app.engine.policy.rules import Basis, ContractLimit, Overtaken, Period
from app.engine.policy.terms import Terms


class TermViolation(Word):
    """Why a term does not bind the buyer."""

    WINDOW_BELOW_STATUTE = "window_below_statute"
    RESTOCKING_FEE_FORBIDDEN = "restocking_fee_forbidden"
    OUTBOUND_FEE_FORBIDDEN = "outbound_fee_forbidden"
    REFUND_DEADLINE_BEYOND_STATUTE = "refund_deadline_beyond_statute"
    EXCEPTION_BEYOND_STATUTE = "exception_beyond_statute"
    LATE_INTEREST_BELOW_STATUTE = "late_interest_below_statute"
    COLLECTION_BELOW_STATUTE = "collection_below_statute"
    CANCELLATION_BELOW_STATUTE = "cancellation_below_statute"
    OFFERS_BEYOND_STATUTE = "offers_beyond_statute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A term that the law forbids. `field` is its place in the terms. `citation` is the rule that forbids the term.
    The term is void for these `kinds` and `faults`, and binds for all others."""

    code: TermViolation
    detail: str
    citation: str
    field: str
    kinds: frozenset[Kind] = frozenset(Kind)
    faults: frozenset[Fault] = frozenset(Fault)


def violations(
    base: Policy, terms: Terms, days: ComparedDays, limits: tuple[ContractLimit, ...] = ()
) -> tuple[Violation, ...]:
    """Every term that the law forbids, in the order of the checks below, and then by the limits of contracts.

    Periods are compared from every day of a year; the calendar of `days` knows that year and the six after it.
    """
    by_statute = (violation for check in _CHECKS for violation in check(base, terms, days))
    return (*by_statute, *_beyond_limits(base, terms, limits, days))


def _short_windows(base: Policy, terms: Terms, days: ComparedDays) -> Iterator[Violation]:
    for number, window in enumerate(terms.windows):
        for law in base.windows:
            if binds_by_time_alone(law, window) and meet(law, window) and is_cut_short(law, window, days):
                yield Violation(
                    code=TermViolation.WINDOW_BELOW_STATUTE,
                    detail=f"The window {window.code} closes before the window {law.code}: {in_words(law.periods)}.",
                    citation=law.citation,
                    field=f"windows.{number}",
                    kinds=law.kinds & window.kinds,
                    faults=law.faults & window.faults,
                )


def _beyond_limits(
    base: Policy, terms: Terms, limits: tuple[ContractLimit, ...], days: ComparedDays
) -> Iterator[Violation]:
    """A window in place of one of default law that is shorter than a contract may make it."""
    for number, window in enumerate(terms.windows):
        laws = [law for law in base.windows if law.basis is Basis.DEFAULT_LAW and is_replaced(law, (window,))]
        for limit in limits:
            kinds = window.kinds & limit.kinds & frozenset[Kind]().union(*(law.kinds for law in laws))
            faults = window.faults & limit.faults & frozenset[Fault]().union(*(law.faults for law in laws))
            if kinds and faults and is_below(limit, window, days):
                yield Violation(
                    code=TermViolation.WINDOW_BELOW_STATUTE,
                    detail=f"The window {window.code} closes too early. {limit.says}",
                    citation=limit.citation,
                    field=f"windows.{number}",
                    kinds=kinds,
                    faults=faults,
                )


def _restocking(base: Policy, terms: Terms, _: ComparedDays) -> Iterator[Violation]:
    if terms.fees.get("restocking_percent") and not base.restocking.allowed:
        yield Violation(
            code=TermViolation.RESTOCKING_FEE_FORBIDDEN,
            detail="The law forbids a restocking fee.",
            citation=base.restocking.citation,
            field="fees.restocking_percent",
        )


def _outbound(base: Policy, terms: Terms, _: ComparedDays) -> Iterator[Violation]:
    """If the law refunds outbound shipping to a buyer who withdraws, the seller cannot charge it afterwards."""
    outbound = terms.fees.get("outbound", base.fees.outbound)
    ships_free_from = terms.fees.get("free_shipping_from")
    if outbound and ships_free_from is not None and Fault.BUYER in base.shipping.outbound_refunded_at:
        yield Violation(
            code=TermViolation.OUTBOUND_FEE_FORBIDDEN,
            detail="The outbound shipping is free for a buyer who withdraws. It cannot be charged after a return.",
            citation=base.shipping.citation,
            field="fees.free_shipping_from",
        )


def _late_refunds(base: Policy, terms: Terms, days: ComparedDays) -> Iterator[Violation]:
    for number, promise in enumerate(terms.promises):
        sooner = [law for law in statutes_about(promise, base) if is_later(promise, law, days)]
        if sooner:
            yield Violation(
                code=TermViolation.REFUND_DEADLINE_BEYOND_STATUTE,
                detail=f"The law requires an earlier refund: {in_words(sooner[0].periods)}.",
                citation=sooner[0].citation,
                field=f"promises.{number}",
                kinds=promise.kinds & frozenset[Kind]().union(*(law.kinds for law in sooner)),
            )


def _more_exceptions(base: Policy, terms: Terms, _: ComparedDays) -> Iterator[Violation]:
    for number, exception in enumerate(terms.exceptions):
        rights = [window for window in base.windows if takes_away(exception, window) and binds(window, exception, base)]
        if rights and not is_the_laws(exception, base):
            yield Violation(
                code=TermViolation.EXCEPTION_BEYOND_STATUTE,
                detail=f"The law has no such exception ({exception.ground}), or has more conditions for it.",
                citation=rights[0].citation,
                field=f"exceptions.{number}",
                kinds=exception.kinds & frozenset[Kind]().union(*(window.kinds for window in rights)),
            )


def _less_interest(base: Policy, terms: Terms, days: ComparedDays) -> Iterator[Violation]:
    law, percent = base.late_interest, terms.late_interest_percent
    if law is None or percent is None:
        return
    day = first_day_with_less(constant_interest(percent, law.citation), law, days)
    if day is not None:
        yield Violation(
            code=TermViolation.LATE_INTEREST_BELOW_STATUTE,
            detail=f"The law requires more interest on late refunds, for the first time on day {day} of the delay.",
            citation=law.citation,
            field="late_interest_percent",
        )


def _short_collection(base: Policy, terms: Terms, days: ComparedDays) -> Iterator[Violation]:
    collect_within = terms.collect_within
    if base.collect_statutory and collect_within and is_earlier(collect_within, base.collect_within, days):
        yield Violation(
            code=TermViolation.COLLECTION_BELOW_STATUTE,
            detail=f"The law gives the buyer longer to send the goods back: {in_words((base.collect_within,))}.",
            citation=base.collect_citation,
            field="collect_within",
        )


def _refused_cancellations(base: Policy, terms: Terms, _: ComparedDays) -> Iterator[Violation]:
    """If the law allows returns, a buyer who cancelled in time may return goods that were shipped nevertheless."""
    if terms.overtaken is not Overtaken.REFUSE or base.overtaken is Overtaken.REFUSE:
        return
    for window in base.windows:
        if window.basis is Basis.STATUTE and Kind.RETURN in window.kinds and Fault.BUYER in window.faults:
            yield Violation(
                code=TermViolation.CANCELLATION_BELOW_STATUTE,
                detail="Goods that were shipped despite a cancellation can be returned. You cannot refuse them.",
                citation=window.citation,
                field="overtaken",
            )
            return


def _repeated_offers(base: Policy, terms: Terms, _: ComparedDays) -> Iterator[Violation]:
    if (
        base.offers.basis is Basis.STATUTE
        and terms.offer_rounds is not None
        and terms.offer_rounds > base.offers.rounds
    ):
        yield Violation(
            code=TermViolation.OFFERS_BEYOND_STATUTE,
            detail=f"A buyer who did not agree to further offers may get at most {base.offers.rounds}.",
            citation=base.offers.citation,
            field="offer_rounds",
        )


def in_words(periods: tuple[Period, ...]) -> str:
    """A limit in words: `7 days from delivered`."""
    limits = [f"{period.length} {period.unit.replace('_', ' ')} from {period.anchor}" for period in periods]
    return " and ".join(limits) or "as long as nothing is shipped"


_CHECKS = (
    _short_windows,
    _restocking,
    _outbound,
    _late_refunds,
    _more_exceptions,
    _less_interest,
    _short_collection,
    _refused_cancellations,
    _repeated_offers,
)
