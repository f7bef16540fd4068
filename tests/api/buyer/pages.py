"""A buyer's browser without script: it keeps cookies, follows redirects, and sends the forms of the pages."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.api.buyer.visits import link_to
from tests.storefront import Storefront


@dataclass
class Form:
    """A form of a page: where it goes, and what its fields and buttons hold."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Browser:
    """`page` is the page that the browser shows."""

    http: httpx.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "ko"
    page: httpx.Response | None = None

    async def open(self, path: str) -> httpx.Response:
        return await self._send("GET", path)

    async def send(self, action: str, **fields: Any) -> httpx.Response:
        """Fill in the form with this action, and send it."""
        form = next(each for each in forms(self.text) if each.action == action)
        return await self.post(action, {**form.fields, **{name: str(value) for name, value in fields.items()}})

    async def send_file(self, action: str, content: bytes, **fields: str) -> httpx.Response:
        """Fill in the form with this action, choose a file, and send both."""
        form = next(each for each in forms(self.text) if each.action == action)
        return await self._send("POST", action, {**form.fields, **fields}, {"file": ("IMG_0001.heic", content)})

    async def send_files(self, action: str, *contents: bytes) -> httpx.Response:
        """Choose several files in the form with this action, and send them."""
        form = next(each for each in forms(self.text) if each.action == action)
        files = [("file", (f"file-{place}.pdf", content)) for place, content in enumerate(contents, start=1)]
        return await self._send("POST", action, form.fields, files)

    async def post(self, action: str, fields: dict[str, str]) -> httpx.Response:
        return await self._send("POST", action, fields)

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text

    async def _send(
        self, method: str, path: str, fields: dict[str, str] | None = None, files: Any = None
    ) -> httpx.Response:
        headers = {"Accept-Language": self.language, "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        self.http.cookies.clear()
        answer = await self.http.request(method, path, data=fields, files=files, headers=headers)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        for gone in re.findall(r'([\w-]+)="";.*?Max-Age=0', " ".join(answer.headers.get_list("set-cookie"))):
            self.cookies.pop(gone, None)
        if answer.status_code == 303:
            return await self._send("GET", answer.headers["location"])
        self.page = answer
        return answer


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(values["action"]))
        elif tag == "input" and self.forms and "name" in values and values.get("type") != "file":
            self.forms[-1].fields[values["name"]] = values.get("value", "")


def forms(text: str) -> list[Form]:
    parser = _Forms()
    parser.feed(text)
    return parser.forms


async def enter(shop: Storefront, order_id: str = "order-1", *, language: str = "ko") -> Browser:
    """A browser that shows the order behind a new link."""
    browser = Browser(shop.http, language=language)
    link = (await link_to(shop, order_id))["token"]
    assert (await browser.open(f"/c?link={link}")).status_code == 200
    assert (await browser.send("/c")).status_code == 200
    return browser
