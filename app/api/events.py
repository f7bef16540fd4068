"""The feed of events, for consumers that poll, or that missed webhooks."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictInt, TypeAdapter

from app.api.context import ReadsEvents
from app.api.examples import ok
from app.api.paging import cursor, page_answer, position
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.schemas.common import Name, Word
from app.api.schemas.endpoints import EventBody, EventPage, EventTypeList
from app.api.serializers import feed_body
from app.json_text import dump
from app.service.events import feed
from app.service.events.feed import FeedRestoredError, Place
from app.service.events.types import CATALOGUE, EventType, example_body, schema_of

router = APIRouter(prefix="/v1", tags=["events"], responses=responses(401, 403, 413, 422, 429, 503))

EventId = Annotated[Name, Path(description="The event's id.")]


_Position = Annotated[StrictInt, Field(ge=0, lt=2**63)]
_AFTER: TypeAdapter[tuple[int] | tuple[int, str]] = TypeAdapter(tuple[_Position] | tuple[_Position, Name])
"""The position and the id of the last event. Cursors of earlier releases have the position alone."""


class FeedListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    types: Annotated[list[Word] | None, Field(max_length=100, description="Repeat it for several types.")] = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: str | None = None


@router.get(
    "/events",
    summary="List events",
    response_model=EventPage,
    responses={**ok("events"), **responses(400, 410)},
)
async def list_events(ctx: ReadsEvents, listing: Annotated[FeedListing, Query()]) -> Response:
    """The oldest event comes first. Send `next_cursor` with the next request: each event comes exactly once. After a
    restore from a backup, a cursor of lost events is answered with 410, and `params.cursor` is where to go on."""
    limit = min(listing.limit, ctx.app_state.page_size_max)
    after = position(listing.cursor, _AFTER)
    place = Place(*after) if after else None
    try:
        rows = await ctx.read(lambda tx: feed.page(tx, ctx.caller, limit=limit, after=place, types=listing.types))
    except FeedRestoredError as error:
        if error.go_on_after is None:
            raise ProblemError(410, "feed_restored") from None
        raise ProblemError(410, "feed_restored", cursor=_cursor(error.go_on_after)) from None
    last = Place(rows[-1].position, rows[-1].event_id) if rows else place
    return page_answer(ctx.request, [feed_body(event) for event in rows], _cursor(last) if last else None)


def _cursor(place: Place) -> str:
    return cursor(place.position, place.event_id) if place.event_id else cursor(place.position)


@router.get(
    "/events/{event_id}",
    summary="Read an event",
    response_model=EventBody,
    responses={**ok("event"), **responses(404)},
)
async def get_event(event_id: EventId, ctx: ReadsEvents) -> Response:
    """Return one event of the feed, with the body of its webhook."""
    event = await ctx.read(lambda tx: feed.read(tx, ctx.caller, event_id))
    return Response(dump(feed_body(event)), media_type="application/json")


@router.get(
    "/event-types",
    summary="List event types",
    response_model=EventTypeList,
    responses=ok("event_types"),
)
def list_event_types(_: ReadsEvents) -> Response:
    """Return every event type, with the JSON Schema of its data and an example."""
    return Response(_event_types(), media_type="application/json")


@cache
def _event_types() -> str:
    """A cache. The first request builds the schemas, in a thread of its own, because the import must stay fast."""
    return dump({"data": [event_type_body(row) for row in CATALOGUE]})


def event_type_body(row: EventType) -> dict[str, object]:
    about = {"type": row.name, "description": row.description}
    return {**about, "data_schema": schema_of(row), "example": example_body(row)}
