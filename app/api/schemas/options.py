"""The answer about the options of an order: what the buyer may request, line by line, and the open claims."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.engine import DeadlineName
from app.engine.model.parties import Party
from app.engine.model.vocabulary import Fault, Ground, Kind, Reason, State
from app.service.resources.amounts import RefundBreakdownBody
from app.service.resources.assessment import AssessmentBody
from app.service.resources.claim_parts import DeadlinesBody, HoldBody, OfferBody
from app.service.resources.refusal import RefusalBody


class OptionGroundBody(BaseModel):
    """A ground on which the seller can reject the request."""

    ground: Ground = Field(description="The ground.")
    detail: str = Field(description="The ground in the language of the answer.")
    citation: str = Field(description="The article or the policy that the ground rests on.")


class OptionOutcomeBody(BaseModel):
    """The quote of the request, for each of these reasons alike."""

    reasons: list[Reason] = Field(description="The reasons with this outcome.")
    kind: Kind = Field(
        description="The kind that the claim would have. If the goods were shipped, a cancellation may become a return."
    )
    fault: Fault = Field(description="The side that caused the claim.")
    grounds: list[OptionGroundBody] = Field(
        description="The grounds against the request. Empty unless the verdict is `ineligible`."
    )
    assessment: AssessmentBody = Field(
        description="The assessment that the claim would have. Its window says until when: the local day and the"
        " instant."
    )
    amounts: RefundBreakdownBody = Field(description="What comes back, and what the claim costs, step by step.")
    still_owed: int = Field(description="What the buyer will have to pay, in minor units.")
    deadlines: DeadlinesBody = Field(description="The deadlines that the claim would have.")
    following: list[str] = Field(
        description="Events that the policy would publish after the request, without a person."
    )


class OptionBody(BaseModel):
    """A request of one kind for one line."""

    kind: Kind = Field(description="The kind of the request.")
    possible: bool = Field(
        description="Whether the buyer has the right for one of the reasons, or a person must look. If not, the"
        " `refusals` or the `grounds` of the outcomes say why. Without `reason` in the request, `false` holds for every"
        " reason."
    )
    quantity: int = Field(description="The units of the request: all that can be claimed, or one if none can.")
    refusals: list[RefusalBody] = Field(description="Why a request is refused at once. Empty if it is taken.")
    outcomes: list[OptionOutcomeBody] = Field(
        description="What a request leads to, by its reasons. Empty if it is refused at once."
    )
    other_reasons: list[Reason] = Field(
        description="The reasons of the kind that no outcome stands for. Name one as `reason` for its outcome. Empty if"
        " the request has named reasons."
    )


class LineOptionsBody(BaseModel):
    """The options of one line."""

    line_id: str = Field(description="The line.")
    sku: str | None = Field(description="The seller's name of the product.")
    title: str | None = Field(description="The buyer's name of the product.")
    quantity: int = Field(description="The units that were ordered.")
    available: int = Field(description="The units that no claim has.")
    changeable: int = Field(
        description="The units for which the buyer can request another option before they are shipped."
    )
    options: list[OptionBody] = Field(description="One for each kind of claim that has one of the reasons.")


class ClaimTimeoutBody(BaseModel):
    """What the service does if nobody acts in time."""

    deadline: DeadlineName = Field(description="The deadline that passes.")
    passes_at: datetime = Field(description="When it passes.")
    command: str = Field(description="The command that the service gives then.")


class OpenClaimBody(BaseModel):
    """A claim of the order that has not ended."""

    claim_id: str = Field(description="The claim.")
    kind: Kind = Field(description="The kind of the claim.")
    state: State = Field(description="The state of the claim.")
    reason: Reason = Field(description="Why the buyer makes the claim.")
    line_ids: list[str] = Field(description="The claimed lines.")
    requested_at: datetime = Field(description="When the buyer made the request.")
    turn: Party | None = Field(description="Who must act next.")
    turn_ends_by: datetime | None = Field(description="The first instant that is too late for them. Null if none is.")
    hold: HoldBody | None = Field(description="Why the claim waits. Null where it does not wait.")
    open_offers: list[OfferBody] = Field(description="The offers that the buyer can accept or decline.")
    deadlines: DeadlinesBody = Field(description="The deadlines of the claim.")
    next_timeout: ClaimTimeoutBody | None = Field(description="Null if only people can continue the claim.")


class OrderOptionsBody(BaseModel):
    """What the buyer of an order may request now, and what is open already."""

    order_id: str = Field(description="The order.")
    currency: str = Field(description="ISO 4217.")
    policy: str = Field(description="The policy version that judges the order.")
    time_zone: str = Field(description="The IANA name of the time zone that local days are in.")
    judged_at: datetime = Field(description="The instant of the answer. The options can change with each event.")
    lines: list[LineOptionsBody] = Field(description="The lines, in the order of the order.")
    more_line_ids: list[str] = Field(
        description="The lines that are not in `lines`, because an answer has 50 at most. Ask for them by `line_id`."
    )
    open_claims: list[OpenClaimBody] = Field(description="The claims that have not ended, oldest first.")
