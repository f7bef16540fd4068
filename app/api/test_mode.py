"""The routes of test mode: its clock, and the end of its data. They take a key for tests alone."""

from dataclasses import replace

from fastapi import APIRouter, Response

from app.api.context import IdempotencyKey, ReadsTests, RequestContext, WritesTests
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.schemas.test_mode import MoveTestClockRequest, TestClockBody
from app.json_text import dump
from app.records.merchant_clock import MerchantClock
from app.service import merchant_clocks, test_mode
from app.service.idempotency import Answer

router = APIRouter(prefix="/v1/test", tags=["test mode"], responses=responses(401, 403, 413, 422, 429, 503))


@router.get("/clock", summary="Read the clock", response_model=TestClockBody, responses=ok("test_clock"))
async def get_test_clock(ctx: ReadsTests) -> Response:
    """The present time of your test mode. While the status is `advancing`, the time goes from deadline to deadline."""
    return Response(_body(clock_of(ctx), ctx), media_type="application/json")


@router.post(
    "/clock",
    status_code=202,
    summary="Move the clock forward",
    response_model=TestClockBody,
    responses={**ok("advancing_test_clock", 202), **responses(400, 409, 415)},
)
async def move_test_clock(body: MoveTestClockRequest, ctx: WritesTests, key: IdempotencyKey) -> Response:
    """A worker fires each deadline on the way at its own instant, in their order. Then the time runs on from the
    target. Meanwhile a request that writes gets 409 `test_clock_advancing`: wait until the status is `ready`."""
    clock = clock_of(ctx)
    return await ctx.once(
        key,
        lambda tx: merchant_clocks.move(tx, clock, body.target(ctx.now), ctx.system_now, field=body.field),
        lambda moving: Answer(status=202, body=_body(moving, ctx)),
    )


@router.delete(
    "/data",
    status_code=202,
    summary="Delete all test data",
    response_model=TestClockBody,
    responses=ok("test_clock", 202),
)
async def delete_test_data(ctx: WritesTests) -> Response:
    """Everything of your test side is gone at once: orders, claims, policies, endpoints, the feed and the shop profile.
    Keys for tests stay. Test mode begins again, empty, with the time of the system clock. The clock may be moving."""
    clock_of(ctx)
    return await replace(ctx, clock=None).write(
        lambda tx: test_mode.delete_data(tx, ctx.caller.merchant_id, ctx.system_now),
        lambda clock: Answer(status=202, body=_body(clock, ctx)),
    )


def clock_of(ctx: RequestContext) -> MerchantClock:
    """Raises ProblemError for a live key."""
    if ctx.clock is None:
        raise ProblemError(403, "test_key_required")
    return ctx.clock


def _body(clock: MerchantClock, ctx: RequestContext) -> str:
    return dump(
        {
            "now_at": clock.at(ctx.system_now),
            "status": "advancing" if clock.is_advancing else "ready",
            "target_at": clock.target_at,
        }
    )
