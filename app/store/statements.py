"""Statements built and compiled once, and sent to the driver as they are.

SQLAlchemy writes the SQL and knows the types; what it does around each execution (cache look-ups, contexts,
cursors, proxies of results) took longer than all that the database did, so that is left out. A statement
is made when its module is imported, and compiled for a database when it is first sent there.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows
from sqlalchemy.types import TypeEngine

Row = Any
"""A named tuple of one row's columns."""
Values = Mapping[str, Any]
"""What is bound, by the names of the statement's parameters."""

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One statement for one kind of database. `given` are its parameters in order, each with what makes of its
    value what the driver takes; `constants` are those whose values the statement brings itself."""

    sql: str
    given: tuple[tuple[str, _Convert | None], ...]
    constants: Values
    row: Callable[[Iterable[Any]], Row]
    read: tuple[_Convert | None, ...] | None

    def bind(self, values: Values) -> list[Any]:
        """The values in the order of the statement's parameters."""
        if self.constants:
            values = {**self.constants, **values}
        return [values[name] if convert is None else convert(values[name]) for name, convert in self.given]

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Row]:
        """What the driver gave, named, and as the types say it should be."""
        if self.read is None:
            return [self.row(record) for record in found]
        return [
            self.row(
                value if convert is None else convert(value) for convert, value in zip(self.read, record, strict=True)
            )
            for record in found
        ]


class Statement:
    """A statement of SQLAlchemy's expression language, to be run by a `Tx`."""

    __slots__ = ("_compiled", "_expression")

    def __init__(self, expression: Any) -> None:
        self._expression = expression
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._expression, dialect)
        return found


class Listing:
    """A query that can be narrowed: one statement for each way to narrow it, made when first asked for.
    `conditions` go by the names of the values that are bound in them."""

    __slots__ = ("_query", "_statements", "conditions")

    def __init__(self, query: Select[Any], conditions: Mapping[str, ColumnElement[bool]]) -> None:
        self._query = query
        self._statements: dict[frozenset[str], Statement] = {}
        self.conditions = conditions

    def narrowed(self, by: Iterable[str]) -> Statement:
        names = frozenset(by)
        found = self._statements.get(names)
        if found is None:
            query = self._query.where(*(self.conditions[name] for name in sorted(names)))
            found = self._statements[names] = Statement(query)
        return found


def _compile(expression: Any, dialect: Dialect) -> Compiled:
    compiled = expression.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{expression} is not a statement that takes values")
    names = compiled.positiontup or ()
    binds = compiled.binds
    columns = tuple(expression.exported_columns) if isinstance(expression, ReturnsRows) else ()
    read = tuple(_reader(column.type, dialect) for column in columns)
    return Compiled(
        sql=compiled.string,
        given=tuple((name, _binder(binds[name].type, dialect)) for name in names),
        constants={name: binds[name].effective_value for name in names if not binds[name].required},
        row=_row_of([column.key for column in columns]),
        read=read if any(read) else None,
    )


def _row_of(names: list[str]) -> Callable[[Iterable[Any]], Row]:
    """What names the columns of a row; a plain tuple where SQLAlchemy does not know them."""
    if not names:
        return tuple
    row: Any = namedtuple("Row", names)  # type: ignore[misc] # its fields are known at run time only
    return row._make


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
