"""Makes the pages: templates with escaped values, one style, and headers that let a page load nothing else."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.buyer.pages.scripts import HTMX, HTMX_SETTINGS, OWN
from app.buyer.pages.texts import PAGE_LANGUAGES, functions, page_words
from app.json_text import dump
from app.messages.colours import readable_on
from app.records.merchant import Mode
from app.records.shop import Theme

STYLE = (files("app.buyer.pages") / "templates" / "style.css").read_text("utf-8")
_VERSION = hashlib.sha256(STYLE.encode()).hexdigest()[:12]
STYLE_PATH = "/order/style.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_WITH_HTMX = ("claim.html", "request.html")
_SCRIPTS = {
    **dict.fromkeys(_WITH_HTMX, (HTMX, OWN)),
    **dict.fromkeys(
        ("link.html", "lookup.html", "withdrawal.html", "withdrawal_check.html", "withdrawal_later.html"), (OWN,)
    ),
}
"""The scripts of the pages that are better with script. The other pages allow none."""

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
    around = {
        "language": language,
        "languages": languages,
        "logo": theme.logo,
        "style": style_address(theme),
        "is_test": mode is Mode.TEST,
        "scripts": _SCRIPTS.get(template, ()),
        "htmx": _htmx_settings(template),
    }
    content = render(template, language, {**values, **around})
    headers = {"Content-Security-Policy": _policy(template), **(headers or {})}
    return _answer(content, language, status=status, headers=headers)


def part_of_page(template: str, language: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """What the script of a page puts into the page."""
    return _answer(render(template, language, values), language, status=status, headers={})


def render(template: str, language: str, values: Mapping[str, Any]) -> str:
    return _environment().get_template(template).render(values, **functions(language))


def _answer(content: str, language: str, *, status: int, headers: Mapping[str, str]) -> HTMLResponse:
    return HTMLResponse(content, status, {**HEADERS, "Content-Language": language, **headers})


def _policy(template: str) -> str:
    """The Content-Security-Policy of a page. Only a page with scripts allows any."""
    if template not in _SCRIPTS:
        return _POLICY
    return f"{_POLICY}; script-src 'self'" + ("; connect-src 'self'" if template in _WITH_HTMX else "")


def _htmx_settings(template: str) -> str:
    return dump(HTMX_SETTINGS) if template in _WITH_HTMX else ""


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
