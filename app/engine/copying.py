"""`replace` and `quick`: values copied and made at several times the speed of `dataclasses`, as most of a decision
went into that.

For frozen, slotted, keyword-only dataclasses without `__post_init__`, which all values of the engine are. Writing
past a frozen class is slow, and plain assignments are what the interpreter does fastest. So until its fields are
written, a new value is of a subclass that is not frozen and adds no slots; then it is given its own class.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["quick", "replace"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace  # so that the changes are checked against the fields' types
else:

    def replace(value, /, **changes):
        """A copy with some of its fields changed. Raises AttributeError for a field that is not there."""
        kind = type(value)
        copied = _copier(kind)(value)
        for name, changed in changes.items():
            setattr(copied, name, changed)
        copied.__class__ = kind
        return copied


def quick(kind: type[T]) -> type[T]:
    """A decorator above `@dataclass`, for values that every decision makes."""
    shape: Any = kind
    own = fields(shape)
    scope: dict[str, Any] = {"_own": kind, "_thawed": _thawed(shape), "_set": object.__setattr__}
    for field in own:
        scope[f"_default_{field.name}"] = field.default
        scope[f"_make_{field.name}"] = field.default_factory
    parameters = ", ".join(["self", "*", *map(_parameter, own)])
    written = [f"self.{field.name} = {_argument(field)}" for field in own]
    lines = ["_set(self, '__class__', _thawed)", *written, "self.__class__ = _own"]
    shape.__init__ = _function("__init__", parameters, lines, scope)
    return kind


@cache
def _copier(kind: type) -> Callable[[Any], Any]:
    """What makes a copy that can still be written to."""
    kept = [f"copied.{field.name} = value.{field.name}" for field in fields(kind)]
    scope = {"_new": object.__new__, "_thawed": _thawed(kind)}
    return _function("copy", "value", ["copied = _new(_thawed)", *kept, "return copied"], scope)


@cache
def _thawed(kind: type) -> type:
    members = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(kind.__name__, (kind,), members)


def _parameter(field: Field[Any]) -> str:
    if field.default is field.default_factory is MISSING:
        return field.name
    return f"{field.name}=_default_{field.name}"


def _argument(field: Field[Any]) -> str:
    if field.default_factory is MISSING:
        return field.name
    return f"_make_{field.name}() if {field.name} is _default_{field.name} else {field.name}"


def _function(name: str, parameters: str, lines: list[str], scope: dict[str, Any]) -> Callable[..., Any]:
    body = "".join(f"\n    {line}" for line in lines)
    exec(f"def {name}({parameters}):{body}", scope)
    function: Callable[..., Any] = scope[name]
    return function
