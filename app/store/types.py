"""Column types and JSON functions that mean the same on PostgreSQL and SQLite."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Dialect, String, TypeDecorator, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite stores text of a fixed width, so that text order is time order."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = String(32) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value} is naive")
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return datetime.fromisoformat(value) if isinstance(value, str) else value


class SecondsAgo(FunctionElement[datetime]):
    """The instant so many seconds ago, by the clock of the database. The clocks of two machines may differ by more than
    the time after which a worker counts as dead."""

    type = Instant()
    inherit_cache = True


class MillisecondsSince(FunctionElement[int]):
    """How many milliseconds ago an instant was, by the clock of the database."""

    type = BigInteger()
    inherit_cache = True


@compiles(SecondsAgo, "postgresql")
def _postgresql_ago(element: SecondsAgo, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"(statement_timestamp() - make_interval(secs => CAST({seconds} AS double precision)))"


@compiles(SecondsAgo, "sqlite")
def _sqlite_ago(element: SecondsAgo, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now', printf('-%.3f seconds', {seconds}))"


@compiles(MillisecondsSince, "postgresql")
def _postgresql_since(element: MillisecondsSince, compiler: SQLCompiler, **kw: Any) -> str:
    instant = compiler.process(element.clauses, **kw)
    return f"CAST(extract(epoch FROM statement_timestamp() - {instant}) * 1000 AS bigint)"


@compiles(MillisecondsSince, "sqlite")
def _sqlite_since(element: MillisecondsSince, compiler: SQLCompiler, **kw: Any) -> str:
    instant = compiler.process(element.clauses, **kw)
    return f"CAST((julianday('now') - julianday({instant})) * 86400000 AS INTEGER)"


class JsonObject(FunctionElement[str]):
    """A JSON object of alternating keys and values, as text."""

    type = String()
    inherit_cache = True


def pairs(*columns: Any) -> list[Any]:
    """The names and values of columns, for a JSON object."""
    named: list[Any] = []
    for column in columns:
        named += (literal_column(f"'{column.name}'"), column)
    return named


class JsonRows(FunctionElement[str]):
    """All rows as one JSON array, as text. No rows are `[]`."""

    type = String()
    inherit_cache = True


class JsonValue(FunctionElement[str]):
    """Text that holds JSON, to be nested as a JSON value."""

    type = String()
    inherit_cache = True


class JsonTexts(FunctionElement[str]):
    """The texts of a JSON array, each in a row with the column `value`."""

    type = String()
    inherit_cache = True


class JsonText(FunctionElement[str]):
    """A JSON value as text."""

    type = String()
    inherit_cache = True


class JsonHas(FunctionElement[bool]):
    """Whether text that is a JSON object of strings has a key with a value."""

    type = Boolean()
    inherit_cache = True


@compiles(JsonHas, "postgresql")
def _postgresql_has(element: JsonHas, compiler: SQLCompiler, **kw: Any) -> str:
    text, key, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({text} AS jsonb) ->> CAST({key} AS text)) = CAST({value} AS text)"


@compiles(JsonHas, "sqlite")
def _sqlite_has(element: JsonHas, compiler: SQLCompiler, **kw: Any) -> str:
    text, key, value = (compiler.process(clause, **kw) for clause in element.clauses)
    pairs = f"(SELECT entry.key, entry.value FROM json_each({text}) AS entry)"  # noqa: S608 # compiled parts
    return f"({key}, {value}) IN {pairs}"


@compiles(JsonTexts, "postgresql")
def _postgresql_texts(element: JsonTexts, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **kw)} AS json))"


@compiles(JsonTexts, "sqlite")
def _sqlite_texts(element: JsonTexts, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(JsonText)
def _text(element: JsonText, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS TEXT)"


@compiles(JsonObject, "postgresql")
def _postgresql_object(element: JsonObject, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **kw)})"


@compiles(JsonObject, "sqlite")
def _sqlite_object(element: JsonObject, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **kw)})"


@compiles(JsonRows, "postgresql")
def _postgresql_rows(element: JsonRows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(coalesce(json_agg({compiler.process(element.clauses, **kw)}), '[]') AS text)"


@compiles(JsonRows, "sqlite")
def _sqlite_rows(element: JsonRows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array(json({compiler.process(element.clauses, **kw)}))"


@compiles(JsonValue, "postgresql")
def _postgresql_value(element: JsonValue, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS json)"


@compiles(JsonValue, "sqlite")
def _sqlite_value(element: JsonValue, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json({compiler.process(element.clauses, **kw)})"
