"""What the commands about the data of buyers do on the configured database."""

import shutil
from datetime import datetime
from pathlib import Path

from app import clock
from app.cli.database import on_database, operator_actor, run
from app.cli.failures import fail, settings_or_exit
from app.records.api_key import Scope
from app.records.privacy import HeldData
from app.service.callers import Caller
from app.service.privacy import erasing, exporting, holding, legal_holds
from app.store.database import Database
from app.worker import file_store


def show(merchant: str, order: str) -> None:
    _print(run(lambda tx: holding.read(tx, _operator(merchant), order, clock.now())))


def erase(merchant: str, order: str) -> None:
    _print(run(lambda tx: erasing.erase_order(tx, _operator(merchant), order, operator_actor(), clock.now())))


def hold(merchant: str, order: str, reason: str) -> None:
    _print(run(lambda tx: legal_holds.put(tx, _operator(merchant), order, reason, operator_actor(), clock.now())))


def lift(merchant: str, order: str) -> None:
    _print(run(lambda tx: legal_holds.lift(tx, _operator(merchant), order, operator_actor(), clock.now())))


def export(merchant: str, order: str, file: Path) -> None:
    if file.exists():
        fail(f"{file} is there already.")
    store = file_store(settings_or_exit())

    async def work(database: Database) -> None:
        archive = await exporting.export(database, store, merchant, [order], operator_actor(), clock.now())
        with archive, file.open("wb") as written:
            shutil.copyfileobj(archive, written)

    on_database(work)


def _operator(merchant: str) -> Caller:
    return Caller(merchant_id=merchant, key_id="", name="operator", scopes=frozenset({Scope.ADMIN}))


def _print(held: HeldData) -> None:
    for kept in held.groups:
        article = f"  [{kept.rule.citation}]" if kept.rule else ""
        print(f"{kept.group:<9} {_state(kept.erased_at, kept.until_at)}{article}")
    if held.hold is not None:
        print(f"on legal hold since {held.hold.set_at:%Y-%m-%d}: {held.hold.reason}")


def _state(erased_at: datetime | None, until_at: datetime | None) -> str:
    if erased_at:
        return f"erased {erased_at:%Y-%m-%d}"
    return f"kept until {until_at:%Y-%m-%d}" if until_at else "kept while a claim is open"
