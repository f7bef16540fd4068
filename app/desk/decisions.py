"""The page of one decision: its fields, what the buyer will read, and then the press.

A decision is made for the version of the claim that the clerk has read. If somebody else was first, nothing happens,
and the page of the claim says who and what.
"""

from typing import Annotated, Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from app.api.claims import ClaimId
from app.api.context import require
from app.api.serializers import claim_body
from app.desk.claim import address_of, claim_page
from app.desk.claim_parts import name_of
from app.desk.decision_forms import COMMANDS, FORMS, Fields, body_of, command_of, entered
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, DecidesClaims, PostedFields
from app.engine.model.order import Order
from app.engine.model.vocabulary import Alternative, Fault, HoldReason, Reason, Role
from app.json_text import dump
from app.messages.carriers import carrier_names
from app.messages.sentences import names
from app.pages.failures import Errors, errors_of_form, sentence_of
from app.pages.texts import Writer
from app.records.api_key import Scope
from app.service import claims, previews
from app.service.errors import ForbiddenError, RefusedError, StaleVersionError
from app.service.previews import Preview
from app.service.visits import surroundings

router = APIRouter(prefix=f"{PATH}/claims/{{claim_id}}/decide", route_class=DeskRoute, include_in_schema=False)

CommandName = Annotated[str, Path(max_length=40)]


@router.get("/{command}")
async def show_decision(seen: DecidesClaims, claim_id: ClaimId, command: CommandName) -> Response:
    _require_form(command)
    return await _page(seen, claim_id, command, [])


@router.post("/{command}")
async def check_or_decide(
    seen: DecidesClaims, claim_id: ClaimId, command: CommandName, fields: PostedFields
) -> Response:  # fmt: skip
    """Show what the buyer will read. With `step=confirm` give the command, once for the key of the form."""
    _require_form(command)
    form = dict(fields)
    if body_of(command, fields).get("override"):
        require(seen.caller, Scope.CLAIMS_OVERRIDE)
    version = int(form["version"]) if form.get("version", "").isdecimal() and len(form["version"]) < 10 else 0
    try:
        given = command_of(seen, command, fields)
        if form.get("step") != "confirm":
            preview = await seen.read(
                lambda tx: previews.preview(tx, seen.caller, claim_id, given, seen.now, if_version=version)
            )
            return await _page(seen, claim_id, command, fields, preview=preview)
        await seen.do(
            form.get("key", ""),
            lambda tx: claims.act(tx, seen.caller, claim_id, given, seen.now, if_version=version),
        )
    except ValidationError as error:
        errors = errors_of_form(
            error,
            {name.rpartition(".")[2]: name.replace(".", "-") for name in FORMS[command]},
            PAGES.text("wrong_value", seen.language),
        )
        return await _page(seen, claim_id, command, fields, errors=errors, status=422)
    except RefusedError as error:
        errors = {"": await sentence_of(seen.request, error)}
        return await _page(seen, claim_id, command, fields, errors=errors, status=409)
    except StaleVersionError:
        return await claim_page(seen, claim_id, status=412, overtaken=await _overtaken(seen, claim_id, version))
    except ForbiddenError as error:
        return await claim_page(seen, claim_id, status=403, errors={"": await sentence_of(seen.request, error)})
    return RedirectResponse(f"{address_of(claim_id)}?done=decided", 303)


def _require_form(command: str) -> None:
    if command not in FORMS:
        raise HTTPException(404)


async def _page(
    seen: Arrived,
    claim_id: str,
    command: str,
    fields: Fields,
    *,
    preview: Preview | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    view = await seen.read(lambda tx: claims.read(tx, seen.caller, claim_id, seen.now))
    around = await seen.read(lambda tx: surroundings(tx, seen.caller, view.claim.order_id, seen.now))
    claim = orjson.loads(dump(claim_body(view)))
    action = next((each for each in claim["actions"] if each["command"] == command), None)
    if action is None:  # claims of this kind do not have the command
        raise HTTPException(404)
    shown = entered(fields)
    after = claim_body(preview.after) if preview else None
    return await desk_page(
        seen,
        "decide.html",
        status=status,
        section="queue",
        w=Writer(language=seen.language, zone=around.zone, currency=around.order.currency, now=seen.now),
        claim=claim,
        command=command,
        action=action,
        fields=FORMS[command],
        for_buyer=COMMANDS[command].by is Role.BUYER,
        may_override=seen.may(Scope.CLAIMS_OVERRIDE),
        form=shown.one,
        chosen=shown.alternatives,
        **_choices(seen.language, claim, around.order),
        version=shown.one.get("version") or claim["version"],
        key=shown.one.get("key") or str(uuid4()),
        preview=preview,
        after=orjson.loads(dump(after)) if after else None,
        errors=errors or {},
    )


def _choices(language: str, claim: dict[str, Any], order: Order) -> dict[str, Any]:
    """What the fields of the forms offer."""
    return {
        "alternatives": [each.value for each in Alternative],
        "hold_reasons": [each.value for each in HoldReason],
        "reasons": [each.value for each in Reason],
        "faults": [each.value for each in Fault],
        "carriers": carrier_names(language),
        "currency": order.currency,
        "methods": sorted({payment.method for payment in order.payments}),
        "offers": [each for each in claim["offers"] if each["status"] == "open"],
    }


async def _overtaken(seen: Arrived, claim_id: str, version: int) -> str:
    """Who was first, and what the claim is now."""
    events = await seen.read(lambda tx: claims.history(tx, seen.caller, claim_id, limit=100, after=version))
    if not events:
        return PAGES.text("claim.changed", seen.language)
    data = orjson.loads(events[0].data)
    command = (data.get("command") or {}).get("command", "")
    done = names(seen.language)["command"].get(command) or PAGES.words(seen.language)["event"].get(
        events[0].type.removeprefix("claim."), ""
    )
    by = name_of(data) or PAGES.text("claim.system", seen.language)
    return PAGES.text("claim.overtaken", seen.language, name=by, done=done)
