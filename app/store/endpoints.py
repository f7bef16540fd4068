"""Endpoints of merchants, and their health.

Secrets, signing keys and headers are encrypted, if the environment has a key. The worker signs with them. A deleted
endpoint is kept without them, for the record of its deliveries.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, select, update

from app import json_text
from app.records.delivery import DeliveryStatus
from app.records.endpoint import Endpoint, StoredSecret
from app.store import leases
from app.store.database import Tx
from app.store.deliveries import has_status
from app.store.statements import Row, Statement
from app.store.tables import deliveries, endpoints

_ALL_COLUMNS = tuple(column.name for column in endpoints.c)
_ENCRYPTED = ("headers", "secrets", "signing_key")
_CHANGING = (
    *("url", "description", "types", "headers", "secrets", "signing_key", "rate_limit", "paused"),
    *("deleted_at", "updated_at", "version"),
)
"""Columns that people change. The worker changes the others, at any time."""
_KEY = and_(endpoints.c.merchant_id == bindparam("merchant"), endpoints.c.endpoint_id == bindparam("endpoint"))
_NOT_DELETED = endpoints.c.deleted_at.is_(None)
_IN_USE = and_(_NOT_DELETED, endpoints.c.disabled_at.is_(None))
_OF_MERCHANT = endpoints.c.merchant_id == bindparam("merchant")

_INSERT = Statement(insert(endpoints))
_LOAD = Statement(select(endpoints).where(_KEY, _NOT_DELETED))
_ALL = Statement(select(endpoints).where(_OF_MERCHANT, _NOT_DELETED).order_by(endpoints.c.endpoint_id))
_TAKE = Statement(select(endpoints).where(_KEY, _NOT_DELETED).with_for_update(key_share=True))
_LISTENING = Statement(
    select(endpoints).where(_OF_MERCHANT, _IN_USE).order_by(endpoints.c.endpoint_id).with_for_update(read=True)
)
_UPDATE = Statement(
    update(endpoints)
    .where(_KEY, _NOT_DELETED, endpoints.c.version == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
    .returning(endpoints.c.version)
)
_SECRETS = Statement(
    select(endpoints.c.merchant_id, endpoints.c.endpoint_id, *(endpoints.c[name] for name in _ENCRYPTED))
    .where(_NOT_DELETED)
    .with_for_update()
)
_REWRITE = Statement(update(endpoints).where(_KEY).values({name: bindparam(f"new_{name}") for name in _ENCRYPTED}))
_DUE = Statement(
    select(endpoints).where(
        _IN_USE,
        endpoints.c.paused.is_(False),
        exists(
            select(1).where(
                deliveries.c.merchant_id == endpoints.c.merchant_id,
                deliveries.c.endpoint_id == endpoints.c.endpoint_id,
                has_status(DeliveryStatus.PENDING),
                leases.is_due(deliveries),
            )
        ),
    )
)
_LOCK = Statement(select(endpoints.c.paced_until).where(_KEY).with_for_update(skip_locked=True))
_PACE = Statement(update(endpoints).where(_KEY).values(paced_until=bindparam("until")))
_NOTE_SUCCESS = Statement(
    update(endpoints).where(_KEY, endpoints.c.failing_since.is_not(None)).values(failing_since=None, warned_at=None)
)
_NOTE_FAILURE = Statement(
    update(endpoints).where(_KEY, endpoints.c.failing_since.is_(None)).values(failing_since=bindparam("since"))
)
_DISABLED: dict[str, Any] = {"disabled_at": bindparam("at"), "disabled_reason": bindparam("reason")}
_DISABLE = Statement(update(endpoints).where(_KEY, _IN_USE).values(_DISABLED).returning(endpoints))
_NEVER_FAILED = dict.fromkeys(("failing_since", "warned_at", "disabled_at", "disabled_reason"))
_MISSED_FROM = func.coalesce(endpoints.c.missed_from_at, endpoints.c.disabled_at)
_ENABLE = Statement(update(endpoints).where(_KEY).values({**_NEVER_FAILED, "missed_from_at": _MISSED_FROM}))
_FORGET_MISSED = Statement(update(endpoints).where(_KEY).values(missed_from_at=None))
_MARK_WARNED = Statement(
    update(endpoints)
    .where(_IN_USE, endpoints.c.warned_at.is_(None), endpoints.c.failing_since <= bindparam("failing_before"))
    .values(warned_at=bindparam("at"))
    .returning(endpoints)
)
_DISABLE_FAILING = Statement(
    update(endpoints)
    .where(
        _IN_USE,
        endpoints.c.failing_since <= bindparam("failing_before"),
        endpoints.c.warned_at <= bindparam("warned_before"),
    )
    .values(_DISABLED)
    .returning(endpoints)
)


async def add(tx: Tx, endpoint: Endpoint) -> None:
    await tx.fetch(_INSERT, _values(tx, endpoint))


async def load(tx: Tx, merchant_id: str, endpoint_id: str) -> Endpoint | None:
    """None for a deleted endpoint."""
    row = await tx.first(_LOAD, {"merchant": merchant_id, "endpoint": endpoint_id})
    return None if row is None else _endpoint(tx, row)


async def take(tx: Tx, merchant_id: str, endpoint_id: str) -> Endpoint | None:
    """The endpoint, locked against changes and new deliveries. None for a deleted endpoint."""
    row = await tx.first(_TAKE, {"merchant": merchant_id, "endpoint": endpoint_id})
    return None if row is None else _endpoint(tx, row)


async def all_of(tx: Tx, merchant_id: str) -> list[Endpoint]:
    return [_endpoint(tx, row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


async def listening(tx: Tx, merchant_id: str) -> list[Endpoint]:
    """The endpoints that get deliveries, locked against changes. A paused endpoint is one of them, a disabled endpoint
    is not."""
    return [_endpoint(tx, row) for row in await tx.fetch(_LISTENING, {"merchant": merchant_id})]


async def save(tx: Tx, endpoint: Endpoint, *, seen: int) -> bool:
    """False when another transaction has changed the endpoint since version `seen`."""
    values = _values(tx, endpoint)
    key = {"merchant": endpoint.merchant_id, "endpoint": endpoint.endpoint_id, "seen": seen}
    return bool(await tx.fetch(_UPDATE, {**key, **{f"new_{name}": values[name] for name in _CHANGING}}))


async def with_deliveries_due(tx: Tx, now: datetime) -> list[Endpoint]:
    """The endpoints of all merchants that have deliveries due."""
    return [_endpoint(tx, row) for row in await tx.fetch(_DUE, {"now": now})]


async def lock_pace(tx: Tx, endpoint: Endpoint, now: datetime) -> datetime | None:
    """Lock the pace of an endpoint. Returns the instant from which deliveries may be sent, now at the earliest. None
    while another worker has the lock. A pace far ahead was written by a clock that was ahead, and does not count."""
    row = await tx.first(_LOCK, _key(endpoint))
    if row is None:
        return None
    paced_until: datetime = row.paced_until or now
    return max(paced_until, now) if paced_until <= now + leases.BEHIND_MAX else now


async def pace(tx: Tx, endpoint: Endpoint, until: datetime) -> None:
    await tx.fetch(_PACE, {**_key(endpoint), "until": until})


async def note_success(tx: Tx, endpoint: Endpoint) -> None:
    await tx.fetch(_NOTE_SUCCESS, _key(endpoint))


async def note_failure(tx: Tx, endpoint: Endpoint, at: datetime) -> None:
    await tx.fetch(_NOTE_FAILURE, {**_key(endpoint), "since": at})


async def disable(tx: Tx, endpoint: Endpoint, reason: str, at: datetime) -> Endpoint | None:
    """The disabled endpoint. None when it was disabled or deleted before."""
    row = await tx.first(_DISABLE, {**_key(endpoint), "reason": reason, "at": at})
    return None if row is None else _endpoint(tx, row)


async def enable(tx: Tx, endpoint: Endpoint) -> None:
    """Enable an endpoint, as if it had never failed. It keeps since when it has missed events."""
    await tx.fetch(_ENABLE, _key(endpoint))


async def forget_missed(tx: Tx, endpoint: Endpoint) -> None:
    """The events that the endpoint has missed are replayed."""
    await tx.fetch(_FORGET_MISSED, _key(endpoint))


async def mark_warned(tx: Tx, *, failing_before: datetime, at: datetime) -> list[Endpoint]:
    """Mark the endpoints that have been failing since before an instant and have no warning yet."""
    return [_endpoint(tx, row) for row in await tx.fetch(_MARK_WARNED, {"failing_before": failing_before, "at": at})]


async def disable_failing(
    tx: Tx, *, failing_before: datetime, warned_before: datetime, reason: str, at: datetime
) -> list[Endpoint]:
    """Disable the endpoints that have been failing since before an instant and were warned of before another."""
    values = {"failing_before": failing_before, "warned_before": warned_before, "reason": reason, "at": at}
    return [_endpoint(tx, row) for row in await tx.fetch(_DISABLE_FAILING, values)]


def _key(endpoint: Endpoint) -> dict[str, str]:
    return {"merchant": endpoint.merchant_id, "endpoint": endpoint.endpoint_id}


async def rewrite_secrets(tx: Tx, write: Callable[[str], str]) -> int:
    """Store what is secret as `write` returns it, for the endpoints of all merchants. Returns how many."""
    rows = await tx.fetch(_SECRETS)
    for row in rows:
        texts = {f"new_{name}": _read(tx, getattr(row, name)) for name in _ENCRYPTED}
        changes = {name: None if text is None else write(text) for name, text in texts.items()}
        await tx.fetch(_REWRITE, {"merchant": row.merchant_id, "endpoint": row.endpoint_id, **changes})
    return len(rows)


_AS_JSON = ("types", "headers", "secrets")


def _values(tx: Tx, endpoint: Endpoint) -> dict[str, object]:
    plain = {name: getattr(endpoint, name) for name in _ALL_COLUMNS}
    texts = plain | {name: json_text.dump(plain[name]) for name in _AS_JSON}
    return texts | {name: texts[name] and tx.encryption.to_store(texts[name]) for name in _ENCRYPTED}


def _read(tx: Tx, stored: str | None) -> str | None:
    return None if stored is None else tx.encryption.from_store(stored)


def _endpoint(tx: Tx, row: Row) -> Endpoint:
    values = row._asdict()
    values |= {name: _read(tx, values[name]) for name in _ENCRYPTED}
    secrets = tuple(
        StoredSecret(
            secret=stored["secret"],
            expires_at=datetime.fromisoformat(stored["expires_at"]) if stored["expires_at"] else None,
        )
        for stored in json_text.load(values.pop("secrets"))
    )
    types, headers = tuple(json_text.load(values.pop("types"))), json_text.load(values.pop("headers"))
    return Endpoint(**values, types=types, headers=headers, secrets=secrets)
