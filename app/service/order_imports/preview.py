"""What an import would do with the first rows of a file: the import itself, rolled back after each order or parcel."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.files.store import FileStore, key_of
from app.imports.row_groups import GroupRow, Raw, Reading, RowGroup, RowRefusal, read_group
from app.records.order_import import ImportResult, OrderImport
from app.service.callers import Caller
from app.service.order_imports.applying import apply, refused
from app.service.order_imports.inspection import groups_of, reading_of
from app.service.order_imports.outcome import GroupRefusedError, Outcome
from app.store.database import Database, Tx

ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One row of the file: the values that it was understood as, and what would come of it."""

    row: int
    result: ImportResult
    order_id: str | None
    values: Mapping[str, Any]
    changes: tuple[str, ...]
    refusals: tuple[RowRefusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first rows, and how many orders or parcels the whole file has."""

    rows: tuple[PreviewRow, ...]
    total: int


class _RolledBackError(Exception):
    """Carries the outcome out of a transaction that must not be committed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


async def preview(
    database: Database, store: FileStore, caller: Caller, made: OrderImport, now: datetime
) -> Preview:  # fmt: skip
    """Raises BytesMissingError and StoreUnavailableError."""
    blocks = [block async for block in store.read(key_of(made.merchant_id, made.file_id), 0, made.size)]
    groups = await asyncio.to_thread(groups_of, made, b"".join(blocks))
    reading = reading_of(made)
    first = _first_rows(groups)
    rows = [
        row for group in groups if group[0][0] in first for row in await _shown(database, caller, group, reading, now)
    ]
    rows.sort(key=lambda row: row.row)
    return Preview(rows=tuple(rows[:ROWS_SHOWN]), total=len(groups))


async def trial(database: Database, caller: Caller, group: RowGroup, reading: Reading, now: datetime) -> Outcome:
    """What would come of a group."""

    async def work(tx: Tx) -> Outcome:
        tx.is_quiet = True
        raise _RolledBackError(await apply(tx, caller, group, reading, now))

    try:
        return await database.write(work)
    except _RolledBackError as ended:
        return ended.outcome
    except GroupRefusedError as error:
        return refused(group, error.refusals, reading)


def _first_rows(groups: Sequence[Sequence[Raw]]) -> frozenset[int]:
    """The first row of each group that has one of the rows that are shown."""
    numbers = sorted(number for group in groups for number, _ in group)[:ROWS_SHOWN]
    last = numbers[-1] if numbers else 0
    return frozenset(group[0][0] for group in groups if group[0][0] <= last)


async def _shown(
    database: Database, caller: Caller, group: Sequence[Raw], reading: Reading, now: datetime
) -> Iterator[PreviewRow]:
    whole = read_group(group, reading)
    outcome = await trial(database, caller, whole, reading, now)
    return (_row(row, outcome) for row in whole.rows)


def _row(row: GroupRow, outcome: Outcome) -> PreviewRow:
    """A refused order refuses all of its rows: a row without a reason of its own shows those of the others."""
    own = tuple(each for each in outcome.refusals if each.row == row.row)
    is_refused = outcome.result is ImportResult.REFUSED
    return PreviewRow(
        row=row.row,
        result=ImportResult.REFUSED if own else outcome.result,
        order_id=outcome.order_id,
        values=row.values,
        changes=() if own else outcome.changes,
        refusals=own or (outcome.refusals if is_refused else ()),
    )
