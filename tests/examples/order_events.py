"""The data of the events of orders: the order, and the fields that each event adds to the order."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.engine.model.order import Order, OrderLine, Payment
from app.service.resources.order import order_body

_DAY, _LATER = "2026-06-12", "2026-06-15"
_ARRIVES = {"expected_arrival_on": "2026-06-17", "wanted_on": "2026-06-16", "gift": True}
_IN_TIME = {**_ARRIVES, "expected_arrival_on": "2026-06-14"}
_MOVES = {**_ARRIVES, "previous_arrival_on": "2026-06-14"}
_MOMENT = "2026-06-10T01:00:00Z"
_PAID = "2026-06-09T01:00:00Z"
_ORDER = Order(
    order_id="2026060512345",
    currency="KRW",
    policy="storefront_kr@1",
    country="KR",
    buyer_id="buyer-7",
    paid_at=datetime.fromisoformat(_PAID),
    expected_ship_on=date.fromisoformat(_DAY),
    expected_arrival_on=date.fromisoformat("2026-06-14"),
    wanted_on=date.fromisoformat("2026-06-16"),
    gift=True,
    payments=(Payment(payment_id="pay-1", method="card", captured=24000),),
    lines=(OrderLine(line_id="1", sku="MUG-WHITE", title="머그컵", quantity=2, unit_price=12000),),
)
_CHANGE = {"change_id": "0198c1f4-1c2d-7e3f-8a9b-0c1d2e3f4a5b"}
_OPTION = {
    "change_id": "0198c1f5-2a3b-7c4d-8e5f-6a7b8c9d0e1f",
    "line_id": "1",
    "quantity": 1,
    "sku": "MUG-BLUE",
    "title": "파란 머그컵",
    "unit_price": 14000,
    "difference": 2000,
    "payment_id": None,
    "note": "파란색으로 바꿔 주세요.",
    "new_line_id": None,
}
_PARCEL = {
    "carrier": "cj",
    "tracking_number": "651234567890",
    "tracking_url": "https://trace.cjlogistics.com/next/tracking.html?wblNo=651234567890",
    "lines": [{"line_id": "1", "quantity": 2}],
    "lines_left_out": 0,
}
_CHOSEN = {"lines": [{"line_id": "1", "previous_on": None, "deliver_on": _LATER}], "lines_left_out": 0}
_REVERSAL = {
    "payment_id": "pay-1",
    "reversal_id": "dp_1",
    "kind": "chargeback",
    "amount": 6000,
    "reversed_at": _PAID,
    "won_at": None,
}
_PRACTICE = "marketplace practice; no law sets a number"


_ADDED: Mapping[str, Mapping[str, Any]] = {
    "ship_date_set": {"expected_ship_on": _DAY, **_IN_TIME},
    "ship_date_changed": {"previous_on": _DAY, "expected_ship_on": _LATER, **_MOVES},
    "delayed": {
        "reason": "preparing",
        "message": "이틀 늦어집니다.",
        "previous_on": _DAY,
        "expected_ship_on": _LATER,
        **_MOVES,
    },
    "arrival_date_set": {"previous_on": _LATER, **_ARRIVES},
    "ready_to_ship": {"ready_to_ship_at": _MOMENT, **_IN_TIME},
    "shipped": {**_PARCEL, "shipped_at": _MOMENT, **_IN_TIME},
    "delivered": {**_PARCEL, "delivered_at": _MOMENT},
    "ship_date_missing": {
        "expected_ship_on": None,
        "due_at": _MOMENT,
        "paid_at": "2026-06-05T01:00:00Z",
        "citation": _PRACTICE,
        **_ARRIVES,
        "expected_arrival_on": None,
    },
    "ship_date_near": {"expected_ship_on": _DAY, "due_at": _MOMENT, **_IN_TIME},
    "ship_date_passed": {"expected_ship_on": _DAY, "due_at": _MOMENT, **_IN_TIME},
    "wanted_day_missed": {**_ARRIVES, "expected_ship_on": _LATER},
    "carrier_silent": {**_PARCEL, "shipped_at": _PAID, **_IN_TIME, "due_at": _MOMENT},
    "transit_delayed": {**_PARCEL, "shipped_at": _PAID, **_IN_TIME, "due_at": _MOMENT},
    "link_requested": {},
    "address_change_requested": _CHANGE,
    "address_change_accepted": _CHANGE,
    "address_change_refused": {**_CHANGE, "reason": "이미 포장을 마쳤습니다."},
    "option_change_requested": _OPTION,
    "option_change_awaiting_payment": _OPTION,
    "option_change_accepted": {**_OPTION, "payment_id": "pay-2", "new_line_id": _OPTION["change_id"]},
    "option_change_refused": {**_OPTION, "reason": "L 사이즈가 모두 품절되었습니다."},
    "option_change_retracted": _OPTION,
    "option_change_overtaken": {**_OPTION, "overtaken_by": "shipment"},
    "payment_reversed": _REVERSAL,
    "reversal_won": {**_REVERSAL, "won_at": _MOMENT},
    "buyer_erased": {"erased": ["unneeded"], "erases_next_at": "2029-06-09T03:00:00Z"},
    "delivery_date_chosen": _CHOSEN,
}


def data_of(event: str) -> Mapping[str, Any]:
    now = datetime.fromisoformat(_MOMENT)
    body = order_body(_ORDER, created_at=datetime.fromisoformat(_PAID), updated_at=now, version=3)
    order = {**body, "metadata": {}}
    head = {"order_id": _ORDER.order_id, "order": order, "version": 3, "updated_at": now}
    return {**head, **_ADDED[event], "messages": []}
