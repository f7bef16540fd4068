"""The headers of answers in the OpenAPI document: which answers have them, and what they mean."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

COMPONENTS: Mapping[str, dict[str, Any]] = {
    name: {"description": text, "schema": {"type": "string"}}
    for name, text in {
        "Content-Language": "The language of the sentences in the answer: `ko`, `ja` or `en`.",
        "ETag": "The version of the resource. A later request may send it in `If-Match`.",
        "Idempotent-Replayed": "`true`: this is the stored answer to an earlier request with the same key.",
        "Link": 'The next page of the list, with `rel="next"`. The last page has none.',
        "Location": "The path of the new resource.",
        "RateLimit": 'How many requests the key may send now, and in how many seconds: `"key";r=499;t=5`.',
        "RateLimit-Policy": 'The rate limit of the key, and its window in seconds: `"key";q=500;w=5`.',
        "Retry-After": "After how many seconds the same request may succeed.",
        "WWW-Authenticate": "`Bearer`: the request needs a valid key or token.",
        "X-Request-Id": "The id of the request, in problems and in the log too. A valid id of the caller's is used.",
    }.items()
}
SOMETIMES = frozenset({"Idempotent-Replayed", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"})
"""Headers that an answer need not have, although the document names them for it."""

WITH_VERSION = frozenset(
    {"ClaimBody", "ClaimForBuyer", "OrderBody", "RefundBody", "WebhookEndpoint", "WebhookEndpointWithSecret"}
)
WITH_PATH = frozenset(
    {
        "ReturnParcelBody",
        *("ApiKeyWithSecret", "ClaimBody", "ClaimFileBody", "ClaimForBuyer", "FaqEntry", "MessageTemplateDetail"),
        *("OrderImportBody", "PolicyBody", "WebhookEndpointWithSecret", "WithdrawalDetail"),
    }
)
"""Models whose resources have a version, and models whose new resources have a path."""


def headers_of(route: APIRoute, status: int) -> Iterator[str]:
    """The headers that an answer of the route with this status has, or may have."""
    yield "X-Request-Id"
    if route.path.startswith("/v1/"):
        yield from ("RateLimit", "RateLimit-Policy")
    yield from _of_problem(status) if status >= 400 else _of_success(route, status)


def _of_problem(status: int) -> Iterator[str]:
    yield "Content-Language"
    if status == 401:
        yield "WWW-Authenticate"
    if status in (429, 503):
        yield "Retry-After"


def _of_success(route: APIRoute, status: int) -> Iterator[str]:
    model = getattr(route.response_model, "__name__", "")
    if model in WITH_VERSION:
        yield "ETag"
    if model in WITH_PATH and status == 201:
        yield "Location"
    if "next_cursor" in getattr(route.response_model, "model_fields", ()):
        yield "Link"
    if any(parameter.alias == "Idempotency-Key" for parameter in get_flat_params(route.dependant)):
        yield "Idempotent-Replayed"
