"""Bodies of the commands that tell where goods are: coming back, looked at, sent on."""

from typing import Literal

from pydantic import Field, StrictBool, StrictInt

from app.api.schemas.commands import CommandRequest, UsedParts, example
from app.api.schemas.common import Amount, Input, Message, Name, Quantity, Word
from app.engine.model import commands
from app.engine.model.claim import Actor, DeductedAmount, Tracking
from app.engine.model.vocabulary import Condition, Deduction, Disposition, Ground


class TrackingInput(Input):
    """How a parcel is found."""

    carrier: Word = Field(description="Who carries it.")
    number: Name = Field(description="Under which number.")

    def tracking(self) -> Tracking:
        return Tracking(carrier=self.carrier, number=self.number)


class DispatchGoodsRequest(CommandRequest):
    """The goods are on their way back."""

    model_config = example(tracking={"carrier": "cj", "number": "659876543210"})

    tracking: TrackingInput | None = Field(
        default=None, description="The parcel, as soon as it is known: it shows that the goods were sent."
    )

    def command(self, by: Actor) -> commands.Dispatch:
        return commands.Dispatch(by=by, tracking=self.tracking.tracking() if self.tracking else None)


class ReceivedLine(Input):
    """Units of one line that came back in one condition."""

    line_id: Name = Field(description="A line of the claim.")
    quantity: Quantity = Field(description="Units that came.")
    condition: Condition = Field(default=Condition.AS_SOLD, description="What they look like.")


class ReceiveGoodsRequest(CommandRequest):
    """Goods have come back."""

    model_config = example(lines=[{"line_id": "1", "quantity": 1, "condition": "as_sold"}])

    lines: list[ReceivedLine] = Field(max_length=200, description="What came back.")
    close: StrictBool = Field(default=False, description="Close the receipt though units are still missing.")

    def command(self, by: Actor) -> commands.Receive:
        lines = tuple(
            commands.ReceivedLine(line_id=line.line_id, quantity=line.quantity, condition=line.condition)
            for line in self.lines
        )
        return commands.Receive(by=by, lines=lines, close=self.close)


class DeductionInput(Input):
    """What comes off the refund of a line, where the law or the policy has a rule for it."""

    reason: Literal[Deduction.USED_VALUE, Deduction.MISSING_PARTS, Deduction.DAMAGE] = Field(
        description="Why; a rule must allow it."
    )
    amount: Amount

    def deducted(self) -> DeductedAmount:
        return DeductedAmount(reason=self.reason, amount=self.amount)


class InspectedLine(Input):
    """What was found of one line."""

    line_id: Name = Field(description="A line of the claim.")
    accepted: StrictInt = Field(description="Units that are taken back, of those that came.", ge=0, le=1_000_000)
    used_parts: UsedParts | None = Field(
        default=None, description="How many of all their parts were used up; as the buyer said unless you say so."
    )
    deductions: list[DeductionInput] = Field(
        description="Taken off what they were paid for.", default=[], max_length=20
    )
    disposition: Disposition = Field(default=Disposition.RESTOCK, description="What becomes of them.")


class InspectGoodsRequest(CommandRequest):
    """Units not accepted go back to the buyer: that takes a ground and a message."""

    model_config = example(lines=[{"line_id": "1", "accepted": 1, "disposition": "restock"}])

    lines: list[InspectedLine] = Field(min_length=1, max_length=200, description="Each line once.")
    ground: Ground | None = Field(default=None, description="Why units go back to the buyer.")
    message: Message = Field(default="", description="To the buyer, where units go back.")

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
        return commands.Inspect(by=by, lines=lines, ground=self.ground, message=self.message)


class ReshipGoodsRequest(CommandRequest):
    """The replacement has left."""

    model_config = example(tracking={"carrier": "cj", "number": "651111222233"})

    tracking: TrackingInput = Field(description="The parcel of the replacement.")

    def command(self, by: Actor) -> commands.Reship:
        return commands.Reship(by=by, tracking=self.tracking.tracking())


class ConfirmClaimDeliveryRequest(CommandRequest):
    """The replacement has arrived."""

    model_config = example(actor="cj")

    def command(self, by: Actor) -> commands.ConfirmDelivery:
        return commands.ConfirmDelivery(by=by)
