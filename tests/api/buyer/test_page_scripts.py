"""The scripts of the pages: where they come from, where they are allowed, and the quote that they fetch."""

import re
import tomllib
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from tests.api.buyer.pages import Browser, enter, forms
from tests.api.buyer.visits import link_to
from tests.storefront import Storefront

PAGES = Path(str(files("app.buyer.pages")))
VENDORED = tomllib.loads((PAGES / "scripts" / "vendored.toml").read_text("utf-8"))
SCRIPT = re.compile(r'<script src="([^"]+)" defer></script>')
REFRESH = re.compile(r'hx-get="([^"]+)"')
QUOTE = re.compile(r'<section class="card state" id="quote".*?</section>', re.DOTALL)
CHOICE = {"reason": "change_of_mind", "units:1": "1"}


def test_a_script_of_others_is_the_file_of_its_package() -> None:
    kept = {path.name: sha256(path.read_bytes()).hexdigest() for path in (PAGES / "scripts").glob("*.js")}
    assert {name: kept.pop(name) for name in VENDORED} == {name: row["sha256"] for name, row in VENDORED.items()}
    assert kept.keys() == {"page.js"}
    lock = (Path(__file__).parents[2] / "browser" / "package-lock.json").read_text("utf-8")
    for row in VENDORED.values():
        assert f'"{row["package"]}": "{row["version"]}"' in lock


def test_no_page_has_script_or_style_of_its_own() -> None:
    for template in (PAGES / "templates").glob("*.html"):
        text = template.read_text("utf-8")
        assert re.findall(r"<script(?! src=)|<style|\son\w+=|\sstyle=|hx-on|javascript:|hx-vals", text) == [], (
            template.name
        )


async def test_a_browser_keeps_a_script_for_a_year(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    browser = Browser(sqlite_shop.http)
    await browser.open(await page_of_a_link(sqlite_shop))
    (address,) = SCRIPT.findall(browser.text)
    content = (PAGES / "scripts" / "page.js").read_bytes()
    assert sha256(content).hexdigest()[:16] in address
    for encoding, encoded in (("gzip", "gzip"), ("identity", None)):
        answer = await sqlite_shop.http.get(address, headers={"Accept-Encoding": encoding})
        assert answer.content == content
        assert answer.headers.get("content-encoding") == encoded
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    other = await sqlite_shop.http.get(address.replace("page.", "page.0"))
    assert (other.status_code, other.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize(
    ("path", "scripts", "allowed"),
    [
        ("/order", 0, ""),
        ("/order/unknown", 0, ""),
        ("/c", 1, "script-src 'self'"),
        ("/order/request?kind=cancel", 2, "script-src 'self'; connect-src 'self'"),
    ],
)
async def test_a_page_allows_the_scripts_that_it_needs_and_no_other(
    sqlite_shop: Storefront, path: str, scripts: int, allowed: str
) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop)
    answer = await browser.open(await page_of_a_link(sqlite_shop) if path == "/c" else path)
    assert len(SCRIPT.findall(browser.text)) == browser.text.count("<script") == scripts
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert policy.partition("frame-ancestors 'none'")[2].removeprefix("; ") == allowed


async def page_of_a_link(shop: Storefront) -> str:
    """The address of the page that a new link opens; the page of an invented link has no form."""
    return f"/c?link={(await link_to(shop))['token']}"


async def test_the_quote_of_the_script_is_the_quote_of_the_page(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop)
    await browser.open("/order/request?kind=cancel&line=1")
    form = {**forms(browser.text)[0].fields, **CHOICE}
    part = await sqlite_shop.http.post("/order/request/quote?kind=cancel", data=form, headers=cookies(browser))
    assert (part.status_code, part.headers["cache-control"]) == (200, "no-store")
    await browser.send("/order/request?kind=cancel", **CHOICE, step="check")
    assert QUOTE.search(part.text)[0] == QUOTE.search(browser.text)[0]  # type: ignore[index]
    assert forms(browser.text)[0].fields["quoted"] in part.text
    assert (await sqlite_shop.get("/v1/claims")).json()["data"] == []
    for changes, status, words in (
        ({"reason": ""}, 200, []),
        ({"units:1": ""}, 200, []),
        ({"units:1": "9"}, 409, ["주문 항목 1: 요청 수량"]),
    ):
        form_so_far = {**form, **changes}
        part = await sqlite_shop.http.post(
            "/order/request/quote?kind=cancel", data=form_so_far, headers=cookies(browser)
        )
        assert part.status_code == status
        assert 'value="confirm"' not in part.text
        assert 'value="check"' in part.text
        assert ('class="error"' in part.text) == bool(words)
        assert [each for each in words if each not in part.text] == []


async def test_a_page_hears_of_a_new_state_of_its_claim_and_of_nothing_else(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return")
    browser = await enter(shop)
    await browser.open(f"/order/claims/{claim['claim_id']}")
    (address,) = REFRESH.findall(browser.text)
    same = await shop.http.get(address, headers=cookies(browser))
    assert (same.status_code, same.content) == (204, b"")
    approved = await shop.post(f"/v1/claims/{claim['claim_id']}/approve", None)
    assert approved.is_success, approved.text
    changed = await shop.http.get(address, headers=cookies(browser))
    assert changed.status_code == 200
    assert "승인되었습니다" in changed.text
    assert f'<a href="/order/claims/{claim["claim_id"]}">내용이 바뀌었습니다.' in changed.text
    assert "<form" not in changed.text
    (address,) = REFRESH.findall(changed.text)
    assert (await shop.http.get(address, headers=cookies(browser))).status_code == 204
    await browser.open(f"/order/claims/{claim['claim_id']}")
    assert REFRESH.findall(browser.text) == [address]


async def test_a_page_that_only_looks_does_not_keep_its_buyer_signed_in(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.ship()
    claim = await sqlite_shop.claim("return")
    browser = await enter(sqlite_shop)
    page = f"/order/claims/{claim['claim_id']}"
    for minutes, status in ((59, 200), (1, 401)):
        sqlite_shop.clock.turn(minutes=minutes)
        looked = await sqlite_shop.http.get(f"{page}/status", headers=cookies(browser))
        assert looked.status_code == status
    assert (await browser.open(page)).status_code == 401


def cookies(browser: Browser) -> dict[str, str]:
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return {"Cookie": cookie, "Accept-Language": browser.language}
