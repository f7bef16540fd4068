"""Errors of the desk as pages. A session that has ended leads to the sign-in, and back to the page."""

import re
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.types import Scope

from app.api.problems import answer_to_error
from app.desk.html import PAGES, open_page
from app.desk.sign_in_page import sign_in_page
from app.desk.visit import (
    PATH,
    SECOND_FACTOR,
    SIGN_IN,
    SecondFactorMissingError,
    SignedOutError,
    forget_session,
    keep_language,
    page_language,
    token_of,
)
from app.pages.failures import ERRORS, headers_of_problem, values_of_problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_PAGES = re.compile(rf"{PATH}(?:/.*)?", re.DOTALL)


class DeskRoute(APIRoute):
    def get_route_handler(self) -> Handler:
        answer_of_route = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                made = await answer_of_route(request)
            except SignedOutError:
                made = _signed_out(request)
            except SecondFactorMissingError:
                made = RedirectResponse(SECOND_FACTOR, 303)
            except ERRORS as error:
                language = page_language(request)  # the sentence follows the language of the page
                made = _error_page(request, language, await answer_to_error(request, error))
            keep_language(request, made)
            return made

        return answer


def answer_outside_of_desk(scope: Scope, make_problem: Callable[[], Response]) -> Response:
    """A page at the address of a page of the desk, otherwise the problem."""
    if not _PAGES.fullmatch(scope["path"]):
        return make_problem()
    request = Request(scope)
    language = page_language(request)
    return _error_page(request, language, make_problem())


def _signed_out(request: Request) -> Response:
    """An ended or invented session is answered by 401, which counts as a failure of the network."""
    back_to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back_to = back_to if request.method in ("GET", "HEAD") else PATH
    if not token_of(request):
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': back_to})}", 303)
    made = sign_in_page(
        request, {"next": back_to}, errors={"": PAGES.text("sign_in.ended", page_language(request))}, status=401
    )
    forget_session(request, made)
    return made


def _error_page(request: Request, language: str, problem: Response) -> Response:
    return open_page(
        request,
        language,
        "error.html",
        status=problem.status_code,
        headers=headers_of_problem(problem),
        **values_of_problem(problem, PAGES.words(language)["error"]),
    )
