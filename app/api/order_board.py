"""The routes of the board of orders: the orders of a tab, and how many each tab has."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from app.api.context import ReadsOrders
from app.api.examples import ok
from app.api.option_changes import option_change_body
from app.api.order_fulfilment import change_body
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.common import Day, Instant, Name
from app.api.schemas.order_board import BoardCountsBody, BoardListing, BoardPage
from app.json_text import dump
from app.records.order_board import BoardCounts
from app.service import order_board
from app.service.order_board import BoardEntry

router = APIRouter(prefix="/v1/order-board", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

BY_PLACE = TypeAdapter(tuple[Day | None, Instant, Name])
"""The cursors: the day of an order if its tab goes by days, an instant, and its id."""
_OF_ORDER = (
    *("order_id", "paid_at", "confirmed_at", "ready_to_ship_at", "expected_ship_on", "expected_arrival_on"),
    *("delay_reason", "gift"),
)
_OF_ENTRY = ("buyer_name", "wanted_on", "shipping", "to_ship", "cancelling")


@router.get(
    "", summary="List orders that need you", response_model=BoardPage, responses={**ok("order_board"), **responses(400)}
)
async def list_order_board(ctx: ReadsOrders, listing: Annotated[BoardListing, Query()]) -> Response:
    """The orders of one tab: without a ship date, to ship today or tomorrow, late, silent in transit, wanted by a day,
    with a change to decide, or with an open cancellation. An order can be in several tabs."""
    return await page(
        ctx,
        listing,
        BY_PLACE,
        lambda tx, limit, after: order_board.page(
            tx, ctx.caller, listing.tab, ctx.now, limit=limit, after=after, q=listing.q
        ),
        place=lambda entry: entry.place.position,
        body=entry_body,
    )


@router.get(
    "/counts", summary="Count orders that need you", response_model=BoardCountsBody, responses=ok("order_board_counts")
)
async def get_order_board_counts(ctx: ReadsOrders) -> Response:
    """How many orders each tab has."""
    today, counts = await ctx.read(lambda tx: order_board.counts(tx, ctx.caller, ctx.now))
    return Response(dump(counts_body(today, counts)), media_type="application/json")


def counts_body(today: date, counts: BoardCounts) -> dict[str, Any]:
    return {"counted_on": today, **{tab.value: count for tab, count in counts.items()}}


def entry_body(entry: BoardEntry) -> dict[str, Any]:
    order, first = entry.order, entry.order.lines[0]
    return {
        **{name: getattr(order, name) for name in _OF_ORDER},
        **{name: getattr(entry, name) for name in _OF_ENTRY},
        "title": first.title or first.sku,
        "more_lines": len(order.lines) - 1,
        "since_at": entry.place.stands_at,
        "address_change": entry.address_change and change_body(entry.address_change),
        "option_changes": [option_change_body(change) for change in entry.option_changes],
    }
