"""Pages of a list: opaque cursors, in the body and in a `Link` header."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, Literal, Protocol, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from orjson import Fragment
from pydantic import TypeAdapter

from app.api.context import RequestContext
from app.api.problems import ProblemError
from app.api.schemas.common import Instant, Name
from app.api.schemas.sorting import SortedList
from app.json_text import dump
from app.records.sorting import PageQuery, Sort, SortedPage
from app.service.transactions import Tx
from app.turns import in_turns

Place = TypeVar("Place", bound=tuple[Any, ...])
Row = TypeVar("Row")
PlaceOf = Callable[[Row], tuple[Any, ...]]

BY_ID = TypeAdapter(tuple[Name])
"""The cursors of a list in the order of its ids."""


class Listing(Protocol):
    """The query parameters of every list."""

    limit: int
    cursor: str | None


async def page(
    ctx: RequestContext,
    listing: Listing,
    places: TypeAdapter[Place],
    fetch: Callable[[Tx, int, Place | None], Awaitable[Sequence[Row]]],
    *,
    place: Callable[[Row], Place],
    body: Callable[[Row], object],
) -> Response:
    """One page. A cursor holds the `place` of the last row of a page. `fetch` reads the rows after a place, and one row
    more than the page shows: the extra row says that another page follows."""
    limit = min(listing.limit, ctx.app_state.page_size_max)
    after = position(listing.cursor, places)
    rows = await ctx.read(lambda tx: fetch(tx, limit + 1, after))
    return await _answer(ctx.request, rows, limit, place, body)


class Places(Generic[Row]):
    """The places of the rows of a sorted list. `kinds` are the types of the values that `created` returns."""

    def __init__(self, *kinds: Any, created: PlaceOf[Row], updated: PlaceOf[Row]) -> None:
        self._created, self._updated = created, updated
        self.types = {sort: _cursor_type(sort, (Instant, Name) if sort.is_by_update else kinds) for sort in Sort}

    def of(self, sort: Sort) -> PlaceOf[Row]:
        place = self._updated if sort.is_by_update else self._created
        return place if sort is Sort.LAST_CREATED else lambda row: (*place(row), sort.value)


def _cursor_type(sort: Sort, kinds: tuple[Any, ...]) -> TypeAdapter[tuple[Any, ...]]:
    """A cursor names its order, so that no cursor is used in another order. The default order has no name."""
    form: Any = kinds if sort is Sort.LAST_CREATED else (*kinds, Literal[sort])
    return TypeAdapter(tuple[form])


async def sorted_page(
    ctx: RequestContext,
    listing: SortedList,
    places: Places[Row],
    fetch: Callable[[Tx, PageQuery], Awaitable[SortedPage[Row]]],
    *,
    body: Callable[[Row], object],
) -> Response:
    """As `page`, in one of the orders of `Sort`, with the total if it is asked for."""
    sort, limit = listing.sorted_by, min(listing.limit, ctx.app_state.page_size_max)
    after = position(listing.cursor, places.types[sort])
    if after is not None and sort is not Sort.LAST_CREATED:
        after = after[:-1]
    query = PageQuery(sort=sort, limit=limit + 1, after=after, is_counted=listing.total)
    found = await ctx.read(lambda tx: fetch(tx, query))
    return await _answer(ctx.request, found.rows, limit, places.of(sort), body, total=found.total)


async def _answer(
    request: Request,
    rows: Sequence[Row],
    limit: int,
    place: PlaceOf[Row],
    body: Callable[[Row], object],
    **more: object,
) -> Response:
    shown = rows[:limit]
    following = cursor(*place(shown[-1])) if len(rows) > limit else None
    return page_answer(request, [Fragment(dump(body(row))) async for row in in_turns(shown)], following, **more)


def cursor(*position: object) -> str:
    """The place where a page ended, encoded. Only this service reads the cursor."""
    return base64.urlsafe_b64encode(dump(position).encode()).decode().rstrip("=")


def position(cursor: str | None, places: TypeAdapter[Place]) -> Place | None:
    """The place that `cursor` holds. Raises ProblemError (400) for a cursor that this service did not make."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return places.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise ProblemError(400, "invalid_cursor") from None


def page_answer(request: Request, rows: list[object], next_cursor: str | None, **more: object) -> Response:
    headers: Mapping[str, str] = {}
    if next_cursor is not None:
        others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        query = [*others, ("cursor", next_cursor)]
        headers = {"Link": f'<{request.url.path}?{urlencode(query)}>; rel="next"'}
    return Response(dump({"data": rows, "next_cursor": next_cursor, **more}), 200, headers, "application/json")
