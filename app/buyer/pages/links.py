"""The pages at the entrance: a link opens a session, and the buyer ends it. The style and the scripts of all pages.

A link opens a session only when the buyer presses a button. Programs that look at the links in a mail open addresses,
and would use the link up.
"""

import asyncio
import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.buyer.lookups import NO_KEY
from app.buyer.merchant_time import time_of_link
from app.buyer.pages.html import PAGES, page, style
from app.buyer.pages.route import PageRoute
from app.buyer.pages.scripts import BY_NAME
from app.buyer.pages.visit import (
    BROWSER_COOKIE,
    OnPage,
    PostedForm,
    forget_session,
    keep_browser,
    keep_session,
    page_language,
)
from app.pages.forms import is_of_other_site, posted
from app.pages.scripts import KEPT, script_answer
from app.service import buyer_access

Colour = Annotated[str, Query(pattern=r"^[0-9a-f]{6}$")]

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/c")
async def show_link(request: Request, link: str = "") -> Response:
    """The button, in a browser that gets the same session when the button is pressed twice."""
    answer = await _link_page(request, link)
    keep_browser(request, answer, secrets.token_urlsafe(32))
    return answer


@router.post("/c")
async def open_link(request: Request) -> Response:
    """A form of another site gets the button instead: otherwise it could bring a buyer to the order of somebody
    else."""
    form = await posted(request)
    link = form.get("link", "")
    if is_of_other_site(request):
        return await _link_page(request, link)
    state, browser = app_state(request), request.cookies.get(BROWSER_COOKIE, "")
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
        now = await time_of_link(state, link)
        new = await state.database.write(lambda tx: buyer_access.open_session(tx, link, now, browser=browser))
    if new is None:
        return _link_over(request)
    answer = RedirectResponse("/order", 303)
    keep_session(request, answer, new.token)
    return answer


@router.post("/order/end")
async def end_session(seen: OnPage, _: PostedForm) -> Response:
    await seen.app_state.database.write(lambda tx: buyer_access.end_session(tx, seen.caller, seen.now))
    answer = page("ended.html", seen.language, name="ended")
    forget_session(seen.request, answer)
    return answer


@router.get("/order/scripts/{name}")
async def show_script(request: Request, name: str) -> Response:
    script = BY_NAME.get(name)
    if script is None:
        raise HTTPException(404)
    return script_answer(request, script)


@router.get(PAGES.style_path)
async def show_style(accent: Colour | None = None, band: Colour | None = None) -> Response:
    return Response(style(accent, band), media_type="text/css", headers=KEPT)


async def _link_page(request: Request, link: str) -> Response:
    """A link that opens nothing has no button, and counts as a failure of its network."""
    state, browser = app_state(request), request.cookies.get(BROWSER_COOKIE, "")
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
        now = await time_of_link(state, link)
        opens = await buyer_access.opens_session(state.database, link, now, browser=browser)
    return page("link.html", page_language(request), link=link) if opens else _link_over(request)


def _link_over(request: Request) -> Response:
    return page("ended.html", page_language(request), status=401, name="link_over")
