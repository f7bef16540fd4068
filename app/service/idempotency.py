"""A repeated request is executed once. The answer is stored in the transaction of its effect."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from app import json_text
from app.records.kept_answer import KeptAnswer
from app.service.errors import ConflictError, InvalidError, ServiceError
from app.store import idempotency
from app.store.constraints import violated_constraint
from app.store.database import Database, Tx
from app.store.idempotency import InFlightError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer over HTTP: a status, headers and a JSON body. A body that shows a secret is stored encrypted, if the
    environment has a key."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False
    is_secret: bool = False


def fingerprint(*parts: bytes) -> str:
    """A hash of method, address and body. The same request has the same fingerprint."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


async def once(
    database: Database,
    *,
    merchant_id: str,
    key: str,
    fingerprint: str,
    now: datetime,
    work: Callable[[Tx], Awaitable[Answer]],
) -> Answer:
    """Do the work and store its answer, or return the stored answer.

    Raises InvalidError `idempotency_key_reused` for another request with the same key, ConflictError
    `idempotency_key_in_flight` while the first request runs, and `answer_erased` after its data was erased. Work that
    raises stores nothing. The first request may end between our look-up and our work.
    """

    async def work_once(tx: Tx) -> Answer:
        try:
            kept = await idempotency.take(tx, merchant_id, key)
        except InFlightError:
            raise ConflictError("idempotency_key_in_flight") from None
        if kept is not None:
            return _replay(tx, kept, fingerprint)
        answer = await work(tx)
        await idempotency.keep(tx, merchant_id, key, _kept(tx, answer, fingerprint), now)
        return answer

    try:
        return await database.write(work_once)
    except IntegrityError as error:
        if violated_constraint(error) != "pk_idempotency_keys":
            raise
        logger.info("an idempotency key was used between look-up and write; looking again")
        return await database.write(work_once)
    except ServiceError:
        async with database.read() as tx:
            kept = await idempotency.find(tx, merchant_id, key)
            if kept is None or kept.fingerprint != fingerprint:
                raise
            return _replay(tx, kept, fingerprint)


async def forget_old_answers(database: Database, *, now: datetime, keep_for: timedelta) -> int:
    """Delete the answers that are older than `keep_for`, batch by batch. Returns how many."""
    forgotten = batch = await database.write(lambda tx: idempotency.purge(tx, now - keep_for))
    while batch == idempotency.PURGED_AT_ONCE:
        batch = await database.write(lambda tx: idempotency.purge(tx, now - keep_for))
        forgotten += batch
    return forgotten


def _kept(tx: Tx, answer: Answer, fingerprint: str) -> KeptAnswer:
    body = tx.encryption.to_store(answer.body) if answer.is_secret else answer.body
    return KeptAnswer(fingerprint=fingerprint, status=answer.status, headers=json_text.dump(answer.headers), body=body)


def _replay(tx: Tx, kept: KeptAnswer, fingerprint: str) -> Answer:
    if kept.fingerprint != fingerprint:
        raise InvalidError("idempotency_key_reused", field="Idempotency-Key")
    if not kept.body:
        raise ConflictError("answer_erased", field="Idempotency-Key")
    body = tx.encryption.from_store(kept.body)
    return Answer(status=kept.status, body=body, headers=json_text.load(kept.headers), replayed=True)
