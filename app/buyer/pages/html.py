"""Makes the pages: templates with escaped values, one style, and headers that let a page load nothing else."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.buyer.pages.texts import PAGE_LANGUAGES, functions, page_words
from app.messages.colours import readable_on
from app.records.merchant import Mode
from app.records.shop import Theme

STYLE = (files("app.buyer.pages") / "templates" / "style.css").read_text("utf-8")
_VERSION = hashlib.sha256(STYLE.encode()).hexdigest()[:12]
STYLE_PATH = "/order/style.css"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}


NO_THEME = Theme()


def page(
    template: str,
    language: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    theme: Theme = NO_THEME,
    mode: Mode = Mode.LIVE,
    **values: Any,
) -> HTMLResponse:
    """A page in one of PAGE_LANGUAGES, in the colours of the shop. A page of test mode says so."""
    languages = [(code, page_words(code)["language"]["name"]) for code in PAGE_LANGUAGES]
    look = {"logo": theme.logo, "style": style_address(theme), "is_test": mode is Mode.TEST}
    content = (
        _environment()
        .get_template(template)
        .render(values, language=language, languages=languages, **functions(language), **look)
    )
    return HTMLResponse(content, status, {**HEADERS, "Content-Language": language, **(headers or {})})


def style_address(theme: Theme) -> str:
    """The address of the style. The address changes with the style, so a browser may keep the style."""
    colours = {name: colour[1:] for name in ("accent", "band") if (colour := getattr(theme, name))}
    return f"{STYLE_PATH}?{urlencode({'version': _VERSION, **colours})}"


def style(accent: str | None, band: str | None) -> str:
    """The style of the pages. The colours are six hexadecimal digits."""
    rules = [f"--accent: #{accent};"] if accent else []
    if band:
        rules.append(f"--band: #{band}; --on-band: {readable_on(f'#{band}')};")
    return f"{STYLE}:root {{ {' '.join(rules)} }}\n" if rules else STYLE


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("app.buyer.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
