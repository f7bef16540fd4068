"""A buyer shows photos on the page of a claim."""

import re
from datetime import timedelta

import pytest

from tests.api.buyer.pages import Browser, enter
from tests.files import PDF, SVG, photo, with_location
from tests.storefront import Storefront


async def at_claim(shop: Storefront) -> tuple[Browser, str]:
    """A browser that shows an open claim, and the path of its form for files."""
    await shop.push_order()
    claim = await shop.claim("cancel")
    browser = await enter(shop)
    page = f"/order/claims/{claim['claim_id']}"
    await browser.open(page)
    return browser, f"{page}/files"


async def test_a_buyer_shows_a_photo_and_sees_it_again(shop: Storefront) -> None:
    browser, form = await at_claim(shop)
    assert (await browser.send_file(form, photo(exif=with_location()), caption="<손잡이>")).status_code == 200
    assert "&lt;손잡이&gt;" in browser.text
    (address,) = re.findall(r'href="(/files/[^"]+)"', browser.text)
    kept = await shop.http.get(address)
    assert kept.status_code == 200
    assert b"SecretPhone" not in kept.content


async def test_a_photo_that_is_sent_twice_is_kept_once(shop: Storefront) -> None:
    browser, form = await at_claim(shop)
    before = browser.page
    for _ in range(2):
        browser.page = before
        assert (await browser.send_file(form, PDF)).status_code == 200
    assert len(re.findall(r'href="/files/', browser.text)) == 1


@pytest.mark.parametrize("milliseconds", [0, 499, 501, 999])
async def test_a_photo_that_is_kept_is_confirmed_at_any_instant(sqlite_shop: Storefront, milliseconds: int) -> None:
    browser, form = await at_claim(sqlite_shop)
    sqlite_shop.clock.instant += timedelta(milliseconds=milliseconds)
    assert (await browser.send_file(form, PDF)).status_code == 200
    assert "<strong>접수되었습니다.</strong>" in browser.text


@pytest.mark.parametrize(("content", "status"), [(SVG, 415), (b"", 415), (b"\xff\xd8\xff broken", 422)])
async def test_a_file_that_cannot_be_kept_is_named_beside_its_field(
    sqlite_shop: Storefront, content: bytes, status: int
) -> None:
    browser, form = await at_claim(sqlite_shop)
    answer = await browser.send_file(form, content)
    assert answer.status_code == status
    assert 'id="file-error"' in browser.text
    assert "/files/" not in re.sub(r'action="[^"]*"', "", browser.text)


async def test_a_photo_without_the_word_of_the_session_is_refused(sqlite_shop: Storefront) -> None:
    browser, form = await at_claim(sqlite_shop)
    assert (await browser.send_file(form, PDF, form_word="another")).status_code == 401
    claims = (await sqlite_shop.get("/v1/claims")).json()["data"]
    files = await sqlite_shop.get(f"/v1/claims/{claims[0]['claim_id']}/files")
    assert files.json()["data"] == []


async def test_a_buyer_sends_several_files_at_once(shop: Storefront) -> None:
    browser, form = await at_claim(shop)
    before = browser.page
    for _ in range(2):
        browser.page = before
        assert (await browser.send_files(form, PDF, photo())).status_code == 200
    assert len(re.findall(r'href="/files/', browser.text)) == 2
    broken = await browser.send_files(form, PDF, SVG, PDF)
    assert broken.status_code == 415
    assert re.search(r'id="file-error">file-2\.pdf: ', browser.text)
    assert len(re.findall(r'href="/files/', browser.text)) == 3
    assert (await browser.send_files(form, *[PDF] * 6)).status_code == 422
    assert "파일은 한 번에 최대 5개까지 보내실 수 있습니다." in browser.text
