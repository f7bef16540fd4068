"""The page of reports: sentences, bars, tables and files, for people who may read reports."""

import pytest
from fastapi import FastAPI

from tests.api.desk.clerks import clerk
from tests.api.report_lives import count_all
from tests.storefront import Storefront

PAGE = "/desk/reports?from_on=2026-06-08&to_on=2026-06-14"


@pytest.mark.parametrize(
    ("language", "sentence", "reason"),
    [
        ("ko", "요청된 클레임 1건, 직전 같은 기간 0건입니다.", "단순 변심"),
        ("ja", "申請は1件、直前の同じ日数では0件でした。", "お客様のご都合"),
        ("en", "1 claims were requested. In as many days before there were 0.", "change of mind"),
    ],
)
async def test_the_page_says_the_figures_and_shows_them_as_bars_and_tables(
    service: FastAPI, sqlite_shop: Storefront, language: str, sentence: str, reason: str
) -> None:
    await sqlite_shop.push_order(paid_at=sqlite_shop.clock().isoformat())
    await sqlite_shop.claim("cancel")
    await count_all(service.state.app_state.database, sqlite_shop)
    browser = await clerk(sqlite_shop, role="manager", language=language)
    await browser.open(f"{PAGE}&language={language}")
    assert sentence in browser.text
    assert "<svg" in browser.text
    assert "<caption" in browser.text
    assert reason.lower() in browser.text.lower()


async def test_the_page_says_how_a_version_of_a_policy_changed_the_time_to_a_decision(
    service: FastAPI, sqlite_shop: Storefront
) -> None:
    shop = sqlite_shop
    for number, minutes in enumerate((100, 70)):
        answer = await shop.post("/v1/policies", {"policy_id": "house", "base": "storefront_kr", "terms": {}})
        assert answer.status_code == 201, answer.text
        shop.clock.turn(minutes=1)
        await shop.push_order(f"order-{number}", policy="house", paid_at=shop.clock().isoformat())
        await shop.ship(f"order-{number}")
        claim = await shop.claim("return", order_id=f"order-{number}")
        shop.clock.turn(minutes=minutes)
        assert (await shop.post(f"/v1/claims/{claim['claim_id']}/approve")).status_code == 200
    await count_all(service.state.app_state.database, shop)
    browser = await clerk(shop, role="manager", language="ko")
    await browser.open(PAGE)
    sentence = "house@2: 결정까지 중앙값 70분(1건), house@1의 100분(1건)보다 30% 빨라졌습니다."
    assert sentence in browser.text


async def test_the_page_has_the_files_of_its_days(service: FastAPI, sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.claim("cancel")
    await count_all(service.state.app_state.database, sqlite_shop)
    browser = await clerk(sqlite_shop, role="accounting")
    await browser.open("/desk/reports/reasons?from_on=2026-06-08&to_on=2026-06-14&format=csv")
    assert browser.page is not None
    assert browser.page.headers["content-type"] == "text/csv; charset=utf-8"
    assert "cancel,change_of_mind,buyer,1,1,1.0" in browser.text


async def test_days_that_are_none_are_said_and_the_last_days_are_shown(sqlite_shop: Storefront) -> None:
    browser = await clerk(sqlite_shop, role="manager")
    await browser.open("/desk/reports?from_on=yesterday")
    assert browser.page is not None
    assert browser.page.status_code == 422
    assert "날짜를 확인해 주세요." in browser.text


async def test_a_clerk_without_the_scope_does_not_see_reports(sqlite_shop: Storefront) -> None:
    browser = await clerk(sqlite_shop)
    assert "/desk/reports" not in browser.text
    await browser.open("/desk/reports")
    assert browser.page is not None
    assert browser.page.status_code == 403
