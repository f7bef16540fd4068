"""What `recourse import` does: the same import as over the API, with a progress bar, carried out by the command itself.

If the command is killed, a worker goes on with the import.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from zoneinfo import available_timezones

import typer

from app import clock
from app.cli.database import on_database
from app.cli.failures import fail, settings_or_exit
from app.engine.model.money import CURRENCIES
from app.files.cleaning import digest_of
from app.files.sandbox import Sandbox
from app.files.tables import FILE_BYTES_MAX, Table, TableError, TableFault, TableReading
from app.imports.row_groups import RowRefusal, read_group
from app.messages.sentences import sentence
from app.records.order_import import ImportResult, ImportState, Matching, OrderImport
from app.service import merchant_clocks
from app.service.callers import Caller
from app.service.order_imports import imports
from app.service.order_imports.carrying import MOST_KEPT, carry
from app.service.order_imports.imports import ImportOptions, ReceivedFile
from app.service.order_imports.inspection import groups_of, inspect, reading_of
from app.service.order_imports.preview import trial
from app.service.resources.order_import import row_sentence
from app.store import order_imports
from app.store.database import Database

NAME = "recourse import"
"""Who has sent the file, as the import shows."""
_SHOWN = 20
"""Refusals that are printed."""
_SECONDS = 2.0
_PAUSE = 0.5


class ImportCommand:
    """One call of the command. `columns` are those of its options, by field."""

    def __init__(self, merchant: str, options: ImportOptions, columns: Mapping[str, str]) -> None:
        self._caller = Caller(merchant_id=merchant, key_id="", name=NAME, scopes=frozenset())
        self._options = options
        self._columns = columns
        self._store = resolve_name("app.worker:file_store")(settings_or_exit())

    def run(self, file: Path, password: str) -> bool:
        """Import the file. True if nothing was refused."""
        return on_database(lambda database: self._import(database, file, password))

    def try_out(self, file: Path, password: str) -> bool:
        """Say what an import would do, and store nothing. True if nothing would be refused."""
        return on_database(lambda database: self._try(database, file, password))

    async def _import(self, database: Database, file: Path, password: str) -> bool:
        async with database.read() as tx:
            await imports.require_merchant(tx, self._caller)
        table, digest = await _read(file, password)
        with table.content:
            received = await imports.keep(
                database, self._store, self._caller, table, clock.now(), name=file.name, digest=digest
            )
        made = await database.write(lambda tx: imports.create(tx, self._caller, received, self._options, clock.now()))
        made = await self._matched(database, made)
        await database.write(
            lambda tx: imports.start(tx, self._caller, made.import_id, clock.now(), notify_buyers=None)
        )
        ended = await self._carry(database, made)
        refused = await self._refusals(database, ended)
        counts = {result.value: int(getattr(ended, result)) for result in ImportResult}
        _report(ended, refused, total=ended.total or 0, counts=counts)
        return not ended.refused and ended.state is ImportState.DONE

    async def _matched(self, database: Database, made: OrderImport) -> OrderImport:
        if not self._columns:
            return made
        matching = Matching(
            columns={**made.matching, **self._columns},
            currency=made.currency,
            time_zone=made.time_zone,
            policy=made.policy,
        )
        return await database.write(
            lambda tx: imports.match(tx, self._caller, made.import_id, matching, clock.now())
        )  # fmt: skip

    async def _carry(self, database: Database, made: OrderImport) -> OrderImport:
        merchant_id, import_id = made.merchant_id, made.import_id
        with typer.progressbar(length=made.row_count, label="Importing", file=sys.stderr) as bar:

            def show(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            while True:
                taken = await database.write(lambda tx: order_imports.take_one(tx, merchant_id, import_id, clock.now()))
                if taken is not None:
                    await carry(database, self._store, taken, clock.now, clock.elapsed, seconds=_SECONDS, shown=show)
                async with database.read() as tx:
                    now_made = await imports.read(tx, self._caller, import_id)
                if now_made.state is not ImportState.RUNNING:
                    return now_made
                if taken is None:  # a worker is at it
                    show(now_made.position, now_made.total or made.row_count)
                    await asyncio.sleep(_PAUSE)

    async def _refusals(self, database: Database, made: OrderImport) -> list[RowRefusal]:
        async with database.read() as tx:
            rows = await imports.rows(
                tx, self._caller, made.import_id, limit=_SHOWN, after=None, result=ImportResult.REFUSED
            )
        return [RowRefusal(row=row.row, field=row.field, code=row.code or "", params=row.params) for row in rows]

    async def _try(self, database: Database, file: Path, password: str) -> bool:
        async with database.read() as tx:
            await imports.require_merchant(tx, self._caller)
        table, digest = await _read(file, password)
        with table.content as content:
            lines = content.read()
        received = ReceivedFile(
            file_id="", name=file.name, digest=digest, size=table.size, inspected=inspect(lines.splitlines())
        )
        async with database.read() as tx:
            made = await imports.planned(tx, self._caller, received, self._options, clock.now())
        made = replace(made, matching={**made.matching, **self._columns})
        imports.refuse_unknown(made, made.matching)
        imports.refuse_unmatched(made)
        merchant_clock = await merchant_clocks.clock_of(database, made.merchant_id)
        now = merchant_clocks.time_of(merchant_clock, clock.now())
        reading, groups = reading_of(made), groups_of(made, lines)
        counts = dict.fromkeys(ImportResult, 0)
        refused: list[RowRefusal] = []
        with typer.progressbar(groups, label="Trying", file=sys.stderr) as shown:
            for group in shown:
                outcome = await trial(database, self._caller, read_group(group, reading), reading, now)
                counts[outcome.result] += 1
                refused += outcome.refusals[: MOST_KEPT - len(refused)]
        tried: dict[str, int] = {result.value: count for result, count in counts.items()}
        _report(made, refused, total=len(groups), counts=tried)
        return not counts[ImportResult.REFUSED]


async def _read(file: Path, password: str) -> tuple[Table, str]:
    """The table of a file, and the digest of its bytes. A password that is needed is asked for."""
    reading = TableReading(Sandbox())
    try:
        with file.open("rb") as sent:
            digest = await asyncio.to_thread(digest_of, sent)
            try:
                return await reading.read("", sent, password), digest
            except TableError as error:
                if error.fault is not TableFault.PASSWORD_NEEDED or not sys.stdin.isatty():
                    raise
                return await reading.read("", sent, typer.prompt("Password of the file", hide_input=True)), digest
    except TableError as error:
        fail(sentence("problems", error.fault, {"limit": FILE_BYTES_MAX}, "en"))
    except OSError as error:
        fail(f"{file} cannot be read: {error}")


def _report(made: OrderImport, refusals: Sequence[RowRefusal], *, total: int, counts: Mapping[str, int]) -> None:
    for each in refusals[:_SHOWN]:
        column = made.matching.get(each.field or "")
        place = f"row {each.row}, {column}" if column else f"row {each.row}"
        print(f"{place}: {row_sentence(each, 'en')}")
    written = ", ".join(f"{count:,} {result}" for result, count in counts.items())
    print(f"{total:,} {made.kind}: {written}.")


def columns_of(pairs: Sequence[str]) -> Mapping[str, str]:
    """The columns of `--column field=heading`."""
    columns: dict[str, str] = {}
    for pair in pairs:
        field, sign, heading = pair.partition("=")
        if not sign or not field or not heading:
            fail(f"--column is written as FIELD=HEADING, not {pair}.")
        columns[field] = heading
    return columns


def import_file(
    file: Path, *, merchant: str, said: Mapping[str, Any], columns: Sequence[str], password: str, is_trial: bool
) -> bool:
    """`said` are the values of ImportOptions. True if nothing was refused."""
    options = ImportOptions(**said)
    if options.currency not in (None, *CURRENCIES):
        fail(f"{options.currency} is not a currency of ISO 4217, such as KRW.")
    if options.time_zone not in (None, *available_timezones()):
        fail(f"{options.time_zone} is not an IANA time zone, such as Asia/Seoul.")
    command = ImportCommand(merchant, options, columns_of(columns))
    return command.try_out(file, password) if is_trial else command.run(file, password)
