"""The files of examples: each holds an answer of the service, and the OpenAPI document shows each."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.api.examples import FOLDER, Example
from app.service.events.types import CATALOGUE, EXAMPLES
from tests.api.answers import ROUTES
from tests.examples.files import FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_example_is_what_the_engine_says(file: Path) -> None:
    assert file.read_text("utf-8") == FILES[file], "run `make docs`"


def test_every_file_of_examples_is_written_from_the_code() -> None:
    files = {file for folder in (FOLDER, EXAMPLES) for file in folder.iterdir() if file.suffix not in (".py", "")}
    assert files == FILES.keys()


def test_every_file_of_examples_is_shown() -> None:
    shown_files = {FOLDER / name for route in ROUTES for name in _names(route.responses)}
    assert shown_files | {EXAMPLES / f"{row.name}.json" for row in CATALOGUE} == FILES.keys()


def test_the_example_of_a_partial_rejection_has_the_rejected_lines_and_the_others() -> None:
    claim = json.loads((EXAMPLES / "claim.partly_rejected.json").read_text("utf-8"))["data"]["claim"]
    assert [line["line_id"] for line in claim["lines"]] == ["1"]
    (rejected,) = claim["rejected_lines"]
    assert (rejected["line"]["line_id"], rejected["rejection"]["ground"]) == ("2", "custom_made")


def _names(responses: dict[int | str, dict[str, Any]]) -> list[str]:
    contents = [content for response in responses.values() for content in response.get("content", {}).values()]
    return [content["example"] for content in contents if isinstance(content["example"], Example)]
