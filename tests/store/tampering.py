"""Changes rows as an owner of the database can: triggers and foreign keys are off."""

import asyncio
import sqlite3
from collections.abc import Sequence

import asyncpg
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from app.cli import app
from app.clock import Clock
from app.records.claim_event import ClaimEvent, seal
from app.service.events.event import no_messages
from app.service.events.fanout import fan_out
from app.store.database import Database


async def tamper(url: str, statements: Sequence[str]) -> None:
    if url.startswith("sqlite"):
        _tamper_with_file(str(make_url(url).database), statements)
        return
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    await connection.execute(";".join(("SET session_replication_role = replica", *statements)))
    await connection.close()


def _tamper_with_file(path: str, statements: Sequence[str]) -> None:
    connection = sqlite3.connect(path)  # it enforces foreign keys only when it is told to
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in (*statements, *(sql for _, sql in triggers)):
        connection.execute(statement)
    connection.commit()
    connection.close()


async def verify(url: str, *arguments: str, **environment: str) -> Result:
    """`recourse verify`, in a thread, since the command runs its own event loop."""
    return await recourse(url, "verify", *arguments, **environment)


async def recourse(url: str, *arguments: str, **environment: str) -> Result:
    variables = {"RECOURSE_DATABASE_URL": url, **environment}
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, arguments, env=variables))


async def publish(now: Clock, url: str) -> None:
    """Give every event its position in the feed."""
    database = Database(url)
    while await fan_out(database, now(), compose=no_messages):
        pass
    await database.close()


def forged(event: ClaimEvent) -> list[str]:
    """The statements that add an event with its right hash, and set the claim's head."""
    sealed = seal(event)
    values = (sealed.merchant_id, sealed.claim_id, sealed.event_id, sealed.type, sealed.data, sealed.previous)
    texts = ", ".join(f"'{value}'" for value in (*values, sealed.hash))
    return [
        (
            "INSERT INTO claim_events (merchant_id, claim_id, event_id, type, data, previous, hash, seq, at)"
            f" SELECT {texts}, {sealed.seq}, at FROM claim_events WHERE claim_id = '{sealed.claim_id}' AND seq = 1"
        ),
        f"UPDATE claims SET events = {sealed.seq}, head = '{sealed.hash}' WHERE claim_id = '{sealed.claim_id}'",
    ]
