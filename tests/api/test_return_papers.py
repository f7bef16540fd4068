"""The label and the packing slip of a return parcel: a scanner reads them, and so do people in their language."""

import io
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from tests.api.return_scenes import announced, approved_return, path_of
from tests.pdfs import boxes_in, require_fonts, text_of
from tests.storefront import ORDER, Storefront, storefront

WRITTEN = {
    "ko": ("머그 가게", "서울 마포구 컵로 12, 머그 가게 반품 담당", "반품 라벨", "반품 내역서", "하얀 머그컵 걇"),
    "ja": ("マグハウス", "東京都江東区有明1-2-3 髙橋返品係", "返品ラベル", "返品明細書", "白いマグカップ"),
    "en": ("Mug House", "12 Cup Street, Łódź", "Return label", "Packing slip", "#set *white* $mug$ @here"),
}
PRINTER = 203 / 72
"""The resolution of a cheap label printer, for a PDF's 72 dots an inch."""


def codes_on(pdf: bytes) -> dict[str, str]:
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    return {code.format.name: code.text for code in zxingcpp.read_barcodes(page.render(scale=PRINTER).to_pil())}


async def paper(shop: Storefront, parcel: dict[str, Any], name: str, **query: str) -> bytes:
    answer = await shop.get(f"{path_of(parcel)}/{name}", **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    return bytes(answer.content)


@pytest.mark.parametrize("language", WRITTEN)
async def test_a_scanner_reads_both_codes_and_a_person_reads_the_rest(sqlite_shop: Storefront, language: str) -> None:
    require_fonts()
    shop, (name, address, label_title, slip_title, goods) = sqlite_shop, WRITTEN[language]
    await shop.put("/v1/shop", {"name": name, "language": language})
    await shop.put("/v1/return-locations/here", {"name": "h", "address": address, "postal_code": "04001"})
    lines = [{**ORDER["lines"][0], "title": goods}]
    await shop.push_order(lines=lines)
    await shop.ship()
    parcel = await announced(shop, await shop.give(await shop.claim("return"), "approve"))
    label, slip = await paper(shop, parcel, "label"), await paper(shop, parcel, "packing-slip")
    for pdf in (label, slip):
        assert codes_on(pdf) == {"QRCode": parcel["label_code"], "Code128": parcel["label_code"]}
        assert boxes_in(pdf) == 0
    told = text_of(label).replace(" ", "").replace("\n", "")
    for text in (name, address, label_title, parcel["return_number"], "04001"):
        assert text.replace(" ", "") in told
    told = text_of(slip).replace(" ", "").replace("\n", "")
    for text in (goods, slip_title, "order-1", "MUG-WHITE"):
        assert text.replace(" ", "") in told


async def test_a_paper_is_in_the_language_that_is_asked_for_and_the_same_every_time(sqlite_shop: Storefront) -> None:
    require_fonts()
    parcel = await announced(sqlite_shop, await approved_return(sqlite_shop))
    korean = await paper(sqlite_shop, parcel, "label", language="ko")
    assert "반품라벨" in text_of(korean).replace(" ", "")
    assert await paper(sqlite_shop, parcel, "label", language="ko") == korean


async def test_without_fonts_there_is_a_sentence(database_url: str) -> None:
    async with storefront(database_url, fonts_folder="/nowhere") as shop:
        parcel = await announced(shop, await approved_return(shop))
        answer = await shop.get(f"{path_of(parcel)}/packing-slip")
        assert (answer.status_code, answer.json()["code"]) == (503, "paper_unavailable")
