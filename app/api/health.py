"""The routes of monitoring: the process runs, the service is ready, and the metrics."""

import asyncio
import logging
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from app.api.app_state import app_state
from app.api.context import ReadsMetrics
from app.api.examples import Example, ok
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.service import schema
from app.service.worker_turns import Workers
from app.telemetry import METRICS_CONTENT_TYPE, render_metrics

logger = logging.getLogger(__name__)

router = APIRouter(tags=["health"])


class ServiceHealth(BaseModel):
    """The process runs."""

    status: Literal["alive"] = Field(default="alive", description="The process runs.")


class WorkerHealth(BaseModel):
    """What the database knows about the workers. The service is ready without a worker, but nothing is sent."""

    at_work: int = Field(description="Workers that have turned in the last 30 seconds.")
    lost: int = Field(description="Workers that ended without a stop, or hang, in the last 15 minutes.")
    last_turn_age_seconds: float | None = Field(
        description="How long ago the last turn of any worker was. `null` if there is no worker."
    )


class ServiceReadiness(BaseModel):
    """The service can answer requests."""

    status: Literal["ready"] = Field(default="ready", description="The service is ready.")
    migration: str = Field(description="The revision of the database schema.")
    worker: WorkerHealth = Field(description="The workers. They do not count for the readiness.")


_READY = ok("readiness")
_READY_WITHIN = 3.0
"""Seconds. Kubernetes and load balancers give up after less than ten."""


@router.get("/healthz", summary="Check that the process runs", responses=ok("health"))
async def get_health() -> ServiceHealth:
    """The process answers. Nothing else is checked."""
    return ServiceHealth()


@router.get("/readyz", summary="Check that the service is ready", responses={**_READY, **responses(503)})
async def get_readiness(request: Request) -> ServiceReadiness:
    """The database answers, takes writes, and its schema is not older than this code. During a rollout the schema may
    be newer. A dead worker is shown, and does not make the service unready."""
    state = app_state(request)
    try:
        async with asyncio.timeout(_READY_WITHIN):
            revision = await schema.usable_revision(state.database)
            if revision is None or schema.is_behind(revision):
                expected = schema.expected_revision()
                raise ProblemError(503, "schema_behind", revision=revision or "none", expected=expected)
            workers = await state.monitor.workers(state.database)
    except (SQLAlchemyError, OSError, schema.DiskFullError) as error:
        logger.warning("not ready: %r", error)
        raise ProblemError(503, "database_unavailable") from error
    return ServiceReadiness(migration=revision, worker=_health_of(workers))


def _health_of(workers: Workers) -> WorkerHealth:
    age = workers.last_turn_age
    return WorkerHealth(
        at_work=workers.at_work, lost=workers.lost, last_turn_age_seconds=None if age is None else round(age, 3)
    )


@router.get(
    "/metrics",
    summary="Read the metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": Example("metrics.txt")}}},
        **responses(401, 403, 503),
    },
)
async def get_metrics(ctx: ReadsMetrics) -> Response:
    """All metrics, for Prometheus. Needs a key with the scope `metrics:read`."""
    state = ctx.app_state
    monitored = await state.monitor.monitored(state.database, ctx.system_now)
    return Response(render_metrics(monitored.readings()), media_type=METRICS_CONTENT_TYPE)
