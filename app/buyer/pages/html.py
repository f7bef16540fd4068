"""Makes the pages, in the colours of the shop."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from app.buyer.pages.scripts import HTMX, HTMX_SETTINGS, OWN
from app.buyer.pages.texts import PAGE_LANGUAGES
from app.json_text import dump
from app.messages.colours import readable_on
from app.pages.page_set import PageSet
from app.pages.scripts import Script
from app.records.merchant import Mode
from app.records.shop import Theme

_WITH_HTMX = ("claim.html", "request.html")
_SCRIPTS: Mapping[str, tuple[Script, ...]] = {
    **dict.fromkeys(_WITH_HTMX, (HTMX, OWN)),
    **dict.fromkeys(
        ("link.html", "lookup.html", "withdrawal.html", "withdrawal_check.html", "withdrawal_later.html"), (OWN,)
    ),
}
"""The scripts of the pages that are better with script. The other pages allow none."""

PAGES = PageSet(
    package="app.buyer.pages",
    languages=PAGE_LANGUAGES,
    path="/order",
    scripts=lambda template: _SCRIPTS.get(template, ()),
    connects=lambda template: template in _WITH_HTMX,
)

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
    around = {
        "logo": theme.logo,
        "style": style_address(theme),
        "is_test": mode is Mode.TEST,
        "htmx": dump(HTMX_SETTINGS) if template in _WITH_HTMX else "",
    }
    return PAGES.page(template, language, status=status, headers=headers, values={**values, **around})


def part_of_page(template: str, language: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """What the script of a page puts into the page."""
    return PAGES.answer(template, language, status=status, headers={}, values=values)


def render(template: str, language: str, values: Mapping[str, Any]) -> str:
    return PAGES.render(template, language, values)


def style_address(theme: Theme) -> str:
    """The address of the style. The address changes with the style, so a browser may keep the style."""
    colours = {name: colour[1:] for name in ("accent", "band") if (colour := getattr(theme, name))}
    return f"{PAGES.style_path}?{urlencode({'version': PAGES.style_version, **colours})}"


def style(accent: str | None, band: str | None) -> str:
    """The style of the pages. The colours are six hexadecimal digits."""
    rules = [f"--accent: #{accent};"] if accent else []
    if band:
        rules.append(f"--band: #{band}; --on-band: {readable_on(f'#{band}')};")
    return f"{PAGES.style}:root {{ {' '.join(rules)} }}\n" if rules else PAGES.style
