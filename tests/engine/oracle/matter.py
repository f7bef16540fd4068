"""One line of one claim, in the words of the laws: local days, faults, and what is on record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.engine.oracle.cases import GOODS, Asked, Bought, Line, Units, fault_of
from tests.engine.oracle.days import Days

ENDLESS, NOT_BEGUN = date.max, date.min
"""A right without a last day, and a right whose time has not begun."""
SEEN_ON_DELIVERY = frozenset({"wrong_item", "missing_item", "not_as_described"})


@dataclass(frozen=True, slots=True)
class Matter:
    """All days are local. `knew` is the day on which the buyer knew of the defect or could have known, as far as
    somebody has said so. `first_goods` is the delivery of what a replacement was sent for. `all_delivered` is when the
    last goods of the order came, if all have come."""

    days: Days
    claim: Asked
    line: Line
    units: Units
    fault: str
    asked: date
    knew: date | None
    contract: date
    paid: date
    shipped: date | None
    delivered: date | None
    first_goods: date | None
    all_delivered: date | None
    informed: date | None
    unobstructed: date | None
    repaired: date | None
    records: frozenset[str]
    goods: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "goods", self.line.nature in GOODS)

    @property
    def kind(self) -> str:
        return self.claim.kind

    @property
    def reason(self) -> str:
        return self.claim.reason

    @property
    def nature(self) -> str:
        return self.line.nature

    @property
    def known(self) -> date:
        """Where nobody said when the buyer knew, the buyer knew when asking."""
        return self.knew or self.asked

    @property
    def first_delivered(self) -> date | None:
        first = self.line.first_delivered_at
        return self.days.of(first) if first else self.delivered

    @property
    def cure_was_tried(self) -> bool:
        """Repaired or replaced before, and not in order."""
        return self.line.repairs > 0 or self.line.replaces is not None

    @property
    def all_parts_used(self) -> bool:
        """Nothing of what was bought in parts is left."""
        parts = self.line.parts
        return parts == 1 or self.units.used_parts >= self.units.quantity * parts

    def has(self, *records: str) -> bool:
        return self.records.issuperset(records)

    def says(self, *declared: str) -> bool:
        return self.claim.declared.issuperset(declared)


def matters(order: Bought, claim: Asked) -> list[Matter]:
    """The claimed lines of an order."""
    days = Days(order.zone, order.country, order.subdivision)
    lines = {line.line_id: line for line in order.lines}
    told = [instant for instant in (claim.discovered_at, claim.knowable_at) if instant]
    return [
        Matter(
            days=days,
            claim=claim,
            line=(line := lines[units.line_id]),
            units=units,
            fault=fault_of(claim.reason),
            asked=days.of(claim.asked_at),
            knew=days.of(min(told)) if told else None,
            contract=days.of(order.contracted_at or order.paid_at),
            paid=days.of(order.paid_at),
            shipped=_day(days, line.shipped_at),
            delivered=_day(days, line.delivered_at),
            first_goods=_day(days, _first(lines, line).delivered_at or line.delivered_at),
            all_delivered=_all_delivered(order, line, days),
            informed=_day(days, order.informed_at),
            unobstructed=_day(days, order.unobstructed_at),
            repaired=_day(days, line.repaired_at),
            records=line.records | order.records,
        )
        for units in claim.units
    ]


def _first(lines: Mapping[str, Line], line: Line) -> Line:
    """The line that was bought, before all replacements."""
    before = lines.get(line.replaces) if line.replaces else None
    return _first(lines, before) if before else line


def _day(days: Days, instant: datetime | None) -> date | None:
    return None if instant is None else days.of(instant)


def _all_delivered(order: Bought, claimed: Line, days: Days) -> date | None:
    """The day of the last goods of the order. A replacement is sent later, and nothing of a service is delivered with
    the goods: they count for themselves alone."""
    together = [line for line in order.lines if (line.nature in GOODS and line.replaces is None) or line is claimed]
    came = [line.delivered_at for line in together if line.delivered_at and line.delivered >= line.quantity]
    return days.of(max(came)) if len(came) == len(together) else None
