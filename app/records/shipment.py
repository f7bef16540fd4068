"""Parcels of an order."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One parcel. `shipped_at` is None when only the delivery was reported. `lines` are pairs of line id and units."""

    carrier: str
    tracking_number: str
    lines: tuple[tuple[str, int], ...]
    shipped_at: datetime | None
    delivered_at: datetime | None
