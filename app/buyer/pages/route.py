"""Errors as pages in the language of the buyer, with the sentence that the API would send or with plainer words."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.api.problems import ProblemError, answer_to_error
from app.buyer.pages.html import page
from app.buyer.pages.texts import page_words
from app.buyer.pages.visit import PATH, SessionOverError, forget_session, keep_language, page_language
from app.service.errors import ServiceError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_ERRORS = (ServiceError, ProblemError, RequestValidationError, HTTPException, DBAPIError, OSError)

_PASSING = (408, 429, 500, 502, 503, 504)
"""The buyer can try the same again after these."""
_PAGES = re.compile(r"/(?:order(?:/.*)?|c|withdraw/[^/]+|shops/[^/]+/orders)", re.DOTALL)
"""The addresses of pages."""


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
                language = page_language(request)  # the sentence follows the language of the page
                made = _error_page(request, language, await answer_to_error(request, error))
            keep_language(request, made)
            return made

        return answer


def answer_outside_of_routes(scope: Scope, make_problem: Callable[[], Response]) -> Response:
    """A page at the address of a page, otherwise the problem."""
    if not _PAGES.fullmatch(scope["path"]):
        return make_problem()
    request = Request(scope)
    language = page_language(request)
    return _error_page(request, language, make_problem())


def _error_page(request: Request, language: str, problem: Response) -> Response:
    body = orjson.loads(problem.body)
    kept = {name: value for name, value in problem.headers.items() if name == "retry-after"}
    return page(
        "error.html",
        language,
        status=problem.status_code,
        headers=kept,
        detail=page_words(language)["error"].get(body["code"]) or body["detail"],
        request_id=body["request_id"],
        may_pass=problem.status_code in _PASSING,
        way_back=PATH if request.url.path.startswith(f"{PATH}/") or request.url.path == PATH else "",
    )
