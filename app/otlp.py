"""Exports spans by OTLP over HTTP, as the variables OTEL_* of OpenTelemetry say. Needs recourse[otel]."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from app import __version__


def provider() -> TracerProvider:
    """What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes before our own names."""
    own = Resource.create({"service.name": "recourse", "service.version": __version__})
    made = TracerProvider(resource=own.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made
