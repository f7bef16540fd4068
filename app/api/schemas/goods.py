"""The bodies of the commands about goods: sent back, received, inspected, repaired, reshipped, converted."""

from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from app.api.schemas.commands import CommandRequest, NewReplacement, UsedParts, example, new_replacements
from app.api.schemas.common import MOST_LINES, Amount, Input, Instant, Message, MessageToBuyer, Name, Quantity, Word
from app.engine.model import commands
from app.engine.model.claim import Actor, DeductedAmount, Tracking
from app.engine.model.vocabulary import Condition, CureFailure, Deduction, Disposition, Ground, Kind


class TrackingInput(Input):
    """The tracking number of a parcel."""

    carrier: Word = Field(description="The carrier.")
    number: Name = Field(description="The tracking number.")

    def tracking(self) -> Tracking:
        return Tracking(carrier=self.carrier, number=self.number)


class DispatchGoodsRequest(CommandRequest):
    """The goods are on their way back."""

    model_config = example(tracking={"carrier": "cj", "number": "659876543210"})

    tracking: TrackingInput | None = Field(
        default=None, description="The parcel, when it is known. It shows that the goods were sent."
    )

    dispatched_at: Instant | None = Field(
        default=None, description="When the parcel was sent, with `tracking`. The default is now."
    )

    @model_validator(mode="after")
    def _only_a_parcel_was_sent(self) -> Self:
        if self.dispatched_at and not self.tracking:
            raise ValueError("dispatched_at needs a tracking number")
        return self

    def command(self, by: Actor) -> commands.Dispatch:
        tracking = self.tracking.tracking() if self.tracking else None
        return commands.Dispatch(by=by, tracking=tracking, dispatched_at=self.dispatched_at)


class ReceivedLine(Input):
    """Units of one line that came back in one condition."""

    line_id: Name = Field(description="A line of the claim.")
    quantity: Quantity = Field(description="Units that came back.")
    condition: Condition = Field(default=Condition.AS_SOLD, description="The condition of the units.")


class ReceiveGoodsRequest(CommandRequest):
    """Goods have come back."""

    model_config = example(lines=[{"line_id": "1", "quantity": 1, "condition": "as_sold"}])

    lines: list[ReceivedLine] = Field(max_length=MOST_LINES, description="The units that came back.")
    close: StrictBool = Field(default=False, description="Whether to close the receipt although units are missing.")

    received_at: Instant | None = Field(default=None, description="When the units came back. The default is now.")

    def command(self, by: Actor) -> commands.Receive:
        lines = tuple(
            commands.ReceivedLine(line_id=line.line_id, quantity=line.quantity, condition=line.condition)
            for line in self.lines
        )
        return commands.Receive(by=by, lines=lines, close=self.close, received_at=self.received_at)


class DeductionInput(Input):
    """A deduction from the refund of a line. A rule of the law or the policy must allow it."""

    reason: Literal[Deduction.USED_VALUE, Deduction.MISSING_PARTS, Deduction.DAMAGE] = Field(
        description="The reason. A rule must allow it."
    )
    amount: Amount
    evidence: list[Name] = Field(
        description="Your references that show why. Some rules need them.", default=[], max_length=50
    )

    def deducted(self) -> DeductedAmount:
        return DeductedAmount(reason=self.reason, amount=self.amount, evidence=tuple(self.evidence))


class InspectedLine(Input):
    """The result of the inspection of one line."""

    line_id: Name = Field(description="A line of the claim.")
    accepted: StrictInt = Field(description="The accepted units, of the units that came back.", ge=0, le=1_000_000)
    used_parts: UsedParts | None = Field(
        default=None, description="How many parts of the units are used up. The default is the buyer's number."
    )
    deductions: list[DeductionInput] = Field(description="Deductions from the refund.", default=[], max_length=20)
    disposition: Disposition = Field(default=Disposition.RESTOCK, description="What happens to the units.")


class InspectGoodsRequest(CommandRequest):
    """Units that are not accepted go back to the buyer. Then `ground` and `message` are required."""

    model_config = example(lines=[{"line_id": "1", "accepted": 1, "disposition": "restock"}])

    lines: list[InspectedLine] = Field(
        min_length=1, max_length=MOST_LINES, description="The inspected lines, each line once."
    )
    ground: Ground | None = Field(default=None, description="Why units go back to the buyer.")
    message: MessageToBuyer = Field(default="", description="A text for the buyer, if units go back.")
    inspected_at: Instant | None = Field(default=None, description="When the units were inspected. The default is now.")

    def command(self, by: Actor) -> commands.Inspect:
        lines = tuple(
            commands.InspectedLine(
                line_id=line.line_id,
                accepted=line.accepted,
                used_parts=line.used_parts,
                deductions=tuple(deduction.deducted() for deduction in line.deductions),
                disposition=line.disposition,
            )
            for line in self.lines
        )
        return commands.Inspect(
            by=by, lines=lines, ground=self.ground, message=self.message, inspected_at=self.inspected_at
        )


class ReshipGoodsRequest(CommandRequest):
    """The replacement was sent, or the repaired goods were."""

    model_config = example(tracking={"carrier": "cj", "number": "651111222233"})

    tracking: TrackingInput = Field(description="The parcel of the replacement or the repaired goods.")

    reshipped_at: Instant | None = Field(default=None, description="When the parcel was sent. The default is now.")

    def command(self, by: Actor) -> commands.Reship:
        return commands.Reship(by=by, tracking=self.tracking.tracking(), reshipped_at=self.reshipped_at)


class CompleteClaimRepairRequest(CommandRequest):
    """The accepted goods are repaired."""

    model_config = example(actor="workshop")

    completed_at: Instant | None = Field(default=None, description="When the repair was done. The default is now.")

    def command(self, by: Actor) -> commands.CompleteRepair:
        return commands.CompleteRepair(by=by, completed_at=self.completed_at)


class ConfirmClaimDeliveryRequest(CommandRequest):
    """The replacement or the repaired goods have arrived."""

    model_config = example(actor="cj")

    delivered_at: Instant | None = Field(default=None, description="When the goods arrived. The default is now.")

    def command(self, by: Actor) -> commands.ConfirmDelivery:
        return commands.ConfirmDelivery(by=by, delivered_at=self.delivered_at)


class ConvertClaimRequest(CommandRequest):
    """The seller refunds the goods instead of exchanging or repairing them, or exchanges them instead of repairing
    them. A cancellation of goods that had left becomes a return."""

    model_config = example(because="refused", note="교환 상품이 품절되었습니다.")

    to: Literal[Kind.RETURN, Kind.EXCHANGE] = Field(
        default=Kind.RETURN, description="What the claim becomes. A repair can become an exchange."
    )
    because: CureFailure | None = Field(
        default=None,
        description="Why the exchange or the repair did not help: it `failed`, you `refused` it, or it was too `late`. "
        "The buyer may then have a further right. Only a repair can fail.",
    )
    replacements: list[NewReplacement] = Field(
        description="For an exchange: the goods to send, for each line.", default=[], max_length=MOST_LINES
    )
    note: Message = Field(default="", description="An explanation.")

    @model_validator(mode="after")
    def _only_an_exchange_has_replacements(self) -> Self:
        if self.replacements and self.to is not Kind.EXCHANGE:
            raise ValueError("only an exchange has replacements")
        return self

    def command(self, by: Actor) -> commands.Convert:
        return commands.Convert(
            by=by, to=self.to, because=self.because, replacements=new_replacements(self.replacements), note=self.note
        )
