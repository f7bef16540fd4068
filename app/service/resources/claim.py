"""The public shape of a claim: the same in answers and in events. Events have no `actions`."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim, Submission, Tracking
from app.engine.model.parties import Party
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Reason, State
from app.messages.carriers import tracking_url
from app.service.resources.amounts import RefundBreakdownBody
from app.service.resources.asked import AskedUnitsBody
from app.service.resources.assessment import AssessmentBody
from app.service.resources.claim_parts import (
    ActorBody,
    BuyerPaymentBody,
    ClaimLineBody,
    DeadlinesBody,
    HoldBody,
    OfferBody,
    OverrideBody,
    ReclassificationBody,
    RejectedLineBody,
    RejectionBody,
    TrackingBody,
)
from app.service.resources.refusal import RefusalBody


class ClaimAction(BaseModel):
    """A command, and whether the claim accepts the command now."""

    command: str = Field(description="The command's name, as in the history.")
    allowed: bool = Field(description="Whether the claim accepts the command now, with a suitable body.")
    refusals: list[RefusalBody] = Field(description="Why the claim refuses the command. Empty if `allowed` is true.")
    needs: list[str] = Field(description="Fields that the body must have, such as `override` for an ineligible claim.")
    grounds: list[Ground] = Field(
        description="The possible grounds of a rejection: those that the facts support, then those that need evidence."
    )


class ClaimBody(BaseModel):
    """A claim. In an event: the claim after the event."""

    claim_id: str = Field(description="The service makes the id. Ids sort by the time of the request.")
    order_id: str = Field(description="The order.")
    kind: Kind = Field(description="The kind of the claim.")
    state: State = Field(description="The state of the claim.")
    version: int = Field(description="Grows with every step. Also the ETag.")
    reason: Reason = Field(description="Why the buyer makes the claim.")
    fault: Fault = Field(description="The side that caused the claim.")
    lines: list[ClaimLineBody] = Field(description="The claimed, received and accepted units by line.")
    requested_at: datetime = Field(
        description="When the buyer made the request. Windows are judged by this instant. `asked` says more."
    )
    requester: ActorBody = Field(description="Who made the request.")
    discovered_at: datetime | None = Field(description="When the buyer discovered the defect.")
    knowable_at: datetime | None = Field(
        description="When the buyer could have known of the defect, if the seller has shown that."
    )
    conditions: list[Declared] = Field(description="What the buyer declared about the goods.")
    note: str | None = Field(description="A note in the buyer's words.")
    amount: int | None = Field(description="Kind `refund` only: a sum below the full value, in minor units.")
    shipping: int = Field(description="The shipping that the request gives back, without goods.")
    fees: int = Field(description="The fees of earlier claims that the request gives back.")
    goodwill: bool = Field(description="Whether the claim was requested as goodwill: it holds no units.")
    more_offers: bool = Field(description="Whether the buyer agrees to receive further offers.")
    asked: list[AskedUnitsBody] = Field(
        description="Since the first edit: when the buyer first asked for what. Its window is judged by that instant."
        " Empty before."
    )
    turn: Party | None = Field(description="Who must act next. Null once the claim has ended.")
    turn_began_at: datetime | None = Field(description="Since when it is their turn.")
    turn_ends_by: datetime | None = Field(
        description="The first instant that is too late for them, or at which the claim goes on. Null if nothing ends"
        " the turn but they."
    )
    hold: HoldBody | None = Field(description="Why the claim waits, and until when. Null where it does not wait.")
    offers: list[OfferBody] = Field(description="Alternatives that the seller offered, oldest first.")
    rejection: RejectionBody | None = Field(description="The rejection of the claim, or of a part of the goods.")
    rejected_lines: list[RejectedLineBody] = Field(
        description="The lines that were rejected while others went on. They are not in `lines`."
    )
    override: OverrideBody | None = Field(description="Who approved the claim against the assessment, and why.")
    reclassifications: list[ReclassificationBody] = Field(description="Each change of reason or fault, oldest first.")
    seller_pays_return: bool = Field(description="Whether the seller pays the return shipping for any reason.")
    overtaken: bool = Field(description="Whether the goods were shipped while the cancellation was open.")
    split_from: str | None = Field(description="The cancellation that this return was split from.")
    reshipped: bool = Field(description="Whether the replacement was shipped.")
    buyer_payment: BuyerPaymentBody | None = Field(description="What the buyer paid on the claim.")
    collection: TrackingBody | None = Field(description="The parcel that comes back.")
    fee_carried_by: str | None = Field(
        description="The claim of the same order that carries the fee for the way back of the same parcel. Set when the"
        " goods are accepted. Null if this claim carries its own fee."
    )
    reshipment: TrackingBody | None = Field(description="The parcel of the replacement.")
    approved_at: datetime | None = Field(description="When the claim was approved.")
    dispatched_at: datetime | None = Field(description="When the return parcel was sent.")
    received_at: datetime | None = Field(description="When goods last came back.")
    inspected_at: datetime | None = Field(description="When the goods were inspected.")
    repair_completed_at: datetime | None = Field(description="When the repair of the goods was done.")
    closed_at: datetime | None = Field(
        description="When the claim reached a final state. Null again if goods come late and the claim goes on."
    )
    escalated_at: datetime | None = Field(description="When the time to answer the request had passed.")
    deadlines: DeadlinesBody = Field(description="The deadlines of the claim.")
    assessment: AssessmentBody = Field(
        description="Recomputed while the claim is `requested`, then fixed. In an event: the value at that time."
    )
    amounts: RefundBreakdownBody = Field(
        description="A projection until money is owed, then fixed. In an event: the value at that time."
    )
    still_owed: int = Field(
        description="What the buyer still has to pay of `amounts.buyer_owes`, in minor units. Before the decision: what"
        " the buyer will have to pay."
    )
    metadata: dict[str, str] = Field(description="Your own keys and values. No decision uses them.")
    created_at: datetime = Field(description="When the claim was first stored.")
    updated_at: datetime = Field(description="When the claim last changed. In an event: the instant of the event.")
    actions: list[ClaimAction] = Field(
        default_factory=list,
        description="Every command of this kind of claim. In answers only: an event has no `actions`.",
    )


_REPLACED = ("submission", "assessment", "amounts")
_CLAIM_FIELDS = tuple(field.name for field in fields(Claim) if field.name not in _REPLACED)
_SUBMISSION_FIELDS = tuple(field.name for field in fields(Submission))


def claim_body(
    claim: Claim,
    *,
    assessment: Assessment | None,
    amounts: RefundBreakdown | None,
    metadata: Mapping[str, str],
    created_at: datetime,
    updated_at: datetime,
) -> dict[str, Any]:
    """A claim without its actions. The submission's fields stand at the top level."""
    submission, turn = claim.submission, claim.turn
    return {
        **{name: getattr(claim, name) for name in _CLAIM_FIELDS},
        **{name: getattr(submission, name) for name in _SUBMISSION_FIELDS},
        "collection": claim.collection and _tracking(claim.collection),
        "reshipment": claim.reshipment and _tracking(claim.reshipment),
        "conditions": sorted(submission.conditions),
        "turn": turn and turn.party,
        "turn_began_at": turn and turn.began_at,
        "turn_ends_by": turn and turn.ends_by,
        "assessment": assessment,
        "amounts": amounts,
        "still_owed": still_owed(claim, amounts),
        "metadata": metadata,
        "created_at": created_at,
        "updated_at": updated_at,
    }


def still_owed(claim: Claim, amounts: RefundBreakdown | None) -> int:
    """The debt that is left, or while no amounts are fixed, the debt that a decision would fix now."""
    return amounts.buyer_owes if claim.amounts is None and amounts is not None else claim.still_owed


def _tracking(parcel: Tracking) -> dict[str, Any]:
    page = tracking_url(parcel.carrier, parcel.number)
    return {"carrier": parcel.carrier, "number": parcel.number, "tracking_url": page}
