"""Values as JSON text, and back."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson


def dump(value: Any) -> str:
    """Any engine value as JSON. Sets become sorted lists, and instants RFC 3339 in UTC."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z).decode()


def load(text: str) -> Any:
    return orjson.loads(text)


def tagged(key: str, value: object) -> dict[str, Any]:
    """A dataclass as an object with the name of its type: `{"effect": "move_units", ...}`."""
    name, slots = _shape(type(value))  # type: ignore[arg-type] # mypy does not see that types are hashable
    return {key: name, **{slot: getattr(value, slot) for slot in slots}}


def effects(values: Iterable[object]) -> list[dict[str, Any]]:
    return [tagged("effect", effect) for effect in values]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


@cache
def _shape(kind: type[object]) -> tuple[str, tuple[str, ...]]:
    """The type's name in snake case, and its fields."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("_")
    return snake, tuple(slot for base in reversed(kind.__mro__) for slot in getattr(base, "__slots__", ()))
