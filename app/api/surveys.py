"""The routes on which a seller reads what buyers say about claims after their end."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.claims import ClaimId
from app.api.context import ReadsClaims
from app.api.examples import ok
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.common import Instant, Name
from app.api.schemas.surveys import SurveyPage
from app.json_text import dump
from app.records.survey import SurveyFilter, SurveyScore
from app.service import surveys
from app.service.resources.survey import SurveyBody, survey_body

router = APIRouter(prefix="/v1", tags=["claims"], responses=responses(401, 403, 413, 422, 429, 503))

_BY_ANSWER = TypeAdapter(tuple[Instant, Name])
"""The cursors: the instant of the answer, and the claim."""


class SurveyListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    score: SurveyScore | None = None
    rejected: Annotated[bool | None, Field(description="`true`: of claims that the seller rejected, or lines of.")] = (
        None
    )
    answered_from: Instant | None = None
    answered_before: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None

    def filter(self) -> SurveyFilter:
        return SurveyFilter(**{name: getattr(self, name) for name in SurveyFilter.__slots__})


@router.get(
    "/surveys",
    summary="List surveys",
    response_model=SurveyPage,
    responses={**ok("surveys"), **responses(400)},
)
async def list_surveys(ctx: ReadsClaims, listing: Annotated[SurveyListing, Query()]) -> Response:
    """Return what buyers said about claims after their end, the newest answer first."""
    where = listing.filter()
    return await page(
        ctx,
        listing,
        _BY_ANSWER,
        lambda tx, limit, after: surveys.page(tx, ctx.caller, where, limit=limit, after=after),
        place=lambda survey: (survey.answered_at, survey.claim_id),
        body=survey_body,
    )


@router.get(
    "/claims/{claim_id}/survey",
    summary="Read the survey of a claim",
    response_model=SurveyBody,
    responses={**ok("survey"), **responses(404)},
)
async def get_survey(claim_id: ClaimId, ctx: ReadsClaims) -> Response:
    """Return what the buyer said about the claim after its end. A claim whose buyer has not answered has no survey."""
    survey = await ctx.read(lambda tx: surveys.read(tx, ctx.caller, claim_id))
    return Response(dump(survey_body(survey)), media_type="application/json")
