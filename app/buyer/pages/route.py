"""Errors as pages in the language of the buyer, with the sentence that the API would send or with plainer words."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Scope

from app.api.problems import answer_to_error
from app.buyer.pages.html import page
from app.buyer.pages.texts import page_words
from app.buyer.pages.visit import PATH, SessionOverError, forget_session, keep_language, page_language
from app.pages.failures import ERRORS, headers_of_problem, values_of_problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
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
            except ERRORS as error:
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
    return page(
        "error.html",
        language,
        status=problem.status_code,
        headers=headers_of_problem(problem),
        **values_of_problem(problem, page_words(language)["error"]),
        way_back=PATH if request.url.path.startswith(f"{PATH}/") or request.url.path == PATH else "",
    )
