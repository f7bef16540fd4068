"""The examples of `docs/imports.md` are what the command prints."""

import re
from pathlib import Path

import pytest

from app.imports.fields import FIELDS
from app.imports.formats import formats
from tests.test_cli import create_key, run

PAGE = (Path(__file__).parents[2] / "docs/imports.md").read_text("utf-8")


def sample(name: str) -> str:
    found = re.search(rf"<!-- sample: {re.escape(name)} -->\n```\w*\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def merchant(database_url: str) -> str:
    return create_key(database_url, "storefront")["merchant"]


def test_the_command_prints_what_the_page_says(database_url: str, merchant: str, tmp_path: Path) -> None:
    content = sample("orders.csv")
    (tmp_path / "orders.csv").write_text(content, "utf-8")
    (tmp_path / "corrected.csv").write_text(content.replace("두 개", "2"), "utf-8")
    printed = ""
    for command in re.findall(r"^\$ recourse (.*)$", sample("dry run") + sample("run"), re.MULTILINE):
        name, file, *options = command.replace("$MERCHANT", merchant).split()
        files = {"RECOURSE_FILES_FOLDER": str(tmp_path / "files")}
        result = run(database_url, name, str(tmp_path / file), *options, **files)
        assert result.exit_code == int("0 refused" not in result.stdout), result.output
        printed += f"$ recourse {command}\n{result.stdout}"
    assert printed == sample("dry run") + sample("run")


def test_the_page_has_every_format_and_every_field() -> None:
    assert set(re.findall(r"`(\w+)`", PAGE)) >= {*formats(), *FIELDS}
