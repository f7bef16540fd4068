"""Sends the deliveries that are due: leased in a short transaction, sent without one, recorded in another.

At most `concurrency` deliveries are under way, and each endpoint has at most its share of them. So a slow endpoint
holds up the others no more than that. A failing endpoint gets one delivery at a time. A lease is longer than any
sending; when a worker dies, other workers take its deliveries after their leases.
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
from app.service.delivery_spans import describe, span_of
from app.service.endpoints import signing_secrets
from app.service.ids import new_id
from app.store import endpoints, queue
from app.store.database import Database, Tx
from app.telemetry import DELIVERIES, DELIVERY_DURATION
from app.webhooks.schedule import BACKOFF
from app.webhooks.sender import Outcome, Sender, WebhookRequest

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than the sender's total deadline and the wait for an endpoint's rate together."""
PACED_AHEAD = timedelta(seconds=1)
"""How far ahead deliveries to an endpoint with a rate limit are leased. Each waits for its moment."""
SHARES = 4
"""An endpoint has at most one in this many of the sendings that may be under way."""
_PAUSE = 0.25
"""Seconds after which the dispatcher looks for more deliveries, though no sending has ended."""
_TOGETHER = 0.005
"""Seconds to wait for other sendings after one has ended, so that they are recorded together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    leased: LeasedDelivery
    endpoint: Endpoint
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    attempted: AttemptedDelivery
    endpoint: Endpoint
    verdict: str


class WebhookDispatcher:
    """The sendings of one worker. `run` is one turn; the worker calls it again and again."""

    def __init__(self, database: Database, sender: Sender, clock: Clock, *, concurrency: int) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._concurrency = concurrency
        self._under_way: dict[asyncio.Task[None], _Sending] = {}
        self._ended: list[_Ended] = []

    async def run(self) -> int:
        """Lease deliveries as far as there is capacity, wait a moment, and record the sendings that have ended.
        Returns 0 when nothing is under way or due."""
        sendings = await self._lease()
        for sending in sendings:
            self._begin(sending)
        if not self._under_way and not self._ended:
            return 0
        await self._wait_for_some()
        await self._record()
        return len(sendings) or 1

    async def close(self, *, grace: float) -> None:
        """Wait `grace` seconds for the sendings under way. Then give back the deliveries that were not sent, or may
        not have been."""
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
        return await self._database.write(lambda tx: self._lease_due(tx, capacity)) if capacity > 0 else []

    async def _lease_due(self, tx: Tx, capacity: int) -> list[_Sending]:
        now = self._clock()
        waiting = await endpoints.with_deliveries_due(tx, now)
        random.shuffle(waiting)  # so that no endpoint is always last when capacity is short
        busy = Counter(sending.endpoint.endpoint_id for sending in self._under_way.values())
        sendings: list[_Sending] = []
        for endpoint in waiting:
            free = min(self._share(endpoint) - busy[endpoint.endpoint_id], capacity - len(sendings))
            if free > 0:
                sendings += await self._lease_for(tx, endpoint, free, now)
        return sendings

    def _share(self, endpoint: Endpoint) -> int:
        return 1 if endpoint.failing_since else max(1, self._concurrency // SHARES)

    async def _lease_for(self, tx: Tx, endpoint: Endpoint, free: int, now: datetime) -> list[_Sending]:
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
            _Sending(leased=delivery, endpoint=endpoint, wait=wait)
            for delivery, wait in zip(leased, waits[: len(leased)], strict=True)
        ]

    async def _moments(self, tx: Tx, endpoint: Endpoint, most: int, now: datetime) -> list[float]:
        """The seconds until each of the next deliveries may be sent, evenly spaced, within PACED_AHEAD."""
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
        with span_of(leased, endpoint) as span:
            outcome = await self._sender.send(_request(leased, endpoint, at))
            describe(span, outcome)
        self._ended.append(
            _Ended(attempted=_attempted(leased, outcome, at), endpoint=endpoint, verdict=outcome.verdict)
        )
        DELIVERIES.labels(outcome.verdict).inc()
        DELIVERY_DURATION.observe(outcome.latency_ms / 1000)

    async def _wait_for_some(self) -> None:
        if not self._under_way:
            return
        await asyncio.wait(self._under_way, timeout=_PAUSE, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(_TOGETHER)
        for task in [task for task in self._under_way if task.done()]:
            sending = self._under_way.pop(task)
            if error := task.exception():  # a bug: the delivery is sent again after its lease
                logger.error("delivery %s was not sent", sending.leased.delivery_id, exc_info=error)

    # Recording

    async def _record(self) -> None:
        """Results that cannot be recorded now are kept for the next turn."""
        ended = list(self._ended)
        if ended:
            await self._database.write(lambda tx: _write(tx, ended))
            del self._ended[: len(ended)]


def _request(leased: LeasedDelivery, endpoint: Endpoint, at: datetime) -> WebhookRequest:
    return WebhookRequest(
        url=endpoint.url,
        headers=endpoint.headers,
        body=leased.body.encode(),
        secrets=signing_secrets(endpoint, at),
        webhook_id=leased.event_id,
        at=at,
    )


def _attempted(leased: LeasedDelivery, outcome: Outcome, at: datetime) -> AttemptedDelivery:
    tries = leased.tries + 1
    next_at = None
    if outcome.verdict == "failed":
        spread = random.random()  # noqa: S311 - spreads retries
        next_at = BACKOFF.next_attempt(tries, now=at, retry_after=outcome.retry_after, spread=spread)
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
    """First the endpoints and then the deliveries, both in the order of ids, so that two workers, or a worker and a
    replay, do not deadlock."""
    by_endpoint: dict[str, list[_Ended]] = {}
    for each in ended:
        by_endpoint.setdefault(each.endpoint.endpoint_id, []).append(each)
    for _, of_endpoint in sorted(by_endpoint.items()):
        await _note_health(tx, of_endpoint)
    attempted = (each.attempted for each in ended)
    await queue.record(tx, sorted(attempted, key=lambda each: each.leased.delivery_id))


async def _note_health(tx: Tx, ended: Sequence[_Ended]) -> None:
    """Note on an endpoint whether its deliveries succeed. One success is enough."""
    endpoint, at = ended[0].endpoint, min(each.attempted.attempt.at for each in ended)
    verdicts = {each.verdict for each in ended}
    if "gone" in verdicts:
        await health.disable_as_gone(tx, endpoint, at)
    elif "delivered" in verdicts:
        if endpoint.failing_since is not None or "failed" in verdicts:
            await endpoints.note_success(tx, endpoint)
    else:
        await endpoints.note_failure(tx, endpoint, at)


def _in_order(leased: Sequence[LeasedDelivery]) -> list[LeasedDelivery]:
    return sorted(leased, key=lambda delivery: delivery.delivery_id)
