"""Every row of the table is taken by a walk, and docs/transitions.md says by which."""

import pytest

from app.engine.transitions.table import TABLE
from tests.docs import TRANSITIONS
from tests.engine import walked_rows, walks


def test_every_row_of_the_table_is_walked() -> None:
    assert walked_rows.unwalked() == []


def test_the_page_shows_the_walks_of_each_row() -> None:
    assert TRANSITIONS.read_text("utf-8") == walked_rows.page(), "run `python -m tests.docs --write`"


def test_a_row_that_no_walk_takes_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(each for each in walks.rows_taken() if each.row is not TABLE[-1])
    monkeypatch.setattr(walked_rows, "rows_taken", lambda: rows)
    assert walked_rows.unwalked() == ["order_shipped rejected "]
