"""The board of orders at the desk: what must be sent and what is in the way, in tabs, and one command for many."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response, Security
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from app.api.order_board import BY_PLACE, entry_body
from app.api.order_bulk import command_each
from app.api.paging import cursor as cursor_at
from app.api.paging import position
from app.api.schemas.order_bulk import MOST_ORDERS, OrderBulkCommand, UpdateOrdersRequest
from app.api.schemas.search import Search
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, PostedFields, visit
from app.engine.model.vocabulary import DelayReason
from app.records.api_key import Scope
from app.records.order_board import BoardCounts, BoardTab
from app.service import order_board
from app.service.order_board import BoardEntry
from app.service.transactions import Tx
from app.service.withdrawal_receipts import zone_of_shop

ADDRESS = f"{PATH}/orders"
router = APIRouter(prefix=ADDRESS, route_class=DeskRoute, include_in_schema=False)

ReadsOrders = Annotated[Arrived, Security(visit, scopes=[Scope.ORDERS_READ])]
WritesOrders = Annotated[Arrived, Security(visit, scopes=[Scope.ORDERS_WRITE])]
_ROWS = 50
_SOUGHT = TypeAdapter(Search)
FIELDS = {
    OrderBulkCommand.SET_SHIP_DATE: ("expected_ship_on",),
    OrderBulkCommand.DELAY: ("expected_ship_on", "reason", "message"),
    OrderBulkCommand.READY_TO_SHIP: (),
    OrderBulkCommand.CONFIRM: (),
}
"""The fields of each command, in the order of the buttons."""


@router.get("")
async def show_orders(
    seen: ReadsOrders,
    tab: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    chosen = next((each for each in BoardTab if each == tab), BoardTab.NO_SHIP_DATE)
    return await _page(seen, chosen, q.strip(), cursor)


async def _page(
    seen: Arrived, tab: BoardTab, q: str = "", cursor: str | None = None, *, status: int = 200, problem: str = ""
) -> Response:
    sought, after = _sought(q), position(cursor, BY_PLACE)

    async def read(tx: Tx) -> tuple[Sequence[BoardEntry], tuple[date, BoardCounts], ZoneInfo]:
        rows = await order_board.page(tx, seen.caller, tab, seen.now, limit=_ROWS + 1, after=after, q=sought)
        counts = await order_board.counts(tx, seen.caller, seen.now)
        return rows, counts, await zone_of_shop(tx, seen.caller.merchant_id, seen.now)

    entries, (today, counts), zone = await seen.read(read)
    shown = entries[:_ROWS]
    kept = {"tab": tab.value, **({"q": q} if q else {})}
    following = cursor_at(*shown[-1].place.position) if len(entries) > _ROWS else None
    return await desk_page(
        seen,
        "orders.html",
        status=status,
        section="orders",
        tabs=[(each.value, f"{ADDRESS}?tab={each}", counts[each]) for each in BoardTab],
        tab=tab.value,
        q=q,
        wrong=bool(q) and sought is None,
        rows=[{**entry_body(entry), "since_on": entry.place.stands_at.astimezone(zone).date()} for entry in shown],
        today=today,
        reasons=[reason.value for reason in DelayReason],
        commands=[command.value for command in FIELDS],
        next_page=f"{ADDRESS}?{urlencode({**kept, 'cursor': following})}" if following else "",
        writes=seen.may(Scope.ORDERS_WRITE),
        problem=problem,
    )


def _sought(q: str) -> str | None:
    """None for nothing, and for what has no letter and no digit."""
    try:
        return _SOUGHT.validate_python(q) if q else None
    except ValidationError:
        return None


@router.post("/bulk")
async def command_chosen(seen: WritesOrders, fields: PostedFields) -> Response:
    """With `step=confirm` give the command. Each order takes the command alone."""
    form = dict(fields)
    tab = next((each for each in BoardTab if each == form.get("tab")), BoardTab.NO_SHIP_DATE)
    chosen = list(dict.fromkeys(value for name, value in fields if name == "order"))[:MOST_ORDERS]
    command = next((each for each in FIELDS if each == form.get("do")), None)
    if not chosen or command is None:
        problem = PAGES.text("orders.nothing_chosen" if not chosen else "wrong_value", seen.language)
        return await _page(seen, tab, status=422, problem=problem)
    body = {name: value for name in FIELDS[command] if (value := form.get(name, "").strip())}
    asked = {"command": command, "order_ids": chosen, "body": body, "dry_run": form.get("step") != "confirm"}
    key = form.get("key") or str(uuid4())
    try:
        answer = await command_each(seen, UpdateOrdersRequest.model_validate(asked), _key(seen, key))
    except (ValidationError, RequestValidationError):
        return await _page(seen, tab, status=422, problem=PAGES.text("orders.fields_missing", seen.language))
    return await _results(seen, command, tab, body, answer, key)


def _key(seen: Arrived, key: str) -> str:
    """No key of the API meets that of a form."""
    of_person = f"{seen.caller.staff_id}\0{key}"
    return f"desk {hashlib.sha256(of_person.encode()).hexdigest()}"


async def _results(
    seen: Arrived, command: OrderBulkCommand, tab: BoardTab, body: dict[str, str], answer: dict[str, Any], key: str
) -> Response:
    return await desk_page(
        seen,
        "orders_bulk.html",
        section="orders",
        command=command.value,
        tab=tab.value,
        answer=answer,
        key=key,
        kept=list(body.items()),
    )
