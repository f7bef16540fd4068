"""Answers kept under the caller's keys: written in the transaction of their effect, or not at all."""

import hashlib
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, insert, literal, select

from app.records.kept_answer import KeptAnswer
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import idempotency_keys as keys

_KEY = and_(keys.c.merchant_id == bindparam("merchant"), keys.c.key == bindparam("named"))
_ANSWER = (keys.c.fingerprint, keys.c.status, keys.c.headers, keys.c.body)
_LOAD = Statement(select(*_ANSWER).where(_KEY))
_TAKE = Statement(
    select(func.pg_try_advisory_xact_lock(bindparam("number")).label("taken"), *_ANSWER).select_from(
        select(literal(1)).subquery("one").outerjoin(keys, _KEY)
    )
)
_INSERT = Statement(insert(keys))
_PURGE = Statement(delete(keys).where(keys.c.created_at < bindparam("before")).returning(keys.c.key))


class InFlightError(Exception):
    """Another request with the same key is being worked on at this moment."""


async def take(tx: Tx, merchant_id: str, key: str) -> KeptAnswer | None:
    """The answer under a key, or None when it is ours to find. Raises InFlightError.

    PostgreSQL holds the key until the transaction ends; on SQLite the whole database is ours by now.
    """
    if tx.is_sqlite:
        return await find(tx, merchant_id, key)
    number = int.from_bytes(hashlib.blake2b(f"{merchant_id}/{key}".encode(), digest_size=8).digest(), signed=True)
    (row,) = await tx.fetch(_TAKE, {"merchant": merchant_id, "named": key, "number": number})
    if row.fingerprint is not None:
        return KeptAnswer(fingerprint=row.fingerprint, status=row.status, headers=row.headers, body=row.body)
    if not row.taken:
        raise InFlightError(key)
    return None


async def find(tx: Tx, merchant_id: str, key: str) -> KeptAnswer | None:
    """The answer under a key, without taking it."""
    kept = await tx.first(_LOAD, {"merchant": merchant_id, "named": key})
    return None if kept is None else KeptAnswer(**kept._asdict())


async def keep(tx: Tx, merchant_id: str, key: str, answer: KeptAnswer, now: datetime) -> None:
    """Raises IntegrityError when the key has been used in the meantime."""
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
    """Forget answers older than an instant; how many there were."""
    return len(await tx.fetch(_PURGE, {"before": before}))
