"""The doors for buyers: where a network that tries too many invented links, tokens, cookies and look-ups is refused."""

import re
from functools import cache

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app.api.floods import Doors
from app.api.problems import problem
from app.buyer.pages.html import page
from app.buyer.pages.visit import COOKIE, page_language
from app.pages.page_set import HEADERS

_DOORS = re.compile(r"/c|/order(?!/style\.css$)(?:/.*)?|/(?:buyer/v1|shops|withdraw)/.*", re.DOTALL)
_TAKES_NO_TOKEN = re.compile(r"/buyer/v1/(?:sessions|shops/.*)", re.DOTALL)


def _proof(request: Request) -> str:
    """Empty for links and look-ups: each of them is new."""
    path = request.url.path
    if path == "/c" or _TAKES_NO_TOKEN.fullmatch(path) or (path.startswith("/shops/") and request.method != "GET"):
        return ""
    if path.startswith("/buyer/v1/"):
        return request.headers.get("authorization", "")
    return request.cookies.get(COOKIE, "") if path.startswith("/order") else path


def _refusal(request: Request, seconds: int) -> Response:
    after = {"Retry-After": str(seconds)}
    if request.url.path.startswith("/buyer/v1/"):
        return problem(429, "too_many_failures", headers=after)
    language = page_language(request)
    return HTMLResponse(_page(language), 429, {**HEADERS, "Content-Language": language, **after})


@cache
def _page(language: str) -> bytes:
    """Made once for each language."""
    return bytes(page("ended.html", language, name="too_many").body)


BUYER_DOORS = Doors(paths=_DOORS, floods=lambda state: state.floods, proof=_proof, refusal=_refusal)
