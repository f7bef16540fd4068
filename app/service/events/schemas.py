"""The `data` of events, by the subject of the event. The JSON Schemas of the event types are made from these models.

The models describe what is published and check nothing. A consumer must accept fields that it does not know.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.engine.model.vocabulary import DelayReason, State
from app.service.resources.claim import ClaimBody
from app.service.resources.claim_parts import ActorBody
from app.service.resources.contact import ContactBody
from app.service.resources.message import MessageBody
from app.service.resources.order import OrderBody, ParcelLine
from app.service.resources.refund import RefundBody


class EventData(BaseModel):
    """What all events have in common."""

    messages: list[MessageBody] = Field(description="The messages to people about the event, if any.")
    truncated: list[str] = Field(
        default=[],
        description="The fields that were left out because the body would have been too large. Absent otherwise.",
    )


class ClaimEventData(EventData):
    """A step of a claim. Drop it when you have seen a higher `version` of this claim."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True)

    claim_id: str
    order_id: str
    version: int = Field(description="The version of the claim, as in `claim`.")
    seq: int = Field(description="The place in the claim's history, from 1 and without gaps.")
    by: ActorBody = Field(description="Who acted.")
    source: State | None = Field(alias="from", description="The state before; null for a new claim.")
    to: State
    command: dict[str, Any] = Field(description="The command. `command` is its name, the other fields are its content.")
    effects: list[dict[str, Any]] = Field(description="What must happen outside of the claim. `effect` is its name.")
    claim: ClaimBody = Field(description="The claim after the event.")


class RefundEventData(EventData):
    """A refund, in the history of the claim that owes it."""

    claim_id: str
    order_id: str
    version: int = Field(description="The version of the claim after its last step before this event.")
    seq: int = Field(description="The place in the claim's history.")
    refund: RefundBody = Field(description="The refund after the event.")


class ContactEventData(EventData):
    """A question or an answer about a claim, in the claim's history. The claim does not change."""

    claim_id: str
    order_id: str
    version: int = Field(description="The version of the claim after its last step before this event.")
    seq: int = Field(description="The place in the claim's history.")
    by: ActorBody = Field(description="Who asked or answered.")
    contact: ContactBody = Field(description="The question or the answer.")
    claim: ClaimBody = Field(description="The claim after the event.")


class EndpointEventData(EventData):
    """One of your endpoints, and how deliveries to it go."""

    endpoint_id: str
    url: str
    failing_started_at: datetime | None = Field(description="No delivery has succeeded since.")
    disables_at: datetime | None = Field(description="When the endpoint will be disabled unless a delivery succeeds.")
    disabled_reason: Literal["failing", "gone"] | None = Field(description="`gone`: the endpoint answered 410.")


class OrderEventData(EventData):
    """An event of an order. Drop it when you have seen a higher `version` of this order."""

    order_id: str
    version: int = Field(description="Grows with every event of the order.")
    updated_at: datetime
    order: OrderBody = Field(description="The order after the event.")


class ShipDateSetEventData(OrderEventData):
    expected_ship_on: date


class ShipDateChangedEventData(OrderEventData):
    previous_on: date | None
    expected_ship_on: date | None


class DelayEventData(OrderEventData):
    reason: DelayReason
    message: str | None = Field(description="A text for the buyer.")
    previous_on: date | None
    expected_ship_on: date | None


class ReadyToShipEventData(OrderEventData):
    ready_to_ship_at: datetime


class ShipmentEventData(OrderEventData):
    carrier: str
    tracking_number: str
    lines: list[ParcelLine]
    lines_left_out: int
    shipped_at: datetime


class DeliveryEventData(OrderEventData):
    carrier: str
    tracking_number: str
    lines: list[ParcelLine]
    lines_left_out: int
    delivered_at: datetime


class ShipDateAlertEventData(OrderEventData):
    expected_ship_on: date | None
    due_at: datetime = Field(description="Since when the order needs attention.")


class ShipDateMissingEventData(ShipDateAlertEventData):
    paid_at: datetime | None
    citation: str = Field(description="The rule that sets when the order must have a ship date.")


class AddressChangeEventData(OrderEventData):
    """Without the address: read it with `GET .../address-changes`."""

    change_id: str


class AddressRefusalEventData(AddressChangeEventData):
    reason: str = Field(description="A text for the buyer.")


class DeliveryDateChoice(BaseModel):
    line_id: str
    previous_on: date | None
    deliver_on: date | None


class DeliveryDateEventData(OrderEventData):
    lines: list[DeliveryDateChoice]
    lines_left_out: int
