"""Composition root of the HTTP service: settings -> store -> services -> routers."""

import asyncio
import gc
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Response
from opentelemetry.trace import TracerProvider
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import Scope

from app import __version__, clock, tracing
from app.api import pages, problems
from app.api.app_state import AppState
from app.api.connection_limits import LIMITS, ConnectionLimits
from app.api.floods import RefusesFloods
from app.api.key_limits import LimitsKeys
from app.api.middleware import RequestEnvelope
from app.api.request_limits import RequestLimits
from app.api.request_spans import telemetry_of
from app.api.routers import ROUTERS
from app.buyer.floods import BUYER_DOORS
from app.buyer.origins import OriginsOfShops
from app.buyer.pages.route import answer_outside_of_routes
from app.buyer.pages.routers import PAGE_ROUTERS
from app.buyer.routers import BUYER_ROUTERS
from app.clock import Clock
from app.desk.floods import STAFF_DOORS
from app.desk.route import answer_outside_of_desk
from app.desk.routers import DESK_ROUTERS
from app.encryption import Encryption, split_keys
from app.files.cleaning import Cleaning
from app.files.links import FileLinks
from app.files.sandbox import Sandbox
from app.files.tables import TableReading
from app.logs import configure_logging
from app.pdf.typesetting import Typesetting
from app.service.callers import Callers
from app.service.clock_watch import ClockJumpedError, ClockWatch
from app.service.file_keeping import Files
from app.service.files import FileLimits
from app.service.floods import Floods
from app.service.idempotency import forget_old_answers
from app.service.key_limits import KeyLimits, rate_limit
from app.service.key_uses import KeyUses
from app.service.monitoring import Monitor
from app.service.passwords import Passwords
from app.service.turns import Turns, share_of
from app.service.withdrawal_receipts import LINK_LASTS, Receipts
from app.settings import Settings, read_settings
from app.store.database import Database
from app.webhooks.addresses import Reach
from app.worker import at_work, file_store, trace

logger = logging.getLogger(__name__)

_HOUR = 3600

_DESCRIPTION = """
Recourse decides what a buyer is owed after a **cancellation, return, exchange or refund**: whether the law, the
marketplace and the seller's own policy allow the claim, until when, at whose cost, and when the refund is due.

Push orders, open claims and give them commands. Every claim shows its assessment, its amounts, its deadlines and
the commands that it accepts next. Recourse never moves money: it creates refunds, and you report their outcome.

* Send `Authorization: Bearer rk_...`, and an `Idempotency-Key` with every POST.
* Amounts are integers in the currency's minor unit. Instants are RFC 3339 with an offset.
* Each key has a rate limit, which the header `RateLimit` of each answer tells. `/v1` has no CORS: call it from servers.
* Errors are RFC 9457 problems with a stable `code`. A refusal lists every reason with its article of law.
"""

_TAGS = [
    {"name": "orders", "description": "The orders of your shop, and reports about them."},
    {"name": "privacy", "description": "The data of buyers: export, erasure and legal holds."},
    {"name": "imports", "description": "Orders and parcels from files of marketplaces and spreadsheets."},
    {"name": "claims", "description": "Open, quote and read claims."},
    {"name": "returns", "description": "Goods on their way back: parcels, return locations and dispositions."},
    {"name": "queue", "description": "What needs a person of the shop now, with the next step of each claim."},
    {"name": "commands", "description": "Commands that move a claim from the request to its end."},
    {"name": "refunds", "description": "Refunds that are owed, and reports of their payment."},
    {"name": "withdrawals", "description": "Buyers who withdraw from a contract, as the law lets them."},
    {"name": "reports", "description": "Figures over the claims of a shop: reasons, rates, times, costs."},
    {"name": "policies", "description": "Laws and marketplaces, and your own terms."},
    {"name": "rules", "description": "What happens by itself when a buyer opens a claim, on top of the law."},
    {"name": "messages", "description": "Messages to buyers and sellers, their templates and their addresses."},
    {"name": "files", "description": "Photos, documents and videos that show facts of a claim."},
    {"name": "webhooks", "description": "Your endpoints that receive events, and the deliveries to them."},
    {"name": "events", "description": "The feed of all events, for a consumer that polls."},
    {"name": "access", "description": "Who can reach your data, and the audit trail of each change."},
    {"name": "staff", "description": "The people of your shop: invitations, roles, sign-in and sessions."},
    {"name": "test mode", "description": "The clock of your test data, for keys `rk_test_...`."},
    {"name": "buyer", "description": "For the buyer of one order: the order, its options and its claims."},
    {"name": "health", "description": "For load balancers and monitoring."},
]


def create_app(settings: Settings | None = None, *, now: Clock = clock.now) -> FastAPI:
    """The service. The default settings come from the environment."""
    active = settings or read_settings()
    configure_logging(level=active.log_level, style=active.log_format)
    app = _documented_app(active, trace(active))
    app.state.app_state = _app_state(active, now)
    app.state.settings = active
    problems.install(app)
    app.add_middleware(GZipMiddleware, **_COMPRESSION)
    app.add_middleware(OriginsOfShops)
    app.add_middleware(RefusesFloods, doors=(BUYER_DOORS, STAFF_DOORS))
    app.add_middleware(
        RequestLimits,
        max_body_bytes=active.max_body_bytes,
        max_upload_bytes=active.max_upload_bytes,
        answer_to_error=_answer_outside_of_routes,
    )
    app.add_middleware(LimitsKeys)
    app.add_middleware(RequestEnvelope, answer_to_error=_answer_outside_of_routes)
    for router in (*ROUTERS, *BUYER_ROUTERS, *PAGE_ROUTERS, *DESK_ROUTERS):
        app.include_router(router)
    return app


def _answer_outside_of_routes(scope: Scope, make_problem: Callable[[], Response]) -> Response:
    """A page at the address of a page, otherwise the problem."""
    return answer_outside_of_desk(scope, lambda: answer_outside_of_routes(scope, make_problem))


_COMPRESSION: dict[str, Any] = {
    "minimum_size": 64 * 1024,  # below, the time costs more than the bytes: level 1 takes 7 microseconds a KiB
    "compresslevel": 1,
    # Pages hold tokens of forms, which the size of a compressed page could give away. The others do not get smaller.
    "exclude_content_types": (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf", "image/*", "text/html"),
}


def _documented_app(settings: Settings, spans: TracerProvider | None) -> FastAPI:
    app = FastAPI(
        title="Recourse",
        version=__version__,
        summary="The claims service behind an online shop.",
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        servers=[{"url": "/", "description": "This service."}],
        license_info={"name": "MIT", "identifier": "MIT"},
        lifespan=_lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=telemetry_of(spans),
    )
    if settings.docs_enabled:
        pages.install(app)
    return app


def _app_state(settings: Settings, now: Clock) -> AppState:
    encryption = Encryption(split_keys(settings.encryption_keys))
    if not encryption.is_on:
        logger.warning("RECOURSE_ENCRYPTION_KEYS has no key: secrets of webhook endpoints are stored in clear text")
    database = Database(
        settings.database_url,
        pool_size=settings.pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
        synchronous=settings.sqlite_synchronous,
        encryption=encryption,
    )
    return AppState(
        database=database,
        callers=Callers(database, remember_seconds=settings.key_cache_seconds),
        key_uses=KeyUses(),
        key_limits=KeyLimits(rate_limit(settings.key_requests_per_minute, settings.key_burst)),
        clock=now,
        page_size_max=settings.page_size_max,
        webhook_reach=Reach(allow_private=settings.webhook_allow_private, ports=settings.ports_of_webhooks),
        turns=Turns(share_of(settings.pool_size)),
        encryption=encryption,
        public_url=settings.public_url,
        files=_files(settings),
        receipts=_receipts(settings),
        max_upload_bytes=settings.max_upload_bytes,
        floods=Floods(settings.failures_per_minute),
        key_floods=Floods(settings.failures_per_minute),
        monitor=Monitor(clock.elapsed),
        passwords=Passwords(),
    )


def _files(settings: Settings) -> Files:
    sandbox = Sandbox()
    return Files(
        store=file_store(settings),
        cleaning=Cleaning(sandbox),
        tables=TableReading(sandbox),
        links=FileLinks(split_keys(settings.encryption_keys)),
        limits=FileLimits(files=settings.files_per_claim, total_bytes=settings.files_total_bytes),
        are_scanned=bool(settings.file_scanner),
    )


def _receipts(settings: Settings) -> Receipts:
    typesetting = Typesetting(settings.fonts_folder)
    if advice := typesetting.missing_fonts:
        logger.warning("%s", advice)
    links = FileLinks(split_keys(settings.encryption_keys), purpose="receipts", lasts=LINK_LASTS)
    return Receipts(typesetting=typesetting, links=links)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, ConnectionLimits]]:
    """Yields the state that the server gives to each connection."""
    _spare_the_collector()
    _end_with_parent()
    state: AppState = app.state.app_state
    settings: Settings = app.state.settings
    cleaning = asyncio.create_task(_forget_old_answers(state, timedelta(hours=settings.idempotency_ttl_hours)))
    try:
        async with state.key_uses.written(state.database), _worker_inside(state, settings):
            yield {
                LIMITS: ConnectionLimits(
                    request_seconds=settings.request_seconds,
                    upload_seconds=settings.upload_seconds,
                    connections=settings.max_connections,
                )
            }
    finally:
        cleaning.cancel()
        with suppress(asyncio.CancelledError):
            await cleaning
        await state.database.close()
        await tracing.end()


@asynccontextmanager
async def _worker_inside(app_state: AppState, settings: Settings) -> AsyncIterator[None]:
    """With the embedded database a worker runs in this process. With PostgreSQL or several processes, `recourse worker`
    is a process of its own."""
    if not (app_state.database.is_sqlite and settings.workers == 1 and settings.embedded_worker):
        logger.info("no worker in this process: `recourse worker` sends the webhooks")
        yield
        return
    async with at_work(app_state.database, settings, app_state.clock):
        yield


def _end_with_parent() -> None:
    """With several processes, each is a child of the one that was started. A parent that is killed cannot stop its
    children, so a child stops when its parent is gone."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        logger.error("the parent process is gone: stopping")
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _spare_the_collector() -> None:
    """Exempt the objects of the start from garbage collection. Scanning them cost a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def _forget_old_answers(app_state: AppState, keep_for: timedelta) -> None:
    watch = ClockWatch(app_state.clock, clock.elapsed)
    while True:
        try:
            deleted = await forget_old_answers(app_state.database, now=watch.present(), keep_for=keep_for)
            logger.debug("deleted %d old answers", deleted)
        except (SQLAlchemyError, OSError, ClockJumpedError) as error:
            logger.warning("could not delete old answers, will try again: %s", error)
        await asyncio.sleep(_HOUR)
