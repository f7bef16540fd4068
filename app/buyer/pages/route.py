"""Routes whose errors are pages, with the sentence that the API would send."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from app.api.problems import ProblemError, answer_to_error
from app.buyer.pages.html import page
from app.buyer.pages.visit import SessionOverError, forget_session, keep_language, page_language
from app.service.errors import ServiceError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_ERRORS = (ServiceError, ProblemError, RequestValidationError, HTTPException, DBAPIError, OSError)

_PASSING = (408, 429, 500, 502, 503, 504)
"""The buyer can try the same again after these."""


class PageRoute(APIRoute):
    def get_route_handler(self) -> Handler:
        answer_of_route = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                made = await answer_of_route(request)
            except SessionOverError:
                made = page("ended.html", page_language(request), status=401, name="ended")
                forget_session(request, made)
            except _ERRORS as error:
                made = await _error_page(request, error)
            keep_language(request, made)
            return made

        return answer


async def _error_page(request: Request, error: Exception) -> Response:
    problem = await answer_to_error(request, error)
    body = orjson.loads(problem.body)
    kept = {name: value for name, value in problem.headers.items() if name == "retry-after"}
    return page(
        "error.html",
        page_language(request),
        status=problem.status_code,
        headers=kept,
        detail=body["detail"],
        request_id=body["request_id"],
        may_pass=problem.status_code in _PASSING,
    )
