"""The spans of deliveries. Each is inside the span of the request whose event is delivered, in whichever process that
was."""

from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from opentelemetry.trace import Span, SpanKind, StatusCode

from app import tracing
from app.records.delivery import LeasedDelivery
from app.records.endpoint import Endpoint
from app.webhooks.sender import Outcome


def span_of(leased: LeasedDelivery, endpoint: Endpoint) -> AbstractContextManager[Span, None]:
    """Inside the span of the request whose event is delivered. The URL of an endpoint can hold a token."""
    described: dict[str, str | int] = {
        "recourse.merchant": leased.merchant_id,
        "recourse.event": leased.event_id,
        "recourse.endpoint": endpoint.endpoint_id,
        "recourse.attempt": leased.attempts + 1,
        "http.request.method": "POST",
        "server.address": urlsplit(endpoint.url).hostname or "",
    }
    within = tracing.continued(leased.traceparent)
    return tracing.span("deliver webhook", described, kind=SpanKind.CLIENT, within=within)


def describe(span: Span, outcome: Outcome) -> None:
    span.set_attribute("recourse.outcome", outcome.verdict)
    if outcome.status is not None:
        span.set_attribute("http.response.status_code", outcome.status)
    if outcome.verdict == "failed":
        span.set_status(StatusCode.ERROR)
