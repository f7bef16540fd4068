"""Composition root of the worker: the background jobs, and how often each runs.

The jobs run concurrently. A failed job is logged and runs again after a pause. Any number of workers may run at once:
the jobs and the database prevent that work is done twice.
"""

import asyncio
import logging
import math
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

from opentelemetry.trace import TracerProvider
from sqlalchemy.exc import SQLAlchemyError

from app import clock, tracing
from app.clock import Clock
from app.encryption import Encryption, split_keys
from app.files.scanner import Scanner
from app.files.store import FileStore, LocalDisk
from app.messages.mail import Mailer, server_of
from app.pdf.typesetting import Typesetting
from app.service.buyer_access import forget_expired
from app.service.buyer_lookups import answer_next, forget_counts
from app.service.checkpoint_delivery import CheckpointDelivery
from app.service.clock_turns import turn_clocks
from app.service.clock_watch import ClockJumpedError, ClockWatch
from app.service.deadlines import fire_due
from app.service.digests import make_digests
from app.service.endpoint_health import check_endpoints, pull_forward
from app.service.erasure import delete_erased
from app.service.events.event import Compose
from app.service.events.fanout import fan_out
from app.service.file_keeping import sweep
from app.service.file_scans import scan_due
from app.service.ids import new_id
from app.service.mail_delivery import send_due
from app.service.mail_rate import MailRate
from app.service.messages import compose
from app.service.order_imports.carrying import carry_on
from app.service.order_imports.imports import forget_old
from app.service.privacy.erasing import Retention, erase_due
from app.service.reports.counts import count_changes
from app.service.root_hashes import make_next
from app.service.staff_sessions import forget_ended
from app.service.webhook_delivery import WebhookDispatcher
from app.service.withdrawal_matching import match_due
from app.service.worker_turns import WRITTEN_EVERY, WorkerTurns
from app.settings import Settings, SettingsError
from app.store.database import Database
from app.telemetry import JOB_FAILURES
from app.webhooks.sender import Sender

logger = logging.getLogger(__name__)

GRACE = 5.0
"""Seconds for the work under way when the worker must stop. Orchestrators kill after ten seconds."""
_PAUSE_MAX = 30.0
"""The most seconds between attempts of a job that keeps failing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`run` does one bounded batch and returns the number of items. After 0 the next run starts in `every` seconds,
    otherwise at once."""

    name: str
    every: float
    run: Callable[[], Awaitable[int]]
    within: float = 60
    """Seconds after which a batch is given up and run again. Every statement and every sending ends earlier, so this
    is for what nobody thought of."""

    @property
    def seconds_max(self) -> int:
        """While the job is in order, its loop turns again within this time."""
        return math.ceil(self.every + self.within)


async def work(jobs: Sequence[Job], stop: asyncio.Event, turns: WorkerTurns) -> None:
    """Run the jobs until `stop` is set. A batch that has begun is finished."""
    turns.begin({job.name: job.seconds_max for job in jobs})
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job, stop, turns), name=job.name)


async def _repeat(job: Job, stop: asyncio.Event, turns: WorkerTurns) -> None:
    failures = 0
    while not stop.is_set():
        try:
            async with asyncio.timeout(job.within):
                count = await job.run()
            failures = 0
            turns.note(job.name)
        except (SQLAlchemyError, OSError, ClockJumpedError) as error:  # the database cannot be reached, or refused
            count, failures = 0, failures + 1
            logger.warning("%s failed, will try again: %s", job.name, error)
        except Exception:
            count, failures = 0, failures + 1
            logger.exception("%s failed, will try again", job.name)
        if failures:
            JOB_FAILURES.labels(job.name).inc()
        if not count:
            await _pause(stop, min(job.every * 2**failures, max(job.every, _PAUSE_MAX)))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


@asynccontextmanager
async def at_work(
    database: Database, settings: Settings, now: Clock = clock.now, *, compose: Compose = compose
) -> AsyncIterator[None]:
    """A worker inside this process. It is stopped in order at the end of the block."""
    stop = asyncio.Event()
    async with Sender(allow_private=settings.webhook_allow_private, ports=settings.ports_of_webhooks) as sender:
        mailer, rate = _mailer(settings), MailRate(settings.mails_per_hour)
        typesetting = Typesetting(settings.fonts_folder)
        mail = partial(send_due, database, mailer, rate=rate, public_url=settings.public_url, typesetting=typesetting)
        dispatcher = WebhookDispatcher(database, sender, now, concurrency=settings.delivery_concurrency)
        every = settings.worker_poll_seconds
        watch = ClockWatch(now, clock.elapsed)
        checkpoints = _checkpoints(database, settings, now)
        turns = WorkerTurns(database, clock.elapsed, new_id(now()))
        jobs = (
            Job(name="fan_out", every=every, run=lambda: fan_out(database, now(), compose=compose)),
            Job(name="deliver", every=every, run=dispatcher.run),
            Job(name="deadlines", every=every, run=lambda: fire_due(database, watch.present())),
            Job(name="withdrawals", every=every, run=lambda: match_due(database, watch.present())),
            Job(name="clocks", every=every, run=lambda: turn_clocks(database, watch.present())),
            Job(name="digests", every=60, run=lambda: make_digests(database, mailer, now())),
            Job(name="mail", every=every, run=lambda: mail(now()), within=300),
            Job(name="tend", every=60, run=lambda: check_endpoints(database, watch.present())),
            Job(name="checkpoint", every=300, run=checkpoints.run),
            Job(name="root_hashes", every=300, run=lambda: make_next(database, watch.present())),
            Job(name="pull_forward", every=60, run=lambda: pull_forward(database, now())),
            Job(name="reports", every=every, run=lambda: count_changes(database, now())),
            Job(name="erase", every=5, run=lambda: delete_erased(database, now())),
            *_of_files(database, settings, now),
            *_jobs_of_people(database, every, watch),
            Job(name="turns", every=WRITTEN_EVERY, run=turns.write),
        )
        working = asyncio.create_task(work(jobs, stop, turns))
        try:
            yield
        finally:
            stop.set()
            await working
            await _close(dispatcher, turns)


def _checkpoints(database: Database, settings: Settings, now: Clock) -> CheckpointDelivery:
    return CheckpointDelivery(
        database,
        now,
        clock.elapsed,
        key=settings.checkpoint_key,
        folder=settings.checkpoint_folder,
        url=settings.checkpoint_url,
    )


def _jobs_of_people(database: Database, every: float, watch: ClockWatch) -> Sequence[Job]:
    retention = Retention(database)
    return (
        Job(name="lookups", every=every, run=lambda: answer_next(database, watch.present())),
        Job(name="counts", every=600, run=lambda: forget_counts(database, watch.present())),
        Job(name="access", every=600, run=lambda: forget_expired(database, watch.present())),
        Job(name="staff_sessions", every=600, run=lambda: forget_ended(database, watch.present())),
        Job(name="erase_buyers", every=60, run=lambda: erase_due(database, watch.present())),
        Job(name="retention", every=3600, run=lambda: retention.run(watch.present())),
    )


def file_store(settings: Settings) -> FileStore:
    """Raises SettingsError for a bucket without the package that speaks to it."""
    if not settings.files_bucket:
        return LocalDisk(Path(settings.files_folder))
    try:
        store: FileStore = resolve_name("app.files.bucket:Bucket")(settings.files_bucket)
    except ImportError as error:
        raise SettingsError(f"RECOURSE_FILES_BUCKET: install recourse[bucket] ({error})") from None
    return store


def trace(settings: Settings) -> TracerProvider | None:
    """Make spans from now on, if the operator asks for them."""
    provider = resolve_name("app.otlp:provider")() if settings.tracing_enabled else None
    tracing.use(provider)
    return provider


def _of_files(database: Database, settings: Settings, now: Clock) -> tuple[Job, ...]:
    store = file_store(settings)
    sweeping = Job(name="files", every=60, run=lambda: sweep(database, store, now()))
    run, every = partial(carry_on, database, store, now, clock.elapsed), settings.worker_poll_seconds
    importing = Job(name="imports", every=every, run=run, within=120)
    forgetting = Job(name="old_imports", every=600, run=lambda: forget_old(database, now()))
    if not settings.file_scanner:
        return (sweeping, importing, forgetting)
    scanner = Scanner(settings.file_scanner)
    scanning = Job(name="scan", every=every, run=lambda: scan_due(database, store, scanner, now()), within=300)
    return (sweeping, importing, forgetting, scanning)


def _mailer(settings: Settings) -> Mailer | None:
    """None leaves messages to the storefront."""
    if not settings.smtp_url:
        return None
    return Mailer(server_of(settings.smtp_url), sender=settings.mail_from)


async def _close(dispatcher: WebhookDispatcher, turns: WorkerTurns) -> None:
    try:
        await dispatcher.close(grace=GRACE)
        await turns.end()
    except (SQLAlchemyError, OSError) as error:
        logger.warning("deliveries could not be given back, their leases will end: %s", error)


async def run(settings: Settings) -> None:
    """A worker in a process of its own, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    trace(settings)
    if advice := Typesetting(settings.fonts_folder).missing_fonts:
        logger.warning("%s", advice)
    database = Database(
        settings.database_url,
        pool_size=settings.pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
        synchronous=settings.sqlite_synchronous,
        encryption=Encryption(split_keys(settings.encryption_keys)),
    )
    try:
        async with at_work(database, settings):
            logger.info("the worker is at work")
            await stop.wait()
        logger.info("the worker has stopped")
    finally:
        await database.close()
        await tracing.end()
