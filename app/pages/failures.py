"""How an error becomes a page, or a sentence beside a field of a form."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from app.api.problems import ProblemError, answer_to_error
from app.service.errors import ServiceError

ERRORS = (ServiceError, ProblemError, RequestValidationError, HTTPException, DBAPIError, OSError)
"""The errors that have a page."""
_PASSING = (408, 429, 500, 502, 503, 504)
"""The same can be tried again after these."""

Errors = Mapping[str, str]
"""Sentences by the id of their field. The field of a sentence about the whole request is empty."""


def values_of_problem(problem: Response, words: Mapping[str, str]) -> dict[str, Any]:
    """What the page of an error shows: the sentence of the problem, or the plainer one that `words` has for its
    code."""
    body = orjson.loads(problem.body)
    return {
        "detail": words.get(body["code"]) or body["detail"],
        "request_id": body["request_id"],
        "may_pass": problem.status_code in _PASSING,
    }


def headers_of_problem(problem: Response) -> dict[str, str]:
    """The headers of the problem that its page has too."""
    return {name: value for name, value in problem.headers.items() if name == "retry-after"}


async def sentence_of(request: Request, error: ServiceError | ProblemError) -> str:
    """The sentence that the API would answer."""
    answer = await answer_to_error(request, error)
    return str(orjson.loads(answer.body)["detail"])


def errors_of_form(error: ValidationError, fields: Mapping[str, str], sentence: str) -> Errors:
    """The errors of a body by the fields of its form, all with one sentence. `fields` has the form's name for each name
    of the body."""
    names = (str(each["loc"][-1]) if each["loc"] else "" for each in error.errors())
    return {fields.get(name, ""): sentence for name in names}
