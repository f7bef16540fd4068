"""The commands, one dataclass per verb. Every command has `by`, the actor. Commands carry no time: the current instant
is `Facts.now`."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Actor, DeductedAmount, Replacement, Tracking
from app.engine.model.vocabulary import (
    Alternative,
    Condition,
    Declared,
    Disposition,
    Fault,
    Ground,
    HoldReason,
    Kind,
    Reason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedLine:
    """`used_parts` counts the used parts of these units."""

    line_id: str
    quantity: int
    replacement: Replacement | None = None
    used_parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Command):
    """Open a claim. `requested_at` is the buyer's submit time, `discovered_at` when the defect was discovered, and
    `split_from` the cancellation whose units were shipped. Without `fault` the reason decides it. `more_offers`: the
    buyer wants to get offers more than once."""

    claim_id: str
    kind: Kind
    reason: Reason
    lines: tuple[RequestedLine, ...]
    requested_at: datetime
    discovered_at: datetime | None = None
    conditions: frozenset[Declared] = frozenset()
    note: str | None = None
    amount: int | None = None
    fault: Fault | None = None
    split_from: str | None = None
    seller_pays_return: bool = False
    more_offers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    """Approve the claim. `override` is the reason to approve a claim that the assessment finds ineligible."""

    override: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    ground: Ground
    message: str = ""
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract(Command):
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldClaim(Command):
    reason: HoldReason
    ends_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReplacement:
    line_id: str
    replacement: Replacement


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassify(Command):
    """Change the reason, the fault, or an exchange's replacements, with references to evidence. Without `fault` the
    reason decides it."""

    reason: Reason
    fault: Fault | None = None
    replacements: tuple[NewReplacement, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOffer(Command):
    """Offer an alternative to the buyer. `amount` is in minor units. `replacement` is for an exchange."""

    offer_id: str
    alternative: Alternative
    message: str
    amount: int | None = None
    replacement: Replacement | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(Command):
    offer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOffer(Command):
    """`more_offers`: the buyer wants another offer."""

    offer_id: str
    more_offers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(Command):
    """The goods are on their way back."""

    tracking: Tracking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    line_id: str
    quantity: int
    condition: Condition = Condition.AS_SOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Command):
    """Goods arrived. The receipt closes when all announced units are there, or when `close` says so."""

    lines: tuple[ReceivedLine, ...]
    close: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedLine:
    """The seller keeps `accepted` units. `deductions` reduce their refund (minor units). `used_parts` counts used
    parts. None if the request's number is right."""

    line_id: str
    accepted: int
    deductions: tuple[DeductedAmount, ...] = ()
    used_parts: int | None = None
    disposition: Disposition = Disposition.RESTOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect(Command):
    """The result of the inspection. Units that are not accepted go back to the buyer, which needs a ground and a
    message."""

    lines: tuple[InspectedLine, ...]
    ground: Ground | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reship(Command):
    """The seller sent the replacement."""

    tracking: Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Command):
    """The replacement has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPayment(Command):
    """The buyer has paid the debt. It is a payment of the order, in minor units."""

    payment_id: str
    method: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Command):
    """Refund the goods instead of exchanging them, because the replacement cannot be sent. `note` is the reason."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefund(Command):
    """One of the claim's refunds has succeeded, or there was nothing to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(Command):
    """The goods did not come back. `evidence` is needed if the goods were reported as sent."""

    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped(Command):
    """The order was shipped while the cancellation was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOverdue(Command):
    """The request got no answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseOffer(Command):
    """The buyer has not answered the offer in time."""

    offer_id: str
