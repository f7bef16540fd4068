"""The page behind the link of an invitation: a name, a password, and then the second factor."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.app_state import AppState, app_state
from app.api.context import ANSWERED_WITHIN
from app.api.schemas.staff import AcceptStaffInvitationRequest
from app.api.staff_context import host_of, within_time
from app.desk.html import PAGES, open_page
from app.desk.route import DeskRoute
from app.desk.sign_in import entered, open_session
from app.desk.visit import PATH, SIGN_IN, keep_shop, page_language
from app.pages.failures import Errors, errors_of_form, sentence_of
from app.pages.forms import Form, is_of_other_site, posted
from app.records.staff import StaffInvitation
from app.service import staff_invitations
from app.service.errors import InvalidError, SignInError
from app.service.staff_invitations import Acceptance
from app.service.staff_sign_in import Credentials

router = APIRouter(prefix=f"{PATH}/invitation", route_class=DeskRoute, include_in_schema=False)

_FIELDS = {"name": "name", "password": "password"}


@router.get("")
async def show_invitation(request: Request, token: str = "") -> Response:
    """A link that opens nothing counts as a failure of its network."""
    invitation = await _invitation(app_state(request), token)
    return _page(request, invitation, {"token": token}) if invitation else _over(request)


@router.post("")
async def accept_invitation(request: Request) -> Response:
    """The person is signed in with the new password. Who has a second factor already shows its code first."""
    form, state = await posted(request), app_state(request)
    invitation = await _invitation(state, form.get("token", ""))
    if invitation is None:
        return _over(request)
    if is_of_other_site(request):
        return _page(request, invitation, {"token": form.get("token", "")})
    errors = await _accept(request, invitation, form)
    if errors:
        return _page(request, invitation, form, errors=errors, status=422)
    shown = Credentials(
        merchant_id=invitation.merchant_id, email=invitation.email, password=form.get("password", "")
    )  # fmt: skip
    try:
        return entered(request, await open_session(request, shown), PATH)
    except SignInError:
        answer = RedirectResponse(f"{SIGN_IN}?done=password_set", 303)
        keep_shop(request, answer, invitation.merchant_id)
        return answer


async def _accept(request: Request, invitation: StaffInvitation, form: Form) -> Errors:
    """What is wrong in which field. Empty if the invitation is accepted."""
    language, state = page_language(request), app_state(request)
    if form.get("password") != form.get("password_again"):
        return {"password_again": PAGES.text("invitation.not_the_same", language)}
    name = form.get("name", "").strip() or (invitation.email if invitation.staff_id else "")
    body: dict[str, Any] = {"token": form.get("token"), "name": name, "password": form.get("password", "")}
    try:
        asked = AcceptStaffInvitationRequest.model_validate(body)
    except ValidationError as error:
        return errors_of_form(error, _FIELDS, PAGES.text("wrong_value", language))
    acceptance = Acceptance(token=asked.token, name=asked.name, password=asked.password)
    try:
        async with within_time(state, invitation.merchant_id):
            await staff_invitations.accept(
                state.database, state.passwords, acceptance, host_of(request), state.clock()
            )  # fmt: skip
    except InvalidError as error:
        return {"password": await sentence_of(request, error)}
    return {}


async def _invitation(state: AppState, token: str) -> StaffInvitation | None:
    async with asyncio.timeout(ANSWERED_WITHIN):
        return await staff_invitations.open_one(state.database, token, state.clock())


def _page(
    request: Request, invitation: StaffInvitation, form: Form, *, errors: Errors | None = None, status: int = 200
) -> Response:
    return open_page(
        request,
        page_language(request),
        "invitation.html",
        status=status,
        invitation=invitation,
        token=form.get("token", ""),
        name=form.get("name", ""),
        errors=errors or {},
    )


def _over(request: Request) -> Response:
    return open_page(request, page_language(request), "invitation_over.html", status=404)
