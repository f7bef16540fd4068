"""A storefront as README and docs/api.md describe it: its backend opens a page of the service, or its own page calls
`/buyer/v1`."""

import re
import textwrap
from typing import Any

import httpx
import pytest
from playwright.async_api import Error, Page

from tests.browser.buyers import Shop, press
from tests.browser.chromium import WIDTHS
from tests.browser.conftest import PROFILE, PUBLIC, OpenPage, Served
from tests.pages import DOCS, README


@pytest.fixture
def storefront(service: Served) -> Shop:
    return Shop(service)


def backend(served: Served, code: str, order_id: str) -> Any:
    """What lines of a page of the docs return in a storefront's backend."""
    scope: dict[str, Any] = {}
    body = textwrap.indent(code, "    ")
    exec(f"def run(client, key, order_id, redirect):\n{body}", scope)  # noqa: S102 # the docs are ours
    with httpx.Client(base_url=served.url) as client:
        return scope["run"](client, served.key, order_id, lambda url: url)


async def test_the_lines_of_readme_open_the_order(open_page: OpenPage, service: Served, storefront: Shop) -> None:
    (lines,) = re.findall(r"^    (link = .*\n)    (return redirect.*\n)", README.read_text(), re.MULTILINE)
    address = backend(service, "".join(lines), storefront.order(is_delivered=False))
    page = await open_page(address.removeprefix(PUBLIC), WIDTHS[0], "ko")
    await press(page)
    assert page.url == f"{service.url}/order"


async def test_a_page_of_the_storefront_opens_a_claim_once_its_origin_is_listed(
    open_page: OpenPage, service: Served, storefront: Shop
) -> None:
    docs = (DOCS / "api.md").read_text()
    (code,) = re.findall(r"<!-- page:begin -->\n```js\n(.*?)```", docs, re.DOTALL)
    (line,) = re.findall(r"^    token = (.*buyer-tokens.*\n)", docs, re.MULTILINE)
    order_id = storefront.order(is_delivered=True)
    given = {"recourse": service.url, "token": backend(service, f"return {line}", order_id)}
    script = f"async ({{recourse, token}}) => {{ {code}; return claim.state; }}"
    page, origin = await page_of_storefront(open_page, service)
    for origins in ([], ["https://mug.example", "http://localhost"]):
        storefront.call("PUT", "/v1/shop", {**PROFILE, "origins": origins})
        with pytest.raises(Error, match="Failed to fetch"):
            await page.evaluate(script, given)
    assert storefront.call("GET", f"/v1/claims?order_id={order_id}")["data"] == []
    storefront.call("PUT", "/v1/shop", {**PROFILE, "origins": [origin]})
    assert await page.evaluate(script, given) == "requested"
    (claim,) = storefront.call("GET", f"/v1/claims?order_id={order_id}")["data"]
    assert claim["kind"] == "return"


async def page_of_storefront(open_page: OpenPage, service: Served) -> tuple[Page, str]:
    """An empty page at another origin than the service, and the origin."""
    page = await open_page("about:blank", WIDTHS[1], "ko")
    await page.context.grant_permissions(["local-network-access"])  # Chromium asks before a site calls a local address
    origin = service.url.replace("127.0.0.1", "localhost")
    await page.route(f"{origin}/", lambda route: route.fulfill(body="<p>Mug", content_type="text/html"))
    await page.goto(f"{origin}/")
    return page, origin
