"""The routes of figures: how many, in a period."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.context import ReadsOrders
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.figures import DelayFiguresBody, FigurePeriod
from app.json_text import dump
from app.service import figures

router = APIRouter(prefix="/v1/figures", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

_MONTH = timedelta(days=30)


@router.get(
    "/delays",
    summary="Count what became of delayed orders",
    response_model=DelayFiguresBody,
    responses=ok("delay_figures"),
)
async def get_delay_figures(ctx: ReadsOrders, period: Annotated[FigurePeriod, Query()]) -> Response:
    """Of the orders whose buyers were told of a delay in the period: how many were kept, how many were cancelled."""
    to_at = period.to_at or ctx.now
    from_at = period.from_at or to_at - _MONTH
    counted = await ctx.read(lambda tx: figures.delays(tx, ctx.caller, from_at, to_at))
    body = DelayFiguresBody(from_at=from_at, to_at=to_at, **asdict(counted))
    return Response(dump(body.model_dump()), media_type="application/json")
