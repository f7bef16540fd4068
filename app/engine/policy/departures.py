"""Where a seller's terms give the buyer less than default law: the law allows it, within limits.

Default law is what applies where a contract says nothing else. A term that is void is a violation, and no departure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.model.vocabulary import Fault, Kind
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.law import Violation, in_words
from app.engine.policy.policy import Policy
from app.engine.policy.rule_comparison import is_cut_short, is_replaced, is_the_laws, takes_away
from app.engine.policy.rules import Basis, ContractLimit
from app.engine.policy.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A term that gives the buyer less than a rule of default law. The law allows the term, and the term binds.

    `field` is the place in the terms. `rule` and `citation` name the rule of the law. `default` is what the rule gives
    where a contract says nothing else, and `term` is what the terms say. `limits` are what a contract cannot do here.
    The term departs from the rule for these `kinds` and `faults`.
    """

    field: str
    rule: str
    citation: str
    default: str
    term: str
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    limits: tuple[ContractLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    base: Policy
    terms: Terms
    binding: Policy
    forbidden: tuple[Violation, ...]
    limits: tuple[ContractLimit, ...]
    days: ComparedDays


def departures(
    base: Policy,
    terms: Terms,
    binding: Policy,
    forbidden: tuple[Violation, ...],
    limits: tuple[ContractLimit, ...],
    days: ComparedDays,
) -> tuple[Departure, ...]:
    """Every departure of the terms. `binding` is the policy that binds, and `forbidden` are the violations."""
    compared = _Compared(
        base=base, terms=terms, binding=binding, forbidden=forbidden, limits=limits, days=days
    )  # fmt: skip
    return tuple(departure for check in _CHECKS for departure in check(compared))


def _shorter_windows(compared: _Compared) -> Iterator[Departure]:
    """A window of default law that the terms replace, if each window in its place closes earlier."""
    for law in compared.base.windows:
        if law.basis is not Basis.DEFAULT_LAW or law in compared.binding.windows:
            continue
        replacing = [
            (number, window)
            for number, window in enumerate(compared.terms.windows)
            if is_replaced(law, (window,))
        ]  # fmt: skip
        if replacing and all(is_cut_short(law, window, compared.days) for _, window in replacing):
            number, window = replacing[0]
            yield Departure(
                field=f"windows.{number}",
                rule=law.code,
                citation=law.citation,
                default=in_words(law.periods),
                term=in_words(window.periods),
                kinds=law.kinds,
                faults=law.faults,
                limits=_limits(compared, law.kinds, law.faults),
            )


def _more_exceptions(compared: _Compared) -> Iterator[Departure]:
    """An exception of the terms that takes away what a window of default law gives."""
    for number, exception in enumerate(compared.terms.exceptions):
        field = f"exceptions.{number}"
        void = frozenset[Kind]().union(*(each.kinds for each in compared.forbidden if each.field == field))
        if is_the_laws(exception, compared.base):
            continue
        for law in compared.base.windows:
            kinds, faults = law.kinds & exception.kinds - void, law.faults & exception.faults
            if law.basis is Basis.DEFAULT_LAW and kinds and takes_away(exception, law):
                yield Departure(
                    field=field,
                    rule=law.code,
                    citation=law.citation,
                    default=in_words(law.periods),
                    term=f"no right where {exception.ground}",
                    kinds=kinds,
                    faults=faults,
                    limits=_limits(compared, kinds, faults),
                )
                break


def _restocking(compared: _Compared) -> Iterator[Departure]:
    percent, rule = compared.binding.fees.restocking_percent, compared.base.restocking
    if percent > compared.base.fees.restocking_percent and rule.basis is Basis.DEFAULT_LAW:
        kinds, faults = frozenset({Kind.RETURN}), frozenset({Fault.BUYER})
        yield Departure(
            field="fees.restocking_percent",
            rule="restocking",
            citation=rule.citation,
            default="nothing is kept back for taking goods back",
            term=f"{percent} % of the price is kept back",
            kinds=kinds,
            faults=faults,
            limits=_limits(compared, kinds, faults),
        )


def _limits(compared: _Compared, kinds: frozenset[Kind], faults: frozenset[Fault]) -> tuple[ContractLimit, ...]:
    return tuple(limit for limit in compared.limits if limit.kinds & kinds and limit.faults & faults)


_CHECKS = (_shorter_windows, _more_exceptions, _restocking)
