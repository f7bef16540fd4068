"""The commands, one dataclass per verb. Every command has `by`, the actor. The current instant is `Facts.now`. A
command that reports what happened may say when (`HAPPENED_AT`): None for now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.engine.model.breakdown import PaymentShare
from app.engine.model.claim import Actor, DeductedAmount, Replacement, Tracking
from app.engine.model.consent import Consent
from app.engine.model.offers import NewOffer
from app.engine.model.vocabulary import (
    Alternative,
    Condition,
    CureFailure,
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
    buyer wants to get offers more than once. `shipping` and `fees` give back charges of the order, in minor units.
    `consents` are a record for the history. They decide nothing."""

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
    shipping: int = 0
    fees: int = 0
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    """Approve the claim. `override` is the reason to approve a claim that the assessment finds ineligible.
    `keep_goods`: the goods of a return stay with the buyer. `waive_fee`: the seller pays the return shipping."""

    override: str | None = None
    keep_goods: bool = False
    waive_fee: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    """Reject the lines that the ground is about, or only the named lines. The other lines go on. `offers` open with the
    rejection of the whole claim. Each rejection ends the open offers before it, except `kept_offer_ids`."""

    ground: Ground
    message: str = ""
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[str, ...] = ()
    line_ids: tuple[str, ...] = ()
    offers: tuple[NewOffer, ...] = ()
    kept_offer_ids: tuple[str, ...] = ()


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
    reason decides it. `knowable_at` is when the buyer could have known of the defect, which the evidence must show."""

    reason: Reason
    fault: Fault | None = None
    replacements: tuple[NewReplacement, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()
    knowable_at: datetime | None = None


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
    """The goods are on their way back. The tracking number shows that they were sent."""

    tracking: Tracking | None = None
    dispatched_at: datetime | None = None


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
    received_at: datetime | None = None


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
    inspected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reship(Command):
    """The seller sent the replacement, or the repaired goods."""

    tracking: Tracking
    reshipped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRepair(Command):
    """The accepted goods are repaired, and can be sent to the buyer."""

    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Command):
    """The replacement has arrived, or the repaired goods are with the buyer."""

    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPayment(Command):
    """The buyer has paid the debt. It is a payment of the order, in minor units."""

    payment_id: str
    method: str
    amount: int
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Command):
    """Give another remedy instead: a return for an exchange, or a return or an exchange for a repair. `because` is why
    the first remedy did not put the defect right. `replacements` are the goods to send in an exchange."""

    to: Kind = Kind.RETURN
    because: CureFailure | None = None
    replacements: tuple[NewReplacement, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefund(Command):
    """One of the claim's refunds has succeeded, or there was nothing to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustRefund(Command):
    """The payments of the order have changed since the amounts of the claim were fixed, in minor units.
    `captured_later` was not captured then, `surplus` is what was captured above the price, and `reversal_won` came back
    from the bank or the provider. The claim owes all of them. The refunds of the shares `voided` have ended, because
    the bank or the provider has paid the money back: the claim owes again only what is left of the payments."""

    captured_later: int = 0
    surplus: int = 0
    reversal_won: int = 0
    voided: tuple[PaymentShare, ...] = ()


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


HAPPENED_AT: Mapping[type[Command], str] = {
    Dispatch: "dispatched_at",
    Receive: "received_at",
    Inspect: "inspected_at",
    CompleteRepair: "completed_at",
    Reship: "reshipped_at",
    ConfirmDelivery: "delivered_at",
    ConfirmPayment: "paid_at",
}
"""The field of a command that says when it happened."""


def happened_at(command: Command) -> datetime | None:
    name = HAPPENED_AT.get(type(command))
    instant: datetime | None = getattr(command, name) if name else None
    return instant
