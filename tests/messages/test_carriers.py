"""Carriers have names in each language, and a page for each parcel, in messages and in answers."""

from urllib.parse import urlsplit

import pytest

from app.messages.carriers import carrier_name, carriers, tracking_url
from app.messages.translations import LANGUAGES
from app.service.messages import compose
from app.store.database import Database
from tests.messages.claim_messages import MUGS
from tests.messages.publishing import untold
from tests.storefront import Storefront


@pytest.mark.parametrize("code", carriers())
def test_a_carrier_has_a_name_in_each_language_and_one_page_for_a_number(code: str) -> None:
    assert all(carrier_name(code, language) for language in LANGUAGES)
    assert carriers()[code]["source"] in ("shops", "memory")
    page = tracking_url(code, "1234 5678-90/?&#")
    assert page is not None
    assert page.endswith("1234567890%2F%3F%26%23")
    assert (urlsplit(page).scheme, "{" in page) == ("https", False)


def test_no_code_has_two_carriers() -> None:
    rows = {id(row): row for row in carriers().values()}.values()
    assert len(carriers()) == sum(1 + len(row["also"]) for row in rows)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("cj", "ko", "CJ대한통운"),
        ("kr.cjlogistics", "ko", "CJ대한통운"),
        ("sagawa", "ja", "佐川急便"),
        ("royal_mail", "de", "Royal Mail"),
        ("my_rider", "ko", "my_rider"),
    ],
)
def test_a_carrier_is_named_for_its_reader(code: str, language: str, name: str) -> None:
    assert carrier_name(code, language) == name


@pytest.mark.parametrize(("code", "number"), [("my_rider", "1"), ("cj", " - ")])
def test_a_parcel_without_a_known_page_has_no_link(code: str, number: str) -> None:
    assert tracking_url(code, number) is None


PAGE = "https://trace.cjlogistics.com/next/tracking.html?wblNo=651234567890"


async def test_a_parcel_has_its_page_in_answers_in_events_and_in_messages(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    order = await shop.ship(delivered=False, tracking_number="6512-3456-7890")
    assert order["shipments"][0]["tracking_url"] == PAGE
    (event,) = [each for each in await untold(database, shop.merchant_id) if each.type == "order.shipped"]
    assert event.data["tracking_url"] == PAGE
    (message,) = await database.write(lambda tx: compose(tx, event))
    assert f"택배사: CJ대한통운\n운송장 번호: 6512-3456-7890\n배송 조회: {PAGE}\n" in message["text"]


async def test_a_parcel_that_comes_back_has_its_page(shop: Storefront) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.give(await shop.claim("return"), "approve")
    parcel = {"carrier": "sagawa", "number": "4012-3456"}
    claim = await shop.give(claim, "dispatch", {"tracking": parcel})
    page = "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo=40123456"
    assert claim["collection"] == {**parcel, "tracking_url": page}
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["reshipment"] is None
