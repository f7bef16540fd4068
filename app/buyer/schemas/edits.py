"""The body of a buyer's edit of a claim. What only a seller may state has no field."""

from typing import Self

from pydantic import Field, model_validator

from app.api.schemas.commands import example
from app.api.schemas.common import MOST_LINES, Amount, Input, Instant, Message
from app.buyer.schemas.claims import WantedLine
from app.engine.model.claim import Actor
from app.engine.model.edit import Edit
from app.engine.model.vocabulary import Declared, Reason


class EditClaimForBuyerRequest(Input):
    """What you ask for from now on. Send all of it: a field that you leave out is emptied."""

    model_config = example(
        reason="defective", lines=[{"line_id": "1", "quantity": 1}], conditions=["opened"], note="컵에 금이 가 있어요."
    )

    reason: Reason = Field(description="Why. The reason decides who pays the shipping. `goodwill` is the seller's.")
    lines: list[WantedLine] = Field(
        min_length=1,
        max_length=MOST_LINES,
        description="The lines, each line once. A line without `replacement` keeps the one it has.",
    )
    discovered_at: Instant | None = Field(default=None, description="When you discovered the defect.")
    conditions: list[Declared] = Field(default=[], max_length=20, description="The condition of the goods.")
    note: Message | None = Field(default=None, description="What the seller should know.")
    amount: Amount | None = Field(
        default=None, description="Kind `refund` only: a sum below the full value. You keep the goods."
    )

    @model_validator(mode="after")
    def _is_for_a_buyer(self) -> Self:
        if self.reason is Reason.GOODWILL:
            raise ValueError("goodwill is for the seller to give")
        return self

    def command(self, by: Actor) -> Edit:
        return Edit(
            by=by,
            reason=self.reason,
            lines=tuple(line.line() for line in self.lines),
            discovered_at=self.discovered_at,
            conditions=frozenset(self.conditions),
            note=self.note,
            amount=self.amount,
        )
