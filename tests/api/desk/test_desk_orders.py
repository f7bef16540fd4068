"""The board of orders at the desk: tabs, an order that must not be sent, and one command for many with a dry run."""

from tests.api.buyer.pages import forms
from tests.api.desk.clerks import clerk
from tests.storefront import Storefront


async def test_a_clerk_reads_the_tabs_and_sets_the_ship_date_of_the_chosen_orders(shop: Storefront) -> None:
    for number in range(3):
        await shop.push_order(f"order-{number}", buyer={"name": "김미나"})
    await shop.claim("cancel", order_id="order-2")
    browser = await clerk(shop, role="warehouse")
    await browser.open("/desk/orders")
    for words in (
        "예정일 없음 <b>3</b>",
        "취소 요청 <b>1</b>",
        "김미나",
        "포장 전",
        "발송 금지: 취소 요청 1개",
        "<del>",
    ):
        assert words in browser.text, words
    await browser.open("/desk/orders?tab=no_ship_date&q=order-1")
    assert ('value="order-1"' in browser.text, 'value="order-0"' in browser.text) == (True, False)
    bulk = "/desk/orders/bulk"
    (form,) = (each for each in forms(browser.text) if each.action == bulk)
    await browser.post(bulk, {name: value for name, value in form.fields.items() if name != "order"})
    assert "주문을 선택해 주세요." in browser.text
    await browser.open("/desk/orders")
    await browser.send(bulk, do="set_ship_date", order="order-1")
    assert "날짜와 필요한 항목을 입력해 주세요." in browser.text
    await browser.open("/desk/orders")
    await browser.send(bulk, do="set_ship_date", order="order-1", expected_ship_on="2026-06-12")
    assert "order-1" in browser.text
    assert (await shop.get("/v1/orders/order-1")).json()["expected_ship_on"] is None
    await browser.send(bulk, step="confirm", order="order-1")
    assert "처리됨" in browser.text
    assert (await shop.get("/v1/orders/order-1")).json()["expected_ship_on"] == "2026-06-12"


async def test_who_may_not_write_orders_reads_them_without_buttons(shop: Storefront) -> None:
    await shop.push_order()
    browser = await clerk(shop, role="clerk")
    await browser.open("/desk/orders")
    assert ("order-1" in browser.text, "/desk/orders/bulk" in browser.text) == (True, False)
