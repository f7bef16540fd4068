"""Authority: how much a person or a key may pay back alone, and decisions that wait for a second person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ANY = "any"
"""In a limit: every command, or every kind of claim."""


class LimitedCommand(StrEnum):
    """The commands of a seller that can lead to a refund, or to an offer that is worth money."""

    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    MAKE_OFFER = "make_offer"
    RECLASSIFY = "reclassify"
    RECEIVE = "receive"
    INSPECT = "inspect"
    CONVERT = "convert"
    CONFIRM_PAYMENT = "confirm_payment"


class HolderKind(StrEnum):
    """Whom a limit is for."""

    ROLE = "role"
    STAFF = "staff"
    API_KEY = "api_key"


class ApprovalStatus(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class LimitReach(StrEnum):
    """What a limit counts: the money of one decision, or of a local day."""

    DECISION = "decision"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who decides, as limits name them. `role` is the role of a person, and None for a key."""

    kind: HolderKind
    holder_id: str
    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityLimit:
    """`holder` is the name of a role, or the id of a person or a key. Amounts are in minor units; None is no limit."""

    merchant_id: str
    limit_id: str
    holder_kind: HolderKind
    holder: str
    command: str
    claim_kind: str
    currency: str
    per_decision: int | None
    per_day: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A command above the authority of whoever gave it. `document` is the command as JSON. `reach` and `allowed` are of
    the limit that the command is above."""

    merchant_id: str
    approval_id: str
    claim_id: str
    command: str
    document: str
    amount: int
    currency: str
    reach: LimitReach
    allowed: int
    asked_kind: HolderKind
    asked_by: str
    asked_name: str
    asked_at: datetime
    status: ApprovalStatus = ApprovalStatus.OPEN
    decided_by: str | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    note: str | None = None
