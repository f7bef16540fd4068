"""The use cases of an import: receive a file, match its columns, start, and read what came of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from app.files.cleaning import digest_of
from app.files.store import BytesMissingError, FileStore, key_of
from app.files.tables import Table
from app.imports.fields import ImportKind, fields_of, missing
from app.imports.formats import Format, formats, matched
from app.records.order_import import ImportedRow, ImportResult, ImportState, Matching, OrderImport
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.file_keeping import Files
from app.service.ids import new_id
from app.service.order_imports.inspection import Inspected, format_of, inspect, samples_of
from app.service.policies import in_force
from app.store import api_keys, file_leftovers, import_matchings, order_imports, policies
from app.store.database import Database, Tx

STARTED_WITHIN = timedelta(days=1)
"""The rows of a file that nobody imports in this time are deleted."""
_DONE_WITHIN = timedelta(days=14)
_FORGOTTEN_AFTER = timedelta(days=90)
_UNUSED_FOR = timedelta(days=400)
_MARGIN = timedelta(minutes=5)
"""The most that the clocks of two machines differ."""
_HEAD_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the sender says of a file. None: the file and the merchant's policy tell."""

    kind: ImportKind | None = None
    format: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    policy: str | None = None
    notify_buyers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file whose rows are in the store, under an id that no import has yet."""

    file_id: str
    name: str
    digest: str
    size: int
    inspected: Inspected


async def receive(
    database: Database, files: Files, caller: Caller, sent: BinaryIO, now: datetime, *, name: str, password: str
) -> ReceivedFile:
    """Read a file and keep its rows. Raises what `TableReading.read`, `inspect` and `FileStore.put` raise."""
    digest = await asyncio.to_thread(digest_of, sent)
    table = await files.tables.read(caller.merchant_id, sent, password)
    with table.content:
        return await keep(database, files.store, caller, table, now, name=name, digest=digest)


async def keep(
    database: Database, store: FileStore, caller: Caller, table: Table, now: datetime, *, name: str, digest: str
) -> ReceivedFile:
    """Keep the rows of a table. Raises what `inspect` and `FileStore.put` raise."""
    merchant_id, file_id = caller.merchant_id, new_id(now)
    inspected = await asyncio.to_thread(inspect, table.content)
    deleted_at = now + STARTED_WITHIN + _MARGIN
    await database.write(lambda tx: file_leftovers.add(tx, merchant_id, file_id, deleted_at))
    await store.put(key_of(merchant_id, file_id), table.content)
    return ReceivedFile(file_id=file_id, name=name, digest=digest, size=table.size, inspected=inspected)


async def create(tx: Tx, caller: Caller, file: ReceivedFile, options: ImportOptions, now: datetime) -> OrderImport:
    """An import that waits for its start. Raises as `planned`."""
    made = await planned(tx, caller, file, options, now)
    await order_imports.add(tx, made)
    return made


async def require_merchant(tx: Tx, caller: Caller) -> None:
    """Raises NotFoundError."""
    if await api_keys.merchant(tx, caller.merchant_id) is None:
        raise NotFoundError("merchant", caller.merchant_id)


async def planned(tx: Tx, caller: Caller, file: ReceivedFile, options: ImportOptions, now: datetime) -> OrderImport:
    """An import that is not stored. Its columns are matched as the merchant has matched such a file before, or else by
    the headings of its format. Raises InvalidError for a format or a policy that does not exist."""
    headings = file.inspected.headings
    format_ = _format(options, headings.columns)
    known = await import_matchings.load(tx, caller.merchant_id, headings.fingerprint, format_.kind)
    name = options.policy or (known.policy if known else None)
    policy = await in_force(tx, caller, name or await policies.default(tx, caller.merchant_id), now, now)
    return OrderImport(
        merchant_id=caller.merchant_id,
        import_id=new_id(now),
        state=ImportState.WAITING,
        kind=format_.kind,
        format=format_.name,
        file_id=file.file_id,
        file_name=file.name,
        digest=file.digest,
        size=file.size,
        heading_row=headings.row,
        columns=headings.columns,
        fingerprint=headings.fingerprint,
        matching=known.columns if known else matched(format_, headings.columns),
        currency=options.currency or (known.currency if known else format_.currency or policy.currency),
        time_zone=options.time_zone or (known.time_zone if known else format_.time_zone or policy.time_zone),
        policy=name,
        notify_buyers=options.notify_buyers,
        row_count=file.inspected.row_count,
        created_by=caller.name,
        created_at=now,
        expires_at=now + STARTED_WITHIN,
    )


def _format(options: ImportOptions, columns: tuple[str, ...]) -> Format:
    if options.format is None:
        return format_of(columns, options.kind)
    found = formats().get(options.format)
    if found is None or options.kind not in (None, found.kind):
        raise InvalidError("import_unknown_format", name=options.format, names=tuple(formats()), field="format")
    return found


async def read(tx: Tx, caller: Caller, import_id: str) -> OrderImport:
    """Raises NotFoundError."""
    made = await order_imports.load(tx, caller.merchant_id, import_id)
    if made is None:
        raise NotFoundError("order_import", import_id)
    return made


async def page(tx: Tx, caller: Caller, *, limit: int, after: tuple[datetime, str] | None) -> list[OrderImport]:
    return await order_imports.page(tx, caller.merchant_id, limit=limit, after=after)


async def match(tx: Tx, caller: Caller, import_id: str, matching: Matching, now: datetime) -> OrderImport:
    """Set the column of each field, and remember them for files with the same headings. Raises NotFoundError,
    InvalidError for a field, a column or a policy that does not exist, and ConflictError after the start."""
    made = await read(tx, caller, import_id)
    refuse_unknown(made, matching.columns)
    if matching.policy is not None:
        await in_force(tx, caller, matching.policy, now, now)
    changed = await order_imports.match(tx, made, matching)
    if changed is None:
        raise ConflictError("import_started")
    await import_matchings.remember(tx, changed, now)
    return changed


def refuse_unknown(made: OrderImport, columns: Mapping[str, str]) -> None:
    """Raises InvalidError for a field or a column that does not exist."""
    unknown = sorted(columns.keys() - fields_of(ImportKind(made.kind)))
    if unknown:
        raise InvalidError("import_unknown_field", names=tuple(unknown), field="columns")
    absent = sorted(set(columns.values()) - set(made.columns))
    if absent:
        raise InvalidError("import_unknown_column", names=tuple(absent), field="columns")


def missing_fields(made: OrderImport) -> tuple[str, ...]:
    """The fields without which nothing can be imported, and that no column has."""
    return missing(ImportKind(made.kind), made.matching)


async def ready(tx: Tx, caller: Caller, import_id: str, now: datetime) -> OrderImport:
    """An import that can be previewed and started. Raises NotFoundError, and ConflictError after the start, after
    STARTED_WITHIN, and for columns that are not matched."""
    made = await read(tx, caller, import_id)
    if made.state is not ImportState.WAITING:
        raise ConflictError("import_started")
    if made.expires_at <= now:
        raise ConflictError("import_expired")
    refuse_unmatched(made)
    return made


def refuse_unmatched(made: OrderImport) -> None:
    """Raises ConflictError while a field without which nothing can be imported has no column."""
    lacking = missing_fields(made)
    if lacking:
        raise ConflictError("import_not_matched", names=lacking, field="columns")


async def start(tx: Tx, caller: Caller, import_id: str, now: datetime, *, notify_buyers: bool | None) -> OrderImport:
    """A worker imports the rows from now on, an instant of the system clock. Raises as `ready`."""
    made = await ready(tx, caller, import_id, now)
    if not await file_leftovers.move(tx, caller.merchant_id, made.file_id, now, now + _DONE_WITHIN):
        raise ConflictError("import_expired")
    notify = made.notify_buyers if notify_buyers is None else notify_buyers
    started = await order_imports.start(tx, made, now, notify_buyers=notify)
    if started is None:
        raise ConflictError("import_started")
    await import_matchings.remember(tx, started, now)
    return started


async def rows(
    tx: Tx, caller: Caller, import_id: str, *, limit: int, after: int | None, result: ImportResult | None
) -> list[ImportedRow]:
    """The rows that changed an order or were refused, in the order of the file. Raises NotFoundError."""
    found = await order_imports.rows(tx, caller.merchant_id, import_id, limit=limit, after=after, result=result)
    if not found:
        await read(tx, caller, import_id)
    return found


async def samples(store: FileStore, made: OrderImport) -> Mapping[str, list[str]]:
    """The first values of each column, while the rows are kept. Raises StoreUnavailableError."""
    if made.state is not ImportState.WAITING:
        return {}
    try:
        blocks = [block async for block in store.read(key_of(made.merchant_id, made.file_id), 0, _HEAD_BYTES)]
    except BytesMissingError:
        return {}
    return samples_of(made, b"".join(blocks))


async def forget_old(database: Database, now: datetime) -> int:
    """Delete some old imports, and some matchings that nobody uses. Returns how many."""
    imports = await database.write(lambda tx: order_imports.forget(tx, now - _FORGOTTEN_AFTER))
    return imports + await database.write(lambda tx: import_matchings.forget(tx, now - _UNUSED_FOR))
