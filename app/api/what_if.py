"""The route that tries drafts on past claims."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, TypeAdapter

from app.api.context import ReadsPolicies, require
from app.api.examples import ok
from app.api.paging import cursor, position
from app.api.policies import compared
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.what_if import CheckWhatIfRequest
from app.json_text import dump
from app.records.api_key import Scope
from app.service.resources.what_if import WhatIfBody, what_if_body
from app.service.what_if import WhatIf, try_on_past

router = APIRouter(prefix="/v1/what-if", tags=["rules"], responses=responses(401, 403, 413, 422, 429, 503))

_BY_CLAIM = TypeAdapter(tuple[Annotated[Name, Field(max_length=36)]])


@router.post(
    "",
    summary="Try drafts on past claims",
    response_model=WhatIfBody,
    responses={**ok("what_if"), **responses(400, 415)},
)
async def check_what_if(body: CheckWhatIfRequest, ctx: ReadsPolicies) -> Response:
    """Decide the requests of past claims again, as they were made, under a draft of rules, of a policy, or of both, and
    return what would change: approvals, refunds and each claim. Nothing is stored. Claims that cannot be decided again
    are counted with the reason. Needs the scope `claims:read` too."""
    require(ctx.caller, Scope.CLAIMS_READ)
    after = position(body.cursor, _BY_CLAIM)
    checked = await compared(ctx, body.policy) if body.policy else None
    asked = WhatIf(
        rules=None if body.rules is None else tuple(rule.rule() for rule in body.rules),
        policy=checked.policy if checked else None,
        requested_from=body.requested_from,
        requested_before=body.requested_before,
        limit=body.limit,
        after=after[0] if after else None,
    )
    page = await ctx.read(lambda tx: try_on_past(tx, ctx.caller, asked))
    next_cursor = cursor(page.last) if page.last else None
    return Response(dump(what_if_body(page, next_cursor)), media_type="application/json")
