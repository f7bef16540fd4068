"""Decisions above somebody's authority, which wait for a second person."""

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.schemas.authority import RefuseApprovalRequest
from app.api.schemas.common import Name
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, DecidesClaims, PostedForm
from app.pages.failures import Errors, sentence_of
from app.pages.texts import Writer
from app.records.authority import ApprovalStatus
from app.service import approvals
from app.service.errors import ConflictError, ForbiddenError, RefusedError
from app.service.withdrawal_receipts import zone_of_shop

router = APIRouter(prefix=f"{PATH}/approvals", route_class=DeskRoute, include_in_schema=False)

ApprovalId = Annotated[Name, Path()]


@router.get("")
async def show_approvals(seen: DecidesClaims) -> Response:
    return await _page(seen)


@router.post("/{approval_id}/{answer}")
async def decide(
    seen: DecidesClaims, approval_id: ApprovalId, answer: Literal["grant", "refuse"], form: PostedForm
) -> Response:
    """Grant or refuse the decision."""
    by, now, decided_at = seen.audit_actor, seen.now, seen.system_now
    try:
        note = RefuseApprovalRequest.model_validate({"note": form.get("note", "").strip() or None}).note
    except ValidationError:
        return await _page(seen, errors={"": PAGES.text("wrong_value", seen.language)}, status=422)
    try:
        if answer == "grant":
            await seen.do(
                form.get("key", ""), lambda tx: approvals.grant(tx, seen.caller, by, approval_id, now, decided_at)
            )
            return RedirectResponse(f"{PATH}/approvals?done=granted", 303)
        await seen.do(
            form.get("key", ""), lambda tx: approvals.refuse(tx, seen.caller, by, approval_id, note, decided_at)
        )
    except (ConflictError, ForbiddenError, RefusedError) as error:
        status = 403 if isinstance(error, ForbiddenError) else 409
        return await _page(seen, errors={"": await sentence_of(seen.request, error)}, status=status)
    return RedirectResponse(f"{PATH}/approvals?done=refused", 303)


async def _page(seen: Arrived, *, errors: Errors | None = None, status: int = 200) -> Response:
    waiting = await seen.read(
        lambda tx: approvals.latest(tx, seen.caller, status=ApprovalStatus.OPEN, claim_id=None)
    )  # fmt: skip
    zone = await seen.read(lambda tx: zone_of_shop(tx, seen.caller.merchant_id, seen.now))
    rows = [
        (each, str(uuid4()), Writer(language=seen.language, zone=zone, currency=each.currency, now=seen.now))
        for each in waiting
    ]
    return await desk_page(
        seen, "approvals.html", status=status, section="approvals", rows=rows, errors=errors or {}
    )  # fmt: skip
