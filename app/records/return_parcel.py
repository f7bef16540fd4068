"""Parcels with goods on their way back: their ways, their states, and the moves between the states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How the goods come back: a courier collects them, the buyer takes them to a counter of the carrier or to a store
    of the shop, or sends them alone."""

    COURIER_PICKUP = "courier_pickup"
    DROP_OFF = "drop_off"
    STORE = "store"
    OWN_POST = "own_post"


class ParcelState(StrEnum):
    """Where a parcel is. `received`: the shop has counted its units."""

    ANNOUNCED = "announced"
    BOOKED = "booked"
    SCHEDULED = "scheduled"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    RECEIVED = "received"
    NOT_COLLECTED = "not_collected"
    NOT_DELIVERED = "not_delivered"
    WRONG_NUMBER = "wrong_number"
    LOST = "lost"
    CANCELLED = "cancelled"


_S = ParcelState
_FOUND = frozenset({_S.ON_THE_WAY, _S.ARRIVED, _S.RECEIVED})
"""A parcel that was seen can come, whatever was reported before."""
_ENDS = frozenset({_S.CANCELLED, _S.LOST})
MOVES: Mapping[ParcelState, frozenset[ParcelState]] = {
    _S.ANNOUNCED: _FOUND | _ENDS | {_S.BOOKED, _S.SCHEDULED, _S.NOT_COLLECTED, _S.WRONG_NUMBER},
    _S.BOOKED: _FOUND | _ENDS | {_S.SCHEDULED, _S.NOT_COLLECTED, _S.WRONG_NUMBER},
    _S.SCHEDULED: _FOUND | _ENDS | {_S.BOOKED, _S.NOT_COLLECTED, _S.WRONG_NUMBER},
    _S.NOT_COLLECTED: _FOUND | _ENDS | {_S.BOOKED, _S.SCHEDULED, _S.WRONG_NUMBER},
    _S.WRONG_NUMBER: _FOUND | _ENDS | {_S.BOOKED, _S.SCHEDULED, _S.NOT_COLLECTED},
    _S.ON_THE_WAY: frozenset({_S.ARRIVED, _S.RECEIVED, _S.NOT_DELIVERED, _S.WRONG_NUMBER, _S.LOST}),
    _S.NOT_DELIVERED: _FOUND | _ENDS,
    _S.ARRIVED: frozenset({_S.RECEIVED, _S.NOT_DELIVERED, _S.LOST}),
    _S.LOST: _FOUND,
    _S.CANCELLED: _FOUND,
    _S.RECEIVED: frozenset(),
}
"""The states that can follow a state. Carriers report late and in any order, so a parcel can always come."""
HOLDING = frozenset(MOVES) - {_S.RECEIVED, _S.LOST, _S.CANCELLED}
"""States in which a parcel holds its units: no other parcel can have them."""
SENT = frozenset({_S.ON_THE_WAY, _S.ARRIVED, _S.NOT_DELIVERED})
"""States of a parcel that the buyer has given away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelUnits:
    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a parcel goes: a copy of the return location, so that a printed label stays right. `location_id` is None
    for an address of the shop's profile."""

    address: str
    location_id: str | None = None
    postal_code: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnParcel:
    """`number` counts the parcels of a claim from 1. A parcel that nobody announced has no `way`, and no `claim_id` and
    `number` until somebody matches it. `state_at` is when the parcel came into its state, as far as
    known, `sent_at` when it was first known to be given away, and `received_at` when its units came back. `note` is the
    shop's own."""

    parcel_id: str
    state: ParcelState
    created_at: datetime
    state_at: datetime
    claim_id: str | None = None
    number: int | None = None
    way: Way | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    lines: tuple[ParcelUnits, ...] = ()
    destination: Destination | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    matched_at: datetime | None = None
    matched_by: str | None = None
    note: str | None = None

    @property
    def holds_units(self) -> bool:
        return self.state in HOLDING

    def units_of(self, line_id: str) -> int:
        return sum(each.quantity for each in self.lines if each.line_id == line_id)
