"""What the commands do on the configured database.

The commands import this module by name when they run: the drivers, the engine and the services are no part of
`recourse --help`.
"""

import asyncio
import getpass
import json
import os
import sys
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar

import uvicorn
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app import clock
from app.cli.failures import fail, settings_or_exit
from app.encryption import Encryption, EncryptionError, split_keys
from app.files.store import StoreUnavailableError
from app.logs import configure_logging
from app.messages.sentences import sentence
from app.records.api_key import Scope
from app.records.audit_entry import AuditActor, AuditActorKind
from app.records.root_hash import PublishedRoot, read_published
from app.service.errors import ServiceError
from app.settings import Settings, SettingsError
from app.store import endpoints, staff
from app.store.database import Database, Tx
from app.store.drivers import is_missing_table
from app.store.migrate import upgrade

T = TypeVar("T")


def bring_up_to_date(settings: Settings, revision: str = "head") -> None:
    """Migrate the schema. An error is printed in one line."""
    with errors_in_one_line():
        upgrade(settings.database_url, revision)


def run_worker(settings: Settings) -> None:
    configure_logging(level=settings.log_level, style=settings.log_format)
    loop = uvicorn.Config("app.main:create_app").get_loop_factory()  # the same as the service's
    with errors_in_one_line(), asyncio.Runner(loop_factory=loop) as runner:
        runner.run(resolve_name("app.worker:run")(settings))


def load_demo() -> dict[str, str]:
    """Fill the database with the demo merchant. Return what the welcome shows."""
    demo = resolve_name("app.service.demo")
    made = run(lambda tx: demo.load_demo(tx, clock.now()))
    return {
        "token": made.token,
        "orders": ", ".join(demo.ORDERS),
        "merchant": made.merchant_id,
        "email": made.owner.email,
        "password": made.owner.password,
        "code": made.owner.code,
    }


def invite_staff(*, merchant: str, email: str, role: str, language: str) -> tuple[str, str | None]:
    """Invite a person without a mail. Return the token of the invitation, and its page if there is a public address."""
    invitations = resolve_name("app.service.staff_invitations")
    try:
        address = resolve_name("app.api.schemas.staff:CreateStaffInvitationRequest")(
            email=email, role=role, language=language
        )
    except ValidationError as error:
        fail("\n".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors()))
    operator = resolve_name("app.service.callers:Caller")(
        merchant_id=merchant, key_id="", name="operator", scopes=frozenset({Scope.ADMIN})
    )
    ways = resolve_name("app.service.staff_invitations:LinkDelivery")
    new = run(
        lambda tx: invitations.invite(tx, operator, operator_actor(), address.invitee(), ways.ANSWER, clock.now())
    )
    return new.token, invitations.invitation_url(settings_or_exit().public_url, new.token)


def make_checkpoint(file: Path, previous: Path | None) -> int:
    """Write a signed checkpoint into a new file. Return the number of events that it covers."""
    checkpoints = resolve_name("app.service.checkpoints")
    key = settings_or_exit().checkpoint_key
    if not key or key.startswith("whpk_"):
        fail("RECOURSE_CHECKPOINT_KEY cannot sign. Run recourse secrets checkpoint, and set the key that it prints.")
    if file.exists():
        fail(f"{file} is there already. A checkpoint is never replaced.")
    feeds = dict(_checkpoint(previous).feeds) if previous else {}

    async def work(database: Database) -> None:
        async with database.snapshot() as tx:
            try:
                await checkpoints.advance(tx, feeds, lambda: False)
            except checkpoints.CheckpointError as error:
                fail(str(error))

    on_database(work)
    content = checkpoints.signed(feeds, clock.now(), resolve_name("app.webhooks.signature:Secret").parse(key))
    checkpoints.write(file, content)
    return sum(feed.position for feed in feeds.values())


def _checkpoint(file: Path) -> Any:
    """A checkpoint that somebody with the key has signed."""
    checkpoints = resolve_name("app.service.checkpoints")
    key = settings_or_exit().checkpoint_key
    if not key:
        fail("RECOURSE_CHECKPOINT_KEY is not set: without it nobody can tell who has signed a checkpoint.")
    try:
        return checkpoints.read(file.read_bytes(), key)
    except (checkpoints.CheckpointError, OSError) as error:
        fail(f"{file}: {error}")


def _root_hash(kept: str) -> PublishedRoot | None:
    """A root hash, or the file of one. None for another file."""
    file = Path(kept)
    try:
        return read_published(file.read_text("utf-8") if file.is_file() else kept)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{kept}: {error}")


def new_checkpoint_key() -> tuple[str, str]:
    """A new key that signs, and the key that only verifies."""
    key = resolve_name("app.webhooks.signature:new_signing_key")()
    return key.text, key.public


def verify(*, every: float, against: Sequence[str]) -> tuple[int, int, int]:
    """Print one sentence for each row that is not what the histories and the checkpoints tell, and to standard error
    how far the command is, each `every` seconds. Return the numbers of sentences, claims and events."""
    verification = resolve_name("app.service.verification")
    roots = {kept: _root_hash(kept) for kept in against}
    checkpoints = [_checkpoint(Path(kept)) for kept, root in roots.items() if root is None]
    published = [root for root in roots.values() if root is not None]
    counts = verification.Counts()

    store = resolve_name("app.worker:file_store")(settings_or_exit())

    async def work(database: Database) -> int:
        async with database.snapshot() as tx:
            number = await _printed(verification.findings(tx, counts, checkpoints, published), counts, every)
        return number + await _printed(verification.of_bytes(database, store), counts, every)

    return on_database(work), counts.claims, counts.events


def verify_receipt(file: Path) -> Any:
    """What the database tells about a PDF receipt of a withdrawal."""
    receipts = resolve_name("app.service.verification.receipts")
    try:
        pdf = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error}")

    async def work(database: Database) -> Any:
        async with database.snapshot() as tx:
            return await receipts.verdict_on(tx, pdf)

    return on_database(work)


async def _printed(sentences: AsyncIterator[str | None], counts: Any, every: float) -> int:
    """Print each sentence, and the progress. Return the number of sentences."""
    number, shown_at = 0, clock.elapsed()
    async for sentence_or_none in sentences:
        if sentence_or_none is not None:
            number += 1
            print(sentence_or_none)
        if clock.elapsed() - shown_at >= every:
            shown_at = clock.elapsed()
            print(_PROGRESS.format(counts), file=sys.stderr)
    return number


_PROGRESS = "{0.orders:,} orders, {0.claims:,} claims, {0.events:,} events, {0.published:,} positions of feeds so far"


def check_of(file: Path) -> tuple[list[str], list[str]]:
    """One sentence for each term of a seller's file that the law does not allow, and one for each term that gives less
    than default law."""
    request = _read_terms(file)
    check = resolve_name("app.service.policies:check")
    with errors_in_one_line():
        checked = check(request.base, request.terms.terms(), clock.now())
    void = [f"{one.code}  {one.field}: {one.detail} [{one.citation}]" for one in checked.violations]
    allowed = [
        f"allowed  {one.field}: {one.term}; without a term {one.default} ({one.rule}) [{one.citation}]"
        for one in checked.departures
    ]
    return void, allowed


def _read_terms(file: Path) -> Any:
    """The terms as the request body of `POST /v1/policies/check`."""
    body = resolve_name("app.api.schemas.policies:CheckPolicyRequest")
    try:
        text = file.read_text("utf-8")
        return body.model_validate_json(
            text if file.suffix == ".json" else json.dumps(tomllib.loads(text), default=str)
        )
    except ValidationError as error:
        errors = ("  " + ".".join(map(str, item["loc"])) + ": " + item["msg"] for item in error.errors())
        fail("\n".join(("The terms are not valid:", *errors)))
    except (OSError, ValueError) as error:
        fail(f"{file} cannot be read: {error}")


def encrypt_secrets() -> int:
    """Encrypt every secret with the newest key. Return the number of endpoints."""
    if not settings_or_exit().encryption_keys:
        fail("RECOURSE_ENCRYPTION_KEYS has no key")

    async def work(tx: Tx) -> int:
        await staff.rewrite_secrets(tx, tx.encryption.encrypt)
        return await endpoints.rewrite_secrets(tx, tx.encryption.encrypt)

    return run(work)


def decrypt_secrets() -> int:
    """Store every secret in clear text. Return the number of endpoints."""

    async def work(tx: Tx) -> int:
        await staff.rewrite_secrets(tx, str)
        return await endpoints.rewrite_secrets(tx, str)

    return run(work)


def operator_actor() -> AuditActor:
    """Whoever runs the command, by the name that the system has for them. A container may have none."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # KeyError before Python 3.13
        name = f"user {os.getuid()}"
    return AuditActor(kind=AuditActorKind.OPERATOR, name=name)


def run(work: Callable[[Tx], Awaitable[T]]) -> T:
    """One transaction on the configured database."""
    return on_database(lambda database: database.write(work))


def on_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Prints an error of the use case or of the database in one line."""

    async def run() -> T:
        settings = settings_or_exit()
        encryption = Encryption(split_keys(settings.encryption_keys))
        database = Database(settings.database_url, encryption=encryption)
        try:
            return await work(database)
        finally:
            await database.close()

    with errors_in_one_line():
        return asyncio.run(run())


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except ServiceError as error:
        fail(sentence("errors", error.code, error.params, "en"))
    except (CommandError, EncryptionError, SettingsError, StoreUnavailableError) as error:
        fail(str(error))
    except DBAPIError as error:
        no_schema = "The database has no schema yet. Run recourse migrate."
        fail(no_schema if is_missing_table(error) else str(error.orig))
    except OSError as error:
        fail(f"The database cannot be reached: {error}. Start it, or correct RECOURSE_DATABASE_URL.")
