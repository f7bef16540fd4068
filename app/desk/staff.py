"""The people of the shop at the desk: who they are, what they may do, and from where they are signed in."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.schemas.common import Name
from app.api.schemas.staff import CreateStaffInvitationRequest, UpdateStaffRequest
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.staff_rows import person_rows
from app.desk.visit import PATH, Arrived, PostedForm, ReadsStaff, WritesStaff
from app.pages.failures import Errors, errors_of_form, sentence_of
from app.pages.forms import Form
from app.records.api_key import Scope
from app.records.merchant import Mode
from app.service import staff, staff_invitations, staff_roles, staff_sessions
from app.service.errors import ConflictError, ForbiddenError, InvalidError
from app.service.staff import StaffChange
from app.service.staff_invitations import LinkDelivery, invitation_url
from app.service.transactions import Tx

ADDRESS = f"{PATH}/people"
router = APIRouter(prefix=ADDRESS, route_class=DeskRoute, include_in_schema=False)

StaffId = Annotated[Name, Path()]
InvitationId = Annotated[Name, Path()]
_INVITED = {"email": "email", "role": "role", "language": "language"}


@router.get("")
async def show_people(seen: ReadsStaff) -> Response:
    return await _page(seen)


@router.post("")
async def invite(seen: WritesStaff, form: PostedForm) -> Response:
    """The link goes by mail. Where no mail goes out, the answer shows the link, once."""
    delivery = LinkDelivery.MAIL if _sends_mail(seen) else LinkDelivery.ANSWER
    fields = {name: form.get(name, "").strip() for name in _INVITED}
    try:
        body = CreateStaffInvitationRequest.model_validate(fields)
    except ValidationError as error:
        errors = errors_of_form(error, _INVITED, PAGES.text("wrong_value", seen.language))
        return await _page(seen, form=form, errors=errors, status=422)
    by, now = seen.audit_actor, seen.system_now
    try:
        async with seen.turn():
            new = await seen.app_state.database.write(
                lambda tx: staff_invitations.invite(tx, seen.caller, by, body.invitee(), delivery, now)
            )
    except (ConflictError, ForbiddenError, InvalidError) as error:
        return await _refused(seen, error, form)
    if new.token is None:
        return RedirectResponse(f"{ADDRESS}?done=invited", 303)
    site = seen.app_state.public_url or str(seen.request.base_url).rstrip("/")
    return await _page(seen, link=invitation_url(site, new.token))


@router.post("/{staff_id}/role")
async def change_role(seen: WritesStaff, staff_id: StaffId, form: PostedForm) -> Response:
    try:
        change = UpdateStaffRequest.model_validate({"role": form.get("role", "")}).change()
    except ValidationError:
        return await _page(seen, errors={"": PAGES.text("wrong_value", seen.language)}, status=422)
    return await _change(seen, staff_id, change)


@router.post("/{staff_id}/{act}")
async def lock(seen: WritesStaff, staff_id: StaffId, act: Literal["lock", "unlock"], _: PostedForm) -> Response:
    """Whoever is locked cannot sign in, and their sessions end."""
    return await _change(seen, staff_id, StaffChange(disabled=act == "lock"))


@router.post("/{staff_id}/sessions/end")
async def end_sessions(seen: WritesStaff, staff_id: StaffId, _: PostedForm) -> Response:
    """One's own session stays open."""
    by, now = seen.audit_actor, seen.system_now

    async def work(tx: Tx) -> None:
        await staff_sessions.end_sessions_of(tx, seen.caller, by, staff_id, now)

    try:
        await seen.write_form(work)
    except ForbiddenError as error:
        return await _refused(seen, error)
    return RedirectResponse(f"{ADDRESS}?done=sessions_ended", 303)


@router.post("/invitations/{invitation_id}/revoke")
async def revoke(seen: WritesStaff, invitation_id: InvitationId, _: PostedForm) -> Response:
    by, now = seen.audit_actor, seen.system_now
    try:
        await seen.write_form(lambda tx: staff_invitations.revoke(tx, seen.caller, by, invitation_id, now))
    except (ConflictError, ForbiddenError) as error:
        return await _refused(seen, error)
    return RedirectResponse(f"{ADDRESS}?done=invitation_revoked", 303)


async def _change(seen: Arrived, staff_id: str, change: StaffChange) -> Response:
    by, now = seen.audit_actor, seen.system_now
    try:
        await seen.write_form(lambda tx: staff.change(tx, seen.caller, by, staff_id, change, now))
    except (ConflictError, ForbiddenError, InvalidError) as error:
        return await _refused(seen, error)
    return RedirectResponse(f"{ADDRESS}?done=person_changed", 303)


def _sends_mail(seen: Arrived) -> bool:
    return bool(seen.app_state.public_url) and seen.caller.mode is Mode.LIVE


async def _refused(
    seen: Arrived, error: ConflictError | ForbiddenError | InvalidError, form: Form | None = None
) -> Response:
    status = {ConflictError: 409, ForbiddenError: 403}.get(type(error), 422)
    return await _page(seen, form=form, errors={"": await sentence_of(seen.request, error)}, status=status)


async def _page(
    seen: Arrived,
    *,
    form: Form | None = None,
    link: str | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    rows, writer = await person_rows(seen)
    invitations = await seen.read(lambda tx: staff_invitations.latest(tx, seen.caller))
    roles = await seen.read(lambda tx: staff_roles.list_roles(tx, seen.caller))
    return await desk_page(
        seen,
        "people.html",
        status=status,
        section="people",
        rows=rows,
        w=writer,
        invitations=[
            each
            for each in invitations
            if each.accepted_at is None and each.revoked_at is None and each.expires_at > seen.system_now
        ],
        roles=[role.role for role in roles],
        may_write=seen.may(Scope.STAFF_WRITE),
        form=form or {},
        link=link,
        errors=errors or {},
    )
