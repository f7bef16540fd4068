"""Changes of delivery address that buyers ask for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeStatus(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChange:
    """`address` is JSON text, and None when it is no longer needed. `reason` says to the buyer why the change was
    refused."""

    order_id: str
    change_id: str
    status: ChangeStatus
    address: str | None
    requested_at: datetime
    decided_at: datetime | None = None
    reason: str | None = None
