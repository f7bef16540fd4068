"""The types of events that are about orders: what each means, what its data adds to the order's, an example."""

from collections.abc import Mapping
from typing import Any

from app.service.events import order_schemas as shapes
from app.service.events.order_schemas import OrderData

_DAY, _LATER = "2026-06-12", "2026-06-15"
_MOMENT = "2026-06-10T01:00:00Z"
_ORDER: Mapping[str, Any] = {
    "policy": "storefront_kr@1",
    "currency": "KRW",
    "buyer_id": "buyer-7",
    "paid_at": "2026-06-09T01:00:00Z",
    "confirmed_at": None,
    "expected_ship_on": _DAY,
    "ready_to_ship_at": None,
    "delay_reason": None,
    "lines": [
        {
            "line_id": "1",
            "sku": "MUG-WHITE",
            "title": "머그컵",
            "quantity": 2,
            "shipped": 0,
            "delivered": 0,
            "deliver_on": None,
            "cancelled": 0,
        }
    ],
    "lines_left_out": 0,
}
_CHANGE = {"change_id": "0198c1f4-1c2d-7e3f-8a9b-0c1d2e3f4a5b"}
_PARCEL = {
    "carrier": "cj",
    "tracking_number": "651234567890",
    "lines": [{"line_id": "1", "quantity": 2}],
    "lines_left_out": 0,
}
_CHOSEN = {"lines": [{"line_id": "1", "before": None, "deliver_on": _LATER}], "lines_left_out": 0}
_PRACTICE = "marketplace practice; no law sets a number"

Transition = tuple[str, str, type[OrderData], Mapping[str, Any]]
ROWS: tuple[Transition, ...] = (
    (
        "ship_date_set",
        "The order has a day on which it is to leave.",
        shapes.ShipDateSetData,
        {"expected_ship_on": _DAY},
    ),
    (
        "ship_date_changed",
        "The order is to leave on another day, or none is named any more.",
        shapes.ShipDateChangedData,
        {"before": _DAY, "expected_ship_on": _LATER},
    ),
    (
        "delayed",
        "The order leaves later than was said.",
        shapes.DelayData,
        {"reason": "preparing", "message": "이틀 늦어집니다.", "before": _DAY, "expected_ship_on": _LATER},
    ),
    ("ready_to_ship", "The parcel waits for its carrier.", shapes.ReadyData, {"ready_to_ship_at": _MOMENT}),
    ("shipped", "A parcel has left.", shapes.ShippedData, {**_PARCEL, "shipped_at": _MOMENT}),
    ("delivered", "A parcel has arrived.", shapes.DeliveredData, {**_PARCEL, "delivered_at": _MOMENT}),
    (
        "ship_date_missing",
        "The order is paid and has no day on which it is to leave.",
        shapes.ShipDateMissingData,
        {"expected_ship_on": None, "due_at": _MOMENT, "paid_at": "2026-06-05T01:00:00Z", "citation": _PRACTICE},
    ),
    (
        "ship_date_near",
        "The order is to leave tomorrow and is not ready.",
        shapes.ShipAlertData,
        {"expected_ship_on": _DAY, "due_at": _MOMENT},
    ),
    (
        "ship_date_passed",
        "The day on which the order was to leave is over, and it has not left.",
        shapes.ShipAlertData,
        {"expected_ship_on": _DAY, "due_at": _MOMENT},
    ),
    (
        "address_change_requested",
        "The buyer wants the goods sent elsewhere.",
        shapes.AddressChangeData,
        _CHANGE,
    ),
    ("address_change_accepted", "The goods go to the new address.", shapes.AddressChangeData, _CHANGE),
    (
        "address_change_refused",
        "The goods go where they were to go.",
        shapes.AddressRefusedData,
        {**_CHANGE, "reason": "이미 포장을 마쳤습니다."},
    ),
    ("delivery_date_chosen", "The buyer has chosen when lines are to arrive.", shapes.DeliveryDateData, _CHOSEN),
)


def example(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The whole `data` around the facts of one event."""
    brief = {"order_id": "2026060512345", "order": _ORDER, "version": 3, "updated_at": _MOMENT}
    return {**brief, **said, "messages": []}
