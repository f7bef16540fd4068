"""Every event type, one row each: its name, its meaning and the schema of its data.

The types of claims come from the table of transitions, so none can be missing. An endpoint subscribes to types by
name. To add a type, add a row. Each type has an example in `examples/`, a whole body as it goes over the wire,
written by `python -m tests.docs --write`.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.engine.transitions.table import TABLE
from app.service.errors import InvalidError
from app.service.events.breaker_schema import BreakerEventData
from app.service.events.goods_schema import DispositionEventData, ParcelEventData
from app.service.events.privacy_schema import BuyerErasedEventData
from app.service.events.rule_schema import RuleEventData
from app.service.events.schemas import (
    AddressChangeEventData,
    AddressRefusalEventData,
    ArrivalDateEventData,
    ClaimEventData,
    ContactEventData,
    DelayEventData,
    DeliveryDateEventData,
    DeliveryEventData,
    EditEventData,
    EndpointEventData,
    EventData,
    FileEventData,
    OptionChangeEventData,
    OptionRefusalEventData,
    OrderEventData,
    OvertakenOptionEventData,
    ReadyToShipEventData,
    RefundAccountEventData,
    RefundEventData,
    ReminderEventData,
    ReversalEventData,
    ShipDateAlertEventData,
    ShipDateChangedEventData,
    ShipDateMissingEventData,
    ShipDateSetEventData,
    ShipmentEventData,
    TransitEventData,
    WantedDayEventData,
)
from app.service.events.survey_schema import SurveyEventData
from app.service.events.withdrawal_schema import WithdrawalEventData, WithdrawalReceiptEventData
from app.service.resources.names import definitions, publicly_named

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
    "partly_rejected": "Some lines were rejected. They are in `rejected_lines`. The other lines go on.",
    "rejected": "The claim was rejected, or none of the returned goods were accepted.",
    "retracted": "The buyer took the claim back.",
    "expired": "The goods did not come back in time.",
    "held": "The claim was put on hold.",
    "released": "The hold was lifted.",
    "edited": "The buyer changed what the claim asks for. `before` has what it asked for until then.",
    "reclassified": "The reason, the fault or the replacement was changed.",
    "offer_made": "The seller offered an alternative.",
    "offer_accepted": "The buyer accepted the alternative.",
    "offer_declined": "The buyer declined the alternative.",
    "dispatched": "The goods are on their way back.",
    "partly_received": "Some of the goods have come back.",
    "received": "All goods that were expected have come back.",
    "accepted": "The goods were inspected and accepted.",
    "repaired": "The goods are repaired, and wait to be sent to the buyer.",
    "reshipped": "The replacement was sent, or the repaired goods were.",
    "exchanged": "The replacement has arrived: the exchange is complete.",
    "sent_back": "The repaired goods have arrived: the repair is complete.",
    "refunded": "All of the claim's refunds have succeeded.",
    "overtaken": "The order was shipped before its cancellation was granted.",
    "offer_lapsed": "The buyer did not answer the offer in time.",
    "response_overdue": "Nobody answered the request in time.",
    "payment_confirmed": "The buyer has paid what they owed on the claim.",
    "refund_adjusted": "The payments of the order have changed, and with them the refund of the claim.",
    "converted": "The exchange became a return, or the repair became an exchange or a return.",
}
_OF_REFUNDS: Mapping[str, str] = {
    "created": "A refund is owed. Pay the refund and report the outcome.",
    "processing": "The refund was sent to the provider.",
    "part_paid": "A part of the refund was paid. `parts` has every part so far.",
    "succeeded": "The money was paid. `parts` says how.",
    "failed": "The provider refused to pay.",
    "unknown": "The provider did not answer.",
    "voided": "The bank or the provider paid the money back instead. Nothing is left to pay.",
    "reminded": "The seller was reminded of a refund that is due in a day and that nobody works on.",
    "overdue": "The refund is late. `late_interest` is the interest so far.",
}
_OF_CONTACTS: Mapping[str, str] = {
    "question_asked": "The seller asked the buyer a question about the claim.",
    "question_answered": "The buyer answered the question.",
}
_OF_REMINDERS: Mapping[str, str] = {
    "response_reminded": "The seller was reminded of a request: its answer is due in a day.",
    "goods_reminded": "The buyer was reminded to send the goods back: three days are left.",
    "offer_reminded": "The buyer was reminded of an offer: it ends in a day.",
    "answer_reminded": "The buyer was reminded of a question: the claim waits for three more days.",
}
_OF_ACCOUNTS: Mapping[str, str] = {
    "refund_account_requested": "The buyer is asked for an account: a refund cannot go back to its payment.",
    "refund_account_set": "The buyer named the account for the refunds of the claim.",
}
_OF_FILES: Mapping[str, str] = {
    "file_added": "Somebody added a file that shows facts of the claim. The bytes are not in the event.",
    "file_erased": "The bytes of a file were erased. `infected`: the scanner refused them.",
}
_OF_PARCELS: Mapping[str, str] = {
    "parcel_changed": "A parcel with goods of the claim was announced, is somewhere else, or was received.",
}
_OF_DISPOSITIONS: Mapping[str, str] = {
    "disposition_changed": "What becomes of the units that the shop keeps was changed after the inspection.",
}
_OF_SURVEYS: Mapping[str, str] = {
    "survey_answered": "The buyer said how the handling of the claim was. Read the survey for the words of the buyer.",
}
_OF_RULES: Mapping[str, str] = {
    "rule_applied": "A rule of the seller fitted the new claim. `rule` says why, and what came of it.",
}
_OF_WITHDRAWALS: Mapping[str, str] = {
    "received": "A buyer withdrew from a contract. The service has not looked for the order yet.",
    "unmatched": "No order fits the withdrawal: the seller must match it or close it.",
    "matched": "The withdrawal has its order. `claim_ids` are the claims that came of it.",
}
_OF_BREAKERS: Mapping[str, str] = {
    "opened": "Too much was decided in an hour or a day. Until `until_at`, or a reset, nothing more is paid back.",
}
_OF_ENDPOINTS: Mapping[str, str] = {
    TEST: "A test that you requested. Only the tested endpoint receives it.",
    FAILING: "No delivery to an endpoint has succeeded for a day. Without a success the endpoint will be disabled. Your"
    " other endpoints receive this event.",
    DISABLED: "An endpoint was disabled: it failed for five days, or answered 410. Your other endpoints receive this.",
}
_OF_ORDERS: tuple[tuple[str, str, type[OrderEventData]], ...] = (
    ("ship_date_set", "The order has a day on which it will be shipped.", ShipDateSetEventData),
    (
        "ship_date_changed",
        "The order will be shipped on another day, or has no ship date any more.",
        ShipDateChangedEventData,
    ),
    ("delayed", "The order will be shipped later than planned.", DelayEventData),
    ("arrival_date_set", "The order is expected to arrive on a day, or on another day.", ArrivalDateEventData),
    ("ready_to_ship", "The parcel waits for its carrier.", ReadyToShipEventData),
    ("shipped", "A parcel was shipped.", ShipmentEventData),
    ("delivered", "A parcel was delivered.", DeliveryEventData),
    ("ship_date_missing", "The order is paid and has no ship date.", ShipDateMissingEventData),
    ("ship_date_near", "The order should be shipped tomorrow and is not ready.", ShipDateAlertEventData),
    ("ship_date_passed", "The ship date has passed, and the order is not shipped.", ShipDateAlertEventData),
    ("wanted_day_missed", "The order is expected after the day by which the buyer wants it.", WantedDayEventData),
    ("carrier_silent", "No delivery of a parcel is reported in time: ask the carrier.", TransitEventData),
    ("transit_delayed", "The carrier is still silent about a parcel: the buyer is told.", TransitEventData),
    ("link_requested", "The buyer asked for a link to the order, and named an address or a phone.", OrderEventData),
    ("address_change_requested", "The buyer requests another delivery address.", AddressChangeEventData),
    ("address_change_accepted", "The goods go to the new address.", AddressChangeEventData),
    ("address_change_refused", "The goods go to the old address.", AddressRefusalEventData),
    ("option_change_requested", "The buyer requests another option for unshipped units.", OptionChangeEventData),
    (
        "option_change_awaiting_payment",
        "The option change is accepted. The buyer owes the difference in price.",
        OptionChangeEventData,
    ),
    ("option_change_accepted", "The units have the new option, on a line of their own.", OptionChangeEventData),
    ("option_change_refused", "The units keep their option.", OptionRefusalEventData),
    ("option_change_retracted", "The buyer took the request for another option back.", OptionChangeEventData),
    (
        "option_change_overtaken",
        "The units were shipped or claimed before the option was changed.",
        OvertakenOptionEventData,
    ),
    ("payment_reversed", "The bank or the provider took money of a payment.", ReversalEventData),
    ("reversal_won", "The money of a reversal came back.", ReversalEventData),
    ("buyer_erased", "Data of the buyer was erased. Erase your copies too.", BuyerErasedEventData),
    ("delivery_date_chosen", "The buyer has chosen the delivery date of lines.", DeliveryDateEventData),
)


def _row(name: str, description: str, data: type[EventData]) -> EventType:
    return EventType(name=name, description=description, data=data)


CATALOGUE: tuple[EventType, ...] = (
    # an event of the table without a description raises KeyError when this module is imported
    *(
        _row(f"claim.{name}", _OF_CLAIMS[name], EditEventData if name == "edited" else ClaimEventData)
        for name in dict.fromkeys(row.event for row in TABLE)
    ),
    *(_row(f"refund.{name}", words, RefundEventData) for name, words in _OF_REFUNDS.items()),
    *(_row(f"claim.{name}", words, ContactEventData) for name, words in _OF_CONTACTS.items()),
    *(_row(f"claim.{name}", words, ReminderEventData) for name, words in _OF_REMINDERS.items()),
    *(_row(f"claim.{name}", words, RefundAccountEventData) for name, words in _OF_ACCOUNTS.items()),
    *(_row(f"claim.{name}", words, FileEventData) for name, words in _OF_FILES.items()),
    *(_row(f"claim.{name}", words, ParcelEventData) for name, words in _OF_PARCELS.items()),
    *(_row(f"claim.{name}", words, DispositionEventData) for name, words in _OF_DISPOSITIONS.items()),
    *(_row(f"claim.{name}", words, SurveyEventData) for name, words in _OF_SURVEYS.items()),
    *(_row(f"claim.{name}", words, RuleEventData) for name, words in _OF_RULES.items()),
    *(_row(f"order.{name}", words, data) for name, words, data in _OF_ORDERS),
    *(_row(f"withdrawal.{name}", words, WithdrawalEventData) for name, words in _OF_WITHDRAWALS.items()),
    _row(
        "withdrawal.receipt_made",
        "The PDF receipt of a withdrawal was made. Nobody can change it later.",
        WithdrawalReceiptEventData,
    ),
    *(_row(f"refund_breaker.{name}", words, BreakerEventData) for name, words in _OF_BREAKERS.items()),
    *(_row(name, words, EndpointEventData) for name, words in _OF_ENDPOINTS.items()),
)
TYPES: frozenset[str] = frozenset(row.name for row in CATALOGUE)


def require_known(types: Collection[str]) -> None:
    """Raises InvalidError for a name that is not an event type."""
    if unknown := sorted(set(types) - TYPES):
        raise InvalidError("unknown_event_type", type=unknown[0], field="types")


def example_body(row: EventType) -> dict[str, Any]:
    """A whole body, as the service sends it."""
    body: dict[str, Any] = json.loads((EXAMPLES / f"{row.name}.json").read_text("utf-8"))
    return body


def schema_of(row: EventType) -> dict[str, Any]:
    """The JSON Schema of `data`, complete in itself."""
    return _schema(row.data)


@cache
def _schema(data: type[EventData]) -> dict[str, Any]:
    """A cache. Event types share models, and a schema takes 15 ms to build."""
    schema = data.model_json_schema(mode="serialization")
    return {**publicly_named(schema), "$defs": definitions(schema["$defs"])}
