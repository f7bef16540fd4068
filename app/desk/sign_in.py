"""Sign in and sign out. The address, the password and the code of the second factor are one form."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.app_state import app_state
from app.api.schemas.staff import OpenOwnSessionRequest
from app.api.staff_context import host_of, within_time
from app.desk.html import PAGES
from app.desk.route import DeskRoute
from app.desk.sign_in_page import own_address, sign_in_page
from app.desk.visit import (
    SECOND_FACTOR,
    SIGN_IN,
    AnyArrived,
    PostedForm,
    forget_session,
    keep_session,
    page_language,
)
from app.pages.failures import errors_of_form, sentence_of
from app.pages.forms import Form, is_of_other_site, posted
from app.service import staff_sessions, staff_sign_in
from app.service.errors import NotFoundError, SignInError, TooManyError
from app.service.staff_sign_in import Credentials, NewSession, Visitor

router = APIRouter(route_class=DeskRoute, include_in_schema=False)

_FIELDS = {"merchant_id": "shop", "email": "email", "password": "password", "code": "code"}
_FIELD_OF_REFUSAL = {"second_factor_required": "code", "wrong_code": "code"}
"""Every other refusal is about the address and the password together."""


@router.get(SIGN_IN)
async def show_sign_in(request: Request, next: str = "") -> Response:  # noqa: A002 # the name in the address
    return sign_in_page(request, {"next": next})


@router.post(SIGN_IN)
async def sign_in(request: Request) -> Response:
    """A form of another site gets the form instead: otherwise it could sign a person in to another shop."""
    form, language = await posted(request), page_language(request)
    if is_of_other_site(request):
        return sign_in_page(request, {"next": form.get("next", "")})
    try:
        shown = _shown(form)
    except ValidationError as error:
        errors = errors_of_form(error, _FIELDS, PAGES.text("wrong_value", language))
        return sign_in_page(request, form, errors=errors, status=422)
    try:
        new = await open_session(request, shown)
    except NotFoundError:
        errors = {"shop": PAGES.text("sign_in.unknown_shop", language)}
        return sign_in_page(request, form, errors=errors, status=404)
    except (SignInError, TooManyError) as error:
        errors = {_FIELD_OF_REFUSAL.get(error.code, ""): await sentence_of(request, error)}
        return sign_in_page(request, form, errors=errors, status=429 if isinstance(error, TooManyError) else 401)
    return entered(request, new, own_address(form.get("next", "")))


@router.post("/desk/sign-out")
async def sign_out(seen: AnyArrived, _: PostedForm) -> Response:
    async with asyncio.timeout_at(seen.answer_by):
        await seen.app_state.database.write(
            lambda tx: staff_sessions.sign_out(tx, seen.opened, seen.host, seen.system_now)
        )
    answer = RedirectResponse(f"{SIGN_IN}?done=signed_out", 303)
    forget_session(seen.request, answer)
    return answer


async def open_session(request: Request, shown: Credentials) -> NewSession:
    state = app_state(request)
    visitor = Visitor(host=host_of(request), user_agent=request.headers.get("user-agent"))
    async with within_time(state, shown.merchant_id):
        return await staff_sign_in.sign_in(state.database, state.passwords, shown, visitor, state.clock())


def entered(request: Request, new: NewSession, address: str) -> Response:
    """The page that the person came for. The first time, the second factor is set up before."""
    answer = RedirectResponse(address if new.person.has_second_factor else SECOND_FACTOR, 303)
    keep_session(request, answer, new.token, new.session.merchant_id)
    return answer


def _shown(form: Form) -> Credentials:
    body = OpenOwnSessionRequest.model_validate(
        {
            "merchant_id": form.get("shop", "").strip(),
            "email": form.get("email", "").strip(),
            "password": form.get("password", ""),
            "code": form.get("code", "").strip() or None,
        }
    )
    return Credentials(merchant_id=body.merchant_id, email=body.email, password=body.password, code=body.code)
