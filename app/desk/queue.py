"""The queue, on which the desk opens: what waits, the nearest deadline first, with tabs, filters and a search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from app.api.paging import cursor as cursor_at
from app.api.paging import position
from app.api.schemas.seller_queue import QueueListing
from app.api.seller_queue import BY_PLACE
from app.desk.html import desk_page
from app.desk.queue_rows import row_of
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, ReadsClaims
from app.engine.model.vocabulary import Kind
from app.records.api_key import Scope
from app.records.seller_queue import QueueFilter, QueueSummary
from app.records.staff import Staff
from app.service import seller_queue, staff
from app.service.seller_queue import QueueEntry
from app.service.transactions import Tx
from app.service.withdrawal_receipts import zone_of_shop

router = APIRouter(route_class=DeskRoute, include_in_schema=False)

_DAY = timedelta(hours=24)
_ROWS = 25
_FILTERS = ("kind", "assignee", "tag", "q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """`query` are the filters of the list behind the tab, and `count` its number in the summary."""

    name: str
    query: Mapping[str, Any]
    count: str = ""


TABS = (
    Tab(name="mine", query={}, count="waiting"),
    Tab(name="today", query={"due": "today"}, count="to_answer"),
    Tab(name="overdue", query={"overdue": True}, count="overdue"),
    Tab(name="answered", query={"answered": True}, count="answered"),
    Tab(name="to_inspect", query={"state": "received"}, count="to_inspect"),
    Tab(name="address_changes", query={"subject": "address_change"}, count="address_changes"),
    Tab(name="option_changes", query={"subject": "option_change"}, count="option_changes"),
    Tab(name="withdrawals", query={"subject": "withdrawal"}, count="withdrawals"),
    Tab(name="buyer", query={"turn": "buyer"}),
    Tab(name="snoozed", query={"snoozed": True}),
)
_BY_NAME = {tab.name: tab for tab in TABS}


@router.get(PATH)
async def show_queue(
    request: Request, seen: ReadsClaims, tab: str = "", cursor: Annotated[str | None, Query(max_length=500)] = None
) -> Response:
    return await queue_page(seen, dict(request.query_params), tab=tab, cursor=cursor)


async def queue_page(
    seen: Arrived,
    query: Mapping[str, str],
    *,
    tab: str = "",
    cursor: str | None = None,
    status: int = 200,
    problem: str = "",
) -> Response:
    chosen = _BY_NAME.get(tab, TABS[0])
    filters = {name: value for name in _FILTERS if (value := query.get(name, "").strip())}
    where, wrong = _where(seen, chosen, filters)
    after = position(cursor, BY_PLACE)

    async def read(tx: Tx) -> tuple[Sequence[QueueEntry], QueueSummary, Sequence[Staff], ZoneInfo]:
        rows = await seller_queue.page(tx, seen.caller, where, limit=_ROWS + 1, after=after)
        summary = await seller_queue.summary(tx, seen.caller, seen.now, seen.now + _DAY)
        people = await staff.list_staff(tx, seen.caller)
        return rows, summary, people, await zone_of_shop(tx, seen.caller.merchant_id, seen.now)

    entries, summary, people, zone = await seen.read(read)
    names = {person.staff_id: person.name for person in people}
    shown = entries[:_ROWS]
    kept = {"tab": chosen.name, **filters}
    following = cursor_at(*shown[-1].place.position) if len(entries) > _ROWS else None
    return await desk_page(
        seen,
        "queue.html",
        status=status,
        section="queue",
        **_around(seen, chosen, filters, summary, people),
        wrong=wrong,
        rows=[row_of(entry, seen.now, seen.language, zone, names) for entry in shown],
        next_page=_address(**kept, cursor=following) if following else "",
        problem=problem,
        first_page=_address(**kept) if cursor else "",
    )


def _around(
    seen: Arrived, tab: Tab, filters: Mapping[str, str], summary: QueueSummary, people: Sequence[Staff]
) -> dict[str, Any]:  # fmt: skip
    """The tabs with their counts, and the choices of the filters."""
    return {
        "tabs": [(each.name, _address(tab=each.name), _count(each, summary)) for each in TABS],
        "tab": tab.name,
        "kinds": [kind.value for kind in Kind],
        "people": [person for person in people if person.disabled_at is None],
        "me": seen.caller.staff_id,
        "filters": {**dict.fromkeys(_FILTERS, ""), **filters},
        "decides": seen.may(Scope.CLAIMS_DECIDE),
    }


def _where(seen: Arrived, tab: Tab, filters: Mapping[str, str]) -> tuple[QueueFilter, bool]:
    """The filter of the list, and whether what was entered had to be left out of the list."""
    of_tab = {name: value for name, value in tab.query.items() if name != "due"}
    if tab.query.get("due"):
        of_tab["due_before"] = (seen.now + _DAY).isoformat()
    try:
        return QueueListing.model_validate({**of_tab, **filters}).filter(seen.now, seen.caller.staff_id), False
    except ValidationError:
        return QueueListing.model_validate(of_tab).filter(seen.now, seen.caller.staff_id), True


def _count(tab: Tab, summary: QueueSummary) -> int | None:
    return getattr(summary, tab.count) if tab.count else None


def _address(**query: str) -> str:
    given = {name: value for name, value in query.items() if value and (name, value) != ("tab", TABS[0].name)}
    return f"{PATH}?{urlencode(given)}" if given else PATH
