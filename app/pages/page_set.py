"""The pages of one door: templates with escaped values, one style, and headers that let a page load nothing else."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from app.pages.scripts import Script
from app.pages.texts import Words, functions_of, text_of, words_of

HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSet:
    """`package` has the folders `words`, `templates` and `scripts`. The style and the scripts are below `path`. A page
    may load images from `images`. `scripts` names those of a template, and `connects` the templates whose scripts ask
    the service."""

    package: str
    languages: tuple[str, ...]
    path: str
    scripts: Callable[[str], Sequence[Script]]
    connects: Callable[[str], bool]
    images: str = "data:"

    def words(self, language: str) -> Words:
        return words_of(self.package, language)

    def text(self, key: str, language: str, **values: Any) -> str:
        """A text with these values, as `text_of` finds it."""
        return text_of(self.words(language), key, **values)

    def page(
        self,
        template: str,
        language: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        values: Mapping[str, Any],
    ) -> HTMLResponse:
        around = {
            "languages": [(code, self.words(code)["language"]["name"]) for code in self.languages],
            "scripts": [f"{self.path}/scripts/{script.name}" for script in self.scripts(template)],
        }
        guarded = {"Content-Security-Policy": self._policy(template), **(headers or {})}
        return self.answer(template, language, status=status, headers=guarded, values={**around, **values})

    def answer(
        self, template: str, language: str, *, status: int, headers: Mapping[str, str], values: Mapping[str, Any]
    ) -> HTMLResponse:
        """A template as it stands: a page without its surroundings, or a part of a page."""
        content = self.render(template, language, values)
        return HTMLResponse(content, status, {**HEADERS, "Content-Language": language, **headers})

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> str:
        return (
            _environment(self.package)
            .get_template(template)
            .render(values, language=language, **functions_of(self.words(language)))
        )

    @property
    def style(self) -> str:
        return _style(self.package)

    @property
    def style_version(self) -> str:
        """Changes with the style, so that a browser may keep what has the version in its address."""
        return hashlib.sha256(self.style.encode()).hexdigest()[:12]

    @property
    def style_path(self) -> str:
        return f"{self.path}/style.css"

    def _policy(self, template: str) -> str:
        """The Content-Security-Policy of a page. Only a page with scripts allows any."""
        policy = (
            f"default-src 'none'; style-src 'self'; img-src {self.images}; form-action 'self'; base-uri 'none';"
            " frame-ancestors 'none'"
        )
        if not self.scripts(template):
            return policy
        return f"{policy}; script-src 'self'" + ("; connect-src 'self'" if self.connects(template) else "")


@cache
def _style(package: str) -> str:
    return (files(package) / "templates" / "style.css").read_text("utf-8")


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("app.pages")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
