"""The fields of engine values as plain data: what a document of the newest version holds."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_type_hints


def fields_of(root: type[Any]) -> dict[str, Any]:
    """Each dataclass inside a value, with its fields and their types; each enum with its words."""
    shapes: dict[str, Any] = {}
    waiting = [root]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ in shapes:
            continue
        if is_dataclass(kind):
            hints = get_type_hints(kind)
            shapes[kind.__name__] = {field.name: _written(hints[field.name]) for field in fields(kind)}
            waiting += [part for hint in hints.values() for part in _parts(hint)]
        elif issubclass(kind, StrEnum):
            shapes[kind.__name__] = [word.value for word in kind]
    return dict(sorted(shapes.items()))


def _parts(hint: Any) -> Iterator[type[Any]]:
    if isinstance(hint, type) and not get_args(hint):
        yield hint
    for argument in get_args(hint):
        yield from _parts(argument)


def _written(hint: Any) -> str:
    """A type without the modules of its parts, since modules may move."""
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return re.sub(r"(?:\w+\.)+", "", str(hint))
