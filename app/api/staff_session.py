"""The routes of a person's own session: sign in, who am I, second factor, password, sign out."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.api.app_state import app_state
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_staff
from app.api.schemas.staff import (
    ConfirmTotpRequest,
    OpenOwnSessionRequest,
    OwnSession,
    OwnSessionWithToken,
    RecoveryCodeList,
    SetOwnPasswordRequest,
    TotpSecret,
)
from app.api.staff_context import CLEAR_PARAMETERS, ActsAsStaff, host_of, within_time
from app.json_text import dump
from app.records.api_key import Scope
from app.records.staff import Staff, StaffSession
from app.service import second_factors, shops, staff_sessions, staff_sign_in
from app.service.idempotency import Answer
from app.service.resources.staff import StaffSessionBody, staff_body, staff_session_body
from app.service.staff_sign_in import Credentials, Visitor
from app.service.transactions import Tx

router = APIRouter(
    prefix="/v1/staff-session",
    tags=["staff"],
    responses={**responses_to_staff(401), **responses(413, 422, 429, 503)},
)


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    response_model=OwnSessionWithToken,
    responses={**ok("own_session_with_token", 201), **responses(400, 404, 415), **responses_to_staff(429)},
    dependencies=CLEAR_PARAMETERS,
)
async def open_own_session(body: OpenOwnSessionRequest, request: Request) -> Response:
    """Open a session of twelve hours. A person with a second factor sends its code too. A person without one has no
    scope yet, and sets one up first. Only this answer shows the token."""
    state = app_state(request)
    shown = Credentials(
        merchant_id=body.merchant_id, email=body.email, password=body.password, code=body.code
    )  # fmt: skip
    visitor = Visitor(host=host_of(request), user_agent=request.headers.get("user-agent"))
    async with within_time(state, body.merchant_id):
        new = await staff_sign_in.sign_in(state.database, state.passwords, shown, visitor, state.clock())
        opened = await staff_sessions.recognise(state.database, new.token, state.clock())
    scopes = opened.caller.scopes if opened else frozenset()
    content = {**own_session(new.session, new.person, scopes), "token": new.token}
    return Response(dump(content), 201, media_type="application/json")


@router.get("", summary="Read your own session", response_model=OwnSession, responses=ok("own_session"))
async def get_own_session(ctx: ActsAsStaff) -> Response:
    """Return who you are, your scopes, and when the session ends."""
    content = own_session(ctx.opened.session, ctx.opened.person, ctx.caller.scopes)
    return Response(dump(content), media_type="application/json")


@router.delete(
    "",
    summary="Sign out",
    response_model=StaffSessionBody,
    responses={**ok("ended_staff_session"), **responses(404, 409)},
)
async def delete_own_session(ctx: ActsAsStaff) -> Response:
    """End the session at once."""
    return await ctx.write(
        lambda tx: staff_sessions.sign_out(tx, ctx.opened, ctx.host, ctx.system_now),
        lambda ended: Answer(status=200, body=dump(staff_session_body(ended))),
    )


@router.post(
    "/totp",
    status_code=201,
    summary="Make a secret for your authenticator",
    response_model=TotpSecret,
    responses={**ok("totp_secret", 201), **responses(409)},
)
async def make_totp_secret(ctx: ActsAsStaff) -> Response:
    """The secret counts after a code has confirmed it. A person who has a second factor keeps it. A repeated request
    makes another secret, so the route takes no Idempotency-Key."""

    async def work(tx: Tx) -> dict[str, Any]:
        person, secret = await staff_sessions.begin_totp(tx, ctx.opened)
        shop = await shops.read(tx, ctx.caller)
        issuer = shop.name_in(person.language)
        return {"secret": secret, "url": second_factors.address_of(person, secret, issuer=issuer)}

    return await ctx.write(work, lambda made: Answer(status=201, body=dump(made)))


@router.post(
    "/totp/confirm",
    summary="Confirm your authenticator",
    response_model=RecoveryCodeList,
    responses={**ok("recovery_codes"), **responses(400, 409, 415)},
)
async def confirm_totp(body: ConfirmTotpRequest, ctx: ActsAsStaff) -> Response:
    """From now on a sign-in needs a code. Your session has its scopes at once. Only this answer shows the recovery
    codes, so the route takes no Idempotency-Key."""
    return await ctx.write(
        lambda tx: staff_sessions.confirm_totp(tx, ctx.opened, body.code, ctx.host, ctx.system_now),
        lambda codes: Answer(status=200, body=dump({"codes": codes})),
    )


@router.put(
    "/password",
    summary="Set your password",
    response_model=OwnSession,
    responses={**ok("own_session"), **responses(400, 415), **responses_to_staff(429)},
)
async def set_own_password(body: SetOwnPasswordRequest, ctx: ActsAsStaff) -> Response:
    """Your other sessions end. Attempts with a wrong old password count as attempts to sign in."""
    async with ctx.turn():
        await staff_sessions.change_password(
            ctx.app_state.database,
            ctx.app_state.passwords,
            ctx.opened,
            body.password,
            body.new_password,
            ctx.host,
            ctx.system_now,
        )
    return await get_own_session(ctx)


def own_session(session: StaffSession, person: Staff, scopes: frozenset[str]) -> dict[str, Any]:
    return {
        **staff_session_body(session),
        "staff": staff_body(person),
        "scopes": [scope for scope in Scope if scope in scopes],
    }
