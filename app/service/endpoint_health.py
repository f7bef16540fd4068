"""The health of endpoints: after a day without a success an event warns the merchant, and after five days the endpoint
is disabled.

An endpoint is disabled at least 24 hours after its warning, even if no worker ran in between.
"""

import logging
from datetime import datetime, timedelta

from app import json_text
from app.records.endpoint import Endpoint
from app.records.event import StandaloneEvent
from app.service.events.types import DISABLED, FAILING
from app.service.ids import new_id
from app.store import deliveries, endpoints, messages, notices, queue
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

WARN_AFTER = timedelta(days=1)
DISABLE_AFTER = timedelta(days=5)
WARN_AHEAD = timedelta(days=1)


def disables_at(endpoint: Endpoint) -> datetime | None:
    """When the endpoint will be disabled unless a delivery succeeds. None before the warning."""
    if endpoint.failing_since is None or endpoint.warned_at is None or endpoint.disabled_at is not None:
        return None
    return max(endpoint.failing_since + DISABLE_AFTER, endpoint.warned_at + WARN_AHEAD)


async def check_endpoints(database: Database, now: datetime) -> int:
    """Warn of failing endpoints, disable endpoints that have failed for too long, and cancel what is pending to deleted
    endpoints. Returns the number of all of them."""
    checked = await database.write(lambda tx: _check(tx, now))
    return checked + await database.write(deliveries.cancel_to_deleted)


async def pull_forward(database: Database, now: datetime) -> int:
    """Make deliveries and messages due that wait for a clock which was ahead and was set back. Returns how many."""
    pulled = await database.write(lambda tx: queue.pull_forward(tx, now))
    return pulled + await database.write(lambda tx: messages.pull_forward(tx, now, limit=deliveries.BATCH))


async def _check(tx: Tx, now: datetime) -> int:
    warned = await endpoints.mark_warned(tx, failing_before=now - WARN_AFTER, at=now)
    for endpoint in warned:
        logger.warning("endpoint %s (%s) has been failing since %s", *_id_and_url(endpoint), endpoint.failing_since)
        await publish(tx, endpoint, FAILING, now)
    disabled_now = await endpoints.disable_failing(
        tx, failing_before=now - DISABLE_AFTER, warned_before=now - WARN_AHEAD, reason="failing", at=now
    )
    for endpoint in disabled_now:
        await _publish_disabled(tx, endpoint, now)
    return len(warned) + len(disabled_now)


async def disable_as_gone(tx: Tx, endpoint: Endpoint, now: datetime) -> None:
    """Disable an endpoint that answered 410, and publish the event once."""
    disabled = await endpoints.disable(tx, endpoint, "gone", now)
    if disabled is not None:
        await _publish_disabled(tx, disabled, now)


async def _publish_disabled(tx: Tx, endpoint: Endpoint, now: datetime) -> None:
    logger.error("endpoint %s (%s) is disabled: %s", *_id_and_url(endpoint), endpoint.disabled_reason)
    await publish(tx, endpoint, DISABLED, now)


async def publish(tx: Tx, endpoint: Endpoint, event_type: str, now: datetime) -> str:
    """Publish an event of an endpoint. Returns the id of the event."""
    event = StandaloneEvent(
        merchant_id=endpoint.merchant_id,
        event_id=new_id(now),
        subject="endpoint",
        subject_id=endpoint.endpoint_id,
        type=event_type,
        at=now,
        data=json_text.dump(_data(endpoint)),
    )
    await notices.add(tx, event)
    return event.event_id


def _data(endpoint: Endpoint) -> dict[str, object]:
    names = ("endpoint_id", "url", "disabled_reason")
    instants = {"failing_started_at": endpoint.failing_since, "disables_at": disables_at(endpoint)}
    return {**{name: getattr(endpoint, name) for name in names}, **instants}


def _id_and_url(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.endpoint_id, endpoint.url
