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
    """`address` is JSON text, None once nobody needs it; `reason` is why it was refused, for the buyer."""

    order_id: str
    change_id: str
    status: ChangeStatus
    address: str | None
    requested_at: datetime
    decided_at: datetime | None = None
    reason: str | None = None
