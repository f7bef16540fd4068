"""The routes of a merchant's people: who they are, and invitations."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Request, Response

from app.api.app_state import app_state
from app.api.context import ReadsStaff, RequestContext, WritesStaff
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.schemas.common import Name
from app.api.schemas.staff import (
    AcceptStaffInvitationRequest,
    CreatePasswordLinkRequest,
    CreateStaffInvitationRequest,
    StaffInvitationList,
    StaffList,
    UpdateStaffRequest,
)
from app.api.staff_context import CLEAR_PARAMETERS, host_of, within_time
from app.json_text import dump
from app.service import staff, staff_invitations
from app.service.idempotency import Answer
from app.service.resources.staff import (
    StaffBody,
    StaffInvitationBody,
    StaffInvitationWithToken,
    staff_body,
    staff_invitation_body,
)
from app.service.staff_invitations import Acceptance, LinkDelivery, NewInvitation, invitation_url

router = APIRouter(prefix="/v1", tags=["staff"], responses=responses(401, 413, 422, 429, 503))

StaffId = Annotated[Name, Path(description="The id of the person.")]
InvitationId = Annotated[Name, Path(description="The id of the invitation.")]


@router.get(
    "/staff", summary="List the staff", response_model=StaffList, responses={**ok("staff_list"), **responses(403)}
)
async def list_staff(ctx: ReadsStaff) -> Response:
    """Return everybody who works for your shop, those who are disabled too."""
    people = await ctx.read(lambda tx: staff.list_staff(tx, ctx.caller))
    return Response(dump({"data": [staff_body(person) for person in people]}), media_type="application/json")


@router.get(
    "/staff/{staff_id}",
    summary="Read a person of the staff",
    response_model=StaffBody,
    responses={**ok("staff"), **responses(403, 404)},
)
async def get_staff(staff_id: StaffId, ctx: ReadsStaff) -> Response:
    """Return the person. The ids of people stay, so the history always leads to somebody."""
    person = await ctx.read(lambda tx: staff.read(tx, ctx.caller, staff_id))
    return Response(dump(staff_body(person)), media_type="application/json")


@router.patch(
    "/staff/{staff_id}",
    summary="Change a person of the staff",
    response_model=StaffBody,
    responses={**ok("staff"), **responses(400, 403, 404, 409, 415)},
)
async def update_staff(staff_id: StaffId, body: UpdateStaffRequest, ctx: WritesStaff) -> Response:
    """Change the name, the role or the language, or disable the person. You must have every scope of the person, and of
    the new role. The last owner stays."""
    return await ctx.write(
        lambda tx: staff.change(tx, ctx.caller, ctx.audit_actor, staff_id, body.change(), ctx.system_now),
        lambda person: Answer(status=200, body=dump(staff_body(person))),
    )


@router.delete(
    "/staff/{staff_id}/second-factor",
    summary="Remove the second factor of a person",
    response_model=StaffBody,
    responses={**ok("staff"), **responses(403, 404, 409)},
)
async def delete_second_factor(staff_id: StaffId, ctx: WritesStaff) -> Response:
    """For a person who has lost the authenticator and the recovery codes. Their sessions end, and they set up a second
    factor after the next sign-in."""
    return await ctx.write(
        lambda tx: staff.remove_second_factor(tx, ctx.caller, ctx.audit_actor, staff_id, ctx.system_now),
        lambda person: Answer(status=200, body=dump(staff_body(person))),
    )


@router.post(
    "/staff/{staff_id}/password-links",
    status_code=201,
    summary="Create a link for a new password",
    response_model=StaffInvitationWithToken,
    responses={**ok("staff_password_link", 201), **responses(400, 403, 404, 409, 415)},
)
async def create_password_link(
    staff_id: StaffId,
    ctx: WritesStaff,
    body: Annotated[CreatePasswordLinkRequest, Body(default_factory=CreatePasswordLinkRequest)],
) -> Response:
    """An invitation for a person who is there already: with it the person sets a new password, and their sessions end.
    The second factor stays. A repeated request makes another link, so the route takes no Idempotency-Key."""
    return await ctx.write(
        lambda tx: staff_invitations.invite_again(
            tx, ctx.caller, ctx.audit_actor, staff_id, _possible(ctx, body.delivery), ctx.system_now
        ),
        lambda new: _created(ctx, new),
    )


@router.post(
    "/staff-invitations",
    status_code=201,
    summary="Invite a person to the staff",
    response_model=StaffInvitationWithToken,
    responses={**ok("staff_invitation_with_token", 201), **responses(400, 403, 409, 415)},
)
async def create_staff_invitation(body: CreateStaffInvitationRequest, ctx: WritesStaff) -> Response:
    """Send a mail with a link that works once, within seven days. You must have every scope of the role. An earlier
    invitation of the address ends. A repeated request makes another link, so the route takes no Idempotency-Key."""
    return await ctx.write(
        lambda tx: staff_invitations.invite(
            tx, ctx.caller, ctx.audit_actor, body.invitee(), _possible(ctx, body.delivery), ctx.system_now
        ),
        lambda new: _created(ctx, new),
    )


@router.get(
    "/staff-invitations",
    summary="List the invitations to the staff",
    response_model=StaffInvitationList,
    responses={**ok("staff_invitations"), **responses(403)},
)
async def list_staff_invitations(ctx: ReadsStaff) -> Response:
    """Return the latest invitations without their secrets, and what has become of each."""
    latest = await ctx.read(lambda tx: staff_invitations.latest(tx, ctx.caller))
    return Response(dump({"data": [staff_invitation_body(each) for each in latest]}), media_type="application/json")


@router.delete(
    "/staff-invitations/{invitation_id}",
    summary="Revoke an invitation to the staff",
    response_model=StaffInvitationBody,
    responses={**ok("revoked_staff_invitation"), **responses(403, 404, 409)},
)
async def delete_staff_invitation(invitation_id: InvitationId, ctx: WritesStaff) -> Response:
    """The link stops working. An invitation that was accepted cannot be revoked: disable the person."""
    return await ctx.write(
        lambda tx: staff_invitations.revoke(tx, ctx.caller, ctx.audit_actor, invitation_id, ctx.system_now),
        lambda revoked: Answer(status=200, body=dump(staff_invitation_body(revoked))),
    )


@router.post(
    "/staff-invitations/accept",
    status_code=201,
    summary="Accept an invitation to the staff",
    response_model=StaffBody,
    responses={**ok("staff", 201), **responses(400, 415)},
    dependencies=CLEAR_PARAMETERS,
)
async def accept_staff_invitation(body: AcceptStaffInvitationRequest, request: Request) -> Response:
    """Choose a name and a password. Then sign in. The route takes no key: the token shows who you are, once."""
    state = app_state(request)
    acceptance = Acceptance(token=body.token, name=body.name, password=body.password)
    async with within_time(state, body.token):
        person = await staff_invitations.accept(
            state.database, state.passwords, acceptance, host_of(request), state.clock()
        )
    return Response(dump(staff_body(person)), 201, media_type="application/json")


def _possible(ctx: RequestContext, delivery: LinkDelivery) -> LinkDelivery:
    """Raises ProblemError where a mail can have no link."""
    if delivery is LinkDelivery.MAIL and not ctx.app_state.public_url:
        raise ProblemError(409, "public_url_missing")
    return delivery


def _created(ctx: RequestContext, new: NewInvitation) -> Answer:
    url = invitation_url(ctx.app_state.public_url, new.token) if new.token else None
    return Answer(status=201, body=dump({**staff_invitation_body(new.invitation), "token": new.token, "url": url}))
