"""Pages of a list: opaque cursors, in the body and in a `Link` header."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import TypeAdapter

from app.api.context import RequestContext
from app.api.problems import ProblemError
from app.api.schemas.common import Name
from app.json_text import dump
from app.service.transactions import Tx

Place = TypeVar("Place", bound=tuple[Any, ...])
Row = TypeVar("Row")

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
    shown = rows[:limit]
    following = cursor(*place(shown[-1])) if len(rows) > limit else None
    return page_answer(ctx.request, [body(row) for row in shown], following)


def cursor(*position: str | int) -> str:
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


def page_answer(request: Request, rows: list[object], next_cursor: str | None) -> Response:
    headers: Mapping[str, str] = {}
    if next_cursor is not None:
        query = {**request.query_params, "cursor": next_cursor}
        headers = {"Link": f'<{request.url.path}?{urlencode(query)}>; rel="next"'}
    return Response(dump({"data": rows, "next_cursor": next_cursor}), 200, headers, "application/json")
