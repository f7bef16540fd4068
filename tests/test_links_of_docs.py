"""The links of the pages lead to files, and the commands that README and docs/ name exist."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.cli import app as command_line
from tests.pages import DOCS, PAGES, ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)]+)\)", _without_code(page)):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        target_page = (page.parent / name).resolve() if name else page
        if not target_page.exists() or (anchor and anchor not in _anchors(target_page)):
            broken.append(target)
    assert not broken


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def test_every_decision_has_its_five_parts_and_is_listed() -> None:
    index = (DOCS / "decisions" / "README.md").read_text()
    for page in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        parts = re.findall(r"^\*\*(.+?)\.?\*\*", page.read_text(), re.MULTILINE)
        assert parts == ["Context", "Decision", "Why", "Cost", "Revisit when"], page.name
        assert f"]({page.name})" in index, page.name


def test_every_make_target_that_the_pages_name_exists() -> None:
    output = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    targets = set(re.findall(r"^  make (\w+)", output, re.MULTILINE))
    assert _commands_named_after("make") <= targets


def test_every_command_that_the_pages_name_exists() -> None:
    group: Any = get_command(command_line)
    commands = set(group.commands) | {f"keys {name}" for name in group.commands["keys"].commands}
    names = {words if words.startswith("keys ") else words.split()[0] for words in _commands_named_after("recourse")}
    assert names <= commands
    assert commands - {"keys"} <= names, "a command that no page names"


def _commands_named_after(program: str) -> set[str]:
    """The word behind the name of a program, in code spans and blocks."""
    texts = [page.read_text() for page in PAGES]
    pattern = rf"(?:^    |`|recourse )(?:\.venv/bin/)?{program} ((?:keys )?[a-z]+)"
    return {name for text in texts for name in re.findall(pattern, text, re.MULTILINE)}
