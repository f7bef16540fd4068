"""The buyer behind a page: the session in a cookie, the language of the page, and the word that every form carries.

The cookie reaches the pages alone, and no script reads it.
"""

from dataclasses import dataclass, fields
from typing import Annotated

from fastapi import Depends, Request, Response

from app.api.language import LANGUAGES, preferred
from app.api.language import language as language_of_sentences
from app.buyer.context import BuyerContext, Recognise, context_of
from app.buyer.pages.texts import PAGE_LANGUAGES
from app.pages.forms import Form, form_word_of, has_word, is_secure, posted
from app.service import buyer_access
from app.service.buyer_access import SESSION_LASTS

COOKIE = "recourse_order"
LANGUAGE_COOKIE = "recourse_language"
BROWSER_COOKIE = "recourse_browser"
"""A secret of the browser that shows a link."""
PATH = "/order"
_FALLBACK = "en"
_YEAR = 365 * 86_400
_HOUR = 3600
_ON_RECORD = "language_on_record"


class SessionOverError(Exception):
    """The browser has no session that is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(BuyerContext):
    """One request of a browser with a session. `form_word` is in every form of the session."""

    language: str
    form_word: str


async def visit(request: Request) -> Visit:
    """The session of the cookie. Raises SessionOverError without one that is in force."""
    return await _visit(request, buyer_access.recognise)


async def look(request: Request) -> Visit:
    """The same for a request that a page makes by itself: it does not keep the session open."""
    return await _visit(request, buyer_access.look_up)


async def _visit(request: Request, recognise: Recognise) -> Visit:
    token = request.cookies.get(COOKIE, "")
    entered = await context_of(request, token, recognise=recognise)
    if entered is None:
        raise SessionOverError
    ctx, on_record = entered
    of_context = {field.name: getattr(ctx, field.name) for field in fields(ctx)}
    return Visit(**of_context, language=page_language(request, on_record), form_word=form_word_of(token))


async def posted_in_session(request: Request, seen: Annotated[Visit, Depends(visit)]) -> Form:
    """The fields of a form of this session. Raises SessionOverError for a form that another session or site made."""
    form = await posted(request)
    if not has_word(form, seen.form_word):
        raise SessionOverError
    return form


def page_language(request: Request, on_record: str | None = None) -> str:
    """The language that the buyer chose, or that the browser prefers, or that the order has. Sentences of refusals
    follow it as far as they can."""
    asked = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE, "")
    on_record = on_record or request.scope.get(_ON_RECORD)
    request.scope[_ON_RECORD] = on_record  # for the page of an error
    if asked not in PAGE_LANGUAGES:
        default = on_record if on_record in PAGE_LANGUAGES else _FALLBACK
        asked = preferred(request.headers.get("accept-language", ""), PAGE_LANGUAGES, default)
    language_of_sentences.set(asked if asked in LANGUAGES else _FALLBACK)
    return asked


def keep_language(request: Request, answer: Response) -> None:
    """A language that the buyer has chosen in this request is kept for a year."""
    chosen = request.query_params.get("language")
    if chosen in PAGE_LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, _YEAR, secure=is_secure(request), httponly=True, samesite="lax"
        )  # fmt: skip


def keep_browser(request: Request, answer: Response, secret: str) -> None:
    """The secret that the browser has stays in force for an hour more, so that the pages of two links do not meet."""
    kept = request.cookies.get(BROWSER_COOKIE) or secret
    answer.set_cookie(
        BROWSER_COOKIE, kept, _HOUR, path="/c", secure=is_secure(request), httponly=True, samesite="lax"
    )  # fmt: skip


def keep_session(request: Request, answer: Response, token: str) -> None:
    answer.set_cookie(
        COOKIE,
        token,
        int(SESSION_LASTS.total_seconds()),
        path=PATH,
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def forget_session(request: Request, answer: Response) -> None:
    answer.delete_cookie(COOKIE, path=PATH, secure=is_secure(request), httponly=True, samesite="lax")


Watching = Annotated[Visit, Depends(look)]
OnPage = Annotated[Visit, Depends(visit)]
PostedForm = Annotated[Form, Depends(posted_in_session)]
