"""The options of `recourse import`. The command imports `app/cli/imports.py`, which does the work, when it runs."""

from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Any

import typer

from app.imports.fields import ImportKind


def import_orders(
    file: Annotated[Path, typer.Argument(help="An export of orders, or a sheet of parcel numbers: Excel or CSV.")],
    *,
    merchant: Annotated[str, typer.Option(help="Id of the merchant whose orders these are.")],
    kind: Annotated[ImportKind | None, typer.Option(help="What a row tells of. By default by the headings.")] = None,
    format_name: Annotated[
        str | None, typer.Option("--format", help="Such as smartstore. By default by the headings.")
    ] = None,
    column: Annotated[list[str] | None, typer.Option(help="The column of a field: FIELD=HEADING. Repeatable.")] = None,
    currency: Annotated[str | None, typer.Option(help="Of amounts, unless a column has the currency.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Of instants without an offset, such as Asia/Seoul.")] = None,
    policy: Annotated[str | None, typer.Option(help="Judges new orders. By default the merchant's policy.")] = None,
    password: Annotated[str, typer.Option(help="Of an Excel file that has one. Without it you are asked.")] = "",
    notify_buyers: Annotated[bool, typer.Option("--notify-buyers", help="Write to buyers about the news.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it. Store nothing.")] = False,
) -> None:
    """Import orders or parcels from a file, and print what was refused. Exit with 1 if something was refused."""
    said: dict[str, Any] = {"kind": kind, "format": format_name, "currency": currency, "time_zone": time_zone}
    said |= {"policy": policy, "notify_buyers": notify_buyers}
    is_sound = resolve_name("app.cli.imports:import_file")(
        file, merchant=merchant, said=said, columns=column or [], password=password, is_trial=dry_run
    )
    if not is_sound:
        raise typer.Exit(1)
