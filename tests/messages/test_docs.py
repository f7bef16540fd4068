"""docs/messages.md shows the tables that are in force."""

import re
from pathlib import Path

import pytest

from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.samples import VARIABLES

PAGE = Path(__file__).parents[2] / "docs" / "messages.md"


def audiences() -> list[str]:
    def mark(event: str, audience: Audience) -> str:
        return "yes" if audience in MESSAGE_RULES[event].to else ""

    return [
        f"| `{event}` | {mark(event, Audience.BUYER)} | {mark(event, Audience.SELLER)} |" for event in MESSAGE_RULES
    ]


def variables() -> list[str]:
    return [f"| `{name}` | {variable.means} |" for name, variable in VARIABLES.items()]


def events() -> list[str]:
    def code_list(names: tuple[str, ...]) -> str:
        return " ".join(f"`{name}`" for name in names)

    return [
        f"| `{event}` | {code_list(row.always)} | {code_list(row.sometimes)} |" for event, row in MESSAGE_RULES.items()
    ]


TABLES = {"audiences": audiences, "variables": variables, "events": events}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_the_table(name: str) -> None:
    found = re.search(rf"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    assert found[1].splitlines()[2:] == TABLES[name]()
