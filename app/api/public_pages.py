"""The routes that buyers open without a key: the page of a policy."""

import asyncio
import base64
import hashlib
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.api.examples import Example
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.policies import Language
from app.messages.policy_page import STYLE, as_html, policy_page
from app.service import public_pages
from app.service.merchant_clocks import clock_of, time_of
from app.service.policies import is_preset

router = APIRouter(tags=["policies"])

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
    " form-action 'none'; frame-ancestors *",
    "Cache-Control": "public, max-age=300",
}
"""The page loads nothing. A shop may show it in a frame."""
_NO_KEY = ""
"""In place of a merchant: readers without a key wait for each other, and take no turns from the merchants."""


@router.get(
    "/shops/{merchant_id}/policies/{policy_id}",
    summary="Read the public page of a policy",
    response_class=HTMLResponse,
    responses={
        200: {"content": {"text/html": {"example": Example("policy_page.html")}}},
        **responses(404, 422, 503),
    },
)
async def get_public_policy_page(
    request: Request,
    merchant_id: Annotated[Name, Path(description="The id of the merchant.")],
    policy_id: Annotated[Name, Path(description="The id of a policy, or the name of a preset.")],
    language: Annotated[Language | None, Query(description="The default is the policy's language.")] = None,
) -> HTMLResponse:
    """Return the page of the policy that is in force, with the shop's name and how to reach the shop. The address
    needs no key. You can link and print the page, and show it in a frame."""
    state = app_state(request)
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(_NO_KEY):
        now = time_of(await clock_of(state.database, merchant_id), state.clock())
        async with state.database.read() as tx:
            policy, shop = await public_pages.policy_of_shop(tx, merchant_id, policy_id, now)
    page = policy_page(policy, language or policy.language)
    titled = (
        replace(page, policy="") if is_preset(policy_id) else page
    )  # only a policy of the shop has a title of its own
    withdrawal = public_pages.link_to_withdrawal(merchant_id, policy.country)
    return HTMLResponse(as_html(titled, shop, withdrawal=withdrawal), headers=_HEADERS)
