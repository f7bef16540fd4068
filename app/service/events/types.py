"""Every type of event that there is, one row each: what it means, what its data holds, and an example.

Those of claims are the table of transitions' own, so that none can be missing. An endpoint can ask for what is
here by name; whoever adds a type adds a row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.model.vocabulary import Role
from app.engine.transitions.table import TABLE
from app.service.errors import InvalidError
from app.service.events import examples, order_types
from app.service.events.schemas import ClaimData, ContactData, EndpointData, EventData, RefundData

TEST, FAILING, DISABLED = "endpoint.test", "endpoint.failing", "endpoint.disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """`example` is that of the body's `data`, as JSON values."""

    name: str
    description: str
    data: type[EventData]
    example: Mapping[str, Any]


_OF_CLAIMS: Mapping[str, str] = {
    "requested": "A claim was opened.",
    "approved": "The claim was approved.",
    "rejected": "The claim was rejected, or nothing of what came back was accepted.",
    "retracted": "The buyer took the claim back.",
    "expired": "The goods never came back in time.",
    "held": "The claim was put on hold.",
    "released": "The hold was lifted.",
    "reclassified": "The reason, the fault or the replacement was changed.",
    "offer_made": "The seller offered an alternative.",
    "offer_accepted": "The buyer took the alternative.",
    "offer_declined": "The buyer declined the alternative.",
    "dispatched": "The goods are on their way back.",
    "partly_received": "Some of the goods have come back.",
    "received": "All goods that were expected have come back.",
    "accepted": "The goods were inspected and accepted.",
    "reshipped": "The replacement was sent.",
    "exchanged": "The replacement has arrived: the exchange is complete.",
    "refunded": "All of the claim's refunds have succeeded.",
    "overtaken": "The order left while its cancellation was open.",
    "offer_lapsed": "The buyer did not answer the offer in time.",
    "response_overdue": "Nobody has answered the request in time.",
    "payment_confirmed": "The buyer has paid what they owed on the claim.",
    "converted": "What was to be exchanged is paid back instead.",
}
_OF_REFUNDS: Mapping[str, str] = {
    "created": "A refund is owed: pay it and report.",
    "processing": "The provider has been asked.",
    "succeeded": "The money has moved.",
    "failed": "The provider said no.",
    "unknown": "The provider did not answer.",
    "overdue": "The refund is late; `late_interest` is what it bears by now.",
}
_OF_CONTACTS: Mapping[str, Mapping[str, Any]] = {
    "question_asked": examples.of_contact("question", Role.SELLER, "사진을 보내주시겠어요?"),
    "question_answered": examples.of_contact("answer", Role.BUYER, "네, 보내드렸어요."),
}
_SAID: Mapping[str, str] = {
    "question_asked": "The buyer was asked something about the claim.",
    "question_answered": "The buyer has answered.",
}
_OF_ENDPOINTS: Mapping[str, str] = {
    TEST: "You asked for it. It goes to the endpoint that is tested alone.",
    FAILING: "Nothing has reached an endpoint for a day. It will be disabled if that goes on; told to the others.",
    DISABLED: "An endpoint was disabled: it failed for five days, or answered 410. Told to the others.",
}


def _claim_rows() -> list[EventType]:
    """A row without words fails here, at the start."""
    first = {row.event: row for row in reversed(TABLE)}
    events = dict.fromkeys(row.event for row in TABLE)
    return [_row(f"claim.{event}", _OF_CLAIMS[event], ClaimData, examples.of_claim(first[event])) for event in events]


def _row(name: str, description: str, data: type[EventData], example: Mapping[str, Any]) -> EventType:
    return EventType(name=name, description=description, data=data, example=example)


_STATUS = {"created": "pending", "overdue": "processing"}

CATALOGUE: tuple[EventType, ...] = (
    *_claim_rows(),
    *(
        _row(f"refund.{status}", words, RefundData, examples.of_refund(_STATUS.get(status, status)))
        for status, words in _OF_REFUNDS.items()
    ),
    *(_row(f"claim.{name}", _SAID[name], ContactData, example) for name, example in _OF_CONTACTS.items()),
    *(_row(f"order.{name}", words, data, order_types.example(said)) for name, words, data, said in order_types.ROWS),
    *(_row(name, words, EndpointData, examples.of_endpoint(name)) for name, words in _OF_ENDPOINTS.items()),
)
TYPES: frozenset[str] = frozenset(row.name for row in CATALOGUE)


def require_known(types: Collection[str]) -> None:
    """Raises InvalidError for a name that is no event type's."""
    if unknown := sorted(set(types) - TYPES):
        raise InvalidError("unknown_event_type", f"There is no event type {unknown[0]}: see /v1/event-types.", "types")


def example_body(row: EventType) -> dict[str, Any]:
    """A whole body, as it goes over the wire."""
    return {"type": row.name, "timestamp": examples.MOMENT, "data": dict(row.example)}


def schema_of(row: EventType) -> dict[str, Any]:
    """The JSON Schema of `data`, complete in itself."""
    return row.data.model_json_schema(mode="serialization")
