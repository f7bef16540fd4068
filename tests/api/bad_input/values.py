"""Values that a kind of field refuses, and rows made of them: method, path, body and the refused field."""

import json
from collections.abc import Iterator
from typing import Any

GONE = object()
Row = tuple[str, str, Any, str | tuple[str, ...]]
"""Method, path, body, and the field that the answer must name; of several fields the answer names one."""


def with_value(body: Any, path: str, value: Any) -> Any:
    """A copy of a body with `value` at a path; GONE deletes the field at the path."""
    copy = json.loads(json.dumps(body))
    *way, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    inner = copy
    for part in way:
        inner = inner[part]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return copy


NOT_A_COUNT: list[Any] = [0, -1, 1.5, 1.0, "1", True, None, [], {}, 10**6 + 1, 10**30, float("nan"), float("inf")]
NOT_AN_AMOUNT: list[Any] = [-1, 1.5, 0.0, "0", True, [], {}, 10**13 + 1, 10**30, float("nan"), float("-inf")]
NOT_A_NAME: list[Any] = ["", 1, True, [], {}, "x" * 201, "a\nb", "a\tb", "a\0b", "\x1b[2J", "\x7f", "\ud800"]
NOT_A_WORD: list[Any] = ["", "Card", "two words", "카드", "-card", "x" * 41, "card\n", 7, "\0", "\udfff"]
NOT_A_MESSAGE: list[Any] = [1, True, [], {}, "x" * 4001, "a\0b", "a\x0bb", "\x85\x07", "\udc00"]
WITHOUT_WORDS: list[Any] = ["-", " . ", "…!", "?\n", "👍"]
NOT_TO_A_BUYER: list[Any] = [*NOT_A_MESSAGE, *WITHOUT_WORDS]
"""Not a text that a buyer can read."""
NOT_AN_INSTANT: list[Any] = [
    "2026-06-08T12:00:00",
    "2026-06-08",
    "yesterday",
    "2026-06-31T12:00:00Z",
    "2026-06-08T25:00:00Z",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "1999-12-31T23:59:59Z",
    "2100-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "1780000000",
    "",
    1780000000,
    1780000000.5,
    True,
    [],
    {},
    float("nan"),
    10**30,
]
NOT_A_DAY: list[Any] = [
    "2026-6-8",
    "2026-02-30",
    "2026-06-08T00:00:00Z",
    "1999-12-31",
    "2100-01-01",
    20612,
    "",
    [],
]
NOT_A_FLAG: list[Any] = ["true", 1, 0, "yes", None, [], {}]
NOT_A_WORD_OF_THE_LIST: list[Any] = ["", "CANCEL", "swap", 1, None, [], {}, "cancel\0", "\ud800"]
NOT_A_LIST: list[Any] = [None, {}, "1", 1]

NOT_METADATA: list[Any] = [
    *(1, True, [], "words", {"k": 1}, {"k": None}, {"k": {}}, {"": "v"}, {"k" * 41: "v"}, {"k": "v" * 501}),
    *({"k": "a\0b"}, {"a\nb": "v"}, {"k": "\ud800"}, {str(number): "v" for number in range(51)}),
]


def every(method: str, path: str, body: Any, field: str, values: list[Any]) -> Iterator[Row]:
    return ((method, path, with_value(body, field, value), field) for value in values)


def unless_null(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None]
