"""The public shape of a suggestion: a command with its path and its body, why, and what follows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine import SuggestedStep, Suggestion, SuggestionReason
from app.engine.model.commands import Command, Convert, HoldClaim, Inspect, Receive, Reclassify, Reject
from app.engine.model.parties import Party
from app.engine.model.refund import Refund
from app.engine.model.vocabulary import Ground, State
from app.messages.sentences import sentence


class SuggestedEffectBody(BaseModel):
    """The claim after the command, and after what the service does then."""

    state: State = Field(description="The state of the claim.")
    turn: Party | None = Field(description="Who must act then. Null: the claim ends.")
    turn_ends_by: datetime | None = Field(description="The first instant that is too late for them.")
    refund: int = Field(description="What the buyer gets back, in minor units, as known then.")
    refund_due_on: date | None = Field(description="The last local day for the money. Null while no money is owed.")
    refund_due_by: datetime | None = Field(description="The first instant that is too late for the money.")


class SuggestionBody(BaseModel):
    """The next step of the seller's side. The claim accepts the command on the present facts."""

    command: SuggestedStep = Field(
        description="The command. `ask` sends the buyer a question, and `pay` reports a refund that was paid."
    )
    path: str = Field(description="Where to POST the command.")
    body: dict[str, Any] = Field(description="The body to send, without the fields in `needs`.")
    needs: list[str] = Field(description="Fields of the body that a person must fill in.")
    why: SuggestionReason = Field(description="The reason, for programs.")
    reason: str = Field(description="The reason in one sentence, for people.")
    ground: Ground | None = Field(description="The ground behind the reason, if there is one.")
    citation: str | None = Field(description="The article or the rule behind the reason.")
    effect: SuggestedEffectBody = Field(description="What follows.")


def suggestion_body(
    suggestion: Suggestion, claim_id: str, to_pay: Sequence[Refund], language: str
) -> dict[str, Any]:  # fmt: skip
    """`to_pay` are the refunds of the claim that wait for the seller: `pay` names the first of them."""
    effect = suggestion.effect
    return {
        "command": suggestion.step,
        "path": _path(suggestion.step, claim_id, to_pay),
        "body": _without(suggestion.needs, _body(suggestion.step, suggestion.command)),
        "needs": suggestion.needs,
        "why": suggestion.why,
        "reason": sentence("suggestions", suggestion.why, {"ground": suggestion.ground}, language),
        "ground": suggestion.ground,
        "citation": suggestion.citation,
        "effect": {
            "state": effect.state,
            "turn": effect.party,
            "turn_ends_by": effect.ends_by,
            "refund": effect.refund,
            "refund_due_on": effect.refund_due_on,
            "refund_due_by": effect.refund_due_by,
        },
    }


def _path(step: SuggestedStep, claim_id: str, to_pay: Sequence[Refund]) -> str:
    if step is SuggestedStep.PAY and to_pay:
        return f"/v1/refunds/{to_pay[0].refund_id}/succeeded"
    return f"/v1/claims/{claim_id}/{_PATHS.get(step, step.replace('_', '-'))}"


_PATHS = {SuggestedStep.ASK: "contacts"}


def _body(step: SuggestedStep, command: Command | None) -> dict[str, Any]:
    if step is SuggestedStep.ASK:
        return {"kind": "question"}
    match command:
        case HoldClaim():
            return {"reason": command.reason}
        case Reject():
            return {"ground": command.ground, "message": command.message, "alternatives": command.alternatives}
        case Convert():
            return {"to": command.to}
        case Reclassify():
            return {"reason": command.reason, "fault": command.fault}
        case Receive():
            return {"lines": [_line(line, "quantity", "condition") for line in command.lines]}
        case Inspect():
            return {"lines": [_line(line, "accepted", "disposition") for line in command.lines]}
        case _:
            return {}


def _line(line: object, *names: str) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("line_id", *names)}


def _without(needs: Sequence[str], body: dict[str, Any]) -> dict[str, Any]:
    """Without stand-ins, and without what is empty."""
    return {name: value for name, value in body.items() if name not in needs and value not in (None, (), "")}
