"""The `data` of events, by the subject of the event. The JSON Schemas of the event types are made from these models.

The models describe what is published and check nothing. A consumer must accept fields that it does not know.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.engine.model.vocabulary import DelayReason, State
from app.records.option_change import OvertakenReason
from app.records.reversal import ReversalKind
from app.service.events.quiet import Quiet
from app.service.resources.asked import AskedBody
from app.service.resources.claim import ClaimBody
from app.service.resources.claim_file import FileFacts
from app.service.resources.claim_parts import ActorBody
from app.service.resources.contact import ContactBody
from app.service.resources.message import MessageBody
from app.service.resources.option_change import OptionChangeFields
from app.service.resources.order import OrderBody, ParcelLine
from app.service.resources.refund import RefundBody
from app.service.resources.refund_account import RefundAccountBody


class EventData(BaseModel):
    """What all events have in common."""

    messages: list[MessageBody] = Field(description="The messages to people about the event, if any.")
    truncated: list[str] = Field(
        default=[],
        description="The fields that were emptied because the body was too large. Absent otherwise.",
    )
    links: dict[str, str] = Field(
        default={},
        description="Paths of the API with what was emptied: `claim`, `history`, `messages`, `order`, `refund`. Absent"
        " if nothing was.",
    )
    quiet: Quiet | None = Field(
        default=None,
        description="Why the event makes no messages: the request was quiet, or the event lies in the past when you"
        " report it. Absent otherwise.",
    )


class ClaimEventData(EventData):
    """An event of a claim. Ignore the event if you have seen a higher `version` of this claim."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True)

    claim_id: str = Field(description="The claim.")
    order_id: str = Field(description="The order.")
    version: int = Field(description="The version of the claim, as in `claim`.")
    seq: int = Field(description="The place in the claim's history, from 1 and without gaps.")
    by: ActorBody = Field(description="Who acted.")
    source: State | None = Field(alias="from", description="The state before the event. Null for a new claim.")
    to: State = Field(description="The state after.")
    command: dict[str, Any] = Field(description="The command. `command` is its name, the other fields are its content.")
    effects: list[dict[str, Any]] = Field(description="What must happen outside of the claim. `effect` is its name.")
    claim: ClaimBody = Field(description="The claim after the event.")


class EditEventData(ClaimEventData):
    """An edit of a claim."""

    before: AskedBody = Field(description="What the claim asked for before the edit.")


class HistoryEventData(EventData):
    """An event in the history of a claim that is no step of the claim."""

    claim_id: str = Field(description="The claim.")
    order_id: str = Field(description="The order.")
    version: int = Field(description="The version of the claim after its last step before this event.")
    seq: int = Field(description="The place in the claim's history.")


class RefundEventData(HistoryEventData):
    """A refund, in the history of the claim that owes it."""

    refund: RefundBody = Field(description="The refund after the event.")


class RefundAccountEventData(HistoryEventData):
    """The account for the refunds of a claim, in the claim's history. The number is masked."""

    amount: int | None = Field(description="What is left to pay into the account. Null before a refund is owed.")
    currency: str | None = Field(description="The currency of the amount.")
    account: RefundAccountBody | None = Field(description="The account. Null in a question.")


class FileEventData(HistoryEventData):
    """A file that shows facts of a claim, in the claim's history. Words and bytes of the file are not in the event."""

    by: ActorBody = Field(description="Who added the file, or who erased the bytes.")
    file: FileFacts = Field(description="The file after the event.")


class ContactEventData(HistoryEventData):
    """A question or an answer about a claim, in the claim's history. The claim does not change."""

    by: ActorBody = Field(description="The author of the question or the answer.")
    contact: ContactBody = Field(description="The question or the answer.")
    claim: ClaimBody = Field(description="The claim after the event.")


class ReminderEventData(HistoryEventData):
    """Somebody was reminded of a deadline of a claim. The claim does not change."""

    by: ActorBody = Field(description="The service.")
    due_at: datetime = Field(description="The deadline: the first instant that is too late.")
    question: str | None = Field(description="The question that the buyer has not answered. Null otherwise.")
    claim: ClaimBody = Field(description="The claim after the event.")


class EndpointEventData(EventData):
    """One of your endpoints and its health."""

    endpoint_id: str = Field(description="The endpoint.")
    url: str = Field(description="Where events are sent.")
    failing_started_at: datetime | None = Field(description="No delivery has succeeded since.")
    disables_at: datetime | None = Field(description="When the endpoint will be disabled unless a delivery succeeds.")
    disabled_reason: Literal["failing", "gone"] | None = Field(description="`gone`: the endpoint answered 410.")


class OrderEventData(EventData):
    """An event of an order. Ignore the event if you have seen a higher `version` of this order."""

    order_id: str = Field(description="The order.")
    version: int = Field(description="Grows with every event of the order.")
    updated_at: datetime = Field(description="When the order last changed.")
    order: OrderBody = Field(description="The order after the event.")


class ArrivalEventData(OrderEventData):
    """An event about the way of an order to its buyer. An event that an older release stored has no day of arrival."""

    expected_arrival_on: date | None = Field(
        default=None, description="The local day on which the seller expects the whole order to arrive. Null for none."
    )
    wanted_on: date | None = Field(
        default=None, description="The local day by which the buyer wants what has not arrived yet. Null for none."
    )
    gift: bool = Field(default=False, description="Whether the order is a gift.")


class ShipDateSetEventData(ArrivalEventData):
    """An order has a ship date."""

    expected_ship_on: date = Field(description="The local day on which the seller expects to ship.")


class ShipDateChangedEventData(ArrivalEventData):
    """The expected ship date changed."""

    previous_on: date | None = Field(description="The local day before the change. Null for none.")
    expected_ship_on: date | None = Field(description="The local day on which the seller expects to ship.")
    previous_arrival_on: date | None = Field(
        default=None, description="The expected day of arrival before the change. Null for none."
    )


class DelayEventData(ArrivalEventData):
    """The expected ship date moved to a later day."""

    reason: DelayReason = Field(description="Why.")
    message: str | None = Field(description="A text for the buyer.")
    previous_on: date | None = Field(description="The local day before the change. Null for none.")
    expected_ship_on: date | None = Field(description="The local day on which the seller expects to ship.")
    previous_arrival_on: date | None = Field(
        default=None, description="The expected day of arrival before the change. Null for none."
    )


class ArrivalDateEventData(ArrivalEventData):
    """The order is expected to arrive on another day."""

    previous_on: date | None = Field(description="The local day before the change. Null for none.")


class ReadyToShipEventData(ArrivalEventData):
    """A parcel waits for its carrier."""

    ready_to_ship_at: datetime = Field(description="When the parcel was ready.")


class ShipmentEventData(ArrivalEventData):
    """A parcel was shipped."""

    carrier: str = Field(description="The carrier.")
    tracking_number: str = Field(description="The tracking number.")
    tracking_url: str | None = Field(
        default=None, description="The carrier's page of the parcel. Null for a carrier without one."
    )
    lines: list[ParcelLine] = Field(description="The content of the parcel.")
    lines_left_out: int = Field(description="How many lines were omitted because the body was too large.")
    shipped_at: datetime = Field(description="When the parcel was shipped.")


class TransitEventData(ShipmentEventData):
    """A parcel is on its way for long, and its delivery is not reported."""

    due_at: datetime = Field(description="Since when the parcel needs attention.")


class DeliveryEventData(OrderEventData):
    """A parcel was delivered."""

    carrier: str = Field(description="The carrier.")
    tracking_number: str = Field(description="The tracking number.")
    tracking_url: str | None = Field(
        default=None, description="The carrier's page of the parcel. Null for a carrier without one."
    )
    lines: list[ParcelLine] = Field(description="The content of the parcel.")
    lines_left_out: int = Field(description="How many lines were omitted because the body was too large.")
    delivered_at: datetime = Field(description="When the parcel was delivered.")


class ShipDateAlertEventData(ArrivalEventData):
    """The ship date of an order needs attention."""

    expected_ship_on: date | None = Field(description="The local day on which the seller expects to ship.")
    due_at: datetime = Field(description="Since when the order needs attention.")


class WantedDayEventData(ArrivalEventData):
    """The goods are expected after the day by which the buyer wants them."""

    expected_ship_on: date | None = Field(description="The local day on which the seller expects to ship.")


class ShipDateMissingEventData(ShipDateAlertEventData):
    """A paid order has no ship date."""

    paid_at: datetime | None = Field(description="When the first money was captured.")
    citation: str = Field(description="The rule that sets when the order must have a ship date.")


class AddressChangeEventData(OrderEventData):
    """An address change, without the address. Read the address with `GET .../address-changes`."""

    change_id: str = Field(description="The address change.")


class AddressRefusalEventData(AddressChangeEventData):
    """The seller refused an address change."""

    reason: str = Field(description="A text for the buyer.")


class OptionChangeEventData(OptionChangeFields, OrderEventData):
    """A change of the option of unshipped units."""

    change_id: str = Field(description="The option change.")


class OptionRefusalEventData(OptionChangeEventData):
    """The seller refused an option change."""

    reason: str = Field(description="A text for the buyer.")


class OvertakenOptionEventData(OptionChangeEventData):
    """An option change has ended without a decision."""

    overtaken_by: OvertakenReason = Field(description="What took the units.")


class ReversalEventData(OrderEventData):
    """Money that the bank or the provider took from a payment, or gave back."""

    payment_id: str = Field(description="The payment.")
    reversal_id: str = Field(description="The provider's id.")
    kind: ReversalKind = Field(description="Who took the money, and how.")
    amount: int = Field(description="In minor units.")
    reversed_at: datetime = Field(description="When the money was taken.")
    won_at: datetime | None = Field(description="When the money came back to the seller. Null until then.")


class DeliveryDateChoice(BaseModel):
    """The day that the buyer has chosen for a line."""

    line_id: str = Field(description="The order line.")
    previous_on: date | None = Field(description="The local day before the change. Null for none.")
    deliver_on: date | None = Field(description="The local day that the buyer has chosen. Null for none.")


class DeliveryDateEventData(OrderEventData):
    """The buyer chose delivery dates."""

    lines: list[DeliveryDateChoice] = Field(description="The lines whose day changed.")
    lines_left_out: int = Field(description="How many lines were omitted because the body was too large.")
