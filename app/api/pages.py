"""The OpenAPI document and its two pages, which load nothing from other hosts.

The document takes more than a second to make. It is made once, in a thread, and its bytes are kept.
"""

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request

from app.json_text import dump

_DOCUMENT = "/openapi.json"
_FILES = "/static-docs"
_FOLDER = Path(fastapi_offline.__file__).parent / "static"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_BEGIN_OF_SWAGGER = "SwaggerUIBundle({"
_ONE_BEARER = """
        requestInterceptor: request => {
            const sent = request.headers.Authorization;
            if (sent) request.headers.Authorization = sent.replace(/^(Bearer\\s+)+/i, "Bearer ").trim();
            return request;
        },"""
"""Swagger UI adds the word to what was pasted, even to a key that was pasted with the word."""
_REVALIDATE = {"Cache-Control": "no-cache"}


class _Files(StaticFiles):
    """The files may be cached, and are compared by their ETag."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(_REVALIDATE)
        return response


def install(app: FastAPI) -> None:
    """Add the document, the pages and their files."""
    app.mount(_FILES, _Files(directory=_FOLDER), name="docs-files")
    document = _Document(app)
    swagger = get_swagger_ui_html(
        openapi_url=_DOCUMENT,
        title=f"{app.title} - Swagger UI",
        swagger_js_url=f"{_FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{_FILES}/swagger-ui.css",
        swagger_favicon_url=f"{_FILES}/favicon.png",
    )
    redoc = get_redoc_html(
        openapi_url=_DOCUMENT,
        title=f"{app.title} - ReDoc",
        redoc_js_url=f"{_FILES}/redoc.standalone.js",
        redoc_favicon_url=f"{_FILES}/favicon.png",
        with_google_fonts=False,
    )
    app.add_route(_DOCUMENT, document.answer, include_in_schema=False)
    app.add_route("/docs", _page(_with_one_bearer(bytes(swagger.body).decode())), include_in_schema=False)
    app.add_route("/redoc", _page(bytes(redoc.body).decode()), include_in_schema=False)


def _with_one_bearer(html: str) -> str:
    if html.count(_BEGIN_OF_SWAGGER) != 1:
        raise RuntimeError("the page of Swagger UI has changed")
    return html.replace(_BEGIN_OF_SWAGGER, _BEGIN_OF_SWAGGER + _ONE_BEARER)


class _Document:
    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._bytes = b""
        self._making = asyncio.Lock()

    async def answer(self, _: Request) -> Response:
        async with self._making:
            if not self._bytes:
                self._bytes = await asyncio.to_thread(self._made)
        return Response(self._bytes, headers=_REVALIDATE, media_type="application/json")

    def _made(self) -> bytes:
        return dump(self._app.openapi()).encode()


def _page(html: str) -> Any:
    policy = "; ".join(_policy(html))

    async def answer(_: Request) -> Response:
        return HTMLResponse(html, headers={"Content-Security-Policy": policy, **_REVALIDATE})

    return answer


def _policy(html: str) -> Iterator[str]:
    """Only the inline scripts of the page itself may run. Both pages write styles, and ReDoc starts a worker."""
    yield "default-src 'none'"
    yield " ".join(("script-src 'self'", *(f"'sha256-{_sha256(each)}'" for each in _INLINE_SCRIPT.findall(html))))
    yield "style-src 'self' 'unsafe-inline'"
    yield "img-src 'self' data:"
    yield "connect-src 'self'"
    yield "worker-src blob:"
    yield "base-uri 'none'"
    yield "form-action 'none'"
    yield "frame-ancestors 'none'"


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
