"""Every type of event that there is, one row each: what it means, and what its data holds.

Those of claims are the table of transitions' own, so that none can be missing. An endpoint can ask for what is
here by name; whoever adds a type adds a row. Each has an example in `examples/`, a whole body as it goes over the
wire, written by `python -m tests.docs --write`.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.engine.transitions.table import TABLE
from app.service.errors import InvalidError
from app.service.events import order_types
from app.service.events.schemas import ClaimData, ContactData, EndpointData, EventData, RefundData

EXAMPLES = Path(__file__).parent / "examples"
TEST, FAILING, DISABLED = "endpoint.test", "endpoint.failing", "endpoint.disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    name: str
    description: str
    data: type[EventData]


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
_OF_CONTACTS: Mapping[str, str] = {
    "question_asked": "The buyer was asked something about the claim.",
    "question_answered": "The buyer has answered.",
}
_OF_ENDPOINTS: Mapping[str, str] = {
    TEST: "You asked for it. It goes to the endpoint that is tested alone.",
    FAILING: "Nothing has reached an endpoint for a day. It will be disabled if that goes on; told to the others.",
    DISABLED: "An endpoint was disabled: it failed for five days, or answered 410. Told to the others.",
}


def _row(name: str, description: str, data: type[EventData]) -> EventType:
    return EventType(name=name, description=description, data=data)


CATALOGUE: tuple[EventType, ...] = (
    # an event of the table that has no words here fails at the start
    *(_row(f"claim.{name}", _OF_CLAIMS[name], ClaimData) for name in dict.fromkeys(row.event for row in TABLE)),
    *(_row(f"refund.{name}", words, RefundData) for name, words in _OF_REFUNDS.items()),
    *(_row(f"claim.{name}", words, ContactData) for name, words in _OF_CONTACTS.items()),
    *(_row(f"order.{name}", words, data) for name, words, data in order_types.ROWS),
    *(_row(name, words, EndpointData) for name, words in _OF_ENDPOINTS.items()),
)
TYPES: frozenset[str] = frozenset(row.name for row in CATALOGUE)


def require_known(types: Collection[str]) -> None:
    """Raises InvalidError for a name that is no event type's."""
    if unknown := sorted(set(types) - TYPES):
        raise InvalidError("unknown_event_type", f"There is no event type {unknown[0]}: see /v1/event-types.", "types")


def example_body(row: EventType) -> dict[str, Any]:
    """A whole body, as it goes over the wire."""
    body: dict[str, Any] = json.loads((EXAMPLES / f"{row.name}.json").read_text("utf-8"))
    return body


def schema_of(row: EventType) -> dict[str, Any]:
    """The JSON Schema of `data`, complete in itself."""
    return _schema(row.data)


@cache
def _schema(data: type[EventData]) -> dict[str, Any]:
    """Once for each of the few models: some types share theirs, and a schema takes 15 ms to build."""
    return data.model_json_schema(mode="serialization")
