"""The commands about the data of buyers: what is held, export, erase, and legal holds."""

from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Any

import typer

privacy = typer.Typer(help="The data of buyers: export, erasure and legal holds.", no_args_is_help=True)

Merchant = Annotated[str, typer.Option(help="Id of the merchant.")]
Order = Annotated[str, typer.Argument(help="Id of the order.")]


@privacy.command("show")
def show(order: Order, merchant: Merchant) -> None:
    """Print what is held about the buyer of an order, until when, and under which article."""
    _on_stored_data("show", merchant, order)


@privacy.command("export")
def export(
    order: Order,
    merchant: Merchant,
    file: Annotated[Path, typer.Option(help="A new ZIP file.")],
) -> None:
    """Write everything that is held about the buyer of an order into a ZIP file."""
    _on_stored_data("export", merchant, order, file)
    print(f"{file} is written.")


@privacy.command("erase")
def erase(order: Order, merchant: Merchant) -> None:
    """Erase the buyer of an order: now what no law wants kept, and the rest at the end of its time."""
    _on_stored_data("erase", merchant, order)


@privacy.command("hold")
def hold(
    order: Order, merchant: Merchant, reason: Annotated[str, typer.Option(help="Why nothing must be erased.")]
) -> None:
    """Set a legal hold: nothing of the order is erased."""
    _on_stored_data("hold", merchant, order, reason)


@privacy.command("lift")
def lift(order: Order, merchant: Merchant) -> None:
    """Lift the legal hold of an order."""
    _on_stored_data("lift", merchant, order)


def _on_stored_data(function: str, *arguments: Any) -> Any:
    """Call a function of `app/cli/stored_privacy.py`, which is imported now."""
    return resolve_name(f"app.cli.stored_privacy:{function}")(*arguments)
