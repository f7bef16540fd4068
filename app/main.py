"""Composition root of the HTTP service: settings -> store -> services -> routers."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import SQLAlchemyError

from app import __version__, clock
from app.api import (
    claims,
    commands,
    contacts,
    deliveries,
    endpoints,
    events,
    health,
    message_templates,
    messages,
    order_fulfilment,
    orders,
    policies,
    problems,
    refunds,
    shop_and_buyer,
)
from app.api.context import AppState
from app.api.middleware import RequestEnvelope
from app.clock import Clock
from app.service.callers import Callers
from app.service.idempotency import forget_old_answers
from app.settings import Settings, read_settings
from app.store.database import Database
from app.store.migrate import head, known_revisions
from app.telemetry import configure_logging
from app.worker import at_work

logger = logging.getLogger(__name__)

_HOUR = 3600

_DESCRIPTION = """
Decides what a buyer is owed after a **cancellation, return, exchange or refund**: whether the law, the
marketplace and the seller's own policy allow it, until when, at whose cost, and by when the money is due.

Push orders, open claims, give them commands; every claim tells its assessment, its amounts, its deadlines and
which commands it takes next. Recourse never moves money: it creates refunds, and you report how they went.

* Send `Authorization: Bearer rk_...`, and an `Idempotency-Key` with every POST.
* Amounts are integers in the currency's minor unit; instants are RFC 3339 with an offset.
* Errors are RFC 9457 problems with a stable `code`; a refusal lists every reason with the article it rests on.
"""

_TAGS = [
    {"name": "orders", "description": "Your picture of an order, and what has happened to it."},
    {"name": "claims", "description": "Opened, quoted, read."},
    {"name": "commands", "description": "What a claim is told: decided, and walked to its end."},
    {"name": "refunds", "description": "Money owed, and reports of how it was paid."},
    {"name": "policies", "description": "The laws and marketplaces, and your own terms on top of them."},
    {"name": "messages", "description": "What buyers and sellers are told, in whose words, and where."},
    {"name": "webhooks", "description": "Endpoints of yours that are told of events, and how that went."},
    {"name": "events", "description": "The feed of all events, for those who would rather ask."},
    {"name": "health", "description": "For load balancers and monitoring."},
]


def create_app(settings: Settings | None = None, *, now: Clock = clock.now) -> FastAPI:
    """The service; settings come from the environment unless they are given."""
    chosen = settings or read_settings()
    configure_logging(level=chosen.log_level, style=chosen.log_format)
    make = FastAPIOffline if chosen.docs_enabled else _without_docs
    app = make(
        title="Recourse",
        version=__version__,
        summary="The claims service behind an online shop.",
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        license_info={"name": "MIT", "identifier": "MIT"},
        lifespan=_lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    database = Database(
        chosen.database_url, pool_size=chosen.pool_size, statement_timeout_ms=chosen.statement_timeout_ms
    )
    app.state.app_state = AppState(
        database=database,
        callers=Callers(database, now, remember_seconds=chosen.key_cache_seconds),
        clock=now,
        page_size_max=chosen.page_size_max,
        migration_head=head(),
        known_revisions=known_revisions(),
        webhook_allow_private=chosen.webhook_allow_private,
    )
    app.state.settings = chosen
    app.state.keep_answers_for = timedelta(hours=chosen.idempotency_ttl_hours)
    problems.install(app)
    app.add_middleware(RequestEnvelope, max_body_bytes=chosen.max_body_bytes)
    for router in (
        claims.router,
        commands.router,
        refunds.router,
        orders.router,
        order_fulfilment.router,
        policies.router,
        messages.router,
        message_templates.router,
        contacts.router,
        shop_and_buyer.router,
        endpoints.router,
        deliveries.router,
        events.router,
        health.router,
    ):
        app.include_router(router)
    return app


_without_docs = partial(FastAPI, docs_url=None, redoc_url=None, openapi_url=None)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    _spare_the_collector()
    cleaning = asyncio.create_task(_forget_old_answers(app.state.app_state, app.state.keep_answers_for))
    try:
        async with _worker_inside(app.state.app_state, app.state.settings):
            yield
    finally:
        cleaning.cancel()
        with suppress(asyncio.CancelledError):
            await cleaning
        await app.state.app_state.database.close()


@asynccontextmanager
async def _worker_inside(app_state: AppState, settings: Settings) -> AsyncIterator[None]:
    """The embedded database comes with an embedded worker; elsewhere, and for several processes, `recourse worker`
    is a process of its own."""
    if not (app_state.database.is_sqlite and settings.workers == 1 and settings.embedded_worker):
        logger.info("no worker inside: webhooks are sent by `recourse worker`")
        yield
        return
    async with at_work(app_state.database, settings, app_state.clock):
        yield


def _spare_the_collector() -> None:
    """What was loaded at the start stays: looking through it again and again cost a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def _forget_old_answers(app_state: AppState, keep_for: timedelta) -> None:
    while True:
        try:
            forgotten = await forget_old_answers(app_state.database, now=app_state.clock(), keep_for=keep_for)
            logger.debug("forgot %d kept answers", forgotten)
        except (SQLAlchemyError, OSError) as error:
            logger.warning("could not forget old answers, will try again: %s", error)
        await asyncio.sleep(_HOUR)
