"""Makes the pages of the desk, with the name of the shop, the navigation of the person and the choice of a language."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.api.language import LANGUAGES
from app.desk.navigation import sections_of
from app.desk.scripts import OWN
from app.desk.visit import PATH, Arrived
from app.messages.sentences import names
from app.pages.page_set import PageSet
from app.records.merchant import Mode
from app.service import shops

DESK_LANGUAGES = ("ko", "ja", "en")
assert set(DESK_LANGUAGES) == set(LANGUAGES)

PAGES = PageSet(
    package="app.desk",
    languages=DESK_LANGUAGES,
    path=PATH,
    scripts=lambda _: (OWN,),
    connects=lambda _: True,
    images="'self' data:",
)
STYLE_ADDRESS = f"{PAGES.style_path}?version={PAGES.style_version}"


async def desk_page(seen: Arrived, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for a person who has signed in. `section` in the values marks the place in the navigation."""
    shop = await seen.read(lambda tx: shops.read(tx, seen.caller))
    around = {
        "shop": shop.name_in(seen.language),
        "person": seen.caller.name,
        "form_word": seen.form_word,
        "sections": list(sections_of(seen.caller)),
        "is_test": seen.caller.mode is Mode.TEST,
    }
    return open_page(seen.request, seen.language, template, status=status, **{**around, **values})


def open_page(
    request: Request,
    language: str,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page that needs no session. Its head has the languages alone."""
    around = {
        "style": STYLE_ADDRESS,
        "shop": "",
        "person": "",
        "sections": [],
        "section": "",
        "is_test": False,
        "done": _done(request, language),
        "in_language": _addresses_by_language(request),
        "name": _name_in(language),
    }
    return PAGES.page(template, language, status=status, headers=headers, values={**around, **values})


def desk_part(seen: Arrived, template: str, **values: Any) -> HTMLResponse:
    """What the script of a page puts into the page."""
    values = {"form_word": seen.form_word, "name": _name_in(seen.language), **values}
    return PAGES.answer(template, seen.language, status=200, headers={}, values=values)


def _name_in(language: str) -> Callable[[str, str], str]:
    """The name of a code for the people who decide claims, as refusals write the code."""
    return lambda table, code: names(language)[table].get(code, code)


def _done(request: Request, language: str) -> str:
    """What the step before this page has done, as a sentence. The address names a word of the table `done`."""
    return PAGES.words(language)["done"].get(request.query_params.get("done", ""), "")


def _addresses_by_language(request: Request) -> dict[str, str]:
    """The same page in each language. A page that answers a form has no address of its own: the desk opens instead."""
    is_shown = request.method in ("GET", "HEAD")
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("language", "done")]
    path = request.url.path if is_shown else PATH
    return {code: f"{path}?{urlencode([*(kept if is_shown else []), ('language', code)])}" for code in DESK_LANGUAGES}
