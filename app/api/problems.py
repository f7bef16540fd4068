"""Every way to say no, in one shape: RFC 9457 problem+json with a stable `code`."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.exceptions import HTTPException

from app.api import description
from app.api.language import DEFAULT, language, language_headers
from app.api.refusals import refusal_body, refusals_detail
from app.json_text import dump
from app.messages.sentences import paragraph, sentence
from app.service.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    RefusedError,
    ReportRefusedError,
    ServiceError,
    StaleVersionError,
)
from app.telemetry import request_id

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: "Bad request",
    401: "No valid API key",
    403: "The API key may not do this",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict with the current state",
    412: "The claim has changed",
    413: "The request is too large",
    415: "Unsupported media type",
    422: "Invalid request",
    500: "Something went wrong here",
    503: "Not available at the moment",
}
_STATUS: Mapping[type[ServiceError], int] = {
    NotFoundError: 404,
    StaleVersionError: 412,
    ConflictError: 409,
    InvalidError: 422,
}


class ProblemError(Exception):
    """Raised inside the API room for what HTTP itself has to refuse."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.more = more


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    written_in: str = DEFAULT,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """The answer itself. `written_in` is the language of `detail`, `more` are `params`, `errors` and `refusals`."""
    body = {
        "type": f"urn:recourse:problem:{code}",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id.get(),
        **more,
    }
    return Response(dump(body), status, {**language_headers(written_in), **(headers or {})}, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Teach an application to answer every error in this shape."""
    handlers: Mapping[Any, Any] = {
        ProblemError: _raised,
        RefusedError: _refused,
        ReportRefusedError: _report_refused,
        ServiceError: _service,
        RequestValidationError: _validation,
        HTTPException: _http,
        IntegrityError: _integrity,
        DBAPIError: _database,
        OSError: _unavailable,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)
    description.correct(app)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its OpenAPI description."""
    return {status: _response(status) for status in statuses}


def _response(status: int) -> dict[str, Any]:
    code = _EXAMPLE_CODES[status]
    example = {
        "type": f"urn:recourse:problem:{code}",
        "title": _TITLES[status],
        "status": status,
        "detail": _EXAMPLE_DETAILS[status],
        "code": code,
        "request_id": "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b",
        **_EXAMPLE_MORE.get(status, {}),
    }
    return {
        "description": _TITLES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


_EXAMPLE_CODES = {
    400: "idempotency_key_required",
    401: "invalid_api_key",
    403: "missing_scope",
    404: "not_found",
    409: "no_ground_for_rejection",
    412: "stale_version",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    503: "database_unavailable",
}
_EXAMPLE_DETAILS = {
    400: "Send an Idempotency-Key header with every POST.",
    401: "Send a live API key: Authorization: Bearer rk_...",
    403: "This needs the scope claims:decide.",
    404: "There is no claim 0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b.",
    409: "The facts do not support this ground (window closed). The buyer is entitled to this claim.",
    412: "Claim 0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b is at version 3, not 2: read it again.",
    413: "A request may have at most 262144 bytes.",
    415: "Send JSON, with Content-Type: application/json.",
    422: "lines.0.quantity: Input should be greater than or equal to 1",
    503: "The database cannot be reached: try again.",
}
_EXAMPLE_MORE: Mapping[int, dict[str, Any]] = {
    409: {
        "refusals": [
            {
                "code": "no_ground_for_rejection",
                "detail": _EXAMPLE_DETAILS[409],
                "params": {"ground": "window_closed", "supported": []},
                "citation": "KR E-Commerce Act 17(1)1; Civil Act 157, 159, 161",
                "field": "ground",
            }
        ]
    },
    422: {
        "errors": [
            {
                "field": "lines.0.quantity",
                "rule": "greater_than_equal",
                "message": "Input should be greater than or equal to 1",
                "params": {"ge": 1},
            }
        ]
    },
}


async def _raised(_: Request, error: ProblemError) -> Response:
    return problem(error.status, error.code, error.detail, headers=error.headers, **error.more)


async def _service(_: Request, error: ServiceError) -> Response:
    spoken = language.get()
    detail = sentence("errors", error.code, error.params, spoken)
    more: dict[str, Any] = {"params": error.params} if error.params else {}
    if error.field:
        more["errors"] = [{"field": error.field, "rule": error.code, "message": detail, "params": error.params}]
    return problem(_STATUS[type(error)], error.code, detail, written_in=spoken, **more)


async def _refused(_: Request, error: RefusedError) -> Response:
    refusals = [refusal_body(refusal) for refusal in error.refusals]
    detail = refusals_detail(error.refusals)
    return problem(409, error.code, detail, written_in=language.get(), refusals=refusals)


async def _report_refused(_: Request, error: ReportRefusedError) -> Response:
    spoken = language.get()
    messages = [sentence("reports", each.code, each.params, spoken) for each in error.refusals]
    errors = [
        {"field": each.field, "rule": each.code, "message": message, "params": each.params}
        for each, message in zip(error.refusals, messages, strict=True)
        if each.field
    ]
    more: dict[str, Any] = {"params": error.refusals[0].params, **({"errors": errors} if errors else {})}
    return problem(409, error.code, paragraph(messages, spoken), written_in=spoken, **more)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem(400, "malformed_json", "The body is not JSON.")
    if any((item["type"], item["loc"]) == _NO_KEY for item in found):
        return problem(400, "idempotency_key_required", "Send an Idempotency-Key header with every POST.")
    if any(item["type"] == "model_attributes_type" and item["loc"] == ("body",) for item in found):
        return await _not_an_object(request)
    errors = [
        {
            "field": _path(item["loc"]),
            "rule": item["type"],
            "message": _message(item),
            "params": _limits(item.get("ctx", {})),
        }
        for item in found[:50]
    ]
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return problem(422, "invalid_request", detail, errors=errors)


def _path(loc: Sequence[str | int]) -> str:
    """Into the body, as refusals name it too; parameters and headers say what they are."""
    inside = loc[1:] if loc[0] == "body" and loc[1:] else loc
    return ".".join(str(part) for part in inside)


def _message(item: Mapping[str, Any]) -> str:
    """Pydantic's sentence, in words for people who have never heard of it."""
    if item["type"] == "literal_error":
        return f"Input should be one of: {', '.join(re.findall(_QUOTED, item['ctx']['expected']))}"
    said: str = _WORDS.get(item["type"], item["msg"])
    return said.removeprefix("Value error, ")


def _limits(context: Mapping[str, Any]) -> dict[str, str | int]:
    """What the rule names: `{"ge": 1}`. Exceptions and other values that are not plain are left out."""
    return {name: value for name, value in context.items() if isinstance(value, str | int)}


_QUOTED = re.compile(r"'([^']*)'")
_WORDS = {"extra_forbidden": "There is no such field"}
_NO_KEY = ("missing", ("header", "Idempotency-Key"))


async def _not_an_object(request: Request) -> Response:
    if "json" not in request.headers.get("content-type", ""):
        return problem(415, "unsupported_media_type", "Send JSON, with Content-Type: application/json.")
    message = "Send a JSON object"
    errors = [{"field": "body", "rule": "object", "message": message, "params": {}}]
    return problem(422, "invalid_request", f"body: {message}", errors=errors)


async def _http(request: Request, error: HTTPException) -> Response:
    code = _HTTP_CODES.get(error.status_code, "http_error")
    detail = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not take {request.method}.",
    }.get(error.status_code, str(error.detail))
    return problem(error.status_code, code, detail, headers=error.headers)


_HTTP_CODES = {400: "malformed_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


async def _integrity(_: Request, error: IntegrityError) -> Response:
    """A constraint held where a check should have spoken first: nothing was written, and we want to know."""
    first_line = str(error.orig).partition("\n")[0]  # what follows may be values
    logger.error("a database constraint refused a write: %s", first_line)
    return problem(409, "conflict_with_record", "What is on record does not allow this: read it again.")


async def _database(request: Request, error: DBAPIError) -> Response:
    sqlstate, said = getattr(error.orig, "sqlstate", None), str(error.orig)
    if error.connection_invalidated or sqlstate in _NOT_NOW or any(sign in said for sign in _NOT_NOW_ON_SQLITE):
        return await _unavailable(request, error)
    return unexpected(error)


_NOT_NOW = frozenset("57014 57P01 57P02 57P03 53100 53200 53300 55P03 25006 40001 40P01 08006 08001".split())
_NOT_NOW_ON_SQLITE = ("unable to open database file", "database is locked", "disk is full", "disk I/O error")


async def _unavailable(_: Request, error: Exception) -> Response:
    logger.warning("the database could not be used: %s", error)
    return problem(
        503, "database_unavailable", "The database cannot be reached: try again.", headers={"Retry-After": "1"}
    )


def unexpected(error: Exception) -> Response:
    """A bug: the log gets to know all of it, the client that there is one."""
    logger.error("unexpected error", exc_info=error)
    return problem(500, "internal_error", "Something went wrong here; the log knows it by this request's id.")
