"""Recognises the API key or the staff session of a request."""

from fastapi import Request

from app.api.app_state import AppState, app_state
from app.api.problems import ProblemError
from app.service import staff_sessions
from app.service.buyer_lookups import network_of
from app.service.callers import Caller
from app.service.key_limits import Standing

KEY_DIGEST, STANDING = "key_digest", "standing"
"""Names in the scope of a request under `/v1`: the digest of the token, and where its key stands."""
_BEARER = {"WWW-Authenticate": "Bearer"}


async def authenticated(request: Request, token: str) -> Caller:
    """Raises ProblemError for a token that opens nothing, for a key that has expired, and for a person without a second
    factor."""
    state = app_state(request)
    caller = state.callers.cached(token) or await _looked_up(request, state, token)
    if caller is None:
        raise ProblemError(401, "invalid_api_key", headers=_BEARER)
    request.scope["caller"] = caller  # for the line in the log
    if caller.staff_id:
        if not caller.scopes:
            raise ProblemError(403, "second_factor_missing")
        return caller
    if digest := request.scope.get(KEY_DIGEST):
        _count(request, state, digest, caller)
    now = state.clock()
    if caller.expires_at and caller.has_expired(now):
        raise ProblemError(401, "api_key_expired", headers=_BEARER, expired_at=caller.expires_at.isoformat())
    state.key_uses.note(caller, now)
    return caller


def _count(request: Request, state: AppState, digest: str, caller: Caller) -> None:
    """Raises ProblemError for a request above the limit that came before the process knew the key."""
    counted: Standing | None = request.scope[STANDING]
    standing = state.key_limits.know(digest, caller, is_counted=counted is not None)
    request.scope[STANDING] = standing or counted
    if standing is not None and standing.is_refused:
        limit, seconds = standing.limit, standing.retry_after
        raise ProblemError(
            429,
            "rate_limited",
            headers={"Retry-After": str(seconds)},
            requests_per_minute=limit.requests_per_minute,
            burst=limit.burst,
            seconds=seconds,
        )


async def _looked_up(request: Request, state: AppState, token: str) -> Caller | None:
    """Raises ProblemError for a network that has sent too many tokens that open nothing, unless this token opened
    something before: such a network costs no database work."""
    if not token:
        return None
    floods, now = state.key_floods, state.clock().timestamp()
    network = network_of(request.client.host if request.client else None) or ""
    if (seconds := floods.seconds_to_wait(network, now)) and not floods.has_served(token):
        async with floods.held_back(network):
            raise ProblemError(429, "too_many_failures", headers={"Retry-After": str(seconds)})
    caller = await _caller_of(state, token)
    if caller is None:
        floods.count(network, now)
        floods.forget(token)
    else:
        floods.remember(token)
    return caller


async def _caller_of(state: AppState, token: str) -> Caller | None:
    if not staff_sessions.is_session_token(token):
        return await state.callers.recognise(token)
    opened = await staff_sessions.recognise(state.database, token, state.clock())
    return opened.caller if opened else None
