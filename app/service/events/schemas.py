"""What an event's `data` holds, by the kind of thing that it is about: the source of the catalogue's JSON Schemas.

They describe what is told and check nothing: consumers must be ready for fields that they do not know.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.engine.model.claim import Actor, Claim
from app.engine.model.refund import Refund
from app.engine.model.vocabulary import State


class MessageTold(BaseModel):
    """What a person is told of the event, as it was rendered."""

    message_id: str
    audience: str = Field(description="buyer or seller")
    language: str
    subject: str
    text: str


class EventData(BaseModel):
    """What all events have in common."""

    messages: list[MessageTold] = Field(description="What people are told; empty where nobody is.")
    truncated: list[str] = Field(
        default=[],
        description="What had to be left out of a body that would have been too large; there only then.",
    )


class ClaimData(EventData):
    """A step of a claim. Drop it when you have seen a higher `version` of this claim."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True)

    claim_id: str
    order_id: str
    version: int = Field(description="Of the claim, as `claim` shows it.")
    seq: int = Field(description="The place in the claim's history, from 1 and without gaps.")
    by: Actor = Field(description="Who acted.")
    source: State | None = Field(alias="from", description="The state before; null for a new claim.")
    to: State
    command: dict[str, Any] = Field(description="What was asked: `command` names it, the rest are its words.")
    effects: list[dict[str, Any]] = Field(description="What follows outside of the claim: `effect` names each.")
    claim: Claim = Field(description="The claim as it then stood.")


class RefundData(EventData):
    """A refund, in the history of the claim that owes it."""

    claim_id: str
    order_id: str
    version: int = Field(description="Of the claim, by its last step before this.")
    seq: int = Field(description="The place in the claim's history.")
    refund: Refund = Field(description="The refund as it then stood.")


class ContactTold(BaseModel):
    contact_id: str
    kind: Literal["question", "answer"]
    text: str


class ContactData(EventData):
    """What was said on a claim, in its history; the claim stays as it is."""

    claim_id: str
    order_id: str
    version: int = Field(description="Of the claim, by its last step before this.")
    seq: int = Field(description="The place in the claim's history.")
    by: Actor = Field(description="Who said it.")
    contact: ContactTold
    claim: Claim = Field(description="The claim as it then stood.")


class EndpointData(EventData):
    """An endpoint of yours, and how it is doing."""

    endpoint_id: str
    url: str
    failing_started_at: datetime | None = Field(description="Nothing has succeeded since.")
    disables_at: datetime | None = Field(description="When it will be disabled unless something succeeds.")
    disabled_reason: Literal["failing", "gone"] | None = Field(description="`gone`: it answered 410.")
