"""Whether a rule fits a line: by the nature of the line, and by what is on record."""

from typing import Protocol

from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Nature, Record


class Scoped(Protocol):
    """A rule with a scope. Empty sets require nothing."""

    @property
    def natures(self) -> frozenset[Nature]: ...
    @property
    def records(self) -> frozenset[Record]: ...
    @property
    def without_records(self) -> frozenset[Record]: ...


def fits(rule: Scoped, line: OrderLine, order: Order) -> bool:
    return has_nature(rule, line.nature) and has_records(rule, line, order)


def has_nature(rule: Scoped, nature: Nature) -> bool:
    return not rule.natures or nature in rule.natures


def has_records(rule: Scoped, line: OrderLine, order: Order) -> bool:
    return shows(line.records | order.records, rule)


def shows(records: frozenset[Record], rule: Scoped) -> bool:
    """All `records` of the rule are on record, and not all of its `without_records` are."""
    return rule.records <= records and not (rule.without_records and rule.without_records <= records)
