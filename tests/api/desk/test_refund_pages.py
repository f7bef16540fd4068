"""The refunds to pay at the desk: what is due, the reports of a payer, and references that are pasted."""

from typing import Any

from tests.api.buyer.pages import forms
from tests.api.desk.clerks import clerk
from tests.api.return_scenes import inspected_return
from tests.storefront import Storefront

REFUNDS = "/desk/refunds"
PASTE = f"{REFUNDS}/references"


async def owed(shop: Storefront, order_id: str) -> dict[str, Any]:
    """The refund of an inspected return."""
    await inspected_return(shop, order_id)
    (refund,) = (await shop.get("/v1/refunds", order_id=order_id)).json()["data"]
    return dict(refund)


async def now(shop: Storefront, refund: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/refunds/{refund['refund_id']}")).json())


async def test_a_payer_reads_what_is_due_and_reports_each_outcome(shop: Storefront) -> None:
    refund = await owed(shop, "order-1")
    page, path = f"{REFUNDS}?tab=late", f"{REFUNDS}/of/{refund['refund_id']}"
    payer = await clerk(shop, role="accounting")
    await payer.open(REFUNDS)
    for words in ("9,000원", "order-1", "환불 대기", path):
        assert words in payer.text, words
    assert path not in (await payer.open(page)).text
    shop.clock.turn(days=30)
    payer = await clerk(shop, role="manager", name="정산")
    assert path in (await payer.open(page)).text
    for report, fields, status, tab in (
        ("unknown", {}, "unknown", "uncertain"),
        ("failed", {"failure": "한도 초과"}, "failed", "failed"),
    ):
        await payer.open(path)
        await payer.send(f"{path}/{report}", **fields)
        assert ((await now(shop, refund))["status"], path in (await payer.open(f"{REFUNDS}?tab={tab}")).text) == (
            status,
            True,
        )
    await payer.open(path)
    form = next(each for each in forms(payer.text) if each.action == f"{path}/succeeded").fields
    for _ in range(2):  # the same form twice is one report
        answer = await payer.post(f"{path}/succeeded", {**form, "provider_reference": "tr_1"})
        assert answer.status_code == 200
    paid = await now(shop, refund)
    assert (paid["status"], paid["provider_reference"], len(paid["parts"])) == ("succeeded", "tr_1", 1)
    assert (await payer.post(f"{path}/failed", {**form, "key": "other"})).status_code == 412
    assert (await payer.post(f"{path}/lost", form)).status_code == 422
    assert "환불할 건이 없습니다." in (await payer.open(REFUNDS)).text


async def test_pasted_references_are_checked_and_then_reported_each_alone(shop: Storefront) -> None:
    one, two = await owed(shop, "order-1"), await owed(shop, "order-2")
    payer = await clerk(shop, role="accounting")
    await payer.open(PASTE)
    lines = f"order-1\ttr_1\n{two['idempotency_key']}, tr_2\norder-9 tr_3\norder-1 tr_4\nno-reference"
    await payer.send(PASTE, lines=lines, step="check")
    assert (payer.text.count("가능"), payer.text.count("하나로 정할 수 없습니다"), "겹치는" in payer.text) == (
        2,
        2,
        True,
    )
    assert [(await now(shop, each))["status"] for each in (one, two)] == ["pending", "pending"]
    await payer.send(PASTE, lines=lines, step="confirm")
    assert payer.text.count("기록했습니다.") == 2
    assert [(await now(shop, each))["provider_reference"] for each in (one, two)] == ["tr_1", "tr_2"]
    assert "order-9 tr_3" in payer.text  # what was not reported stays in the field
    for wrong in ("", "a b\n" * 101, "order-1 \x00"):
        answer = await payer.send(PASTE, lines=wrong, step="confirm")
        assert answer.status_code == (200 if "\x00" in wrong else 422)


async def test_a_page_ends_with_a_link_to_the_next_and_a_wrong_cursor_is_refused(sqlite_shop: Storefront) -> None:
    browser = await clerk(sqlite_shop, role="manager")
    assert (await browser.open(f"{REFUNDS}?cursor=x")).status_code == 400


async def test_who_may_only_read_refunds_reports_nothing(sqlite_shop: Storefront) -> None:
    refund = await owed(sqlite_shop, "order-1")
    path = f"{REFUNDS}/of/{refund['refund_id']}"
    reader, nobody = await clerk(sqlite_shop), await clerk(sqlite_shop, role="warehouse")
    assert "/succeeded" not in (await reader.open(path)).text
    word = {"form_word": forms(reader.text)[0].fields["form_word"], "version": "1", "key": "k"}
    assert (await reader.post(f"{path}/succeeded", word)).status_code == 403
    assert (await reader.open(PASTE)).status_code == 403
    assert (await nobody.open(REFUNDS)).status_code == 403
    assert (await now(sqlite_shop, refund))["status"] == "pending"
