"""The page with the form of a sign-in, with what was entered and what was wrong."""

import re

from fastapi import Request, Response

from app.desk.html import open_page
from app.desk.visit import PATH, page_language, shop_of
from app.pages.failures import Errors
from app.pages.forms import Form

_OWN_ADDRESS = re.compile(rf"{PATH}(?:[/?][\x21-\x5b\x5d-\x7e]*)?")


def sign_in_page(request: Request, form: Form, *, errors: Errors | None = None, status: int = 200) -> Response:
    return open_page(
        request,
        page_language(request),
        "sign_in.html",
        status=status,
        shop_id=form.get("shop") or shop_of(request),
        asks_shop="shop" in (errors or {}) or not shop_of(request),
        email=form.get("email", ""),
        next=own_address(form.get("next", "")),
        errors=errors or {},
    )


def own_address(address: str) -> str:
    """An address of the desk. The desk itself for any other, so that no link leads out after a sign-in."""
    return address if _OWN_ADDRESS.fullmatch(address) else PATH
