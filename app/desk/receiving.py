"""The receiving desk: one field for whatever is on a box, and the parcels that nobody announced."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from app.api.schemas.common import Name
from app.api.schemas.return_parcels import AddUnannouncedParcelRequest
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, DecidesClaims, PostedForm
from app.messages.carriers import carrier_names
from app.pages.failures import Errors, errors_of_form, sentence_of
from app.pages.texts import Writer
from app.records.return_parcel import HOLDING
from app.service import return_search, unannounced_parcels
from app.service.errors import ConflictError
from app.service.return_parcels import ParcelView
from app.service.return_search import ReturnMatch
from app.service.withdrawal_receipts import zone_of_shop

ADDRESS = f"{PATH}/receive"
MOST_UNANNOUNCED = 50
"""The newest of those that wait for a claim. The API lists all."""
_FIELDS = ("carrier", "tracking_number", "note")
_NAME: TypeAdapter[str] = TypeAdapter(Name)
router = APIRouter(prefix=ADDRESS, route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def show_receiving(
    seen: DecidesClaims,
    code: Annotated[str, Query(max_length=2000)] = "",
    parcel: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """`code` is what somebody scans. `parcel` is a parcel that nobody announced, whose claim the code then names."""
    text = code.strip()
    found = await _find(seen, text)
    if len(found) == 1:
        return RedirectResponse(_address_of(found[0], parcel), 303)
    return await _page(seen, code=text, parcel=parcel, found=found)


@router.post("/unannounced")
async def keep_unannounced(seen: DecidesClaims, form: PostedForm) -> Response:
    """Keep a parcel that nobody announced, until somebody knows its claim."""
    values = {name: value for name in _FIELDS if (value := form.get(name, "").strip())}
    try:
        came = AddUnannouncedParcelRequest.model_validate(values).came()
        await seen.do(form.get("key", ""), lambda tx: unannounced_parcels.add(tx, seen.caller, came, seen.now))
    except ValidationError as error:
        wrong = PAGES.text("receive.wrong_parcel", seen.language)
        errors = errors_of_form(error, {name: name for name in _FIELDS}, wrong)
        return await _page(seen, code=form.get("code", ""), form=values, errors=errors, status=422)
    except ConflictError as error:
        errors = {"tracking_number": await sentence_of(seen.request, error)}
        return await _page(seen, code=form.get("code", ""), form=values, errors=errors, status=409)
    return RedirectResponse(f"{ADDRESS}?done=kept_parcel", 303)


def address_of_receipt(claim_id: str, parcel_id: str = "", done: str = "") -> str:
    query = urlencode({name: value for name, value in (("parcel", parcel_id), ("done", done)) if value})
    return f"{ADDRESS}/claims/{claim_id}" + (f"?{query}" if query else "")


async def _find(seen: Arrived, text: str) -> list[ReturnMatch]:
    """Nothing for a text that is no name."""
    try:
        named = _NAME.validate_python(text)
    except ValidationError:
        return []
    return await seen.read(lambda tx: return_search.by_code(tx, seen.caller, named))


def _address_of(match: ReturnMatch, parcel_id: str) -> str:
    """The claim of the match with the parcel that is open. A claim that expects one parcel names it."""
    if match.claim is None:
        return f"{ADDRESS}?{urlencode({'parcel': match.parcel.parcel_id if match.parcel else ''})}"
    expected = [each for each in match.parcels if each.state in HOLDING]
    named = match.parcel or (expected[0] if len(expected) == 1 else None)
    return address_of_receipt(match.claim.claim_id, parcel_id or (named.parcel_id if named else ""))


async def _page(
    seen: Arrived,
    *,
    code: str,
    parcel: str = "",
    found: list[ReturnMatch] | None = None,
    form: dict[str, str] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    waiting: list[ParcelView] = await seen.read(
        lambda tx: unannounced_parcels.page(tx, seen.caller, limit=MOST_UNANNOUNCED, after=None, matched=False)
    )
    zone = await seen.read(lambda tx: zone_of_shop(tx, seen.caller.merchant_id, seen.now))
    named = [view.parcel for view in waiting if view.parcel.parcel_id == parcel]
    return await desk_page(
        seen,
        "receive.html",
        status=status,
        section="receive",
        code=code,
        found=[(each, _address_of(each, parcel)) for each in found or []],
        is_unknown=bool(code) and not found,
        waiting=[view.parcel for view in waiting],
        opened=named[0] if named else None,
        carriers=carrier_names(seen.language),
        form={name: (form or {}).get(name, "") for name in _FIELDS},
        key=str(uuid4()),
        w=Writer(language=seen.language, zone=zone, currency="", now=seen.now),
        errors=errors or {},
    )
