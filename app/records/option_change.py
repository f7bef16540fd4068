"""Changes of the option of units before they are shipped, as buyers ask for them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OptionChangeStatus(StrEnum):
    REQUESTED = "requested"
    AWAITING_PAYMENT = "awaiting_payment"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETRACTED = "retracted"
    OVERTAKEN = "overtaken"


OPEN = (OptionChangeStatus.REQUESTED, OptionChangeStatus.AWAITING_PAYMENT)


class OvertakenReason(StrEnum):
    """What has taken the units of an open change: a parcel, a claim, or a push of the order."""

    SHIPMENT = "shipment"
    CLAIM = "claim"
    PUSH = "push"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChange:
    """`sku`, `title` and `unit_price` are the option that the buyer wants for `quantity` units of the line. Without
    `unit_price` the option costs the same. `difference` is what the option costs more for all of these units, with tax,
    in minor units, and `payment_id` the payment that the buyer made for that. `reason` says to the buyer why the change
    was refused."""

    order_id: str
    change_id: str
    line_id: str
    quantity: int
    sku: str
    title: str | None
    unit_price: int | None
    difference: int
    status: OptionChangeStatus
    requested_at: datetime
    note: str | None = None
    payment_id: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    overtaken_by: OvertakenReason | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def new_line_id(self) -> str | None:
        """The line of the order that the change has made. It has the id of the change."""
        return self.change_id if self.status is OptionChangeStatus.ACCEPTED else None
