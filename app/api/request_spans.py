"""The spans of requests, which FastAPI makes, without what can be personal: the path and the query."""

from collections.abc import MutableMapping
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry.context import Context
from opentelemetry.trace import NoOpTracer, Span, SpanKind, Tracer, TracerProvider
from opentelemetry.util.types import Attributes

_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_PERSONAL = frozenset({"url.path", "url.query"})
"""A path can hold a token, and a query can hold the name that somebody searches for. `http.route` says enough."""


def telemetry_of(provider: TracerProvider | None) -> TelemetryConfig:
    """FastAPI would export paths, queries and the messages of exceptions by itself, if the environment asked for it."""
    return {
        "tracing": provider is not None,
        "tracer_provider": _Discreet(provider) if provider else None,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": _is_probe,
    }


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    return scope.get("path") in _PROBES


class _Discreet(TracerProvider):
    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider

    def get_tracer(self, *args: Any, **kwargs: Any) -> Tracer:
        return _DiscreetTracer(self._provider.get_tracer(*args, **kwargs))


class _DiscreetTracer(NoOpTracer):
    """FastAPI begins its spans with `start_span` alone."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        *more: Any,
        **named: Any,
    ) -> Span:
        kept = {key: value for key, value in (attributes or {}).items() if key not in _PERSONAL}
        return self._tracer.start_span(name, context, kind, kept, *more, **named)
