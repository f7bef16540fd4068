"""The commands about laws: every rule on a day with its article, and what differs between two days."""

from datetime import datetime
from pkgutil import resolve_name
from typing import Annotated, Any

import typer

from app import clock

LawName = Annotated[str, typer.Argument(help="A law or a marketplace, such as kr.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])]
OnDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day. The default is today.")]
InCountry = Annotated[str | None, typer.Option(help="The country of the order, such as FR, for its national law.")]
AsPage = Annotated[bool, typer.Option("--html", help="Print a page for a browser.")]

law = typer.Typer(help="Laws and marketplace rules, with their articles.", no_args_is_help=True)


@law.command("show")
def show_law(name: LawName, on: OnDay = None, country: InCountry = None, html: AsPage = False) -> None:
    """List every rule of a law that is in force on a day, with its article."""
    day = on.date() if on else clock.now().date()
    rules = _of_presets("law_rules:law_rules", name, day, country)
    if html:
        print(resolve_name("app.presets.law_page:law_page")(f"{name}: the rules and their articles", str(day), rules))
        return
    for rule in rules:
        print(f"{rule.code}  [{rule.source.basis}] {rule.source.text}")
        for sentence_of_rule in rule.says:
            print(f"    {sentence_of_rule}")


@law.command("diff")
def compare_laws(name: LawName, before: Day, after: Day, country: InCountry = None) -> None:
    """List the rules of a law that differ between two days."""
    changes = _of_presets("law_rules:law_changes", name, before.date(), after.date(), country)
    for change in changes:
        for sign, rule in (("-", change.before), ("+", change.after)):
            if rule is not None:
                print(f"{sign} {rule.code}  {rule.source.text}")
                for sentence_of_rule in rule.says:
                    print(f"{sign}     {sentence_of_rule}")
    if not changes:
        print(f"No rule of {name} differs between these days.")


def _of_presets(function: str, name: str, *arguments: Any) -> Any:
    try:
        return resolve_name(f"app.presets.{function}")(name, *arguments)
    except LookupError:
        presets = resolve_name("app.presets.documents:preset_names")()
        raise typer.BadParameter(
            f"there is no law {name}. The laws and marketplaces are: {', '.join(presets)}."
        ) from None
