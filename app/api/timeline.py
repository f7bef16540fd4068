"""The route of a claim's timeline."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field, StrictInt, TypeAdapter

from app.api.context import ReadsMessages
from app.api.examples import ok
from app.api.messages import MessageListing
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.common import Instant, Name
from app.service import timeline
from app.service.resources.timeline import TimelineEntryBody, timeline_entry_body

router = APIRouter(prefix="/v1/claims", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

ClaimId = Annotated[Name, Path(description="The claim's id.")]
_PLACES = TypeAdapter(tuple[Instant, Annotated[StrictInt, Field(ge=0, le=3)], Name])


class TimelinePage(BaseModel):
    """A page of a claim's timeline."""

    data: list[TimelineEntryBody] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


@router.get(
    "/{claim_id}/timeline",
    summary="Read the timeline of a claim",
    response_model=TimelinePage,
    responses={**ok("timeline"), **responses(400, 404)},
)
async def list_timeline(claim_id: ClaimId, ctx: ReadsMessages, listing: Annotated[MessageListing, Query()]) -> Response:
    """Everything about a claim in one order: events, files, messages with their status, questions, answers, notes,
    calls and approvals. It is for the shop: notes, calls, approvals and messages to the shop are `internal`."""
    return await page(
        ctx,
        listing,
        _PLACES,
        lambda tx, limit, after: timeline.page(tx, ctx.caller, claim_id, limit=limit, after=after),
        place=lambda entry: entry.place,
        body=timeline_entry_body,
    )
