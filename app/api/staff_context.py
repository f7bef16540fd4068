"""What the endpoints of a person's own session receive, and how a person's password is worked on in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.api.app_state import AppState, app_state
from app.api.context import ANSWERED_WITHIN, RequestContext
from app.api.parameters import refuse_unclear_parameters
from app.api.problems import ProblemError
from app.service import merchant_clocks, staff_sessions
from app.service.staff_sessions import OpenSession


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffContext(RequestContext):
    """One request with the token of a session of staff. It may come before the second factor."""

    opened: OpenSession


class StaffBearer(HTTPBearer):
    """The security scheme, and the dependency that recognises the person."""

    def __init__(self) -> None:
        super().__init__(
            auto_error=False, scheme_name="StaffSession", description="A session of staff: `Bearer rs_...`"
        )

    async def __call__(self, request: Request) -> StaffContext:  # type: ignore[override] # a dependency may return any type
        state = app_state(request)
        answer_by = asyncio.get_running_loop().time() + ANSWERED_WITHIN
        credentials = await super().__call__(request)
        token = credentials.credentials if credentials else ""
        async with asyncio.timeout_at(answer_by):
            opened = await staff_sessions.recognise(state.database, token, state.clock())
        if opened is None:
            raise ProblemError(401, "invalid_staff_session", headers={"WWW-Authenticate": "Bearer"})
        request.scope["caller"] = opened.caller  # for the line in the log
        refuse_unclear_parameters(request)
        clock = opened.caller.clock
        return StaffContext(
            request=request,
            app_state=state,
            caller=opened.caller,
            now=merchant_clocks.time_of(clock, state.clock()),
            answer_by=answer_by,
            clock=clock,
            opened=opened,
        )


async def _clear_parameters(request: Request) -> None:  # without `async` FastAPI would call it in another thread
    refuse_unclear_parameters(request)


CLEAR_PARAMETERS = [Depends(_clear_parameters)]
"""The dependency of a route without a caller. It refuses before the body is checked, as the other routes do."""

ActsAsStaff = Annotated[StaffContext, Depends(StaffBearer())]


def host_of(request: Request) -> str | None:
    return request.client.host if request.client else None


@asynccontextmanager
async def within_time(state: AppState, key: str) -> AsyncIterator[None]:
    """Raises TimeoutError when the request should have been answered. `key` shares out the turns."""
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(key):
        yield
