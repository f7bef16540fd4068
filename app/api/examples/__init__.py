"""Examples of answers for the OpenAPI document: one file per answer, written by `python -m tests.docs --write`.

A route names its file. The file is read when the document is built, so that an import does not pay for the examples.
"""

from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent


class Example(str):
    """The name of a file in this folder; in the document the content of the file stands in its place."""

    __slots__ = ()

    def read(self) -> Any:
        text = (FOLDER / self).read_text("utf-8")
        return orjson.loads(text) if self.endswith(".json") else text


def ok(name: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The example of a route's successful answer, from `<name>.json`."""
    return {status: {"content": {"application/json": {"example": Example(f"{name}.json")}}}}
