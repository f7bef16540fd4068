"""The bodies of webhook endpoints, their deliveries and the feed."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from app.api.schemas.common import Input, Instant, Name, Word
from app.records.delivery import DeliveryStatus
from app.service.deliveries import Range
from app.service.endpoints import NewEndpoint

Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Types = Annotated[list[Word], Field(max_length=100)]
Headers = Annotated[dict[str, str], Field(max_length=20)]
Rate = Annotated[StrictInt, Field(ge=1, le=1000, description="Deliveries a second, at most.")]
Position = Annotated[StrictInt, Field(ge=1, lt=2**53)]

_TYPES = "The event types that the endpoint receives. Empty: every type. See /v1/event-types."
_HEADERS = "Headers of every delivery, such as your own Authorization. The API never shows the values."


def _only_false(value: object) -> object:
    """In Python 0 equals False, so `Literal[False]` alone would accept 0."""
    if value is not False:
        raise ValueError("can only be false: pause an endpoint to stop it")
    return value


class CreateWebhookEndpointRequest(Input):
    """Where to send events."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://shop.example/recourse",
                    "description": "order service",
                    "types": ["claim.approved", "refund.created"],
                }
            ]
        }
    )

    url: Url = Field(description="An https URL on the public internet, without user name and fragment.")
    description: Name | None = Field(default=None, description="For your own use.")
    types: Types = Field(default=[], description=_TYPES)
    headers: Headers = Field(default={}, description=_HEADERS)
    rate_limit: Rate | None = Field(default=None, description="Deliveries a second, at most.")
    paused: StrictBool = Field(default=False, description="Deliveries are collected and not sent.")
    ed25519: StrictBool = Field(
        default=False,
        description="Whether deliveries also have an ed25519 signature (`v1a`). The API shows the public key.",
    )

    def endpoint(self) -> NewEndpoint:
        values = {name: getattr(self, name) for name in CreateWebhookEndpointRequest.model_fields}
        return NewEndpoint(**(values | {"types": tuple(dict.fromkeys(self.types))}))


class UpdateWebhookEndpointRequest(Input):
    """A field that you omit does not change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"paused": True}]})

    url: Url = Field(  # no default in the document: it would be shorter than the schema allows
        default_factory=str, description="An https URL on the public internet, without user name and fragment."
    )
    description: Name | None = Field(default=None, description="For your own use.")
    types: Types = Field(default=[], description=_TYPES)
    headers: Headers = Field(default={}, description=_HEADERS)
    rate_limit: Rate | None = Field(default=None, description="Deliveries a second, at most.")
    paused: StrictBool = Field(default=False, description="Deliveries are collected and not sent.")
    disabled: Annotated[Literal[False], BeforeValidator(_only_false)] = Field(
        default=False,
        description="Enables a disabled endpoint. Replay the events that it missed.",
    )

    def changes(self) -> dict[str, Any]:
        changes = {name: getattr(self, name) for name in self.model_fields_set}
        return changes | ({"types": tuple(dict.fromkeys(self.types))} if "types" in changes else {})


class EmptyRequest(Input):
    """The body has no fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class RecoverWebhookEndpointRequest(Input):
    """Send failed deliveries again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"from_at": "2026-06-10T00:00:00+09:00"}]})

    from_at: Instant = Field(description="The service sends only deliveries from this instant on.")
    cursor: Annotated[str, Field(max_length=36)] | None = Field(
        default=None, description="The `next_cursor` of the answer before, with the same `from_at`."
    )


class ReplayEventsRequest(Input):
    """A range of positions with both ends inside, or a range of times without its later end."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"from_position": 1, "to_position": 100}]})

    from_position: Position | None = Field(default=None, description="The first position.")
    to_position: Position | None = Field(default=None, description="The last position.")
    from_at: Instant | None = Field(default=None, description="The first instant inside.")
    before_at: Instant | None = Field(default=None, description="The first instant outside.")

    @model_validator(mode="after")
    def _has_a_beginning(self) -> Self:
        if self.from_position is None and self.from_at is None:
            raise ValueError("give a beginning: from_position or from_at")
        return self

    def range(self) -> Range:
        return Range(**{name: getattr(self, name) for name in ReplayEventsRequest.model_fields})


class WebhookEndpoint(BaseModel):
    """An endpoint and its health. Only its creation and a rotation show the secret."""

    endpoint_id: str = Field(description="The service makes the id.")
    url: str = Field(description="Where events are sent.")
    description: str | None = Field(description="For your own use.")
    types: list[str] = Field(description="The event types that the endpoint receives. Empty: every type.")
    header_names: list[str] = Field(description="The names of your own headers. Their values are not shown.")
    rate_limit: int | None = Field(description="Deliveries a second, at most.")
    paused: bool = Field(description="Whether deliveries are collected and not sent.")
    public_key: str | None = Field(description="The key `whpk_...` that verifies `v1a` signatures.")
    failing_started_at: datetime | None = Field(description="No delivery has succeeded since this instant.")
    disables_at: datetime | None = Field(
        description="When the endpoint will be disabled unless a delivery succeeds. Set with `endpoint.failing`."
    )
    disabled_at: datetime | None = Field(description="When the endpoint was disabled.")
    disabled_reason: Literal["failing", "gone"] | None = Field(description="`gone`: the endpoint answered 410.")
    created_at: datetime = Field(description="When the endpoint was created.")
    updated_at: datetime = Field(description="When the endpoint last changed.")
    version: int = Field(description="Also the ETag.")


class WebhookEndpointWithSecret(WebhookEndpoint):
    """An endpoint with its secret."""

    secret: str = Field(
        description="The secret `whsec_...` that verifies `v1` signatures. Store it: it is shown only once."
    )


class WebhookEndpointList(BaseModel):
    """Your endpoints."""

    data: list[WebhookEndpoint] = Field(description="In the order of their creation.")


class TestEvent(BaseModel):
    """The test event that was published."""

    event_id: str = Field(description="Also the `webhook-id` of its delivery.")


class DeliveryBody(BaseModel):
    """One event on its way to one endpoint."""

    delivery_id: str = Field(description="The service makes the id.")
    endpoint_id: str = Field(description="The endpoint.")
    event_id: str = Field(description="Also the `webhook-id` of every attempt.")
    position: int = Field(description="The event's place in the feed.")
    type: str = Field(description="The event type.")
    status: DeliveryStatus = Field(description="How far the delivery is.")
    attempts: int = Field(description="The number of attempts.")
    next_at: datetime | None = Field(description="When the next attempt is.")
    created_at: datetime = Field(description="When the event was published.")
    delivered_at: datetime | None = Field(description="When the endpoint accepted the event.")


class DeliveryAttempt(BaseModel):
    """One attempt to send a delivery."""

    number: int = Field(description="Counts the attempts from 1.")
    attempted_at: datetime = Field(description="When the attempt was made.")
    status: int | None = Field(description="The HTTP status. Null without an answer.")
    latency_ms: int = Field(description="How long the attempt took.")
    error: str | None = Field(description="What went wrong, as a code.")
    answer: str | None = Field(description="The first 1,000 bytes of the answer's body.")


class DeliveryWithAttempts(DeliveryBody):
    """A delivery with every attempt."""

    attempts_made: list[DeliveryAttempt] = Field(description="Oldest first.")


class DeliveryPage(BaseModel):
    """A page of the deliveries to an endpoint."""

    data: list[DeliveryBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


class QueuedDeliveries(BaseModel):
    """Deliveries that will be sent."""

    queued: int = Field(description="The number of deliveries.")


class RecoveryResult(QueuedDeliveries):
    """Deliveries that will be sent, and what this call leaves out."""

    more: bool = Field(description="Whether failed deliveries are left. One call takes up to 10,000.")
    next_cursor: str | None = Field(description="Where the next call goes on. Null if `more` is false.")
    missed_from_at: datetime | None = Field(
        description="The endpoint was disabled from this instant on. The events since then are in no delivery until you"
        " replay them with this `from_at`. Null: none was missed."
    )


class ReplayResult(QueuedDeliveries):
    """Deliveries that will be sent, and where the next call starts."""

    next_position: int | None = Field(description="Where the next call starts. One call replays at most 10,000 events.")


class EventBody(BaseModel):
    """An event of the feed."""

    event_id: str = Field(description="Also the `webhook-id`.")
    position: int = Field(description="The place in the feed, from 1 and without gaps, in the order of the commits.")
    type: str = Field(description="The event type.")
    occurred_at: datetime = Field(description="When the attempt was made.")
    subject: str = Field(description="The kind of the subject: `claim`, `order` or `endpoint`.")
    subject_id: str = Field(description="The id of the subject.")
    body: dict[str, Any] = Field(description="The body of the webhook.")


class EventPage(BaseModel):
    """A page of the feed."""

    data: list[EventBody] = Field(description="Oldest first.")
    next_cursor: str | None = Field(
        description="Where the next request starts, now or later. Null while the feed is empty."
    )


class EventTypeBody(BaseModel):
    """An event type."""

    type: str = Field(description="The name of the type.")
    description: str = Field(description="What the type means.")
    data_schema: dict[str, Any] = Field(description="JSON Schema of the body's `data`.")
    example: dict[str, Any] = Field(description="An example of a whole body.")


class EventTypeList(BaseModel):
    """Every event type."""

    data: list[EventTypeBody] = Field(description="Every event type.")
