"""The forms of goods that came back: units with the condition of each, and the result of the inspection by line."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import Condition, Disposition
from app.pages.forms import Form
from app.records.return_parcel import ParcelUnits, ReturnParcel
from app.service.parcel_units import units_left

_ALONE = 12
"""A line with more units has one condition and a number of units that came."""
_DIGITS = 7
_UNIT = re.compile(r"unit-(?P<line>[0-9]{1,4})-[0-9]{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Units that get one condition: one unit, or all units of a long line. `name` is the field of the condition, and
    `count` that of the number, which only a long line has."""

    line_id: str
    name: str
    count: str
    quantity: int
    place: int
    of: int


def groups_of(claim: Claim, order: Order, parcel: ReturnParcel | None) -> list[Group]:
    """The units of the parcel, or all that are still to come."""
    units = parcel.lines if parcel and parcel.claim_id and parcel.holds_units else units_left(claim, order, ())
    places = {line.line_id: at for at, line in enumerate(claim.lines)}
    return [group for each in units if each.quantity > 0 for group in _groups(places[each.line_id], each)]


def _groups(at: int, units: ParcelUnits) -> Iterator[Group]:
    is_long = units.quantity > _ALONE
    of = 1 if is_long else units.quantity
    for place in range(of):
        yield Group(
            line_id=units.line_id,
            name=f"unit-{at}-{place}",
            count=f"count-{at}" if is_long else "",
            quantity=units.quantity if is_long else 1,
            place=place + 1,
            of=of,
        )


def body_of_receipt(claim: Claim, form: Form) -> dict[str, Any]:
    """The body of the command, from the form alone: the same form twice is the same receipt. A unit without a condition
    did not come."""
    counted: Counter[tuple[str, str]] = Counter()
    for name, condition in form.items():
        unit = _UNIT.fullmatch(name)
        if unit and condition and int(unit["line"]) < len(claim.lines):
            count = f"count-{unit['line']}"
            line_id = claim.lines[int(unit["line"])].line_id
            counted[line_id, condition] += number_in(form, count) if count in form else 1
    lines = [
        {"line_id": line_id, "quantity": quantity, "condition": condition}
        for (line_id, condition), quantity in counted.items()
    ]
    return {"lines": lines, "close": form.get("close") == "yes"}


def is_fine(body: dict[str, Any]) -> bool:
    """Every unit is as it was sold."""
    return all(line["condition"] == Condition.AS_SOLD for line in body["lines"])


def body_of_inspection(claim: Claim, form: Form) -> dict[str, Any]:
    """The body of the command. A line without a number is accepted as it came."""
    lines = [
        {
            "line_id": line.line_id,
            "accepted": number_in(form, f"accepted-{at}") if f"accepted-{at}" in form else line.received,
            "disposition": form.get(f"disposition-{at}") or _usual(claim, at),
        }
        for at, line in enumerate(claim.lines)
        if line.received
    ]
    more = {name: value for name in ("ground", "message") if (value := form.get(name, "").strip())}
    return {"lines": lines, **more}


def number_in(form: Form, name: str) -> int:
    """-1, which no command takes, for a text that is no number."""
    text = form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else -1


def _usual(claim: Claim, at: int) -> Disposition:
    as_sold = all(receipt.condition is Condition.AS_SOLD for receipt in claim.lines[at].receipts)
    return Disposition.RESTOCK if as_sold else Disposition.KEEP
