"""The second factor of a person: the secret as text and as a QR code, the first code, and the recovery codes.

The answer to the form that makes the secret is the only page that shows it, so that nobody with the password alone can
read a secret that another browser is about to confirm.
"""

import segno
from fastapi import APIRouter, Response
from markupsafe import Markup
from pydantic import ValidationError

from app.api.schemas.staff import ConfirmTotpRequest
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import SECOND_FACTOR, AnyArrived, Arrived, PostedForm
from app.pages.failures import Errors, sentence_of
from app.service import second_factors, shops, staff_sessions
from app.service.errors import InvalidError

router = APIRouter(prefix=SECOND_FACTOR, route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def show_second_factor(seen: AnyArrived) -> Response:
    return await desk_page(seen, "second_factor.html", is_set=seen.opened.person.has_second_factor)


@router.post("/secret")
async def make_secret(seen: AnyArrived, _: PostedForm) -> Response:
    async with seen.turn():
        _person, secret = await seen.app_state.database.write(lambda tx: staff_sessions.begin_totp(tx, seen.opened))
    return await _secret_page(seen, secret)


@router.post("")
async def confirm(seen: AnyArrived, form: PostedForm) -> Response:
    """A wrong code shows the secret of the form again: the browser has it already."""
    try:
        code = ConfirmTotpRequest(code=form.get("code", "").replace(" ", "")).code
        async with seen.turn():
            codes = await seen.app_state.database.write(
                lambda tx: staff_sessions.confirm_totp(tx, seen.opened, code, seen.host, seen.system_now)
            )
    except ValidationError:
        errors = {"code": PAGES.text("second_factor.six_digits", seen.language)}
        return await _secret_page(seen, form.get("secret", ""), errors, status=422)
    except InvalidError as error:
        errors = {"code": await sentence_of(seen.request, error)}
        return await _secret_page(seen, form.get("secret", ""), errors, status=422)
    return await desk_page(seen, "recovery_codes.html", codes=codes)


async def _secret_page(seen: Arrived, secret: str, errors: Errors | None = None, *, status: int = 200) -> Response:
    shop = await seen.read(lambda tx: shops.read(tx, seen.caller))
    address = second_factors.address_of(seen.opened.person, secret, issuer=shop.name_in(seen.language))
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return await desk_page(
        seen,
        "second_factor_secret.html",
        status=status,
        secret=secret,
        in_groups=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        qr=Markup(drawn),  # noqa: S704 # segno draws modules of a code alone
        errors=errors or {},
    )
