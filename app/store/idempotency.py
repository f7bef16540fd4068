"""Answers kept under the caller's keys. An answer is stored in the transaction of its effect, or not at all."""

import hashlib
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, insert, literal, select, tuple_

from app.records.kept_answer import KeptAnswer
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import idempotency_keys as keys

_KEY = and_(keys.c.merchant_id == bindparam("merchant"), keys.c.key == bindparam("given"))
_ANSWER = (keys.c.fingerprint, keys.c.status, keys.c.headers, keys.c.body)
_LOAD = Statement(select(*_ANSWER).where(_KEY))
_TAKE = Statement(
    select(func.pg_try_advisory_xact_lock(bindparam("number")).label("locked"), *_ANSWER).select_from(
        select(literal(1)).subquery("one").outerjoin(keys, _KEY)
    )
)
_INSERT = Statement(insert(keys))
PURGED_AT_ONCE = 1_000
"""Few enough for one statement to end well within its timeout, however many keys have expired."""
_EXPIRED = (
    select(keys.c.merchant_id, keys.c.key)
    .where(keys.c.created_at < bindparam("before"))
    .order_by(keys.c.created_at)
    .limit(PURGED_AT_ONCE)
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_PURGE = Statement(
    delete(keys)
    .where(tuple_(keys.c.merchant_id, keys.c.key).in_(select(_EXPIRED.c.merchant_id, _EXPIRED.c.key)))
    .returning(literal(1).label("purged"))
)


class InFlightError(Exception):
    """Another request with the same key is under way."""


async def take(tx: Tx, merchant_id: str, key: str) -> KeptAnswer | None:
    """Lock a key. Returns the answer under the key, or None when this request is the first. Raises InFlightError.

    PostgreSQL holds the lock until the transaction ends. On SQLite the transaction has locked the whole database.
    """
    if tx.is_sqlite:
        return await find(tx, merchant_id, key)
    number = int.from_bytes(hashlib.blake2b(f"{merchant_id}/{key}".encode(), digest_size=8).digest(), signed=True)
    (row,) = await tx.fetch(_TAKE, {"merchant": merchant_id, "given": key, "number": number})
    if row.fingerprint is not None:
        return KeptAnswer(fingerprint=row.fingerprint, status=row.status, headers=row.headers, body=row.body)
    if not row.locked:
        raise InFlightError(key)
    return None


async def find(tx: Tx, merchant_id: str, key: str) -> KeptAnswer | None:
    """The answer under a key, without a lock."""
    row = await tx.first(_LOAD, {"merchant": merchant_id, "given": key})
    return None if row is None else KeptAnswer(**row._asdict())


async def keep(tx: Tx, merchant_id: str, key: str, answer: KeptAnswer, now: datetime) -> None:
    """Raises IntegrityError when the key has been used meanwhile."""
    await tx.fetch(
        _INSERT,
        {
            "merchant_id": merchant_id,
            "key": key,
            "fingerprint": answer.fingerprint,
            "status": answer.status,
            "headers": answer.headers,
            "body": answer.body,
            "created_at": now,
        },
    )


async def purge(tx: Tx, before: datetime) -> int:
    """Delete answers from before an instant, the oldest first, at most PURGED_AT_ONCE. Returns how many."""
    return len(await tx.fetch(_PURGE, {"before": before}))
