"""`maker`, `copier` and `replace`: values made and copied at several times the speed of `dataclasses`, as most of
a decision would go into that.

For frozen, slotted, keyword-only dataclasses without `__post_init__`, which all values of the engine are. Writing
past a frozen class is slow, and so is calling a class; a function with plain assignments is what the interpreter
does fastest. So until its fields are written, a new value is of a subclass that is not frozen and adds no slots;
then it is given its own class.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

__all__ = ["copier", "maker", "replace"]

P = ParamSpec("P")
T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace  # so that the changes are checked against the fields' types
else:

    def replace(value, /, **changes):
        """A copy with some of its fields changed. Raises AttributeError for a field that is not there."""
        kind = value.__class__
        copied = _open_copier(kind)(value)
        for name, changed in changes.items():
            setattr(copied, name, changed)
        copied.__class__ = kind
        return copied


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """A function that takes what the class takes, and makes the same of it. Defaults are values, not factories."""
    shape: Any = kind
    own = fields(shape)
    scope = _scope(shape)
    scope |= {f"_default_{field.name}": field.default for field in own}
    parameters = ", ".join(["*", *map(_parameter, own)])
    written = [f"made.{field.name} = {field.name}" for field in own]
    return _function(f"new_{shape.__name__}", parameters, ["made = _thawed()", *written, *_CLOSED], scope)


def copier(kind: type[T], *names: str) -> Callable[..., T]:
    """A function of a value and of new contents for the named fields, in that order, that makes a copy. Raises
    AttributeError for a field that is not there.

    Whoever keeps it says what it takes: it knows names, and no types.
    """
    own = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # every kind here is a dataclass
    unknown = set(names).difference(own)
    if unknown:
        raise AttributeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    kept = [f"made.{name} = {name if name in names else f'value.{name}'}" for name in own]
    parameters = ", ".join(["value", *names])
    return _function("copy", parameters, ["made = _thawed()", *kept, *_CLOSED], _scope(kind))


_CLOSED = ("made.__class__ = _own", "return made")


@cache
def _open_copier(kind: type) -> Callable[[Any], Any]:
    """What makes a copy that can still be written to."""
    kept = [f"made.{field.name} = value.{field.name}" for field in fields(kind)]
    return _function("copy", "value", ["made = _thawed()", *kept, "return made"], _scope(kind))


def _scope(kind: type) -> dict[str, Any]:
    return {"_own": kind, "_thawed": _thawed(kind)}


@cache
def _thawed(kind: type) -> type:
    """Made empty, and written to without asking a function of the frozen class about every assignment, for which
    the interpreter must find both `__setattr__` and `__delattr__` to be its own."""
    own = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    return type(kind.__name__, (kind,), {"__slots__": (), **own})


def _parameter(field: Field[Any]) -> str:
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


def _function(name: str, parameters: str, lines: list[str], scope: dict[str, Any]) -> Callable[..., Any]:
    body = "".join(f"\n    {line}" for line in lines)
    exec(f"def {name}({parameters}):{body}", scope)
    function: Callable[..., Any] = scope[name]
    return function
