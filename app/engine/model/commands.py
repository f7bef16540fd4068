"""One frozen dataclass per verb. All share `by`: who wants it done. When is the facts' affair."""

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
    """`used_parts` of all the parts of these units have been used up."""

    line_id: str
    quantity: int
    replacement: Replacement | None = None
    used_parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Command):
    """Open a claim. `requested_at` is the buyer's submit time, `discovered_at` when the fault came to light,
    `split_from` the cancellation that a part of the order has left in spite of. Without `fault` it follows the
    reason. `more_offers` says that the buyer wants to hear of alternatives more than once."""

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
    """Grant the claim. `override` is the reason for granting one that the assessment finds ineligible."""

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
    """Change the reason, the fault, or an exchange's replacements, with references to the evidence.

    Without `fault` it follows the reason.
    """

    reason: Reason
    fault: Fault | None = None
    replacements: tuple[NewReplacement, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOffer(Command):
    """Put an alternative to the buyer. `amount` in minor units; `replacement` for an exchange."""

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
    """`more_offers` says that the buyer wants to hear of another."""

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
    """`accepted` of the received units are taken back, with what comes off their refund (minor units); of all
    their parts `used_parts` turned out to have been used up, None for as many as was said."""

    line_id: str
    accepted: int
    deductions: tuple[DeductedAmount, ...] = ()
    used_parts: int | None = None
    disposition: Disposition = Disposition.RESTOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect(Command):
    """The result of looking. Units not accepted go back to the buyer: that takes a ground and a message."""

    lines: tuple[InspectedLine, ...]
    ground: Ground | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reship(Command):
    """The replacement has left."""

    tracking: Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Command):
    """The replacement has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPayment(Command):
    """The buyer has paid what was owed: a payment of the order like any, in minor units."""

    payment_id: str
    method: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Command):
    """What was to be exchanged is paid back instead: the replacement cannot be sent. `note` says why."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefund(Command):
    """One of the claim's refunds has succeeded, or there was nothing to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(Command):
    """The goods never came. `evidence` are references to what shows that, where they were reported as sent."""

    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped(Command):
    """The order left while the cancellation was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOverdue(Command):
    """Nobody has answered the request in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseOffer(Command):
    """The buyer has not answered the offer in time."""

    offer_id: str
