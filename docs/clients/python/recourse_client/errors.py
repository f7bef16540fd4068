"""Errors: each answer that is no success, and each answer that never came, is a `RecourseError`."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

Param: TypeAlias = str | int | list[str]
Json: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason why the service says no, with the article or the policy behind the reason."""

    code: str
    detail: str
    params: Mapping[str, Param]
    citation: str | None
    field: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One part of the request that breaks its rule."""

    field: str
    rule: str
    message: str
    params: Mapping[str, Param]


@dataclass(kw_only=True, eq=False)
class RecourseError(Exception):
    """A problem of the service (RFC 9457). `code` is for programs and does not change. `detail` is for people.

    The class is for a kind of problem. A code or status that this release does not know is a `RecourseError` too.
    """

    status: int
    code: str
    title: str = ""
    detail: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    request_id: str | None = None
    refusals: Sequence[Refusal] = ()
    errors: Sequence[FieldError] = ()
    retry_after: float | None = None
    """After how many seconds the same request may succeed, if the service says so."""

    def __str__(self) -> str:
        return f"{self.status or 'no answer'} {self.code}: {self.detail or self.title}"


class AuthenticationError(RecourseError):
    """401: the key is missing, unknown or revoked."""


class ForbiddenError(RecourseError):
    """403: the key lacks the scope."""


class NotFoundError(RecourseError):
    """404: there is no such resource, or the resource belongs to another merchant."""


class ConflictError(RecourseError):
    """409: what is stored does not allow the request."""


class RefusedError(ConflictError):
    """The service decided against the command. `refusals` has all reasons."""

    @property
    def articles(self) -> list[str]:
        """The articles and policies behind the refusals, each once."""
        return list(dict.fromkeys(each.citation for each in self.refusals if each.citation))


class StaleVersionError(RecourseError):
    """412: the resource has another version than `if_match`. Read the resource again."""


class InvalidRequestError(RecourseError):
    """422: a part of the request breaks its rule. `errors` names the parts."""


class RateLimitedError(RecourseError):
    """429: too many requests. `retry_after` says when to try again."""


class ServerError(RecourseError):
    """5xx: the service failed."""


@dataclass(kw_only=True, eq=False)
class ConnectionFailedError(RecourseError):
    """No answer came. `status` is 0, and `__cause__` is the error of the connection."""

    was_sent: bool
    """Whether the request may have reached the service."""


_BY_STATUS: Mapping[int, type[RecourseError]] = {
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: StaleVersionError,
    422: InvalidRequestError,
    429: RateLimitedError,
}


def error_of(status: int, headers: Mapping[str, str], content: bytes) -> RecourseError:
    """The error for an answer. `headers` finds names in any case."""
    problem = _object(content)
    refusals = [_refusal(each) for each in _objects(problem.get("refusals"))]
    kind = RefusedError if refusals else _BY_STATUS.get(status, ServerError if status >= 500 else RecourseError)
    return kind(
        status=status,
        code=_text(problem.get("code")) or "http_error",  # a proxy may have answered in place of the service
        title=_text(problem.get("title")) or "",
        detail=_text(problem.get("detail")) or "",
        params=_params(problem.get("params")),
        request_id=_text(problem.get("request_id")) or headers.get("X-Request-Id"),
        refusals=refusals,
        errors=[_field_error(each) for each in _objects(problem.get("errors"))],
        retry_after=retry_after(headers, datetime.now(UTC)),
    )


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of `Retry-After`, a number or a date. Without it, those until a used up `RateLimit` is new."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    if value:
        try:
            return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
        except (TypeError, ValueError):
            return None
    limits = headers.get("RateLimit", "").split(",")
    used_up = [limit for limit in limits if re.search(r";\s*r=0\s*(;|$)", limit)]
    return max((float(each[1]) for limit in used_up if (each := re.search(r";\s*t=(\d+)", limit))), default=None)


def _refusal(json: Json) -> Refusal:
    return Refusal(
        code=_text(json.get("code")) or "",
        detail=_text(json.get("detail")) or "",
        params=_params(json.get("params")),
        citation=_text(json.get("citation")),
        field=_text(json.get("field")),
    )


def _field_error(json: Json) -> FieldError:
    return FieldError(
        field=_text(json.get("field")) or "",
        rule=_text(json.get("rule")) or "",
        message=_text(json.get("message")) or "",
        params=_params(json.get("params")),
    )


def _object(content: bytes) -> Json:
    try:
        value: object = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _params(value: object) -> Mapping[str, Param]:
    return value if isinstance(value, dict) else {}
