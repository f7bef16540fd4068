"""Makes the pages: templates with escaped values, one style, and headers that let a page load nothing else."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.buyer.pages.texts import PAGE_LANGUAGES, functions, page_words

STYLE = (files("app.buyer.pages") / "templates" / "style.css").read_text("utf-8")
STYLE_PATH = f"/order/style.css?{hashlib.sha256(STYLE.encode()).hexdigest()[:12]}"
"""The address changes with the style, so a browser may keep the style."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}


def page(
    template: str, language: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page in one of PAGE_LANGUAGES."""
    languages = [(code, page_words(code)["language"]["name"]) for code in PAGE_LANGUAGES]
    content = _environment().get_template(template).render(
        values, **functions(language), language=language, languages=languages, style=STYLE_PATH
    )  # fmt: skip
    return HTMLResponse(content, status, {**HEADERS, "Content-Language": language, **(headers or {})})


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("app.buyer.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
