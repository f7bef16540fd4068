"""Every command of the engine that staff may give, on its page: what the form says becomes the command of the API."""

from typing import Any

import pytest

from app.desk.decision_forms import COMMANDS, minor_units
from tests.api.buyer.pages import Browser
from tests.api.desk.clerks import clerk
from tests.api.return_scenes import approved_return
from tests.storefront import Storefront


async def give(browser: Browser, claim: dict[str, Any], command: str, **fields: str) -> None:
    """Fill in the page of the command, look, and confirm."""
    action = f"/desk/claims/{claim['claim_id']}/decide/{command}"
    assert (await browser.open(action)).status_code == 200, command
    assert "구매자에게 보내는 메시지가 없습니다." in (await browser.send(action, **fields, step="check")).text or (
        "구매자가 읽게 될 메시지" in browser.text
    ), browser.text
    answer = await browser.send(action, **fields, step="confirm")
    assert (answer.status_code, "처리했습니다." in browser.text) == (200, True), command


async def read(shop: Storefront, claim: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/claims/{claim['claim_id']}")).json())


async def test_a_clerk_offers_and_records_what_a_buyer_says_on_the_phone(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return")
    browser = await clerk(shop)
    offer = {"alternative": "partial_refund", "message": "그대로 쓰시면 돌려드릴게요."}
    await give(browser, claim, "make_offer", **offer, amount="4,000")
    (made,) = (await read(shop, claim))["offers"]
    assert (made["amount"], made["status"]) == (4000, "open")
    await give(browser, claim, "decline_offer", offer_id=made["offer_id"])
    assert (await read(shop, claim))["offers"][0]["status"] == "declined"
    await give(browser, claim, "reclassify", reason="defective", note="바닥에 금이 가 있음", evidence="사진-1")
    assert (await read(shop, claim))["fault"] == "seller"
    await shop.give(claim, "approve")
    await give(browser, claim, "dispatch", **{"tracking.carrier": "cj", "tracking.number": "659876543210"})
    events = (await shop.get(f"/v1/claims/{claim['claim_id']}/events")).json()["data"]
    (by,) = [each["data"]["by"] for each in events if "dispatch" in str(each["data"].get("command"))]
    assert (by["role"], by["name"]) == ("buyer", "김민지")
    await give(browser, claim, "retract", note="마음이 바뀌었어요.")
    assert (await read(shop, claim))["state"] == "retracted"


async def test_each_command_has_a_page_and_wrong_fields_name_themselves(sqlite_shop: Storefront) -> None:
    claim = await approved_return(sqlite_shop)
    browser = await clerk(sqlite_shop)
    page = f"/desk/claims/{claim['claim_id']}"
    of_kind = {each["command"] for each in claim["actions"]}
    assert len(of_kind & COMMANDS.keys()) > 8
    for command in COMMANDS:
        status = 200 if command in of_kind else 404
        assert (await browser.open(f"{page}/decide/{command}")).status_code == status, command
    for command, fields, wrong in (
        ("dispatch", {"tracking.carrier": "CJ!", "tracking.number": "1"}, "tracking-carrier"),
        ("make_offer", {"alternative": "partial_refund", "amount": "4e9999", "message": "네"}, "amount"),
    ):
        await browser.open(f"{page}/decide/{command}")
        answer = await browser.send(f"{page}/decide/{command}", **fields, step="confirm")
        assert (answer.status_code, f'id="{wrong}-error"' in browser.text) == (422, True), command


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("4,000", "KRW", 4000),
        ("40.5", "USD", 4050),
        ("40", "USD", 4000),
        ("40.505", "USD", "40.505"),
        ("0.5", "KRW", "0.5"),
        ("-1", "KRW", "-1"),
        ("1e9", "KRW", "1e9"),
        ("", "KRW", ""),
    ],
)
def test_an_amount_is_read_in_its_currency(text: str, currency: str, amount: int | str) -> None:
    assert minor_units(text, currency) == amount
