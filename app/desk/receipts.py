"""The page of a parcel that somebody opens: the condition of each unit, the inspection, and the press that refunds.

A receipt is a fact and is kept although the refund after it is refused. So they are two steps of one press, and the
key of the form lets neither happen twice.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.claim_files import linked
from app.api.claims import ClaimId
from app.api.schemas.goods import InspectGoodsRequest, ReceiveGoodsRequest
from app.api.serializers import claim_body
from app.desk.html import PAGES, desk_page
from app.desk.receipt_forms import body_of_inspection, body_of_receipt, groups_of, is_fine
from app.desk.receipt_scene import ReceiptScene, receive_parcel, scene_of
from app.desk.receiving import ADDRESS, address_of_receipt
from app.desk.route import DeskRoute
from app.desk.visit import Arrived, DecidesClaims, PostedForm
from app.engine.model.vocabulary import Condition, Disposition, Role, State
from app.json_text import dump
from app.pages.failures import Errors, sentence_of
from app.pages.forms import Form
from app.pages.texts import Writer
from app.service import claims, previews
from app.service.errors import NotFoundError, ServiceError, StaleVersionError
from app.service.previews import Preview

router = APIRouter(prefix=f"{ADDRESS}/claims/{{claim_id}}", route_class=DeskRoute, include_in_schema=False)

ParcelQuery = Annotated[str, Query(max_length=200)]
_STATUSES = {"stale_version": 412, "above_authority": 403}


@router.get("")
async def show_receipt(seen: DecidesClaims, claim_id: ClaimId, parcel: ParcelQuery = "") -> Response:
    return await _page(seen, claim_id, parcel, {})


@router.post("")
async def receive(seen: DecidesClaims, claim_id: ClaimId, form: PostedForm) -> Response:
    """Receive the units. With `step=refund` accept them all too, if each is as it was sold."""
    parcel_id, key = form.get("parcel", "")[:200], form.get("key", "")
    scene = await seen.read(lambda tx: scene_of(tx, seen, claim_id, parcel_id))
    body = body_of_receipt(scene.view.claim, form)
    if not body["lines"] and (parcel_id or not body["close"]):  # a parcel without lines would be one with all its units
        errors = {"": PAGES.text("receipt.nothing", seen.language)}
        return await _page(seen, claim_id, parcel_id, form, errors=errors, status=422)
    try:
        command = ReceiveGoodsRequest.model_validate(body).command(seen.actor(Role.SELLER, None))
        await seen.do(f"{key} receive", lambda tx: receive_parcel(tx, seen, claim_id, parcel_id, command))
        if form.get("step") == "refund" and is_fine(body):
            await _accept_all(seen, claim_id, f"{key} inspect")
    except (ValidationError, ServiceError) as error:
        return await _refused(seen, claim_id, parcel_id, form, error)
    return await _after(seen, claim_id)


@router.post("/inspection")
async def inspect(seen: DecidesClaims, claim_id: ClaimId, form: PostedForm) -> Response:
    """Show what the buyer will read. With `step=confirm` give the command for the version that the clerk has read."""
    scene = await seen.read(lambda tx: scene_of(tx, seen, claim_id, ""))
    version = int(form["version"]) if form.get("version", "").isdecimal() and len(form["version"]) < 10 else 0
    try:
        body = InspectGoodsRequest.model_validate(body_of_inspection(scene.view.claim, form))
        command = body.command(seen.actor(Role.SELLER, None))
        if form.get("step") != "confirm":
            preview = await seen.read(
                lambda tx: previews.preview(tx, seen.caller, claim_id, command, seen.now, if_version=version)
            )
            return await _page(seen, claim_id, "", form, preview=preview)
        await seen.do(
            form.get("key", ""),
            lambda tx: claims.act(tx, seen.caller, claim_id, command, seen.now, if_version=version),
        )
    except (ValidationError, ServiceError) as error:
        return await _refused(seen, claim_id, "", form, error)
    return await _after(seen, claim_id)


async def _accept_all(seen: Arrived, claim_id: str, key: str) -> None:
    """Nothing for a claim that still waits for units, or that somebody has inspected."""
    view = await seen.read(lambda tx: claims.read(tx, seen.caller, claim_id, seen.now))
    if view.claim.state is not State.RECEIVED:
        return
    body = InspectGoodsRequest.model_validate(body_of_inspection(view.claim, {}))
    command = body.command(seen.actor(Role.SELLER, None))
    await seen.do(key, lambda tx: claims.act(tx, seen.caller, claim_id, command, seen.now))


async def _after(seen: Arrived, claim_id: str) -> Response:
    """The next box, or the inspection of this one."""
    view = await seen.read(lambda tx: claims.read(tx, seen.caller, claim_id, seen.now))
    if view.claim.state is State.RECEIVED:
        return RedirectResponse(address_of_receipt(claim_id, done="received"), 303)
    is_waiting = view.claim.state in (State.APPROVED, State.COLLECTING)
    return RedirectResponse(f"{ADDRESS}?done={'partly_received' if is_waiting else 'inspected'}", 303)


async def _refused(
    seen: Arrived, claim_id: str, parcel_id: str, form: Form, error: ValidationError | ServiceError
) -> Response:
    if isinstance(error, NotFoundError):
        raise error
    if isinstance(error, ValidationError):
        errors = {"": PAGES.text("receipt.wrong", seen.language)}
        return await _page(seen, claim_id, parcel_id, form, errors=errors, status=422)
    changed = isinstance(error, StaleVersionError)
    sentence = PAGES.text("claim.changed", seen.language) if changed else await sentence_of(seen.request, error)
    shown = {} if changed else form
    return await _page(
        seen, claim_id, parcel_id, shown, errors={"": sentence}, status=_STATUSES.get(error.code, 409)
    )  # fmt: skip


async def _page(
    seen: Arrived,
    claim_id: str,
    parcel_id: str,
    form: Form,
    *,
    preview: Preview | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    scene = await seen.read(lambda tx: scene_of(tx, seen, claim_id, parcel_id))
    return await desk_page(
        seen,
        "receipt.html",
        status=status,
        section="receive",
        form=defaultdict(str, form),
        parcel_id=parcel_id,
        key=str(uuid4()),
        preview=preview or scene.preview,
        is_checked=preview is not None,
        conditions=[each.value for each in Condition],
        dispositions=[each.value for each in Disposition],
        errors=errors or {},
        **_values(seen, scene),
    )


def _values(seen: Arrived, scene: ReceiptScene) -> Mapping[str, Any]:
    claim, order = scene.view.claim, scene.around.order
    body: dict[str, Any] = orjson.loads(dump(claim_body(scene.view)))
    usual = {line["line_id"]: line for line in body_of_inspection(claim, {})["lines"]}
    return {
        "w": Writer(language=seen.language, zone=scene.around.zone, currency=order.currency, now=seen.now),
        "claim": body,
        "order": order,
        "bought": {line.line_id: line.title or line.sku or line.line_id for line in order.lines},
        "groups": groups_of(claim, order, scene.parcel),
        "lines": [(at, line, usual[line.line_id]) for at, line in enumerate(claim.lines) if line.received],
        "actions": {each["command"]: each for each in body["actions"]},
        "parcel": scene.parcel,
        "parcels": scene.parcels,
        "files": [(file, linked(seen, file)[0]) for file in scene.files],
        "place": scene.place,
    }
