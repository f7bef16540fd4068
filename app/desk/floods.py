"""The doors for staff: where a network that tries too many passwords, invitations and sessions is refused."""

import re
from functools import cache

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app.api.floods import Doors
from app.api.problems import problem
from app.desk.html import PAGES, STYLE_ADDRESS
from app.desk.visit import PATH, SIGN_IN, page_language, token_of
from app.pages.page_set import HEADERS

_DOORS = re.compile(
    rf"{PATH}(?!/style\.css$|/scripts/)(?:/.*)?|/v1/staff-session(?:/.*)?|/v1/staff-invitations/accept", re.DOTALL
)


def _proof(request: Request) -> str:
    """Empty for a password and an invitation: each of them is a new try."""
    path = request.url.path
    if path in (SIGN_IN, f"{PATH}/invitation", "/v1/staff-invitations/accept"):
        return ""
    return token_of(request) if path.startswith(PATH) else request.headers.get("authorization", "")


def _refusal(request: Request, seconds: int) -> Response:
    after = {"Retry-After": str(seconds)}
    if not request.url.path.startswith(PATH):
        return problem(429, "too_many_failures", headers=after)
    language = page_language(request)
    return HTMLResponse(_page(language), 429, {**HEADERS, "Content-Language": language, **after})


@cache
def _page(language: str) -> bytes:
    """Made once for each language. It has no head, which names the address of a request."""
    return PAGES.render("too_many.html", language, {"style": STYLE_ADDRESS}).encode()


STAFF_DOORS = Doors(paths=_DOORS, floods=lambda state: state.key_floods, proof=_proof, refusal=_refusal)
