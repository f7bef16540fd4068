"""`replace`, as `dataclasses.replace` but in half its time: copying claims and orders took most of a decision.

For frozen, slotted dataclasses without `__post_init__`, which all values of the engine are.
"""

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["replace"]

if TYPE_CHECKING:
    from dataclasses import replace  # so that the changes are checked against the fields' types
else:

    def replace(value, /, **changes):
        """A copy with some of its fields changed. Raises KeyError for a field that is not there."""
        kind = type(value)
        read, writers, places = _shape(kind)
        values = list(read(value))
        for name, changed in changes.items():
            values[places[name]] = changed
        copied = object.__new__(kind)
        for write, kept in zip(writers, values, strict=False):
            write(copied, kept)
        return copied


@cache
def _shape(kind: Any) -> tuple[Any, tuple[Any, ...], dict[str, int]]:
    """What reads all fields at once, what writes each, and the place of each."""
    names = [field.name for field in fields(kind)]
    writers = tuple(getattr(kind, name).__set__ for name in names)
    several = attrgetter(*names, names[0])  # of one name alone it would not give a tuple; the last is left over
    return several, writers, {name: place for place, name in enumerate(names)}
