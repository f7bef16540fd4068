"""Spans of OpenTelemetry. Until a composition root calls `use`, the functions of this module do nothing.

No span holds a value of SQL, a body, a path or a query: they can be personal.
"""

import asyncio
import re
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from types import TracebackType
from typing import Protocol

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Attributes = Mapping[str, str | int | float | bool]

_W3C = TraceContextTextMapPropagator()
_Within = AbstractContextManager[Span, None]
_NOTHING: _Within = nullcontext(INVALID_SPAN)
_ENDS_WITHIN = 3.0
"""Seconds for the last spans, when the process ends. The receiver may be away."""


class Provider(Protocol):
    """What makes and exports spans."""

    def get_tracer(self, instrumenting_module_name: str, /) -> Tracer: ...

    def shutdown(self) -> None: ...


class _Used:
    provider: Provider | None = None
    tracer: Tracer | None = None


def use(provider: Provider | None) -> None:
    """Make spans with this provider from now on, or none."""
    _Used.provider = provider
    _Used.tracer = provider.get_tracer("recourse") if provider else None


async def end() -> None:
    """Export the last spans, and make no more."""
    provider = _Used.provider
    use(None)
    if provider is not None:
        ending = threading.Thread(target=provider.shutdown, name="tracing", daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, _ENDS_WITHIN)


def span(
    name: str, attributes: Attributes, *, kind: SpanKind = SpanKind.INTERNAL, within: Context | None = None
) -> _Within:
    """A span inside the present one, or inside `within`."""
    return _NOTHING if _Used.tracer is None else _Begun(_Used.tracer, name, attributes, kind, within)


def statement(sql: str, system: str) -> _Within:
    """A span of an SQL statement. There is none outside of another span: a worker polls its queues all the time."""
    if _Used.tracer is None or not trace.get_current_span().is_recording():
        return _NOTHING
    attributes = {"db.system.name": system, "db.query.text": sql}
    return _Begun(_Used.tracer, _summary(sql), attributes, SpanKind.CLIENT, None)


def describe(attributes: Attributes) -> None:
    """Add attributes to the present span, if there is one."""
    if _Used.tracer is not None:
        trace.get_current_span().set_attributes(attributes)


def ids() -> tuple[str, str] | None:
    """The ids of the present trace and span, for the log."""
    if _Used.tracer is None:
        return None
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)


def carried() -> str | None:
    """The present span as the W3C header `traceparent`, to be stored with work that is done later."""
    if _Used.tracer is None:
        return None
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


def continued(traceparent: str | None) -> Context | None:
    """The span that was carried."""
    return _W3C.extract({"traceparent": traceparent}) if traceparent else None


class _Begun(AbstractContextManager[Span, None]):
    """A span that is the present one inside the block. The message of an exception stays in the log: it can hold
    values."""

    def __init__(
        self, tracer: Tracer, name: str, attributes: Attributes, kind: SpanKind, within: Context | None
    ) -> None:  # fmt: skip
        self._span = tracer.start_span(name, within, kind, attributes)
        self._present = trace.use_span(
            self._span, end_on_exit=True, record_exception=False, set_status_on_exception=False
        )

    def __enter__(self) -> Span:
        return self._present.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self._span.set_attribute("error.type", kind.__qualname__)
            self._span.set_status(StatusCode.ERROR)
        self._present.__exit__(None, None, None)


_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE) (\w+)")


@cache
def _summary(sql: str) -> str:
    """`SELECT claims`. There are as many statements as the code has."""
    table = _TABLE.search(sql)
    verb = sql.split(maxsplit=1)[0]
    return f"{verb} {table[1]}" if table else verb
