"""The routes on which a buyer says, once, how the handling of a claim was."""

from fastapi import APIRouter, Response

from app.api.context import IdempotencyKey
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_buyers
from app.buyer.answers import json
from app.buyer.claims import ClaimId
from app.buyer.context import ActsAsBuyer
from app.buyer.schemas.surveys import AnswerSurveyForBuyerRequest, BuyerSurveyBody, SurveyForBuyer, buyer_survey_body
from app.buyer.shapes import body_for_buyer
from app.json_text import dump
from app.service import surveys
from app.service.idempotency import Answer
from app.service.resources.survey import SurveyBody, survey_body

router = APIRouter(
    prefix="/buyer/v1/claims/{claim_id}/survey",
    tags=["buyer"],
    responses={**responses_to_buyers(401, 403, 429), **responses(404, 413, 422, 503)},
)


@router.get(
    "", summary="Read the survey of a claim of yours", response_model=BuyerSurveyBody, responses=ok("buyer_survey")
)
async def get_survey_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Return what you are asked after the end of the claim, until when, and what you have answered."""
    view = await ctx.read(lambda tx: surveys.read_for_buyer(tx, ctx.caller, claim_id, ctx.now))
    return json(buyer_survey_body(view))


@router.post(
    "",
    status_code=201,
    summary="Answer the survey of a claim of yours",
    response_model=SurveyForBuyer,
    responses={**ok("survey_for_buyer", 201), **responses(400, 409, 415)},
)
async def answer_survey_for_buyer(
    claim_id: ClaimId, body: AnswerSurveyForBuyerRequest, ctx: ActsAsBuyer, key: IdempotencyKey
) -> Response:
    """Say how the claim went: once, until the end of the 30th day after its end."""
    new = body.new(ctx.buyer)
    return await ctx.once(
        key,
        lambda tx: surveys.answer(tx, ctx.caller, claim_id, new, ctx.now),
        lambda survey: Answer(status=201, body=dump(body_for_buyer(SurveyBody, survey_body(survey)))),
    )
