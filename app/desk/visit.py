"""The person behind a page of the desk: the session in a cookie, what the role allows, and the language.

The cookie reaches this host alone, and no script reads it.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import SecurityScopes

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN, RequestContext, require
from app.api.language import LANGUAGES, preferred
from app.api.language import language as language_of_sentences
from app.api.staff_context import StaffContext
from app.pages.forms import Form, fields_of, form_word_of, has_word, is_secure
from app.records.api_key import Scope
from app.service import merchant_clocks, staff_sessions
from app.service.idempotency import Answer
from app.service.staff_sessions import OpenSession
from app.service.staff_sign_in import SESSION_LASTS
from app.service.transactions import Database, Tx

PATH = "/desk"
SIGN_IN = f"{PATH}/sign-in"
SECOND_FACTOR = f"{PATH}/second-factor"
LANGUAGE_COOKIE = "recourse_language"
_COOKIE = "recourse_desk"
_HOST_COOKIE = f"__Host-{_COOKIE}"
"""A browser takes a cookie with this name only over HTTPS, for one host and without a say of other hosts of the
domain."""
_SHOP_COOKIE = "recourse_shop"
_FALLBACK = "ko"
_YEAR = 365 * 86_400
_ARRIVED, _LANGUAGE_OF_PERSON = "arrived", "language_of_person"


class SignedOutError(Exception):
    """The browser has no session that is in force."""


class SecondFactorMissingError(Exception):
    """The person sets up a second factor before anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(StaffContext):
    """One request of a browser with a session of staff. `form_word` is in every form of the session."""

    language: str
    form_word: str

    async def do(self, key: str, use_case: Callable[[Tx], Awaitable[object]]) -> Response:
        """Run the use case of a form once for the form's key. No key of the API meets that of a form."""
        digest = hashlib.sha256(f"{self.opened.person.staff_id}\0{key}".encode()).hexdigest()
        return await RequestContext.once(self, f"desk {digest}", use_case, lambda _: Answer(status=200, body="{}"))

    async def write_form(self, use_case: Callable[[Tx], Awaitable[object]]) -> Response:
        """Run the use case of a form that does no harm twice."""
        return await RequestContext.write(self, use_case, lambda _: Answer(status=200, body="{}"))

    def may(self, scope: Scope) -> bool:
        return self.caller.may(scope)


async def arrived(request: Request) -> Arrived:
    """The session of the cookie, before or after its second factor. Raises SignedOutError without one that is in
    force."""
    known: Arrived | None = request.scope.get(_ARRIVED)
    if known is None:
        known = request.scope[_ARRIVED] = await _arrived(request, staff_sessions.recognise)
    return known


async def visit(required: SecurityScopes, seen: Annotated[Arrived, Depends(arrived)]) -> Arrived:
    """The session of a person who may do what the page needs."""
    if not seen.caller.scopes:
        raise SecondFactorMissingError
    for scope in required.scopes:
        require(seen.caller, Scope(scope))
    return seen


async def posted_fields(request: Request, seen: Annotated[Arrived, Depends(arrived)]) -> list[tuple[str, str]]:
    """The fields of a form of this session, each as often as the form has it. Raises SignedOutError for a form that
    another session or site made."""
    fields = await fields_of(request)
    if not has_word(dict(fields), seen.form_word):
        raise SignedOutError
    return fields


async def posted_form(fields: Annotated[list[tuple[str, str]], Depends(posted_fields)]) -> Form:
    """The same, for a form with each field once."""
    return dict(fields)


Recognise = Callable[[Database, str, datetime], Awaitable[OpenSession | None]]


async def _arrived(request: Request, recognise: Recognise) -> Arrived:
    state, token = app_state(request), token_of(request)
    answer_by = asyncio.get_running_loop().time() + ANSWERED_WITHIN
    async with asyncio.timeout_at(answer_by):
        opened = await recognise(state.database, token, state.clock()) if token else None
    if opened is None:
        raise SignedOutError
    request.scope["caller"] = opened.caller  # for the line in the log
    request.scope[_LANGUAGE_OF_PERSON] = opened.person.language
    clock = opened.caller.clock
    return Arrived(
        request=request,
        app_state=state,
        caller=opened.caller,
        now=merchant_clocks.time_of(clock, state.clock()),
        answer_by=answer_by,
        clock=clock,
        opened=opened,
        language=page_language(request),
        form_word=form_word_of(token),
    )


def page_language(request: Request) -> str:
    """The language that the person chose, or that the person has, or that the browser prefers."""
    chosen = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen not in LANGUAGES:
        of_person = request.scope.get(_LANGUAGE_OF_PERSON)
        chosen = of_person or preferred(request.headers.get("accept-language", ""), LANGUAGES, _FALLBACK)
    language_of_sentences.set(chosen)
    return chosen


def keep_language(request: Request, answer: Response) -> None:
    """A language that was chosen in this request is kept for a year."""
    chosen = request.query_params.get("language")
    if chosen in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, _YEAR, secure=is_secure(request), httponly=True, samesite="lax"
        )  # fmt: skip


def token_of(request: Request) -> str:
    return request.cookies.get(_HOST_COOKIE if is_secure(request) else _COOKIE, "")


def keep_session(request: Request, answer: Response, token: str, merchant_id: str) -> None:
    """The browser keeps the shop for a year, so that the next sign-in does not ask for it."""
    secure = is_secure(request)
    name = _HOST_COOKIE if secure else _COOKIE
    lasts = int(SESSION_LASTS.total_seconds())
    answer.set_cookie(name, token, lasts, secure=secure, httponly=True, samesite="lax")
    keep_shop(request, answer, merchant_id)


def keep_shop(request: Request, answer: Response, merchant_id: str) -> None:
    answer.set_cookie(
        _SHOP_COOKIE, merchant_id, _YEAR, path=PATH, secure=is_secure(request), httponly=True, samesite="lax"
    )  # fmt: skip


def shop_of(request: Request) -> str:
    """The id of the shop that the browser signed in to last, or that a link names."""
    return request.query_params.get("shop", request.cookies.get(_SHOP_COOKIE, ""))


def forget_session(request: Request, answer: Response) -> None:
    secure = is_secure(request)
    answer.delete_cookie(_HOST_COOKIE if secure else _COOKIE, secure=secure, httponly=True, samesite="lax")


AnyArrived = Annotated[Arrived, Depends(arrived)]
PostedForm = Annotated[Form, Depends(posted_form)]
PostedFields = Annotated[list[tuple[str, str]], Depends(posted_fields)]
OnPage = Annotated[Arrived, Security(visit)]
ReadsClaims = Annotated[Arrived, Security(visit, scopes=[Scope.CLAIMS_READ])]
ReadsReports = Annotated[Arrived, Security(visit, scopes=[Scope.REPORTS_READ])]
ReadsStaff = Annotated[Arrived, Security(visit, scopes=[Scope.STAFF_READ])]
WritesStaff = Annotated[Arrived, Security(visit, scopes=[Scope.STAFF_READ, Scope.STAFF_WRITE])]
DecidesClaims = Annotated[Arrived, Security(visit, scopes=[Scope.CLAIMS_DECIDE])]
