"""The commands about API keys: make, list, rotate, limit and revoke the keys of any merchant."""

from datetime import datetime, timedelta
from pkgutil import resolve_name
from typing import Annotated, Any

import typer

from app import clock
from app.records.api_key import NewApiKey, RateLimit, Rotation, Scope
from app.records.merchant import Mode

_ASKED_FOR_ALONE = {
    *(Scope.ADMIN, Scope.CLAIMS_OVERRIDE, Scope.API_KEYS_READ, Scope.API_KEYS_WRITE, Scope.AUDIT_READ),
    *(Scope.STAFF_READ, Scope.STAFF_WRITE, Scope.PRIVACY_WRITE, Scope.METRICS_READ),
}
"""The scopes that a key has only if the command names them."""

Days = Annotated[int | None, typer.Option(min=1, max=3650, help="The key expires after so many days.")]

keys = typer.Typer(help="API keys of merchants.", no_args_is_help=True)


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
        typer.Option(
            help="What the key may do. Repeatable. The default is everything but admin, claims:override, "
            "api_keys:read, api_keys:write, audit:read, staff:read, staff:write, privacy:write and metrics:read, which "
            "shows the numbers of all merchants."
        ),
    ] = None,
    expires_in_days: Days = None,
    test: Annotated[
        bool, typer.Option("--test", help="A key for test mode: data apart from live data, and a clock to turn.")
    ] = False,
) -> None:
    """Create an API key and print it. The key is shown only once."""
    scopes = frozenset(scope or set(Scope) - _ASKED_FOR_ALONE)
    owner, key_id, token = _on_stored_keys(
        "create_key",
        new=NewApiKey(name=name, scopes=scopes, expires_at=_in_days(expires_in_days)),
        merchant=merchant,
        merchant_name=merchant_name,
        policy=policy,
        mode=Mode.TEST if test else Mode.LIVE,
    )
    print(f"merchant  {owner}\nkey id    {key_id}\nscopes    {' '.join(sorted(scopes))}\nAPI key   {token}")


@keys.command("list")
def list_keys() -> None:
    """List all keys, without their secrets."""
    _on_stored_keys("print_keys")


@keys.command("rotate")
def rotate(
    key_id: str,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the old key works beside the new one.")
    ] = 24,
    expires_in_days: Days = None,
) -> None:
    """Replace a key: print a new key with the same name and scopes. The key is shown only once."""
    rotation = Rotation(overlap=timedelta(hours=overlap_hours), expires_at=_in_days(expires_in_days))
    new_id, token = _on_stored_keys("rotate_key", key_id, rotation)
    print(f"key id    {new_id}\nAPI key   {token}")


@keys.command("limit")
def limit(
    key_id: str,
    requests_per_minute: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="Without it the key has the limit of the service again.")
    ] = None,
    burst: Annotated[int, typer.Option(min=1, max=100_000, help="How many requests at once, after a pause.")] = 100,
) -> None:
    """Give a key a rate limit of its own. Running services know it within RECOURSE_KEY_CACHE_SECONDS."""
    rate_limit = RateLimit(requests_per_minute=requests_per_minute, burst=burst) if requests_per_minute else None
    _on_stored_keys("limit_key", key_id, rate_limit)
    print(f"{requests_per_minute} requests a minute, {burst} at once." if rate_limit else "The limit of the service.")


@keys.command("revoke")
def revoke(key_id: str) -> None:
    """Revoke a key. Running services refuse it within RECOURSE_KEY_CACHE_SECONDS."""
    _on_stored_keys("revoke_key", key_id)
    print("Revoked.")


def _in_days(days: int | None) -> datetime | None:
    return None if days is None else clock.now() + timedelta(days=days)


def _on_stored_keys(function: str, *arguments: Any, **options: Any) -> Any:
    """Call a function of `app/cli/stored_keys.py`, which is imported now."""
    return resolve_name(f"app.cli.stored_keys:{function}")(*arguments, **options)
