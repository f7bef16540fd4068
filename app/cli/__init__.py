"""The command line: serve, worker, mcp, migrate, demo, import, keys, secrets, privacy, policy, law, verify, checkpoint.

`recourse --help` starts fast: a command imports `app/cli/database.py`, and with it the drivers, the engine and the
services, only when it runs.
"""

import gc
import os
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Any

import typer

from app import __version__
from app.cli.failures import fail, settings_or_exit
from app.cli.import_options import import_orders
from app.cli.keys import keys
from app.cli.law import law
from app.cli.privacy import privacy
from app.cli.server import refuse_taken_port, serve_until_stopped

app = typer.Typer(no_args_is_help=True)
app.add_typer(keys, name="keys")
staff = typer.Typer(help="The people of a merchant.", no_args_is_help=True)
app.add_typer(staff, name="staff")
policy = typer.Typer(help="A seller's own terms.", no_args_is_help=True)
app.add_typer(policy, name="policy")
app.add_typer(law, name="law")
app.add_typer(privacy, name="privacy")
app.command("import")(import_orders)
secrets = typer.Typer(help="Secrets of webhook endpoints, and of checkpoints.", no_args_is_help=True)
app.add_typer(secrets, name="secrets")


def _print_version(asked: bool) -> None:
    if asked:
        print(f"recourse {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Recourse, the claims service behind an online shop."""


@app.command()
def serve() -> None:
    """Serve HTTP. An SQLite database is migrated first. For PostgreSQL run `recourse migrate` before."""
    settings = settings_or_exit()
    if settings.database_url.startswith("sqlite"):
        _on_database("bring_up_to_date", settings)
    serve_until_stopped(settings)


@app.command()
def worker() -> None:
    """Send webhooks and mails, and fire deadlines. Any number of workers may run at once."""
    _on_database("run_worker", settings_or_exit())


@app.command()
def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve streamable HTTP at /mcp, not stdin and stdout.")] = False,
    port: Annotated[int, typer.Option(help="The port of HTTP. RECOURSE_HOST is the address.", min=0, max=65535)] = 8100,
    host_name: Annotated[
        list[str] | None,
        typer.Option(
            help="A name under which clients reach the server over HTTP, such as mcp.shop.example. Repeatable."
        ),
    ] = None,
) -> None:
    """Serve tools to agents over MCP. On stdin and stdout, RECOURSE_API_KEY or RECOURSE_BUYER_TOKEN says for whom."""
    settings = settings_or_exit()
    if find_spec("mcp") is None:
        fail("The SDK of MCP is not installed. Install recourse[mcp].")
    serve_agents = "serve_over_http" if http else "serve_on_stdio"
    options = {"port": port, "hosts": host_name or []} if http else {}
    resolve_name(f"app.cli.agents:{serve_agents}")(settings, **options)


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="The target revision. The default is the newest.")] = "head",
) -> None:
    """Bring the database's schema up to date."""
    _on_database("bring_up_to_date", settings_or_exit(), revision)
    print("The schema is up to date.")


@app.command()
def demo() -> None:
    """Migrate, load a demo shop with three months of claims, print an example call, and serve."""
    settings = settings_or_exit()
    refuse_taken_port(settings)
    _on_database("bring_up_to_date", settings)
    print("... loading the demo shop", flush=True)
    made = _on_database("load_demo")
    base_url = f"http://{settings.host}:{settings.port}"
    print(_WELCOME.format(where=base_url, **made), flush=True)
    if not settings.public_url:
        os.environ["RECOURSE_PUBLIC_URL"] = base_url  # the service reads its settings when it starts
    serve_until_stopped(settings)


_WELCOME = """
Recourse is about to listen on {where}

  desk      {where}/desk/sign-in?shop={merchant}
  mail      {email}
  password  {password}
  code      {code} (works once; each start of the demo makes another one)

  docs      {where}/docs
  API key   {token}
  orders    {orders}

Open the desk in a browser, or call the API:

  curl -s {where}/v1/claims/quote \\
    -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
    -d '{{"order_id": "KR-1001", "kind": "return", "reason": "change_of_mind",
         "lines": [{{"line_id": "1", "quantity": 1}}]}}'

The page of a buyer: open the "url" of this answer in a browser.

  curl -s -X POST {where}/v1/orders/KR-1001/buyer-links -H "Authorization: Bearer {token}"

Stop it with Ctrl-C.
"""


@app.command()
def verify(
    every: Annotated[
        float, typer.Option(help="Print to standard error how far the command is, each so many seconds.", min=0)
    ] = 10,
    against: Annotated[
        list[str] | None,
        typer.Option(
            help="A checkpoint or a root hash that was kept outside of the database: a file, or the 64 digits of a "
            "root hash. Repeatable."
        ),
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option(help="A PDF receipt of a withdrawal. Compare this file with its record, and no more.")
    ] = None,
) -> None:
    """Recompute every history, rebuild claims, refunds and ledgers from it, and print each row that is different."""
    if receipt is not None:
        _verify_receipt(receipt)
        return
    found, claims, events = _on_database("verify", every=every, against=against or [])
    if found:
        raise typer.Exit(1)
    print(f"{claims:,} claims, {events:,} events: every history is as written.")


def _verify_receipt(file: Path) -> None:
    verdict = _on_database("verify_receipt", file)
    for sentence in verdict.sentences:
        print(f"{file}: {sentence}")
    for name, value in verdict.declared:
        print(f"  {name:<15} {value}")
    if not verdict.is_genuine:
        raise typer.Exit(1)


@app.command()
def checkpoint(
    file: Annotated[Path, typer.Argument(help="A new file, which should then leave this machine.")],
    after: Annotated[
        Path | None, typer.Option(help="The checkpoint before. Only what is new since then is read.")
    ] = None,
) -> None:
    """Write how far every feed is, and a digest of all events, signed with RECOURSE_CHECKPOINT_KEY."""
    count = _on_database("make_checkpoint", file, after)
    print(f"The checkpoint covers {count:,} events.")


@staff.command("invite")
def invite(
    email: Annotated[str, typer.Argument(help="The address with which the person signs in.")],
    merchant: Annotated[str, typer.Option(help="Id of the merchant.")],
    role: Annotated[str, typer.Option(help="A built-in role or one of the merchant's own.")] = "owner",
    language: Annotated[str, typer.Option(help="The language of the person: ko, ja or en.")] = "ko",
) -> None:
    """Invite the first person of a merchant, and print the link. The link works once, within seven days."""
    token, url = _on_database("invite_staff", merchant=merchant, email=email, role=role, language=language)
    print(f"token  {token}" if url is None else f"link   {url}")


@secrets.command("encrypt")
def encrypt_secrets() -> None:
    """Encrypt every secret with the first key of RECOURSE_ENCRYPTION_KEYS. Run it after the key has changed."""
    count = _on_database("encrypt_secrets")
    print(f"The secrets of {count:,} endpoints are encrypted with the first key.")


@secrets.command("decrypt")
def decrypt_secrets() -> None:
    """Store every secret in clear text again. Run it before you take the keys away."""
    count = _on_database("decrypt_secrets")
    print(f"The secrets of {count:,} endpoints are in clear text.")


@secrets.command("checkpoint")
def checkpoint_key() -> None:
    """Print a new key for RECOURSE_CHECKPOINT_KEY, and the public key that verifies."""
    private, public = _on_database("new_checkpoint_key")
    print(f"signs and verifies  {private}\nverifies only       {public}")


@policy.command("check")
def check_terms(
    file: Annotated[Path, typer.Argument(help="TOML or JSON: a `base` and `terms`.")],
) -> None:
    """Compare a seller's terms with the law. Print each void term with the article, and each allowed term that gives
    less than default law. Exit with 1 if a term is void."""
    void, allowed = _on_database("check_of", file)
    for term in (*void, *allowed):
        print(term)
    if void:
        raise typer.Exit(1)
    print("The law allows every term.")


def _on_database(function: str, *arguments: Any, **options: Any) -> Any:
    """Call a function of `app/cli/database.py`, which is imported now."""
    return resolve_name(f"app.cli.database:{function}")(*arguments, **options)


def main() -> None:
    """Entry point of `recourse`. Imports make no garbage, and collecting it often took a fifth of a start."""
    gc.set_threshold(10_000, 20, 50)
    app()
