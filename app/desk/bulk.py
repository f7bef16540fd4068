"""One command for the chosen claims of the queue: first a dry run with a result for each, and then the press."""

import hashlib
from contextlib import suppress
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from app.api.bulk import decide_each
from app.api.schemas.bulk import MOST_CLAIMS, BulkOutcome, DecideClaimsRequest
from app.api.schemas.claim_work import UpdateClaimWorkRequest
from app.api.schemas.common import Name
from app.desk.decision_forms import FORMS, Fields, body_of
from app.desk.html import PAGES, desk_page
from app.desk.queue import queue_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, DecidesClaims, PostedFields
from app.engine.model.vocabulary import HoldReason
from app.service import claim_work, claims
from app.service.errors import NotFoundError
from app.service.transactions import Tx

router = APIRouter(prefix=f"{PATH}/bulk", route_class=DeskRoute, include_in_schema=False)

_NAMES: TypeAdapter[list[str]] = TypeAdapter(list[Name])
COMMANDS = ("approve", "hold", "release")
"""Each fits many claims at once. A rejection has the ground of its claim, so it is given on the claim's page."""


@router.post("")
async def decide_chosen(seen: DecidesClaims, fields: PostedFields) -> Response:
    """With `step=confirm` give the command. Each claim is decided alone."""
    form = dict(fields)
    chosen = [value for name, value in fields if name == "claim"][:MOST_CLAIMS]
    if not chosen:
        return await _nothing(seen, "bulk.nothing_chosen")
    if form.get("do") == "take":
        return await _take(seen, chosen)
    command = form.get("do", "")
    if command not in COMMANDS:
        return await _nothing(seen, "wrong_value")
    is_dry = form.get("step") != "confirm"
    try:
        asked = DecideClaimsRequest.model_validate(
            {"command": command, "claim_ids": chosen, "body": _body(command, fields), "dry_run": is_dry}
        )
    except ValidationError:
        return await _nothing(seen, "wrong_value")
    key = form.get("key") or str(uuid4())
    answer = await decide_each(seen, asked, _key(seen, key))
    return await _results(seen, command, fields, answer, key)


def _body(command: str, fields: Fields) -> dict[str, Any]:
    body = body_of(command, fields)
    return {"reason": HoldReason.SELLER_CHECK, **body} if command == "hold" else body


def _key(seen: Arrived, key: str) -> str:
    """No key of the API meets that of a form."""
    of_person = f"{seen.caller.staff_id}\0{key}"
    return f"desk {hashlib.sha256(of_person.encode()).hexdigest()}"


async def _nothing(seen: Arrived, sentence: str) -> Response:
    return await queue_page(seen, {}, status=422, problem=PAGES.text(sentence, seen.language))


async def _take(seen: Arrived, chosen: list[str]) -> Response:
    """The chosen claims are mine. One that is gone is left out."""
    try:
        _NAMES.validate_python(chosen)
    except ValidationError:
        return await _nothing(seen, "wrong_value")
    change = UpdateClaimWorkRequest(assignee=seen.caller.staff_id).change()

    async def take(tx: Tx) -> None:
        for claim_id in chosen:
            with suppress(NotFoundError):
                await claim_work.change(tx, seen.caller, claim_id, change, seen.now)

    await seen.write_form(take)
    return RedirectResponse(f"{PATH}?done=worked", 303)


async def _results(seen: Arrived, command: str, fields: Fields, answer: dict[str, Any], key: str) -> Response:
    async def orders(tx: Tx) -> dict[str, str]:
        """The order of each claim, by the claim's id."""
        known = [result["claim_id"] for result in answer["results"] if result["outcome"] != BulkOutcome.NOT_FOUND]
        return {each: (await claims.read(tx, seen.caller, each, seen.now)).claim.order_id for each in known}

    return await desk_page(
        seen,
        "bulk.html",
        section="queue",
        command=command,
        answer=answer,
        orders=await seen.read(orders),
        key=key,
        kept=[(name, value) for name, value in fields if name in FORMS[command]],
    )
