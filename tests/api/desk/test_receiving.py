"""The receiving desk: scan, grade, refund in one press, parcels that nobody announced, photos and papers."""

from typing import Any

from tests.api.authority import limit
from tests.api.buyer.pages import Browser, forms
from tests.api.desk.clerks import clerk
from tests.api.return_scenes import announced, approved_return, unannounced
from tests.files import photo
from tests.storefront import Storefront

RECEIVE = "/desk/receive"
FINE = {"unit-0-0": "as_sold", "close": "", "step": "refund"}


async def read(shop: Storefront, claim: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/claims/{claim['claim_id']}")).json())


def page_of(claim: dict[str, Any]) -> str:
    return f"{RECEIVE}/claims/{claim['claim_id']}"


def address(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.url.path


async def test_a_scan_and_one_press_receive_inspect_and_owe_the_refund_once(shop: Storefront) -> None:
    claim = await approved_return(shop, note="손잡이가 <b>")
    parcel = await announced(shop, claim, carrier="cj", tracking_number="659876543210")
    browser = await clerk(shop, role="warehouse")
    for code in (parcel["label_code"].lower(), parcel["return_number"], "6598-7654-3210", "order-1"):
        await browser.open(f"{RECEIVE}?code={code}")
        assert address(browser) == page_of(claim), code
        assert "손잡이가 &lt;b&gt;" in browser.text
    await browser.send(page_of(claim), **FINE)
    assert (address(browser), "입고와 검수를 마쳤습니다." in browser.text) == (RECEIVE, True)
    after = await read(shop, claim)
    assert (after["state"], after["lines"][0]["accepted"]) == ("accepted", 1)
    refunds = (await shop.get("/v1/refunds")).json()["data"]
    assert [each["claim_id"] for each in refunds] == [claim["claim_id"]]
    (received,) = (await shop.get(f"/v1/claims/{claim['claim_id']}/parcels")).json()["data"]
    assert received["state"] == "received"


async def test_the_same_form_twice_is_one_receipt(shop: Storefront) -> None:
    claim = await approved_return(shop)
    browser = await clerk(shop, role="warehouse")
    await browser.open(page_of(claim))
    form = next(each for each in forms(browser.text) if each.action == page_of(claim))
    for _ in range(2):
        await browser.post(page_of(claim), {**form.fields, **FINE})
        assert "입고와 검수를 마쳤습니다." in browser.text
    events = (await shop.get(f"/v1/claims/{claim['claim_id']}/events")).json()["data"]
    assert [each["type"] for each in events].count("claim.accepted") == 1
    assert len((await shop.get("/v1/refunds")).json()["data"]) == 1


async def test_goods_that_are_not_fine_wait_for_the_inspection_with_what_the_buyer_will_read(shop: Storefront) -> None:
    claim = await approved_return(shop)
    browser = await clerk(shop, role="warehouse")
    await browser.open(page_of(claim))
    await browser.send(page_of(claim), **{"unit-0-0": "damaged_by_buyer", "close": "", "step": "refund"})
    assert ((await read(shop, claim))["state"], address(browser)) == ("received", page_of(claim))
    inspection = f"{page_of(claim)}/inspection"
    message = "머그 안쪽에 사용 흔적이 있어 돌려보내 드립니다."
    refusal = {"accepted-0": "0", "ground": "damaged_by_buyer", "message": message}
    await browser.send(inspection, **refusal, step="check")
    assert (message in browser.text, (await read(shop, claim))["state"]) == (True, "received")
    await browser.send(inspection, **refusal, step="confirm")
    assert (await read(shop, claim))["state"] == "rejected"


async def test_a_refund_above_a_limit_waits_for_a_second_person_and_the_receipt_stays(shop: Storefront) -> None:
    await limit(shop, "role", "warehouse", per_decision=0)
    claim = await approved_return(shop)
    browser = await clerk(shop, role="warehouse")
    await browser.open(page_of(claim))
    answer = await browser.send(page_of(claim), **FINE)
    assert (answer.status_code, (await read(shop, claim))["state"]) == (403, "received")
    assert (await shop.get("/v1/refunds")).json()["data"] == []


async def test_a_parcel_that_nobody_announced_is_kept_and_matched_with_its_order(shop: Storefront) -> None:
    claim = await approved_return(shop)
    browser = await clerk(shop, role="warehouse")
    await browser.open(f"{RECEIVE}?code=777-888")
    assert "등록되지 않은 상자입니다" in browser.text
    keep = f"{RECEIVE}/unannounced"
    answer = await browser.send(keep, carrier="", tracking_number="777888", note="흰 머그")
    assert (answer.status_code, "운송장 번호에는 택배사가 필요합니다." in browser.text) == (422, True)
    await browser.send(keep, carrier="cj", tracking_number="777888", note="흰 머그")
    assert "흰 머그" in browser.text
    await browser.open(f"{RECEIVE}?code=777888")
    assert "이 상자의 주문을 찾아 주세요" in browser.text
    parcel_id = str(browser.page.url.params["parcel"]) if browser.page else ""
    await browser.open(f"{RECEIVE}?code=order-1&parcel={parcel_id}")
    await browser.send(page_of(claim), **{"unit-0-0": "as_sold", "close": "", "step": "receive"})
    (matched,) = (await shop.get("/v1/unannounced-parcels")).json()["data"]
    assert (matched["claim_id"], (await read(shop, claim))["state"]) == (claim["claim_id"], "received")


async def test_a_parcel_of_another_claim_and_a_receipt_of_nothing_do_nothing(sqlite_shop: Storefront) -> None:
    shop = sqlite_shop
    claim, other = await approved_return(shop), await approved_return(shop, "order-2")
    parcel = await announced(shop, other)
    browser = await clerk(shop, role="warehouse")
    assert (await browser.open(f"{page_of(claim)}?parcel={parcel['parcel_id']}")).status_code == 404
    await unannounced(shop)
    await browser.open(page_of(other))
    nothing = {"unit-0-0": "", "close": "yes", "parcel": parcel["parcel_id"], "step": "receive"}
    assert (await browser.send(page_of(other), **nothing)).status_code == 422
    for wrong in ({"unit-0-0": "perfect"}, {"unit-0-0": "as_sold", "count-0": "2x"}):
        await browser.open(page_of(other))
        assert (await browser.send(page_of(other), **wrong, close="", step="receive")).status_code == 422
    assert (await read(shop, other))["state"] == "approved"


async def test_photos_and_papers_are_on_both_pages(shop: Storefront) -> None:
    claim = await approved_return(shop)
    parcel = await announced(shop, claim)
    browser = await clerk(shop, role="warehouse")
    upload = f"/desk/claims/{claim['claim_id']}/files"
    await browser.open(page_of(claim))
    await browser.send_file(upload, photo())
    assert (address(browser), "사진을 추가했습니다." in browser.text) == (page_of(claim), True)
    (file,) = (await shop.get(f"/v1/claims/{claim['claim_id']}/files")).json()["data"]
    assert (file["role"], file["author"]) == ("seller", "김민지")
    label = f"/desk/claims/{claim['claim_id']}/parcels/{parcel['parcel_id']}/label"
    for page in (page_of(claim), f"/desk/claims/{claim['claim_id']}"):
        await browser.open(page)
        assert (label in browser.text, "/files/" in browser.text) == (True, True), page
    answer = await browser._send("POST", upload, {"form_word": "0" * 64, "key": "1"}, {"file": ("a.jpg", photo())})
    assert answer.status_code in (200, 401)
    assert len((await shop.get(f"/v1/claims/{claim['claim_id']}/files")).json()["data"]) == 1


async def test_who_decides_nothing_receives_nothing(sqlite_shop: Storefront) -> None:
    claim = await approved_return(sqlite_shop)
    browser = await clerk(sqlite_shop, role="accounting")
    assert f'href="{RECEIVE}"' not in browser.text
    for path in (RECEIVE, page_of(claim)):
        assert (await browser.open(path)).status_code == 403
