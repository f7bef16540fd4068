"""The board of orders of the examples: an order of today with a change of address, and one command for two orders."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.api.order_board import counts_body, entry_body
from app.api.order_bulk import accepted
from app.records.order_board import BoardPlace, BoardTab
from app.service.order_board import BoardEntry
from app.service.shipping_states import shipping_of
from tests.examples import resources

_ORDER = resources.order_view.order
_ENTRY = BoardEntry(
    place=BoardPlace(
        order_id=_ORDER.order_id,
        stands_on=None,
        stands_at=resources.address_change.requested_at,
        subject_id=resources.address_change.change_id,
    ),
    order=_ORDER,
    buyer_name="김민아",
    shipping=shipping_of(_ORDER, ()),
    address_change=resources.address_change,
    option_changes=(),
)
_COUNTS = {
    BoardTab.NO_SHIP_DATE: 3,
    BoardTab.SHIP_SOON: 12,
    BoardTab.SHIP_LATE: 1,
    BoardTab.SILENT_IN_TRANSIT: 0,
    BoardTab.WANTED: 2,
    BoardTab.OPEN_CHANGE: 1,
    BoardTab.OPEN_CANCELLATION: 4,
}
ANSWERS: Mapping[str, Any] = {
    "order_board": {"data": [entry_body(_ENTRY)], "next_cursor": None},
    "order_board_counts": counts_body(date(2026, 6, 8), _COUNTS),
    "order_bulk_results": {
        "dry_run": True,
        "accepted": 1,
        "refused": 0,
        "not_found": 0,
        "results": [accepted(resources.order_view)],
    },
}
