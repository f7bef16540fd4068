"""The values that every decision makes: dataclasses that nothing changes, as the type checker holds."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Value = TypeVar("Value")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def value(kind: type[Value]) -> type[Value]:
    """A slotted, keyword-only dataclass whose fields are never written again. `copies.replace` copies it.

    A frozen dataclass refuses a write at run time too, but takes more than twice as long to make, because each field is
    set by a call. Here mypy refuses the write, in the app and in its tests.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(kind)
