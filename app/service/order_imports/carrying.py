"""Carries imports out: a worker leases one, and imports its orders or parcels one by one.

Each is one transaction, together with the progress of the import. So a worker that dies leaves nothing half done, and
whoever goes on does nothing twice.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from app.clock import Clock, Elapsed
from app.files.store import BytesMissingError, FileStore, key_of
from app.imports.row_groups import Raw, Reading, RowGroup, RowRefusal, read_group
from app.records.merchant_clock import MerchantClock
from app.records.order_import import ImportedRow, ImportResult, ImportState, OrderImport
from app.service import merchant_clocks
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.file_keeping import discard
from app.service.order_imports.applying import apply, refused
from app.service.order_imports.inspection import groups_of, reading_of
from app.service.order_imports.outcome import GroupRefusedError, Outcome
from app.store import file_leftovers, order_imports
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

BATCH_SECONDS = 4.0
"""Then the next import has its turn. A worker that must stop ends its batch first."""
MOST_KEPT = 1_000
"""Refused groups of an import whose rows are kept, and so many changed ones. The others are only counted."""
_SEQS_OF_GROUP = 1_100
_CLOCK_MOVES_FOR = timedelta(seconds=5)


class _OvertakenError(Exception):
    """Somebody else has imported the group at this position."""


@dataclass(slots=True)
class Carrier:
    """One import under way. `position` counts the groups that are done."""

    database: Database
    store: FileStore
    made: OrderImport
    clock: MerchantClock | None
    reading: Reading
    groups: list[list[Raw]]
    now: Clock
    position: int
    refused: int
    changed: int


async def carry_on(
    database: Database, store: FileStore, now: Clock, elapsed: Elapsed, *, seconds: float = BATCH_SECONDS
) -> int:
    """Go on with the import that has waited for the longest time, for so many seconds. Returns how many groups were
    done, and at least 1 if an import is under way."""
    made = await database.write(lambda tx: order_imports.take(tx, now()))
    if made is None:
        return 0
    return max(1, await carry(database, store, made, now, elapsed, seconds=seconds))


async def carry(
    database: Database,
    store: FileStore,
    made: OrderImport,
    now: Clock,
    elapsed: Elapsed,
    *,
    seconds: float = BATCH_SECONDS,
    shown: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """The same for an import that the caller has leased. `shown` gets the progress after each group."""
    try:
        carrier = await _begin(database, store, made, now)
    except NotFoundError:  # the merchant was erased
        return 0
    except BytesMissingError:
        await database.write(lambda tx: _end(tx, made, made.position, ImportState.FAILED, now()))
        return 1
    began, total = elapsed(), len(carrier.groups)
    while carrier.position < total and await _import_next(carrier):
        shown(carrier.position, total)
        if elapsed() - began >= seconds:
            break
    await _give_back_or_end(carrier)
    return carrier.position - made.position


async def _begin(database: Database, store: FileStore, made: OrderImport, now: Clock) -> Carrier:
    """Raises BytesMissingError, StoreUnavailableError, and NotFoundError for an erased merchant."""
    clock = await merchant_clocks.clock_of(database, made.merchant_id)
    blocks = [block async for block in store.read(key_of(made.merchant_id, made.file_id), 0, made.size)]
    groups = await asyncio.to_thread(groups_of, made, b"".join(blocks))
    if made.total is None:
        await database.write(lambda tx: order_imports.set_total(tx, made, len(groups)))
    return Carrier(
        database=database,
        store=store,
        made=made,
        clock=clock,
        reading=reading_of(made),
        groups=groups,
        now=now,
        position=made.position,
        refused=made.refused,
        changed=made.changed,
    )


async def _import_next(carrier: Carrier) -> bool:
    """False if somebody else goes on, or the clock of a test merchant moves."""
    group = read_group(carrier.groups[carrier.position], carrier.reading)
    try:
        result = await _import(carrier, group)
    except (_OvertakenError, ConflictError):
        return False
    carrier.position += 1
    carrier.refused += result is ImportResult.REFUSED
    carrier.changed += result is ImportResult.CHANGED
    return True


async def _import(carrier: Carrier, group: RowGroup) -> ImportResult:
    """Raises _OvertakenError, and ConflictError while the clock of a test merchant moves."""
    database = carrier.database
    try:
        return await database.write(lambda tx: _apply(tx, carrier, group))
    except GroupRefusedError as error:
        outcome = refused(group, error.refusals, carrier.reading)
    except (_OvertakenError, ConflictError):
        raise
    except Exception as error:
        if isinstance(error, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise
        logger.exception("row %d of import %s could not be imported", group.numbers[0], carrier.made.import_id)
        reason = RowRefusal(row=group.numbers[0], code="import_order_failed", params={})
        outcome = refused(group, [reason], carrier.reading)
    await database.write(lambda tx: _advance(tx, carrier, outcome))
    return outcome.result


async def _apply(tx: Tx, carrier: Carrier, group: RowGroup) -> ImportResult:
    made, system_now = carrier.made, carrier.now()
    if carrier.clock is not None:
        await merchant_clocks.hold(tx, carrier.clock, system_now)
    tx.is_quiet = not made.notify_buyers
    now = merchant_clocks.time_of(carrier.clock, system_now)
    outcome = await apply(tx, caller_of(made), group, carrier.reading, now)
    await _advance(tx, carrier, outcome)
    return outcome.result


async def _advance(tx: Tx, carrier: Carrier, outcome: Outcome) -> None:
    """Raises _OvertakenError."""
    made, position = carrier.made, carrier.position
    kept = _kept_rows(carrier, outcome)
    is_refused = outcome.result is ImportResult.REFUSED
    left_out = 0 if is_refused else len(outcome.refusals)
    if not await order_imports.advance(tx, made, position, outcome.result, kept, left_out=left_out):
        raise _OvertakenError


def _kept_rows(carrier: Carrier, outcome: Outcome) -> list[ImportedRow]:
    seq = carrier.position * _SEQS_OF_GROUP
    rows = []
    if outcome.result is ImportResult.CHANGED and carrier.changed < MOST_KEPT:
        first = carrier.groups[carrier.position][0][0]
        changed = ImportedRow(
            seq=seq, row=first, result=outcome.result, order_id=outcome.order_id, changes=outcome.changes, params={}
        )
        rows.append(changed)
    if carrier.refused < MOST_KEPT:
        rows += [
            ImportedRow(
                seq=seq + place,
                row=each.row,
                result=ImportResult.REFUSED,
                order_id=outcome.order_id,
                field=each.field,
                code=each.code,
                params=each.params,
            )
            for place, each in enumerate(outcome.refusals[: _SEQS_OF_GROUP - 1], start=1)
        ]
    return rows


async def _give_back_or_end(carrier: Carrier) -> None:
    made, position, now = carrier.made, carrier.position, carrier.now()
    if position == len(carrier.groups):
        await carrier.database.write(lambda tx: _end(tx, made, position, ImportState.DONE, now))
        await discard(carrier.database, carrier.store, made.merchant_id, made.file_id)
        return
    moves = carrier.clock is not None and position == made.position
    next_at = now + _CLOCK_MOVES_FOR if moves else now
    await carrier.database.write(lambda tx: order_imports.give_back(tx, made, position, next_at))


async def _end(tx: Tx, made: OrderImport, position: int, state: ImportState, now: datetime) -> None:
    """The rows of the file are not kept any longer."""
    if await order_imports.finish(tx, made, position, state, now):
        await file_leftovers.move(tx, made.merchant_id, made.file_id, now, now)


def caller_of(made: OrderImport) -> Caller:
    return Caller(merchant_id=made.merchant_id, key_id="", name=made.created_by, scopes=frozenset())
