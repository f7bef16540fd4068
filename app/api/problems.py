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
    return _answer(_of_code(status, code, params), headers=headers)


def problem_of(error: ProblemError | ServiceError) -> dict[str, Any]:
    """The body of the answer to an error that people can act on, in the caller's language."""
    if isinstance(error, ProblemError):
        return _of_code(error.status, error.code, error.params, field=error.field, errors=error.errors)
    if isinstance(error, RefusedError):
        refusals = [refusal_body(refusal) for refusal in error.refusals]
        return _body(409, error.code, refusals_detail(error.refusals), refusals=refusals)
    return _of_report(error) if isinstance(error, ReportRefusedError) else _of_service(error)


def _of_code(
    status: int, code: str, params: Mapping[str, Param], *, field: str | None = None, errors: Sequence[Any] = ()
) -> dict[str, Any]:  # fmt: skip
    detail = sentence("problems", code, params, language.get())
    errors = [_field_error(field, code, detail, params)] if field else errors
    return _body(status, code, detail, params=params, errors=errors)


def _of_service(error: ServiceError) -> dict[str, Any]:
    detail = sentence("errors", error.code, error.params, language.get())
    errors = [_field_error(error.field, error.code, detail, error.params)] if error.field else []
    return _body(_STATUS[type(error)], error.code, detail, params=error.params, errors=errors)


def _of_report(error: ReportRefusedError) -> dict[str, Any]:
    written_in = language.get()
    messages = [sentence("reports", each.code, each.params, written_in) for each in error.refusals]
    errors = [
        _field_error(each.field, each.code, message, each.params)
        for each, message in zip(error.refusals, messages, strict=True)
        if each.field
    ]
    return _body(409, error.code, paragraph(messages, written_in), params=error.refusals[0].params, errors=errors)


def invalid_request(violations: Sequence[Any]) -> dict[str, Any]:
    """The body of the answer to values that pydantic refuses. The sentences of pydantic are in English."""
    errors = [
        _field_error(_path(item["loc"]), item["type"], _message(item), _limits(item.get("ctx", {})))
        for item in violations[:50]
    ]
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return _body(422, "invalid_request", detail, DEFAULT, errors=errors)


def _body(status: int, code: str, detail: str, written_in: str | None = None, **members: Any) -> dict[str, Any]:
    """`written_in` is the language of the title, if it is not the caller's. `members` are `params`, `errors` and
    `refusals`, of which the empty ones are left out."""
    titles = sentences("titles", written_in or language.get())
    return {
        "type": f"urn:recourse:problem:{code}",
        "title": titles.get(str(status), titles["400"]),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id.get(),
        **{name: value for name, value in members.items() if value},
    }


def _answer(
    body: dict[str, Any], written_in: str | None = None, *, headers: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    spoken = language_headers(written_in or language.get())
    return Response(dump(body), body["status"], {**spoken, **(headers or {})}, MEDIA_TYPE)


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
        ServiceError: _service,
        RequestValidationError: _validation,
        HTTPException: _http,
        IntegrityError: _integrity,
        DBAPIError: _database,
        OSError: _unavailable,
        EncryptionError: _not_configured,
    }


async def _raised(_: Request, error: ProblemError) -> Response:
    return _answer(problem_of(error), headers=error.headers)


async def _service(_: Request, error: ServiceError) -> Response:
    return _answer(problem_of(error), headers=_headers_of(error))


def _headers_of(error: ServiceError) -> Mapping[str, str] | None:
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, SignInError) else None


def _field_error(field: str, rule: str, message: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"field": field, "rule": rule, "message": message, "params": params}


async def _validation(request: Request, error: RequestValidationError) -> Response:
    violations = error.errors()
    if any(item["type"] == "json_invalid" for item in violations):
        return problem(400, "malformed_json")
    if any((item["type"], item["loc"]) == _NO_KEY for item in violations):
        return problem(400, "idempotency_key_required")
    if any(item["type"] == "model_attributes_type" and item["loc"] == ("body",) for item in violations):
        return await _not_an_object(request)
    return _answer(invalid_request(violations), DEFAULT)


def _path(loc: Sequence[str | int]) -> str:
    """The path into the body, or the place and the name of a parameter or header."""
    inside = loc[1:] if loc[0] == "body" and loc[1:] else loc
    return ".".join(str(part) for part in inside)


def _message(item: Mapping[str, Any]) -> str:
    """The sentence of pydantic, without the words of Python."""
    if item["type"] == "literal_error":
        return f"Input should be one of: {', '.join(re.findall(_QUOTED, item['ctx']['expected']))}"
    if item["type"] == "missing" and tuple(item["loc"]) == ("body",):
        return _SEND_AN_OBJECT
    message: str = _WORDS.get(item["type"], item["msg"])
    return message.removeprefix("Value error, ")


def _limits(context: Mapping[str, Any]) -> dict[str, str | int]:
    """The limits of the rule, such as `{"ge": 1}`. Only numbers and strings are shown."""
    return {name: value for name, value in context.items() if isinstance(value, str | int)}


_QUOTED = re.compile(r"'([^']*)'")
_SEND_AN_OBJECT = "Send a JSON object"
_WORDS = {"extra_forbidden": "There is no such field"}
_NO_KEY = ("missing", ("header", "Idempotency-Key"))


async def _not_an_object(request: Request) -> Response:
    if "json" not in request.headers.get("content-type", ""):
        return problem(415, "unsupported_media_type")
    errors = [_field_error("body", "object", _SEND_AN_OBJECT, {})]
    return _answer(_body(422, "invalid_request", f"body: {_SEND_AN_OBJECT}", DEFAULT, errors=errors), DEFAULT)


async def _http(request: Request, error: HTTPException) -> Response:
    code = _HTTP_CODES.get(error.status_code, "http_error")
    params = _params_of_http(code, request, error)
    return problem(error.status_code, code, headers=error.headers, **params)


def _params_of_http(code: str, request: Request, error: HTTPException) -> dict[str, Param]:
    if code == "body_too_large":
        return {"limit": int(error.detail)}  # see RequestLimits
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
