"""Sending what is due: leased in a short transaction, sent with none held, recorded in another short one.

At most `concurrency` deliveries are under way, and to no endpoint more than its share: one that is slow holds up
the others no more than that, and one that fails is tried one delivery at a time. A lease outlives any sending;
when a worker dies, others take over after it.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import Clock
from app.records.delivery import Attempt, AttemptedDelivery, DeliveryStatus, LeasedDelivery
from app.records.endpoint import Endpoint
from app.service import endpoint_health as health
from app.service.endpoints import signing
from app.service.ids import new_id
from app.store import endpoints, queue
from app.store.database import Database, Tx
from app.telemetry import DELIVERIES, DELIVERY_DURATION
from app.webhooks import schedule
from app.webhooks.sender import Outcome, Sender, WebhookRequest

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than the sender's total deadline and the wait for an endpoint's rate together."""
PACED_AHEAD = timedelta(seconds=1)
"""So far ahead an endpoint with a rate limit is leased deliveries for; each waits for its moment."""
SHARES = 4
"""An endpoint has at most one in so many of the sendings that may be under way."""
_PAUSE = 0.25
"""Seconds after which we look for more to send, though nothing that is under way has ended."""
_TOGETHER = 0.005
"""Seconds that others are waited for when one has ended, to be recorded together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    leased: LeasedDelivery
    endpoint: Endpoint
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    tried: AttemptedDelivery
    endpoint: Endpoint
    verdict: str


class WebhookDispatcher:
    """One worker's sendings. `run` does a little and returns; it is called again and again."""

    def __init__(self, database: Database, sender: Sender, clock: Clock, *, concurrency: int) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._concurrency = concurrency
        self._under_way: dict[asyncio.Task[None], _Sending] = {}
        self._ended: list[_Ended] = []

    async def run(self) -> int:
        """Lease what there is room for, wait a moment for what is under way, record what has ended; how much there
        was to do, 0 when nothing is under way or due."""
        taken = await self._lease()
        for sending in taken:
            self._begin(sending)
        if not self._under_way and not self._ended:
            return 0
        await self._some_end()
        await self._record()
        return len(taken) or 1

    async def close(self, *, grace: float) -> None:
        """Wait for what is under way, for so many seconds; then give back what was not sent, and what nobody knows
        whether it was."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=grace)
        unsent = [sending.leased for sending in self._under_way.values()]
        await self._abandon()
        await self._record()
        if unsent:
            await self._database.write(lambda tx: queue.give_back(tx, _in_order(unsent)))

    async def _abandon(self) -> None:
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._under_way.clear()

    # Leasing

    async def _lease(self) -> list[_Sending]:
        capacity = self._concurrency - len(self._under_way)
        return await self._database.write(lambda tx: self._take(tx, capacity)) if capacity > 0 else []

    async def _take(self, tx: Tx, capacity: int) -> list[_Sending]:
        now = self._clock()
        found = await endpoints.with_something_due(tx, now)
        random.shuffle(found)  # so that none is last whenever there is little room
        busy = Counter(sending.endpoint.endpoint_id for sending in self._under_way.values())
        taken: list[_Sending] = []
        for endpoint in found:
            free = min(self._share(endpoint) - busy[endpoint.endpoint_id], capacity - len(taken))
            if free > 0:
                taken += await self._take_of(tx, endpoint, free, now)
        return taken

    def _share(self, endpoint: Endpoint) -> int:
        return 1 if endpoint.failing_since else max(1, self._concurrency // SHARES)

    async def _take_of(self, tx: Tx, endpoint: Endpoint, free: int, now: datetime) -> list[_Sending]:
        waits = [0.0] * free if endpoint.rate_limit is None else await self._moments(tx, endpoint, free, now)
        if not waits:
            return []
        leased = await queue.lease(
            tx,
            endpoint.merchant_id,
            endpoint.endpoint_id,
            limit=len(waits),
            lease=new_id(now),
            now=now,
            until=now + LEASE,
        )
        if leased and endpoint.rate_limit is not None:
            paced_until = now + timedelta(seconds=waits[len(leased) - 1] + 1 / endpoint.rate_limit)
            await endpoints.pace(tx, endpoint, paced_until)
        return [
            _Sending(leased=one, endpoint=endpoint, wait=wait)
            for one, wait in zip(leased, waits[: len(leased)], strict=True)
        ]

    async def _moments(self, tx: Tx, endpoint: Endpoint, most: int, now: datetime) -> list[float]:
        """In how many seconds each of the next deliveries may go, evenly spaced, as far as we look ahead."""
        paced_until = await endpoints.lock_pace(tx, endpoint, now)
        if paced_until is None or endpoint.rate_limit is None:
            return []
        first = (paced_until - now).total_seconds()
        ahead = (first + number / endpoint.rate_limit for number in range(most))
        return [wait for wait in ahead if wait < PACED_AHEAD.total_seconds()]

    # Sending

    def _begin(self, sending: _Sending) -> None:
        self._under_way[asyncio.create_task(self._send(sending))] = sending

    async def _send(self, sending: _Sending) -> None:
        if sending.wait:
            await asyncio.sleep(sending.wait)
        at, leased, endpoint = self._clock(), sending.leased, sending.endpoint
        request = WebhookRequest(
            url=endpoint.url,
            headers=endpoint.headers,
            body=leased.body.encode(),
            secrets=signing(endpoint, at),
            webhook_id=leased.event_id,
            at=at,
        )
        outcome = await self._sender.send(request)
        self._ended.append(_Ended(tried=_tried(leased, outcome, at), endpoint=endpoint, verdict=outcome.verdict))
        DELIVERIES.labels(outcome.verdict).inc()
        DELIVERY_DURATION.observe(outcome.latency_ms / 1000)

    async def _some_end(self) -> None:
        if not self._under_way:
            return
        await asyncio.wait(self._under_way, timeout=_PAUSE, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(_TOGETHER)
        for task in [task for task in self._under_way if task.done()]:
            sending = self._under_way.pop(task)
            if error := task.exception():  # a bug; the lease will end, and it is tried again
                logger.error("delivery %s was not sent", sending.leased.delivery_id, exc_info=error)

    # Recording

    async def _record(self) -> None:
        """What could not be recorded is kept for the next time."""
        ended = list(self._ended)
        if ended:
            await self._database.write(lambda tx: _write(tx, ended))
            del self._ended[: len(ended)]


def _tried(leased: LeasedDelivery, outcome: Outcome, at: datetime) -> AttemptedDelivery:
    tries = leased.tries + 1
    next_at = None
    if outcome.verdict == "failed":
        spread = random.random()  # noqa: S311 - spreads retries
        next_at = schedule.next_attempt(tries, now=at, retry_after=outcome.retry_after, spread=spread)
    status = DeliveryStatus.PENDING if next_at else DeliveryStatus.EXHAUSTED
    return AttemptedDelivery(
        leased=leased,
        attempt=Attempt(
            number=leased.attempts + 1,
            at=at,
            status=outcome.status,
            latency_ms=outcome.latency_ms,
            error=outcome.error,
            answer=outcome.answer or None,
        ),
        status=DeliveryStatus.DELIVERED if outcome.verdict == "delivered" else status,
        next_at=next_at,
    )


async def _write(tx: Tx, ended: Sequence[_Ended]) -> None:
    """In the order of ids, so that two workers do not wait for each other in a circle."""
    await queue.record(tx, sorted((one.tried for one in ended), key=lambda tried: tried.leased.delivery_id))
    by_endpoint: dict[str, list[_Ended]] = {}
    for one in ended:
        by_endpoint.setdefault(one.endpoint.endpoint_id, []).append(one)
    for _, its in sorted(by_endpoint.items()):
        await _note(tx, its)


async def _note(tx: Tx, ended: Sequence[_Ended]) -> None:
    """What these say of their endpoint. One success is enough."""
    endpoint, at = ended[0].endpoint, min(one.tried.attempt.at for one in ended)
    verdicts = {one.verdict for one in ended}
    if "gone" in verdicts:
        await health.disable_as_gone(tx, endpoint, at)
    elif "delivered" in verdicts:
        if endpoint.failing_since is not None or "failed" in verdicts:
            await endpoints.note_success(tx, endpoint)
    else:
        await endpoints.note_failure(tx, endpoint, at)


def _in_order(leased: Sequence[LeasedDelivery]) -> list[LeasedDelivery]:
    return sorted(leased, key=lambda one: one.delivery_id)
