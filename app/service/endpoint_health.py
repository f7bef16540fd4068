"""How endpoints are doing: a day of nothing but failure is told of, and five days disable.

Nobody is disabled who was not warned a day before, however long the workers themselves were away. What happens to
an endpoint is a notice, told like any event.
"""

import logging
from datetime import datetime, timedelta

from app import json_text
from app.records.endpoint import Endpoint
from app.records.event import StandaloneEvent
from app.service.events.types import DISABLED, FAILING
from app.service.ids import new_id
from app.store import endpoints, notices
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

WARN_AFTER = timedelta(days=1)
DISABLE_AFTER = timedelta(days=5)
NOTICE_BEFORE = timedelta(days=1)


def disables_at(endpoint: Endpoint) -> datetime | None:
    """When it will be disabled unless something succeeds; None while nobody had to be warned."""
    if endpoint.failing_since is None or endpoint.warned_at is None or endpoint.disabled_at is not None:
        return None
    return max(endpoint.failing_since + DISABLE_AFTER, endpoint.warned_at + NOTICE_BEFORE)


async def check_endpoints(database: Database, now: datetime) -> int:
    """Warn of the endpoints that have been failing, and disable those that have been for too long; how many."""
    return await database.write(lambda tx: _tend(tx, now))


async def _tend(tx: Tx, now: datetime) -> int:
    warned = await endpoints.mark_warned(tx, failing_before=now - WARN_AFTER, at=now)
    for endpoint in warned:
        logger.warning("endpoint %s (%s) has been failing since %s", *_named(endpoint), endpoint.failing_since)
        await tell(tx, endpoint, FAILING, now)
    given_up = await endpoints.disable_failing(
        tx, failing_before=now - DISABLE_AFTER, warned_before=now - NOTICE_BEFORE, reason="failing", at=now
    )
    for endpoint in given_up:
        await _tell_disabled(tx, endpoint, now)
    return len(warned) + len(given_up)


async def disable_as_gone(tx: Tx, endpoint: Endpoint, now: datetime) -> None:
    """It answered 410: nothing more goes there. Told once, whoever hears it first."""
    disabled = await endpoints.disable(tx, endpoint, "gone", now)
    if disabled is not None:
        await _tell_disabled(tx, disabled, now)


async def _tell_disabled(tx: Tx, endpoint: Endpoint, now: datetime) -> None:
    logger.error("endpoint %s (%s) is disabled: %s", *_named(endpoint), endpoint.disabled_reason)
    await tell(tx, endpoint, DISABLED, now)


async def tell(tx: Tx, endpoint: Endpoint, event_type: str, now: datetime) -> str:
    """Write the notice; the id of its event."""
    notice = StandaloneEvent(
        merchant_id=endpoint.merchant_id,
        event_id=new_id(now),
        subject="endpoint",
        subject_id=endpoint.endpoint_id,
        type=event_type,
        at=now,
        data=json_text.dump(_data(endpoint)),
    )
    await notices.add(tx, notice)
    return notice.event_id


def _data(endpoint: Endpoint) -> dict[str, object]:
    shown = ("endpoint_id", "url", "disabled_reason")
    instants = {"failing_started_at": endpoint.failing_since, "disables_at": disables_at(endpoint)}
    return {**{name: getattr(endpoint, name) for name in shown}, **instants}


def _named(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.endpoint_id, endpoint.url
