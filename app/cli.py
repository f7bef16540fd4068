"""The command line: serve, worker, migrate, demo, keys, policy, verify.

A package that only one command needs is imported by name when that command runs, so that `recourse --help` and
`recourse keys` start fast.
"""

import asyncio
import json
import sys
import tomllib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Any, NoReturn, TypeVar

import typer
import uvicorn
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app import clock
from app.messages.sentences import sentence
from app.service.callers import Scope, create_key, create_merchant, revoke_key
from app.service.errors import ServiceError
from app.settings import Settings, SettingsError, read_settings
from app.store import api_keys, events
from app.store.database import Database, Tx
from app.store.drivers import is_missing_table
from app.store.migrate import upgrade
from app.telemetry import configure_logging

T = TypeVar("T")

app = typer.Typer(help="Recourse, the claims service behind an online shop.", no_args_is_help=True)
keys = typer.Typer(help="API keys of merchants.", no_args_is_help=True)
app.add_typer(keys, name="keys")
policy = typer.Typer(help="A seller's own terms.", no_args_is_help=True)
app.add_typer(policy, name="policy")


@app.command()
def serve() -> None:
    """Serve HTTP. An SQLite database is migrated first. For PostgreSQL run `recourse migrate` before."""
    settings = _settings()
    if settings.database_url.startswith("sqlite"):
        _upgrade(settings)
    _serve(settings)


@app.command()
def worker() -> None:
    """Send webhooks and mails, and fire deadlines. Any number of workers may run at once."""
    settings = _settings()
    configure_logging(level=settings.log_level, style=settings.log_format)
    loop = uvicorn.Config("app.main:create_app").get_loop_factory()  # the same as the service's
    with _errors_in_one_line(), asyncio.Runner(loop_factory=loop) as runner:
        runner.run(resolve_name("app.worker:run")(settings))


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="The target revision. The default is the newest.")] = "head",
) -> None:
    """Bring the database's schema up to date."""
    _upgrade(_settings(), revision)
    print("The schema is up to date.")


@app.command()
def demo() -> None:
    """Migrate, load a demo merchant with Korean and Japanese orders, print an example call, and serve."""
    settings = _settings()
    _refuse_taken_port(settings)
    _upgrade(settings)
    fill = resolve_name("app.service.demo")
    loaded = _run(lambda tx: fill.load_demo(tx, clock.now()))
    base_url = f"http://{settings.host}:{settings.port}"
    print(_WELCOME.format(where=base_url, token=loaded.token, orders=", ".join(fill.ORDERS)), flush=True)
    _serve(settings)


_WELCOME = """
Recourse is about to listen on {where}

  docs      {where}/docs
  API key   {token}
  orders    {orders}

Try it:

  curl -s {where}/v1/claims/quote \\
    -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
    -d '{{"order_id": "KR-1001", "kind": "return", "reason": "change_of_mind",
         "lines": [{{"line_id": "1", "quantity": 1}}]}}'

Stop it with Ctrl-C.
"""


@app.command()
def verify() -> None:
    """Recompute the hash chain of every claim, and print each broken row."""
    broken, claims, count = _on_database(_verified)
    for sentence_of_row in broken:
        print(sentence_of_row)
    if broken:
        raise typer.Exit(1)
    print(f"{claims:,} claims, {count:,} events: every history is as written.")


@keys.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Who uses the key. The history shows this name.")],
    merchant: Annotated[
        str | None, typer.Option(help="Id of an existing merchant. The default is a new merchant.")
    ] = None,
    merchant_name: Annotated[str, typer.Option(help="Name of the new merchant.")] = "merchant",
    policy: Annotated[str, typer.Option(help="Preset that judges the new merchant's orders.")] = "kr",
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="What the key may do. Repeatable. The default is everything but admin and claims:override."),
    ] = None,
) -> None:
    """Create an API key and print it. The key is shown only once."""
    scopes = frozenset(scope or set(Scope) - {Scope.ADMIN, Scope.CLAIMS_OVERRIDE})

    async def work(tx: Tx) -> str:
        now = clock.now()
        owner = merchant
        if owner is None:
            resolve_name("app.service.policies:pinned_preset")(policy)
            owner = (await create_merchant(tx, name=merchant_name, policy=policy, now=now)).merchant_id
        key, token = await create_key(tx, merchant_id=owner, name=name, scopes=scopes, now=now)
        return f"merchant  {owner}\nkey id    {key.key_id}\nscopes    {' '.join(sorted(scopes))}\nAPI key   {token}"

    print(_run(work))


@keys.command("list")
def list_keys() -> None:
    """List all keys, without their secrets."""
    stored = _run(api_keys.all_keys)
    print(f"{'key id':<36}  {'merchant':<36}  {'state':<24}  name and scopes")
    for key in stored:
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "live"
        print(f"{key.key_id}  {key.merchant_id}  {state:<24}  {key.name}  {' '.join(sorted(key.scopes))}")


@keys.command("revoke")
def revoke(key_id: str) -> None:
    """Revoke a key. Running services refuse it within RECOURSE_KEY_CACHE_SECONDS."""
    _run(lambda tx: revoke_key(tx, key_id=key_id, now=clock.now()))
    print("Revoked.")


@policy.command("check")
def check_terms(
    file: Annotated[Path, typer.Argument(help="TOML or JSON: a `base` and `terms`.")],
) -> None:
    """Compare a seller's terms with the law. Print each void term with the article. Exit with 1 if a term is void."""
    request = _read_terms(file)
    check = resolve_name("app.service.policies:check")
    try:
        violations = check(request.base, request.terms.terms(), clock.now()).violations
    except ServiceError as error:
        _fail(sentence("errors", error.code, error.params, "en"))
    for violation in violations:
        print(f"{violation.code}  {violation.field}: {violation.detail} [{violation.citation}]")
    if violations:
        raise typer.Exit(1)
    print("The law allows every term.")


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
        _fail("\n".join(("The terms are not valid:", *errors)))
    except (OSError, ValueError) as error:
        _fail(f"{file} cannot be read: {error}")


async def _verified(database: Database) -> tuple[list[str], int, int]:
    async with database.snapshot() as tx:
        broken = [sentence async for sentence in events.broken_chains(tx)]
        return broken, *await events.extent(tx)


def _upgrade(settings: Settings, revision: str = "head") -> None:
    with _errors_in_one_line():
        upgrade(settings.database_url, revision)


def _refuse_taken_port(settings: Settings) -> None:
    """Checked first: a demo that cannot listen must not revoke the key of a running demo."""
    try:
        asyncio.run(_listen_once(settings.host, settings.port))
    except OSError:
        _fail(f"Port {settings.port} is in use. Choose another one, such as RECOURSE_PORT={settings.port + 1}.")


async def _listen_once(host: str, port: int) -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, host, port)
    server.close()


def _serve(settings: Settings) -> None:
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def _run(work: Callable[[Tx], Awaitable[T]]) -> T:
    """One transaction on the configured database."""
    return _on_database(lambda database: database.write(work))


def _on_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Prints an error of the use case or of the database in one line."""

    async def run() -> T:
        database = Database(_settings().database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    with _errors_in_one_line():
        return asyncio.run(run())


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except ServiceError as error:
        _fail(sentence("errors", error.code, error.params, "en"))
    except CommandError as error:
        _fail(str(error))
    except DBAPIError as error:
        no_schema = "The database has no schema yet. Run recourse migrate."
        _fail(no_schema if is_missing_table(error) else str(error.orig))
    except OSError as error:
        _fail(f"The database cannot be reached: {error}")


def _fail(sentence: str) -> NoReturn:
    print(f"error: {sentence}", file=sys.stderr)
    raise typer.Exit(1)


def _settings() -> Settings:
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    _refuse_missing_folder(settings.database_url)
    return settings


def _refuse_missing_folder(database_url: str) -> None:
    """SQLite creates files but no folders, and its driver reports the error from a thread, with a traceback."""
    url = make_url(database_url)
    if url.drivername.startswith("sqlite") and not (folder := Path(url.database or "").absolute().parent).is_dir():
        _fail(f"There is no folder {folder} for the database. Create it first.")


def main() -> None:
    """Entry point of `recourse`."""
    app()


if __name__ == "__main__":
    main()
