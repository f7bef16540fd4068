"""Endpoints, their deliveries and the feed over HTTP."""

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

_TYPES = "What it is told of, by name; all there is, and will be, when empty. See /v1/event-types."
_HEADERS = "Sent with every delivery, such as an Authorization of your own. They are not shown again."


def _only_false(value: object) -> object:
    """To Python 0 is False as well."""
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

    url: Url = Field(description="https, on the public internet, without user name and fragment.")
    description: Name | None = None
    types: Types = Field(default=[], description=_TYPES)
    headers: Headers = Field(default={}, description=_HEADERS)
    rate_limit: Rate | None = None
    paused: StrictBool = Field(default=False, description="Deliveries are collected and not sent.")
    ed25519: StrictBool = Field(
        default=False,
        description="Sign with an ed25519 key too, `v1a`, whose public half is shown.",
    )

    def wanted(self) -> NewEndpoint:
        values = {name: getattr(self, name) for name in CreateWebhookEndpointRequest.model_fields}
        return NewEndpoint(**(values | {"types": tuple(dict.fromkeys(self.types))}))


class UpdateWebhookEndpointRequest(Input):
    """What is not named stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"paused": True}]})

    url: Url = Field(default="", description="https, on the public internet, without user name and fragment.")
    description: Name | None = None
    types: Types = Field(default=[], description=_TYPES)
    headers: Headers = Field(default={}, description=_HEADERS)
    rate_limit: Rate | None = None
    paused: StrictBool = False
    disabled: Annotated[Literal[False], BeforeValidator(_only_false)] = Field(
        default=False,
        description="Enable an endpoint that was disabled; replay what it has missed.",
    )

    def changes(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return given | ({"types": tuple(dict.fromkeys(self.types))} if "types" in given else {})


class EmptyRequest(Input):
    """No words are needed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class RecoverWebhookEndpointRequest(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"from_at": "2026-06-10T00:00:00+09:00"}]})

    from_at: Instant = Field(description="What was first to be sent before this is left alone.")


class ReplayEventsRequest(Input):
    """By position, both ends in it, or by the time of the events, the later end outside of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"from_position": 1, "to_position": 100}]})

    from_position: Position | None = None
    to_position: Position | None = None
    from_at: Instant | None = None
    before_at: Instant | None = None

    @model_validator(mode="after")
    def _has_a_beginning(self) -> Self:
        if self.from_position is None and self.from_at is None:
            raise ValueError("say where to begin: from_position or from_at")
        return self

    def range(self) -> Range:
        return Range(**{name: getattr(self, name) for name in ReplayEventsRequest.model_fields})


class WebhookEndpoint(BaseModel):
    """An endpoint, and how it is doing. Its secret is shown when it is made or replaced, and never again."""

    endpoint_id: str
    url: str
    description: str | None
    types: list[str]
    header_names: list[str]
    rate_limit: int | None
    paused: bool
    public_key: str | None = Field(description="`whpk_...`, which verifies `v1a` signatures.")
    failing_started_at: datetime | None = Field(description="Nothing has succeeded since.")
    disables_at: datetime | None = Field(
        description="When it will be disabled unless something succeeds; set once that has been told."
    )
    disabled_at: datetime | None
    disabled_reason: Literal["failing", "gone"] | None = Field(description="`gone`: it answered 410.")
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="Also the ETag.")


class WebhookEndpointWithSecret(WebhookEndpoint):
    secret: str = Field(description="`whsec_...`, which verifies `v1` signatures. Keep it: it is shown this once.")


class WebhookEndpointList(BaseModel):
    data: list[WebhookEndpoint]


class TestEvent(BaseModel):
    event_id: str = Field(description="Also the `webhook-id` that it comes under.")


class DeliveryBody(BaseModel):
    """One event on its way to one endpoint."""

    delivery_id: str
    endpoint_id: str
    event_id: str = Field(description="Also the `webhook-id` of every attempt.")
    position: int = Field(description="The event's place in the feed.")
    type: str
    status: DeliveryStatus
    attempts: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None


class DeliveryAttempt(BaseModel):
    number: int
    attempted_at: datetime
    status: int | None = Field(description="The HTTP status; null where there was no answer.")
    latency_ms: int
    error: str | None = Field(description="What went wrong, as a code.")
    answer: str | None = Field(description="The first 1,000 bytes of the answer's body.")


class DeliveryWithAttempts(DeliveryBody):
    attempts_made: list[DeliveryAttempt]


class DeliveryPage(BaseModel):
    data: list[DeliveryBody]
    next_cursor: str | None


class QueuedDeliveries(BaseModel):
    queued: int = Field(description="So many deliveries will be sent.")


class ReplayResult(QueuedDeliveries):
    next_position: int | None = Field(description="Where to go on: one call replays 10,000 events.")


class EventBody(BaseModel):
    """An event in its place. `body` is what its webhook carries."""

    event_id: str
    position: int = Field(description="From 1 and without gaps. What is committed later comes later.")
    type: str
    occurred_at: datetime
    subject: str
    subject_id: str
    body: dict[str, Any]


class EventPage(BaseModel):
    data: list[EventBody]
    next_cursor: str | None = Field(description="Where to go on, now or later; null while there is nothing.")


class EventTypeBody(BaseModel):
    type: str
    description: str
    data_schema: dict[str, Any] = Field(description="JSON Schema of the body's `data`.")
    example: dict[str, Any] = Field(description="A whole body.")


class EventTypeList(BaseModel):
    data: list[EventTypeBody]
