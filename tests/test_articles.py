"""docs/articles.md: its counts are those of its tables, and each request, test and page that it names exists."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from app.main import create_app
from app.settings import Settings
from tests.pages import DOCS, ROOT

PAGE = DOCS / "articles.md"
VERDICTS = ("works", "in part", "not yet")
ITEMS = {"1": 21, "2": 20, "3": 28, "4": 13, "5": 13}
"""How many things each article asks for."""

Row = tuple[str, str, str, str, str]


def sections() -> dict[str, list[Row]]:
    """The rows of each article: number, item, verdict, how, and the test that shows it."""
    parts = re.split(r"^## (\d)\. .*$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {
        number: [_row(line) for line in text.splitlines() if re.match(r"\| \d\.\d+ \|", line)]
        for number, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _row(line: str) -> Row:
    number, item, verdict, how, shown = (cell.strip() for cell in line.strip("|").split(" | "))
    return number, item, verdict, how, shown


SECTIONS = sections()
ROWS = [row for rows in SECTIONS.values() for row in rows]


def test_every_item_of_every_article_has_a_row_and_a_verdict() -> None:
    expected = [f"{article}.{item}" for article, count in ITEMS.items() for item in range(1, count + 1)]
    assert [row[0] for row in ROWS] == expected
    assert {row[2] for row in ROWS} <= set(VERDICTS)


def test_the_counts_at_the_head_are_those_of_the_tables() -> None:
    head = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    shown = {name: tuple(map(int, numbers)) for name, *numbers in head}
    assert shown == {**{number: _counts(rows) for number, rows in SECTIONS.items()}, "all": _counts(ROWS)}


def _counts(rows: list[Row]) -> tuple[int, ...]:
    verdicts = Counter(row[2] for row in rows)
    return len(rows), *(verdicts[verdict] for verdict in VERDICTS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_works_is_shown_by_a_test_and_the_rest_says_what_is_missing(row: Row) -> None:
    _, _, verdict, how, shown = row
    assert verdict != "works" or re.search(r"tests/\S+::test_", shown)
    assert verdict == "works" or "Missing: " in how
    for path, name in re.findall(r"`(tests/[^`]+?)::([^`]+)`", shown):
        assert name in _tests_of(ROOT / path), f"{path}::{name}"
    assert re.sub(r"`tests/[^`]+::\w+`|[, ]", "", shown) == ""


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


def test_every_request_that_the_page_names_exists() -> None:
    paths = create_app(Settings(database_url="sqlite:///unused.db")).openapi()["paths"]
    exist = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    named = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`? ]*)", PAGE.read_text("utf-8")))
    assert len(named) > 30
    assert named - exist == set()
