"""The seller's queue: what waits, in which order, with what somebody must know, and a command that works as it is."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.deadlines import owe_refund
from tests.api.scenes import ELSEWHERE
from tests.storefront import Storefront
from tests.withdrawals import declare, looked_at

BUYER = {"email": "mina@example.com", "name": "김미나", "language": "ko"}
BLUE = {"line_id": "1", "quantity": 1, "sku": "MUG-BLUE", "unit_price": 12000}
ANSWERS: dict[str, dict[str, Any]] = {
    "text": {"text": "어떤 점이 문제인가요?"},
    "message": {"message": "기간이 지나 반품이 어렵습니다."},
    "tracking": {"tracking": {"carrier": "cj", "number": "640000000009"}},
}
"""What a person fills in, by the field that a suggestion needs."""


async def queue(shop: Storefront, **query: Any) -> list[dict[str, Any]]:
    answer = await shop.get("/v1/queue", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def ids(shop: Storefront, **query: Any) -> list[str]:
    return [entry["subject_id"] for entry in await queue(shop, **query)]


async def only(shop: Storefront, **query: Any) -> dict[str, Any]:
    (entry,) = await queue(shop, **query)
    return entry


async def follow(shop: Storefront, entry: dict[str, Any]) -> None:
    """Send the suggestion of an entry, with what a person fills in."""
    suggestion = entry["claim"]["suggestion"]
    body = {**suggestion["body"]}
    for name in suggestion["needs"]:
        body |= ANSWERS[name]
    answer = await shop.post(suggestion["path"], body)
    assert answer.is_success, answer.text


async def test_a_claim_stands_in_the_queue_with_all_that_an_answer_needs(shop: Storefront) -> None:
    await shop.push_order(buyer_id="b-1", buyer=BUYER)
    await shop.claim("cancel", note="빨리 취소해 주세요")
    entry = await only(shop)
    claim = entry["claim"]
    assert entry["buyer"] == {"buyer_id": "b-1", "name": "김미나", "claims_lately": 1}
    assert (entry["order"]["order_id"], entry["order"]["title"], entry["order"]["more_lines"]) == (
        *("order-1", "MUG-WHITE"),
        0,
    )
    assert claim["lines"] == [{"line_id": "1", "title": None, "sku": "MUG-WHITE", "quantity": 1}]
    assert (claim["reason"], claim["fault"], claim["urgent"]) == ("change_of_mind", "buyer", True)
    assert claim["shipping"] == {"state": "unpacked", "since_at": None}
    assert claim["checklist"] == {
        "order_state_known": True,
        "question_needed": False,
        **dict.fromkeys(("seen_at", "seen_by")),
    }
    assert claim["refund"] == 12_000
    assert entry["seconds_left"] > 0


async def test_the_suggestion_has_the_reason_and_the_effect_that_the_command_then_has(shop: Storefront) -> None:
    await shop.push_order()
    await shop.claim("cancel")
    entry = await only(shop)
    suggestion = entry["claim"]["suggestion"]
    assert (suggestion["command"], suggestion["why"], suggestion["needs"]) == ("approve", "entitled", [])
    assert suggestion["reason"] == "The buyer has this right, and the facts show nothing against it."
    assert suggestion["citation"]
    decided = (await shop.post(suggestion["path"], suggestion["body"])).json()
    effect = suggestion["effect"]
    assert effect == {
        "state": decided["state"],
        "turn": decided["turn"],
        "turn_ends_by": decided["turn_ends_by"],
        "refund": decided["amounts"]["total"],
        "refund_due_on": decided["deadlines"]["refund_due_on"],
        "refund_due_by": decided["deadlines"]["refund_due_by"],
    }


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("ko", "구매자에게 이 권리가 있고, 반대되는 사실이 없습니다."),
        ("ja", "購入者にこの権利があり、これに反する事実はありません。"),
    ],
)
async def test_the_reason_is_in_the_callers_language(sqlite_shop: Storefront, language: str, reason: str) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.claim("cancel")
    headers = {"Authorization": f"Bearer {sqlite_shop.token}", "Accept-Language": language}
    answer = await sqlite_shop.http.get("/v1/queue", headers=headers)
    assert answer.json()["data"][0]["claim"]["suggestion"]["reason"] == reason
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize(
    ("kind", "reason", "state"), [("return", "change_of_mind", "refunded"), ("repair", "defective", "sent_back")]
)
async def test_the_suggestions_alone_lead_a_claim_to_its_end(
    shop: Storefront, kind: str, reason: str, state: str
) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim(kind, reason)
    steps = []
    for _ in range(9):
        found = [await queue(shop, turn=turn) for turn in ("seller", "carrier")]
        entry = next((entry for entries in found for entry in entries), None)
        if entry is None:
            if (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["turn"] != "buyer":
                break
            steps.append("dispatch")
            await shop.give(claim, "dispatch")
            continue
        steps.append(entry["claim"]["suggestion"]["command"])
        if steps[-1] == "ask":  # the goods show no defect any more: a person decides
            steps.append("inspect")
            await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": 1}]})
        else:
            await follow(shop, entry)
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["state"] == state
    common = ["approve", "dispatch", "receive"]
    ends = {
        "refunded": ["inspect", "pay"],
        "sent_back": ["ask", "inspect", "complete_repair", "reship", "confirm_delivery"],
    }
    assert steps == [*common, *ends[state]]


async def test_a_refund_to_pay_waits_in_the_queue_until_its_report(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    entry = await only(shop)
    (to_pay,) = entry["claim"]["refunds_to_pay"]
    assert (to_pay["refund_id"], to_pay["amount"], to_pay["status"]) == (
        *(refund["refund_id"], refund["amount"]),
        "pending",
    )
    assert entry["claim"]["suggestion"]["path"] == f"/v1/refunds/{refund['refund_id']}/succeeded"
    await shop.post(f"/v1/refunds/{refund['refund_id']}/failed")
    assert (await only(shop))["claim"]["refunds_to_pay"][0]["status"] == "failed"
    await follow(shop, await only(shop))
    assert await queue(shop) == []


async def test_a_question_leaves_the_queue_and_its_answer_comes_back_with_another_suggestion(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return", "other")
    entry = await only(shop)
    assert entry["claim"]["checklist"]["question_needed"]
    await follow(shop, entry)
    assert await queue(shop) == []
    (asked,) = await queue(shop, turn="buyer")
    assert asked["claim"]["suggestion"] is None
    answered_at = shop.clock().isoformat()
    await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", {"kind": "answer", "text": "금이 갔어요."})
    entry = await only(shop, answered=True)
    assert entry["claim"]["answered_at"] is not None, answered_at
    assert (entry["claim"]["suggestion"]["command"], entry["claim"]["suggestion"]["needs"]) == (
        *("reclassify",),
        ["reason", "evidence"],
    )
    assert await queue(shop, answered=False) == []


async def test_changes_and_withdrawals_without_an_order_wait_too(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    address = (await shop.post("/v1/orders/order-1/address-changes", ELSEWHERE)).json()
    shop.clock.turn(minutes=1)
    option = (await shop.post("/v1/orders/order-1/option-changes", BLUE)).json()
    shop.clock.turn(minutes=1)
    withdrawal = await looked_at(shop, database, await declare(shop, order_number="nobody knows"))
    assert withdrawal["status"] == "unmatched"
    entries = await queue(shop)
    assert [(entry["subject"], entry["subject_id"]) for entry in entries] == [
        ("address_change", address["change_id"]),
        ("option_change", option["change_id"]),
        ("withdrawal", withdrawal["withdrawal_id"]),
    ]
    assert entries[0]["address_change"]["address"].items() >= ELSEWHERE["address"].items()
    assert entries[1]["option_change"]["sku"] == "MUG-BLUE"
    assert entries[2]["withdrawal"]["order_number"] == "nobody knows"
    assert entries[2]["buyer"]["name"] == "Lena Vogt"
    await shop.post(f"/v1/orders/order-1/address-changes/{address['change_id']}/accept")
    await shop.post(f"/v1/orders/order-1/option-changes/{option['change_id']}/refuse", {"reason": "품절입니다."})
    await shop.post(f"/v1/withdrawals/{withdrawal['withdrawal_id']}/close", {"reason": "Kein Kauf bei uns."})
    assert await queue(shop) == []


async def three_claims(shop: Storefront) -> list[str]:
    """A cheap claim and a dear claim with one deadline, and a claim that came a day later."""
    made = []
    for number, units in ((1, 1), (2, 2)):
        await shop.push_order(f"order-{number}")
        lines = [{"line_id": "1", "quantity": units}]
        made.append((await shop.claim("cancel", order_id=f"order-{number}", lines=lines))["claim_id"])
    shop.clock.turn(days=1)
    await shop.push_order("order-3", buyer=BUYER)
    made.append((await shop.claim("cancel", order_id="order-3"))["claim_id"])
    return made


async def test_the_nearest_deadline_comes_first_and_then_the_larger_value(shop: Storefront) -> None:
    cheap, dear, later = await three_claims(shop)
    assert await ids(shop) == [dear, cheap, later]


@pytest.mark.parametrize("size", [1, 2])
async def test_pages_follow_each_other_without_a_gap(shop: Storefront, size: int) -> None:
    cheap, dear, later = await three_claims(shop)
    address = (await shop.post("/v1/orders/order-3/address-changes", ELSEWHERE)).json()
    read, cursor = [], None
    while True:
        page = (await shop.get("/v1/queue", limit=size, **({"cursor": cursor} if cursor else {}))).json()
        read += [entry["subject_id"] for entry in page["data"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert read == await ids(shop)
    assert sorted(read) == sorted([cheap, dear, later, address["change_id"]])


async def test_the_filters_narrow_the_queue(shop: Storefront) -> None:
    cheap, dear, later = await three_claims(shop)
    await shop.post("/v1/orders/order-3/address-changes", ELSEWHERE)
    due = (await queue(shop, subject="claim"))[-1]["due_by"]
    assert await ids(shop, subject="claim") == [dear, cheap, later]
    assert await ids(shop, kind="cancel") == [dear, cheap, later]
    assert await ids(shop, kind="return") == []
    assert await ids(shop, state="requested", due_before=due) == [dear, cheap]
    assert await ids(shop, q="김미나", subject="claim") == [later]
    assert await ids(shop, overdue=True) == []
    assert len(await queue(shop, overdue=False)) == 3
    shop.clock.turn(days=30)
    late = await queue(shop, overdue=True)
    assert [entry["subject_id"] for entry in late] == [dear, cheap, later]
    assert all(entry["seconds_left"] < 0 for entry in late)


async def test_the_claims_of_a_buyer_are_counted_for_sixty_days(shop: Storefront) -> None:
    for number in range(3):
        await shop.push_order(f"order-{number}", buyer_id="b-1")
        await shop.claim("cancel", order_id=f"order-{number}")
        shop.clock.turn(days=40)
    assert {entry["buyer"]["claims_lately"] for entry in await queue(shop)} == {1}
    await shop.push_order("order-9", buyer_id="b-2")
    await shop.claim("cancel", order_id="order-9")
    (newest,) = await queue(shop, q="order-9")
    assert newest["buyer"]["claims_lately"] == 1


async def test_the_summary_counts_what_the_lists_have(shop: Storefront, database: Database) -> None:
    await three_claims(shop)
    await shop.post("/v1/orders/order-3/address-changes", ELSEWHERE)
    await shop.post("/v1/orders/order-3/option-changes", BLUE)
    await looked_at(shop, database, await declare(shop, order_number="nobody knows"))
    await shop.push_order("order-4")
    paid = await shop.claim("cancel", order_id="order-4")
    await shop.give(paid, "approve")
    due = (await queue(shop, state="requested"))[-1]["due_by"]
    summary = (await shop.get("/v1/queue/summary", due_before=due)).json()
    assert summary == {
        "waiting": 4,
        "to_answer": 2,
        "overdue": 0,
        "answered": 0,
        "to_inspect": 0,
        "address_changes": 1,
        "option_changes": 1,
        "withdrawals": 1,
        "refunds_failed": 0,
        "refunds_to_pay": [{"currency": "KRW", "count": 1, "amount": 12000}],
        "to_answer_by": summary["to_answer_by"],
    }
    shop.clock.turn(days=30)
    assert (await shop.get("/v1/queue/summary")).json()["overdue"] == 4
