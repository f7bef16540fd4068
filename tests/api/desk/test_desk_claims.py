"""The pages of claims: what a clerk reads, the press with what the buyer will read, and two people at once."""

import re
from typing import Any

import pytest

from tests.api.authority import limit
from tests.api.buyer.pages import Browser, forms
from tests.api.desk.clerks import clerk
from tests.storefront import Storefront

BUYER = {"email": "mina@example.com", "name": "김미나", "language": "ko"}


async def claimed(shop: Storefront, kind: str = "cancel", order_id: str = "order-1", **more: Any) -> str:
    await shop.push_order(order_id, buyer_id="b-1", buyer=BUYER)
    claim = await shop.claim(kind, order_id=order_id, note="빨리 취소해 주세요 <b>", **more)
    return str(claim["claim_id"])


async def state(shop: Storefront, claim_id: str) -> str:
    return str((await shop.get(f"/v1/claims/{claim_id}")).json()["state"])


async def test_the_queue_shows_a_claim_with_all_that_an_answer_needs(shop: Storefront) -> None:
    claim_id = await claimed(shop)
    browser = await clerk(shop)
    for words in (
        "취소",
        "MUG-WHITE × 1",
        "빨리 취소해 주세요 &lt;b&gt;",
        "단순 변심",
        "김미나",
        "포장 전",
        "급함",
        "승인",
        "아직 아무도 확인하지 않았습니다",
        "주문 상태 ",
        "질문 없이 처리 가능",
    ):
        assert words in browser.text, words
    assert f'href="/desk/claims/{claim_id}"' in browser.text
    for query, is_there in (("q=order-1", True), ("q=order-9", False), ("kind=return", False), ("tab=buyer", False)):
        await browser.open(f"/desk?{query}")
        assert (claim_id in browser.text) == is_there, query
    await browser.open("/desk?q=%21&kind=nothing")
    assert (claim_id in browser.text, 'role="alert"' in browser.text) == (True, True)


async def test_one_press_follows_the_suggestion_and_shows_before_what_the_buyer_will_read(shop: Storefront) -> None:
    claim_id = await claimed(shop)
    browser = await clerk(shop)
    await browser.open(f"/desk/claims/{claim_id}")
    (subject,) = re.findall(r'<figure class="letter".*?<b>(.*?)</b>', browser.text, re.DOTALL)
    assert "취소" in subject
    action = f"/desk/claims/{claim_id}/decide/approve"
    form = next(each for each in forms(browser.text) if each.action == action)
    await browser.send(action, step="confirm")
    assert "처리했습니다." in browser.text
    assert await state(shop, claim_id) == "approved"
    history = (await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"]
    assert [event["data"]["by"]["name"] for event in history if event["type"] == "claim.approved"] == ["김민지"]
    again = await browser.post(action, {**form.fields, "step": "confirm"})  # the same form twice is one decision
    assert (again.status_code, len((await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"])) == (
        *(200,),
        len(history),
    )


async def test_what_the_engine_refuses_is_grey_with_its_reason_and_a_rejection_names_the_grounds(
    shop: Storefront,
) -> None:
    claim_id = await claimed(shop)
    await shop.ship()
    browser = await clerk(shop)
    await browser.open(f"/desk/claims/{claim_id}")
    greys = re.findall(
        r"<button type=\"button\" disabled>(.*?)</button>\s*<span class=\"faint\">(.*?)</span>", browser.text
    )
    assert {name for name, why in greys if why.strip()} >= {"승인", "보류 해제"}
    action = f"/desk/claims/{claim_id}/decide/reject"
    await browser.open(action)
    assert 'name="ground" value="already_shipped"' in browser.text
    await browser.send(action, ground="already_shipped", message="이미 발송되었습니다.", step="check")
    assert "구매자가 읽게 될 메시지" in browser.text
    assert await state(shop, claim_id) == "requested"
    await browser.send(action, ground="already_shipped", message="이미 발송되었습니다.", step="confirm")
    assert await state(shop, claim_id) == "rejected"


async def test_who_is_second_is_told_who_was_first_and_nothing_happens(shop: Storefront) -> None:
    claim_id = await claimed(shop)
    one, other = await clerk(shop, name="수진"), await clerk(shop, role="manager", name="민지")
    action = f"/desk/claims/{claim_id}/decide/approve"
    for browser in (one, other):
        await browser.open(f"/desk/claims/{claim_id}")
    assert (await one.send(action, step="confirm")).status_code == 200
    events = (await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"]
    answer = await other.send(action, step="confirm")
    assert (answer.status_code, "수진 님이 먼저 처리했습니다: 승인." in other.text) == (412, True)
    assert (await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"] == events


async def test_a_clerk_asks_notes_takes_and_tags(shop: Storefront) -> None:
    claim_id = await claimed(shop)
    browser = await clerk(shop)
    page = f"/desk/claims/{claim_id}"
    await browser.open(page)
    await browser.send(f"{page}/work", assignee="me", tags="VIP, 사이즈")
    work = (await shop.get(f"/v1/claims/{claim_id}/work")).json()
    assert (work["tags"], work["seen_by"], work["assignee"] is None) == (["vip", "사이즈"], "김민지", False)
    assert "김민지 님이" in (await browser.open("/desk")).text  # the dot of who has seen it
    await browser.open(page)
    await browser.send(f"{page}/contacts", kind="note", text="전화로 확인 <i>")
    assert "전화로 확인 &lt;i&gt;" in browser.text
    await browser.send(f"{page}/contacts", kind="question", text="어떤 점이 불편하셨나요?")
    held = (await shop.get(f"/v1/claims/{claim_id}")).json()
    assert held["hold"]["reason"] == "buyer_question"
    await browser.open(page)
    await browser.post(f"{page}/contacts", {**forms(browser.text)[0].fields, "kind": "note", "text": " "})
    assert 'id="text-error"' in browser.text
    await browser.open(f"{page}/decide/release")
    await browser.send(f"{page}/decide/release", step="confirm")  # the way back from a hold
    assert (await shop.get(f"/v1/claims/{claim_id}")).json()["hold"] is None


async def test_many_claims_get_a_dry_run_first_and_a_result_for_each(shop: Storefront) -> None:
    ids = [await claimed(shop, order_id=f"order-{number}") for number in range(3)]
    browser = await clerk(shop)
    await shop.give({"claim_id": ids[2]}, "approve")
    form = {"form_word": forms(browser.text)[0].fields["form_word"], "do": "approve"}
    answer = await browser._send("POST", "/desk/bulk", {**form, "claim": ids})  # type: ignore[dict-item]
    assert (answer.status_code, "2건 가능, 1건 불가" in browser.text) == (200, True)
    assert [await state(shop, each) for each in ids] == ["requested", "requested", "approved"]
    dry = forms(browser.text)[-1].fields
    answer = await browser._send("POST", "/desk/bulk", {**dry, "claim": ids, "step": "confirm"})  # type: ignore[dict-item]
    assert "2건 처리, 1건 불가" in browser.text
    assert [await state(shop, each) for each in ids] == ["approved"] * 3
    assert (await browser.post("/desk/bulk", form)).status_code == 422


async def test_a_decision_above_a_limit_waits_for_a_second_person(shop: Storefront) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    claim_id = await claimed(shop)
    browser = await clerk(shop, name="수진")
    action = f"/desk/claims/{claim_id}/decide/approve"
    await browser.open(f"/desk/claims/{claim_id}")
    assert (await browser.send(action, step="confirm")).status_code == 403
    assert "수진 님의 승인 요청이" in browser.text
    assert await state(shop, claim_id) == "requested"
    await browser.open("/desk/approvals")
    (grant, _) = [each.action for each in forms(browser.text) if each.action.startswith("/desk/approvals/")]
    assert (await browser.send(grant)).status_code == 403  # not by whoever asked
    form = next(each for each in forms(browser.text) if each.action == grant)
    for answer, note, status in (("maybe", "", 422), ("refuse", "\x00", 422)):
        wrong = await browser.post(grant.replace("grant", answer), {**form.fields, "note": note})
        assert wrong.status_code == status, answer
    assert (await browser.post("/desk/bulk", {**form.fields, "do": "take", "claim": "\x00"})).status_code == 422
    await browser.open("/desk/approvals")
    manager = await clerk(shop, role="manager", name="민지")
    await manager.open("/desk/approvals")
    assert (await manager.send(grant)).status_code == 200
    assert await state(shop, claim_id) == "approved"


@pytest.mark.parametrize("role", ["accounting", "warehouse", "clerk"])
async def test_a_role_sees_and_does_what_it_allows(sqlite_shop: Storefront, role: str) -> None:
    claim_id = await claimed(sqlite_shop)
    browser: Browser = await clerk(sqlite_shop, role=role)
    decides, writes = role != "accounting", role == "clerk"
    assert ('action="/desk/bulk"' in browser.text, 'href="/desk/approvals"' in browser.text) == (decides, decides)
    await browser.open(f"/desk/claims/{claim_id}")
    assert ("/decide/" in browser.text, "/contacts" in browser.text) == (decides, writes)
    word = {"form_word": forms(browser.text)[0].fields["form_word"]}
    for path, is_allowed in (
        (f"/desk/claims/{claim_id}/decide/hold", decides),
        (f"/desk/claims/{claim_id}/work", decides),
        ("/desk/bulk", decides),
        (f"/desk/claims/{claim_id}/contacts", writes),
    ):
        answer = await browser.post(path, word)
        assert (answer.status_code == 403) != is_allowed, path
    unknown = await browser.open("/desk/claims/nothing")
    assert unknown.status_code == 404
