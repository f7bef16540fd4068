"""The variables of the events of an order: dates, delays and parcels."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.messages.context import Setting, Variables, day_of, line_of, listed, of_parcel
from app.messages.days import local_day
from app.messages.links import LINK_PLACE


def of_notice(name: str, data: Mapping[str, Any], setting: Setting) -> Variables:
    """The variables of an event of an order. The lines of a parcel have the titles of the order's lines. The reason of
    a delay is a code, and every other reason is a text."""
    parcel = [(line["line_id"], line["quantity"]) for line in data.get("lines", ())]
    lines = [line_of(setting.order, line_id, quantity) for line_id, quantity in parcel]
    return {
        "ship_on": day_of(data.get("expected_ship_on")) or _ship_on(name, data, setting),
        "delay_reason": data.get("reason") if name == "order.delayed" else None,
        "message": data.get("message") if name == "order.delayed" else data.get("reason"),
        "link": LINK_PLACE if name == "order.link_requested" else None,
        **_dates(name, data),
        **_wish(data),
        "shipped_on": _shipped_on(name, data, setting),
        **of_parcel(data.get("carrier"), data.get("tracking_number")),
        **(listed("lines", lines) if parcel else {}),
        **(_option(data, setting) if name.startswith(_OPTION_CHANGE) and data else {}),
    }


_OPTION_CHANGE = "order.option_change_"


def _option(data: Mapping[str, Any], setting: Setting) -> Variables:
    """The units that change, what they become, and what the buyer pays or has paid for that. A preview has no data."""
    count = data["quantity"]
    return {
        **listed("lines", [line_of(setting.order, data["line_id"], count)]),
        "replacements": [{"title": data["title"] or data["sku"], "quantity": count}],
        "note": data["note"],
        "buyer_owes": data["difference"] or None,
        "paid_amount": data["difference"] if data["payment_id"] else None,
    }


def _dates(name: str, data: Mapping[str, Any]) -> Variables:
    """The expected arrival, and the dates before the change. The previous day of an arrival date is an arrival too."""
    is_arrival = name == "order.arrival_date_set"
    previous, previous_arrival = data.get("previous_on"), data.get("previous_arrival_on")
    arrive_on, arrive_was_on = (
        day_of(data.get("expected_arrival_on")),
        day_of(previous if is_arrival else previous_arrival),
    )
    return {
        "ship_was_on": None if is_arrival else day_of(previous),
        "arrive_on": arrive_on,
        "arrive_was_on": arrive_was_on if arrive_was_on != arrive_on else None,
        "arrives_later": bool(arrive_on and arrive_was_on and arrive_on > arrive_was_on),
    }


def _wish(data: Mapping[str, Any]) -> Variables:
    """The wanted day, and whether the goods are expected after it. Without an arrival date, their ship date counts."""
    wanted_on = day_of(data.get("wanted_on"))
    expected = day_of(data.get("expected_arrival_on") or data.get("expected_ship_on"))
    return {
        "gift": bool(data.get("gift")),
        "wanted_on": wanted_on,
        "misses_wanted_day": bool(wanted_on and expected and expected > wanted_on),
    }


def _shipped_on(name: str, data: Mapping[str, Any], setting: Setting) -> date | None:
    """The local day on which a parcel that is late was shipped."""
    shipped_at = data.get("shipped_at")
    is_late = name in ("order.carrier_silent", "order.transit_delayed")
    return local_day(datetime.fromisoformat(shipped_at), setting.zone) if is_late and shipped_at else None


def _ship_on(name: str, data: Mapping[str, Any], setting: Setting) -> date | None:
    """The expected ship date of goods that are ready, if the day has not passed."""
    expected, ready_at = setting.order.expected_ship_on, data.get("ready_to_ship_at")
    if name != "order.ready_to_ship" or expected is None or ready_at is None:
        return None
    ready_on = local_day(datetime.fromisoformat(ready_at), setting.zone) if isinstance(ready_at, str) else None
    return None if ready_on and expected < ready_on else expected
