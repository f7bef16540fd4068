"""The body of an edit of a claim."""

from pydantic import Field

from app.api.schemas.commands import CommandRequest, RequestedLine, example
from app.api.schemas.common import MOST_LINES, Amount, Instant, Message, Name
from app.engine.model.claim import Actor
from app.engine.model.edit import Edit
from app.engine.model.vocabulary import Declared, Reason


class EditClaimRequest(CommandRequest):
    """What the claim asks for from now on. Send all of it: a field that you leave out is emptied."""

    model_config = example(
        reason="defective", lines=[{"line_id": "1", "quantity": 1}], conditions=["opened"], note="컵에 금이 가 있어요."
    )

    reason: Reason = Field(description="Why the buyer makes the claim. A new reason decides the fault anew.")
    lines: list[RequestedLine] = Field(
        min_length=1,
        max_length=MOST_LINES,
        description="The claimed lines, each line once. A line without `replacement` keeps the one it has.",
    )
    discovered_at: Instant | None = Field(default=None, description="When the buyer discovered the defect.")
    conditions: list[Declared] = Field(default=[], max_length=20, description="The declared condition of the goods.")
    note: Message | None = Field(default=None, description="A note in the buyer's words.")
    amount: Amount | None = Field(default=None, description="Kind `refund` only: a sum below the full value.")
    evidence: list[Name] = Field(
        default=[],
        max_length=50,
        description="Your references to what the buyer has said. A reason that makes the buyer at fault needs one.",
    )

    def command(self, by: Actor) -> Edit:
        return Edit(
            by=by,
            reason=self.reason,
            lines=tuple(line.line() for line in self.lines),
            discovered_at=self.discovered_at,
            conditions=frozenset(self.conditions),
            note=self.note,
            amount=self.amount,
            relayed=True,
            evidence=tuple(self.evidence),
        )
