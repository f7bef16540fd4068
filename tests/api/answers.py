"""Each answer is compared with its route: the route documents the status, and the body has exactly the fields of the
route's model or is a problem.

`check_answer` is a hook of the storefront's HTTP client, so that every test checks all its answers.
"""

import json
import re
from functools import cache
from typing import Any

import httpx
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

from app.api.answer_headers import COMPONENTS, SOMETIMES, headers_of
from app.api.problem_codes import codes_of
from app.api.schemas.common import Problem
from app.api.schemas.orders import OrderPage
from app.main import create_app
from app.settings import Settings

ROUTES: tuple[APIRoute, ...] = tuple(
    context.original_route
    for context in iter_route_contexts(create_app(Settings()).routes)
    if isinstance(context.original_route, APIRoute) and context.original_route.include_in_schema
)
"""Every route of the service except the pages of its documentation."""
BUYER_ROUTES = tuple(route for route in ROUTES if route.path.startswith("/buyer/"))
"""The routes for buyers, which take the token of a session."""
STAFF_ROUTES = tuple(
    route
    for route in ROUTES
    if route.path == "/v1/staff-invitations/accept" or re.match(r"/v1/staff-session(?:/|$)", route.path)
)
"""The routes of a person's own session."""
KEY_ROUTES = tuple(route for route in ROUTES if route not in BUYER_ROUTES + STAFF_ROUTES)
"""The routes for API keys, and those that take nothing."""


def method_of(route: APIRoute) -> str:
    return next(iter(route.methods or ()))


def name_of(route: APIRoute) -> str:
    return f"{method_of(route)} {route.path}"


def route_of(request: httpx.Request) -> APIRoute | None:
    """The route of a request; the service declares literal paths before paths with parameters."""
    return next(
        (
            route
            for route in ROUTES
            if request.method in (route.methods or ()) and route.path_regex.fullmatch(request.url.path)
        ),
        None,
    )


def _is_page(response: httpx.Response) -> bool:
    """A page for people, which the OpenAPI document does not have."""
    return response.headers["content-type"].startswith("text/html")


def _is_file(response: httpx.Response) -> bool:
    return "attachment" in response.headers.get("content-disposition", "")


async def check_answer(response: httpx.Response) -> None:
    """An httpx hook: raises AssertionError for an answer that the OpenAPI document does not describe."""
    await response.aread()
    route = route_of(response.request)
    if route is not None:
        statuses = {route.status_code or 200, *route.responses}
        assert response.status_code in statuses, f"{name_of(route)} documents {statuses}, not {describe(response)}"
        assert_headers(route, response)
    if response.status_code >= 400 and (route is not None or not _is_page(response)):
        problem = assert_problem(response)
        if route is not None:
            codes = codes_of(route, response.status_code)
            assert problem["code"] in codes, f"{name_of(route)} documents {sorted(codes)}, not {describe(response)}"
    elif route is not None and route.response_model is not None and not _is_file(response):
        assert_matches(route.response_model, response.content)


def assert_headers(route: APIRoute, response: httpx.Response) -> None:
    """The answer has the headers that the document names for it, and no other header that the document explains."""
    documented = set(headers_of(route, response.status_code))
    sent = {name for name in COMPONENTS if name in response.headers}
    if response.status_code < 400:
        sent -= {"Content-Language"}  # wherever a success has a sentence
    assert documented - SOMETIMES <= sent <= documented, f"{sent} not {documented}: {describe(response)}"


def assert_matches(model: Any, body: bytes) -> None:
    """The body has exactly the fields of the model, each with exactly its type."""
    adapter = _adapter(model)
    value = adapter.validate_json(body, strict=True)
    expected = json.loads(adapter.dump_json(value, by_alias=True))
    for order in expected.get("data", ()) if model is OrderPage else ():
        assert order.pop("shipments") == []  # orders in a list have no shipments
    assert_reviews_say_why(json.loads(body))
    assert _with_words_in_order(json.loads(body)) == _with_words_in_order(expected)


def assert_reviews_say_why(value: Any) -> None:
    """In any answer: a review has a reason, and each reason is a sentence."""
    if isinstance(value, list):
        for item in value:
            assert_reviews_say_why(item)
    elif isinstance(value, dict):
        if value.get("verdict") == "review" and "doubts" in value:
            assert value["doubts"], value
        if isinstance(value.get("doubts"), list):
            assert all(doubt["detail"].endswith(".") for doubt in value["doubts"]), value
        for inner in value.values():
            assert_reviews_say_why(inner)


def _with_words_in_order(value: Any) -> Any:
    """The value with its lists of words sorted: the service writes a set in any order."""
    if isinstance(value, dict):
        return {name: _with_words_in_order(inner) for name, inner in value.items()}
    if isinstance(value, list):
        inner = [_with_words_in_order(item) for item in value]
        return sorted(inner) if all(isinstance(item, str) for item in inner) else inner
    return value


def assert_problem(response: httpx.Response) -> dict[str, Any]:
    """The answer is a problem (RFC 9457) as this API writes problems. Returns its body."""
    assert response.headers["content-type"] == "application/problem+json", describe(response)
    problem = Problem.model_validate_json(response.content, strict=True)
    body: dict[str, Any] = response.json()
    assert problem.model_dump(mode="json", exclude_unset=True) == body, describe(response)
    assert problem.status == response.status_code
    assert problem.type == f"urn:recourse:problem:{problem.code}"
    assert problem.title
    assert problem.detail
    assert problem.request_id == response.headers["x-request-id"], describe(response)
    return body


def describe(response: httpx.Response) -> str:
    request = response.request
    return f"{request.method} {request.url}: {response.status_code} {response.text[:500]}"


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)
