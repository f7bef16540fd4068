"""The routes on which a merchant manages the roles and the sessions of its staff."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api.context import ReadsStaff, WritesStaff
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.common import Name, Word
from app.api.schemas.staff import PutStaffRoleRequest, StaffRoleList, StaffSessionList
from app.json_text import dump
from app.service import staff_roles, staff_sessions
from app.service.idempotency import Answer
from app.service.resources.staff import StaffRoleBody, StaffSessionBody, staff_role_body, staff_session_body

router = APIRouter(prefix="/v1", tags=["staff"], responses=responses(401, 403, 413, 422, 429, 503))

RoleName = Annotated[Word, Path(description="The name of the role.")]
SessionId = Annotated[Name, Path(description="The id of the session.")]
OfPerson = Annotated[Name | None, Query(description="Only sessions of this person.")]


@router.get(
    "/staff-roles", summary="List the roles of the staff", response_model=StaffRoleList, responses=ok("staff_roles")
)
async def list_staff_roles(ctx: ReadsStaff) -> Response:
    """Return the built-in roles and your own, with what people with each role may do."""
    roles = await ctx.read(lambda tx: staff_roles.list_roles(tx, ctx.caller))
    return Response(dump({"data": [staff_role_body(role) for role in roles]}), media_type="application/json")


@router.put(
    "/staff-roles/{role}",
    summary="Set a role of the staff",
    response_model=StaffRoleBody,
    responses={**ok("staff_role"), **responses(400, 409, 415)},
)
async def put_staff_role(role: RoleName, body: PutStaffRoleRequest, ctx: WritesStaff) -> Response:
    """Make a role, or change its scopes: at once for everybody who has it. You must have each of the scopes. Built-in
    roles do not change."""
    return await ctx.write(
        lambda tx: staff_roles.put_role(tx, ctx.caller, ctx.audit_actor, role, frozenset(body.scopes), ctx.system_now),
        lambda put: Answer(status=200, body=dump(staff_role_body(put))),
    )


@router.delete(
    "/staff-roles/{role}",
    summary="Delete a role of the staff",
    response_model=StaffRoleBody,
    responses={**ok("staff_role"), **responses(404, 409)},
)
async def delete_staff_role(role: RoleName, ctx: WritesStaff) -> Response:
    """Delete a role that nobody has, and that no open invitation gives."""
    return await ctx.write(
        lambda tx: staff_roles.delete_role(tx, ctx.caller, ctx.audit_actor, role, ctx.system_now),
        lambda deleted: Answer(status=200, body=dump(staff_role_body(deleted))),
    )


@router.get(
    "/staff-sessions",
    summary="List the open sessions of the staff",
    response_model=StaffSessionList,
    responses=ok("staff_sessions"),
)
async def list_staff_sessions(ctx: ReadsStaff, staff_id: OfPerson = None) -> Response:
    """Return who is signed in, from where, and when each session was used last."""
    sessions = await ctx.read(lambda tx: staff_sessions.list_sessions(tx, ctx.caller, ctx.system_now, staff_id))
    return Response(dump({"data": [staff_session_body(each) for each in sessions]}), media_type="application/json")


@router.delete(
    "/staff-sessions/{session_id}",
    summary="End a session of the staff",
    response_model=StaffSessionBody,
    responses={**ok("ended_staff_session"), **responses(404, 409)},
)
async def delete_staff_session(session_id: SessionId, ctx: WritesStaff) -> Response:
    """The session opens nothing from now on. The person can sign in again: to stop that, disable the person.
    A session of somebody with scopes that you do not have cannot be ended."""
    return await ctx.write(
        lambda tx: staff_sessions.end_session(tx, ctx.caller, ctx.audit_actor, session_id, ctx.system_now),
        lambda ended: Answer(status=200, body=dump(staff_session_body(ended))),
    )
