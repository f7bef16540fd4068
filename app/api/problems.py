"""Every error answer has one shape: RFC 9457 problem+json with a stable `code`."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from starlette.exceptions import HTTPException

from app.api import description
from app.api.language import DEFAULT, language, language_headers
from app.api.refusals import refusal_body, refusals_detail
from app.encryption import EncryptionError
from app.engine.model.refusals import Param
from app.json_text import dump
from app.logs import request_id
from app.messages.sentences import paragraph, sentence, sentences
from app.service import schema
from app.service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RefusedError,
    ReportRefusedError,
    ServiceError,
    SignInError,
    StaleVersionError,
    TooManyError,
)
from app.service.transactions import is_temporary, is_unknown_to_schema

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_STATUS: Mapping[type[ServiceError], int] = {
    NotFoundError: 404,
    StaleVersionError: 412,
    ConflictError: 409,
    InvalidError: 422,
    TooManyError: 429,
    SignInError: 401,
    ForbiddenError: 403,
}


class ProblemError(Exception):
    """An error of HTTP itself. Only the API raises it."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        field: str | None = None,
        **params: Param,
    ) -> None:
        """`field` is the one part of the request that is wrong, in place of `errors`."""
        super().__init__(code, params)
        self.status = status
        self.code = code
        self.headers = headers
        self.errors = errors
        self.field = field
        self.params = params


def problem(status: int, code: str, *, headers: Mapping[str, str] | None = None, **params: Param) -> Response:
    """The answer with the sentence of a code, in the caller's language."""
    written_in = language.get()
    detail = sentence("problems", code, params, written_in)
    return _answer(status, code, detail, written_in, headers=headers, **_given(params=params))


def _answer(
    status: int,
    code: str,
    detail: str,
    written_in: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """`written_in` is the language of `detail`. `members` are `params`, `errors` and `refusals`."""
    titles = sentences("titles", written_in)
    body = {
        "type": f"urn:recourse:problem:{code}",
        "title": titles.get(str(status), titles["400"]),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id.get(),
        **members,
    }
    return Response(dump(body), status, {**language_headers(written_in), **(headers or {})}, MEDIA_TYPE)


def _given(**members: Any) -> dict[str, Any]:
    """The members that are not empty."""
    return {name: value for name, value in members.items() if value}


def install(app: FastAPI) -> None:
    """Make an application answer every error in this shape."""
    for error, handler in _handlers().items():
        app.add_exception_handler(error, handler)
    description.correct(app)


async def answer_to_error(request: Request, error: Exception) -> Response:
    """The answer of the API to an error. Raises the error again if no answer is for its type."""
    handlers = _handlers()
    handler = next((handlers[each] for each in type(error).__mro__ if each in handlers), None)
    if handler is None:
        raise error
    answer: Response = await handler(request, error)
    return answer


def _handlers() -> Mapping[Any, Any]:
    return {
        ProblemError: _raised,
        RefusedError: _refused,
        ReportRefusedError: _report_refused,
        ServiceError: _service,
        RequestValidationError: _validation,
        HTTPException: _http,
        IntegrityError: _integrity,
        DBAPIError: _database,
        OSError: _unavailable,
        EncryptionError: _not_configured,
    }


async def _raised(_: Request, error: ProblemError) -> Response:
    written_in = language.get()
    detail = sentence("problems", error.code, error.params, written_in)
    errors = [_field_error(error.field, error.code, detail, error.params)] if error.field else error.errors
    members = _given(params=error.params, errors=errors)
    return _answer(error.status, error.code, detail, written_in, headers=error.headers, **members)


async def _service(_: Request, error: ServiceError) -> Response:
    written_in = language.get()
    detail = sentence("errors", error.code, error.params, written_in)
    errors = [_field_error(error.field, error.code, detail, error.params)] if error.field else []
    members = _given(params=error.params, errors=errors)
    headers = _headers_of(error)
    return _answer(_STATUS[type(error)], error.code, detail, written_in, headers=headers, **members)


def _headers_of(error: ServiceError) -> Mapping[str, str] | None:
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, SignInError) else None


async def _refused(_: Request, error: RefusedError) -> Response:
    refusals = [refusal_body(refusal) for refusal in error.refusals]
    return _answer(409, error.code, refusals_detail(error.refusals), language.get(), refusals=refusals)


async def _report_refused(_: Request, error: ReportRefusedError) -> Response:
    written_in = language.get()
    messages = [sentence("reports", each.code, each.params, written_in) for each in error.refusals]
    errors = [
        _field_error(each.field, each.code, message, each.params)
        for each, message in zip(error.refusals, messages, strict=True)
        if each.field
    ]
    members = _given(params=error.refusals[0].params, errors=errors)
    return _answer(409, error.code, paragraph(messages, written_in), written_in, **members)


def _field_error(field: str, rule: str, message: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"field": field, "rule": rule, "message": message, "params": params}


async def _validation(request: Request, error: RequestValidationError) -> Response:
    """The sentences of pydantic are in English."""
    violations = error.errors()
    if any(item["type"] == "json_invalid" for item in violations):
        return problem(400, "malformed_json")
    if any((item["type"], item["loc"]) == _NO_KEY for item in violations):
        return problem(400, "idempotency_key_required")
    if any(item["type"] == "model_attributes_type" and item["loc"] == ("body",) for item in violations):
        return await _not_an_object(request)
    errors = [
        _field_error(_path(item["loc"]), item["type"], _message(item), _limits(item.get("ctx", {})))
        for item in violations[:50]
    ]
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return _answer(422, "invalid_request", detail, DEFAULT, errors=errors)


def _path(loc: Sequence[str | int]) -> str:
    """The path into the body, or the place and the name of a parameter or header."""
    inside = loc[1:] if loc[0] == "body" and loc[1:] else loc
    return ".".join(str(part) for part in inside)


def _message(item: Mapping[str, Any]) -> str:
    """The sentence of pydantic, without the words of Python."""
    if item["type"] == "literal_error":
        return f"Input should be one of: {', '.join(re.findall(_QUOTED, item['ctx']['expected']))}"
    message: str = _WORDS.get(item["type"], item["msg"])
    return message.removeprefix("Value error, ")


def _limits(context: Mapping[str, Any]) -> dict[str, str | int]:
    """The limits of the rule, such as `{"ge": 1}`. Only numbers and strings are shown."""
    return {name: value for name, value in context.items() if isinstance(value, str | int)}


_QUOTED = re.compile(r"'([^']*)'")
_WORDS = {"extra_forbidden": "There is no such field"}
_NO_KEY = ("missing", ("header", "Idempotency-Key"))


async def _not_an_object(request: Request) -> Response:
    if "json" not in request.headers.get("content-type", ""):
        return problem(415, "unsupported_media_type")
    message = "Send a JSON object"
    errors = [_field_error("body", "object", message, {})]
    return _answer(422, "invalid_request", f"body: {message}", DEFAULT, errors=errors)


async def _http(request: Request, error: HTTPException) -> Response:
    code = _HTTP_CODES.get(error.status_code, "http_error")
    params = _params_of_http(code, request, error)
    return problem(error.status_code, code, headers=error.headers, **params)


def _params_of_http(code: str, request: Request, error: HTTPException) -> dict[str, Param]:
    if code == "body_too_large":
        return {"limit": int(error.detail)}  # see RequestEnvelope
    if code == "not_found":
        return {"path": request.url.path}
    if code == "method_not_allowed":
        return {"path": request.url.path, "method": request.method}
    return {"reason": str(error.detail)}


_HTTP_CODES = {400: "malformed_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


async def _integrity(_: Request, error: IntegrityError) -> Response:
    """A database constraint refused a write that a check should refuse first. Nothing was written."""
    first_line = str(error.orig).partition("\n")[0]  # the next lines may contain personal data
    logger.error("a database constraint refused a write: %s", first_line)
    return problem(409, "conflict_with_record")


async def _database(request: Request, error: DBAPIError) -> Response:
    if is_temporary(error):
        return await _unavailable(request, error)
    if is_unknown_to_schema(error) and (behind := await _behind(request)):
        logger.error("the schema is older than this code: %s", error.orig)
        return problem(503, "schema_behind", revision=behind, expected=schema.expected_revision())
    return unexpected(error)


async def _behind(request: Request) -> str | None:
    """The revision of a schema that is older than this code. Otherwise None: the statement is a bug."""
    try:
        revision = await schema.revision(request.app.state.app_state.database)
    except (SQLAlchemyError, OSError) as error:
        logger.warning("the revision of the schema could not be read: %s", error)
        return None
    return (revision or "none") if schema.is_behind(revision) else None


async def _unavailable(_: Request, error: Exception) -> Response:
    logger.warning("the database could not be used: %s", error)
    return problem(503, "database_unavailable", headers={"Retry-After": "1"})


async def _not_configured(_: Request, error: EncryptionError) -> Response:
    """The request is sound, and succeeds when the operator has set the key."""
    logger.error("an answer needs a key: %s", error)
    return problem(503, "encryption_not_configured")


def unexpected(error: Exception) -> Response:
    """Answer a bug. The log has the details, and the client has the id of the request."""
    logger.error("unexpected error", exc_info=error)
    return problem(500, "internal_error")
