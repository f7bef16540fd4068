"""A cache of values that never change. It has a maximum size and lives as long as its Database."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

AT_MOST = 1024


class Memo:
    """A mapping of at most `at_most` values. It drops the value that was read the longest ago."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """The value, or None."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def drop(self, key: Hashable) -> None:
        self._values.pop(key, None)

    def put(self, key: Hashable, value: Any) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._at_most:
            self._values.popitem(last=False)
