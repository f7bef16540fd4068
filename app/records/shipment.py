"""Parcels of an order."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One parcel. `shipped_at` is None when only the delivery was reported. `lines` are pairs of line id and units.
    `carrier_silent_at` is when the seller was told to ask the carrier, and `transit_delayed_at` when the buyer was told
    of the delay."""

    carrier: str
    tracking_number: str
    lines: tuple[tuple[str, int], ...]
    shipped_at: datetime | None
    delivered_at: datetime | None
    carrier_silent_at: datetime | None = None
    transit_delayed_at: datetime | None = None
