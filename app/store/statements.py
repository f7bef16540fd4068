"""Statements that are built once, compiled once and sent to the driver unchanged.

SQLAlchemy writes the SQL and converts the types. Its work around each execution (cache look-ups, contexts, cursors,
result proxies) took longer than the database itself, so this module omits that work. A statement is built when its
module is imported, and compiled for a database when it is first sent there.
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
"""A named tuple of the columns of a row."""
Values = Mapping[str, Any]
"""Values by the names of the statement's parameters."""

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One statement for one kind of database. `parameters` are in the order of the SQL, each with the function that
    converts a value for the driver. `constants` are the values that the statement itself has."""

    sql: str
    parameters: tuple[tuple[str, _Convert | None], ...]
    constants: Values
    row: Callable[[Iterable[Any]], Row]
    read: tuple[_Convert | None, ...] | None

    def bind(self, values: Values) -> list[Any]:
        """The values in the order of the statement's parameters."""
        if self.constants:
            values = {**self.constants, **values}
        return [values[name] if convert is None else convert(values[name]) for name, convert in self.parameters]

    def rows(self, records: Iterable[Sequence[Any]]) -> list[Row]:
        """The driver's records as named tuples, converted by the types."""
        if self.read is None:
            return [self.row(record) for record in records]
        return [
            self.row(
                value if convert is None else convert(value) for convert, value in zip(self.read, record, strict=True)
            )
            for record in records
        ]


class Statement:
    """A statement of SQLAlchemy's expression language, to be run by a `Tx`."""

    __slots__ = ("_compiled", "_expression")

    def __init__(self, expression: Any) -> None:
        self._expression = expression
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self._expression, dialect)
        return compiled


class Listing:
    """A query with optional conditions. Each set of conditions is one statement, built at its first use. A condition
    has the name of the value that is bound in it. `ending` is applied after the conditions."""

    __slots__ = ("_ending", "_query", "_statements", "conditions")

    def __init__(
        self,
        query: Select[Any],
        conditions: Mapping[str, ColumnElement[bool]],
        *,
        ending: Callable[[Select[Any]], Select[Any]] | None = None,
    ) -> None:
        self._query = query
        self._ending = ending
        self._statements: dict[frozenset[str], Statement] = {}
        self.conditions = conditions

    def narrowed(self, by: Iterable[str]) -> Statement:
        names = frozenset(by)
        statement = self._statements.get(names)
        if statement is None:
            query = self._query.where(*(self.conditions[name] for name in sorted(names)))
            statement = self._statements[names] = Statement(self._ending(query) if self._ending else query)
        return statement


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
        parameters=tuple((name, _binder(binds[name].type, dialect)) for name in names),
        constants={name: binds[name].effective_value for name in names if not binds[name].required},
        row=_row_of([column.key for column in columns]),
        read=read if any(read) else None,
    )


def _row_of(names: list[str]) -> Callable[[Iterable[Any]], Row]:
    """A function that names the columns of a row. A plain tuple where SQLAlchemy does not know the columns."""
    if not names:
        return tuple
    row: Any = namedtuple("Row", names)  # type: ignore[misc] # its fields exist at run time only
    return row._make


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
