"""The bodies of the commands about goods: sent back, received, inspected, reshipped."""

from typing import Literal

from pydantic import Field, StrictBool, StrictInt

from app.api.schemas.commands import CommandRequest, UsedParts, example
from app.api.schemas.common import Amount, Input, Message, Name, Quantity, Word
from app.engine.model import commands
from app.engine.model.claim import Actor, DeductedAmount, Tracking
from app.engine.model.vocabulary import Condition, Deduction, Disposition, Ground


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

    def command(self, by: Actor) -> commands.Dispatch:
        return commands.Dispatch(by=by, tracking=self.tracking.tracking() if self.tracking else None)


class ReceivedLine(Input):
    """Units of one line that came back in one condition."""

    line_id: Name = Field(description="A line of the claim.")
    quantity: Quantity = Field(description="Units that came back.")
    condition: Condition = Field(default=Condition.AS_SOLD, description="The condition of the units.")


class ReceiveGoodsRequest(CommandRequest):
    """Goods have come back."""

    model_config = example(lines=[{"line_id": "1", "quantity": 1, "condition": "as_sold"}])

    lines: list[ReceivedLine] = Field(max_length=200, description="The units that came back.")
    close: StrictBool = Field(default=False, description="Whether to close the receipt although units are missing.")

    def command(self, by: Actor) -> commands.Receive:
        lines = tuple(
            commands.ReceivedLine(line_id=line.line_id, quantity=line.quantity, condition=line.condition)
            for line in self.lines
        )
        return commands.Receive(by=by, lines=lines, close=self.close)


class DeductionInput(Input):
    """A deduction from the refund of a line. A rule of the law or the policy must allow it."""

    reason: Literal[Deduction.USED_VALUE, Deduction.MISSING_PARTS, Deduction.DAMAGE] = Field(
        description="The reason. A rule must allow it."
    )
    amount: Amount

    def deducted(self) -> DeductedAmount:
        return DeductedAmount(reason=self.reason, amount=self.amount)


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

    lines: list[InspectedLine] = Field(min_length=1, max_length=200, description="The inspected lines, each line once.")
    ground: Ground | None = Field(default=None, description="Why units go back to the buyer.")
    message: Message = Field(default="", description="A text for the buyer, if units go back.")

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
    """The replacement was sent."""

    model_config = example(tracking={"carrier": "cj", "number": "651111222233"})

    tracking: TrackingInput = Field(description="The parcel of the replacement.")

    def command(self, by: Actor) -> commands.Reship:
        return commands.Reship(by=by, tracking=self.tracking.tracking())


class ConfirmClaimDeliveryRequest(CommandRequest):
    """The replacement has arrived."""

    model_config = example(actor="cj")

    def command(self, by: Actor) -> commands.ConfirmDelivery:
        return commands.ConfirmDelivery(by=by)
