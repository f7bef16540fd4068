"""Reports of refunds by the system that moves the money: late, repeated, out of order, and wrong."""

from typing import Any

import pytest

from tests.api.claims import history, read
from tests.api.test_orders import pages
from tests.storefront import Storefront

PAYMENTS = [
    {"payment_id": "card", "method": "card", "amount": 20000},
    {"payment_id": "points", "method": "points", "amount": 7000},
]

KOREAN_INTEREST = {
    "citation": "KR E-Commerce Act 18(2); KR E-Commerce Decree 21-3",
    "rates": [{"from_on": "2016-09-30", "rate": 1500}],
    "penalties": [],
    "monthly": None,
}

Body = dict[str, Any]


async def owe_refund(shop: Storefront, order_id: str = "order-1", **order: Any) -> tuple[Body, Body]:
    """A cancellation of one mug that owes 12,000 won to the card: (claim, refund)."""
    await shop.push_order(order_id, **order)
    claim = await shop.give(await shop.claim("cancel", order_id=order_id), "approve")
    (refund,) = await shop.refunds_of(claim)
    return claim, refund


async def report(shop: Storefront, refund: dict[str, Any], status: str, **body: Any) -> dict[str, Any]:
    answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/{status}", body)
    assert answer.status_code == 200, answer.text
    assert answer.json() == await reread(shop, refund)
    return dict(answer.json())


async def reread(shop: Storefront, refund: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/refunds/{refund['refund_id']}")).json())


async def refusal(shop: Storefront, refund: dict[str, Any], status: str, **body: Any) -> tuple[str, str | None]:
    """The code of a refused report and the field that the error names; the refund must not change."""
    before = await reread(shop, refund)
    answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/{status}", body)
    assert answer.status_code == 409, answer.text
    assert await reread(shop, refund) == before
    errors = answer.json().get("errors")
    return answer.json()["code"], errors and errors[0]["field"]


async def test_an_approved_claim_owes_a_refund_that_waits_to_be_paid(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop)
    assert refund == {
        "refund_id": refund["refund_id"],
        "claim_id": claim["claim_id"],
        "order_id": "order-1",
        "payment_id": "pay-1",
        "method": "card",
        "amount": 12000,
        "tax_free": 0,
        "currency": "KRW",
        "idempotency_key": refund["idempotency_key"],
        "created_at": "2026-06-08T03:00:00Z",
        "due_on": "2026-06-11",
        "due_by": refund["due_by"],
        "status": "pending",
        "attempts": 0,
        "provider_reference": None,
        "failure": None,
        "updated_at": None,
        "late_interest_percent": 15,
        "late_interest_rule": KOREAN_INTEREST,
        "late_interest": 0,
        "time_zone": "Asia/Seoul",
        "claim_version": 2,
        "overdue_at": None,
        "payer": None,
        "lease_ends_at": None,
        "refund_to": "source",
        "failed_at": None,
        "parts": [],
        "paid": 0,
        "version": 1,
        "metadata": {},
    }
    assert refund == await reread(shop, refund)
    assert claim["deadlines"]["refund_due_on"] == "2026-06-11"


async def test_reports_are_events_in_the_claims_history(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop)
    for status in ("processing", "unknown", "failed", "processing", "succeeded"):
        shop.clock.turn(minutes=1)
        refund = await report(shop, refund, status)
        assert (refund["status"], refund["updated_at"]) == (status, shop.clock().isoformat().replace("+00:00", "Z"))
    assert (refund["attempts"], refund["version"]) == (2, 6)
    types = [event["type"] for event in await history(shop, claim)]
    assert types == [
        "claim.requested",
        "claim.approved",
        "refund.created",
        "refund.processing",
        "refund.unknown",
        "refund.failed",
        "refund.processing",
        "refund.succeeded",
        "claim.refunded",
    ]
    assert (await read(shop, claim))["state"] == "refunded"


async def test_approved_again_a_claim_still_owes_one_refund(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop)
    repeated = await shop.post(f"/v1/claims/{claim['claim_id']}/approve")
    assert (repeated.status_code, repeated.json()["code"]) == (409, "illegal_transition")
    stale = await shop.post(f"/v1/claims/{claim['claim_id']}/approve", {}, if_match='"1"')
    assert stale.status_code == 412
    assert await shop.refunds_of(claim) == [refund]


async def test_scenario_20_when_the_provider_did_not_answer_the_next_attempt_carries_the_same_key(
    shop: Storefront,
) -> None:
    claim, refund = await owe_refund(shop)
    key = refund["idempotency_key"]
    for status in ("processing", "unknown", "processing", "unknown"):
        refund = await report(shop, refund, status, idempotency_key=key)
        assert refund["idempotency_key"] == key
    assert refund["attempts"] == 2
    refund = await report(shop, refund, "succeeded", idempotency_key=key, provider_reference="re_1")
    again = await report(shop, refund, "succeeded", idempotency_key=key, provider_reference="re_1")
    assert again == refund
    types = [event["type"] for event in await history(shop, claim)]
    assert (types.count("refund.succeeded"), types.count("claim.refunded")) == (1, 1)


REPORTED: list[tuple[str, ...]] = [
    ("succeeded",),
    ("succeeded", "succeeded"),
    ("processing", "succeeded", "succeeded"),
    ("processing", "failed", "processing", "succeeded"),
    ("unknown", "succeeded", "succeeded"),
    ("failed", "succeeded"),
    ("failed", "failed", "unknown", "unknown", "succeeded"),
]


async def test_scenario_21_however_reports_come_the_money_moves_once(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    for reports in REPORTED:
        with subtests.test(" ".join(reports)):
            order_id = reference = " ".join(reports)
            claim, refund = await owe_refund(shop, order_id)
            for status in reports:
                refund = await report(shop, refund, status, amount=12000, provider_reference=reference)
            outcome = {name: refund[name] for name in ("status", "amount", "provider_reference")}
            assert outcome == {"status": "succeeded", "amount": 12000, "provider_reference": reference}
            assert (await read(shop, claim))["state"] == "refunded"
            order = (await shop.get(f"/v1/orders/{claim['order_id']}")).json()
            assert order["payments"][0]["refunded"] == 12000


async def test_a_failure_says_why_until_the_next_attempt(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    refund = await report(shop, refund, "failed", failure="카드사 점검 중")
    assert refund["failure"] == "카드사 점검 중"
    refund = await report(shop, refund, "processing", failure="ignored")
    assert (refund["failure"], refund["status"]) == (None, "processing")


async def test_scenario_22_money_that_has_moved_is_not_reported_otherwise(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    await report(shop, refund, "succeeded", provider_reference="re_1")
    for status in ("processing", "failed", "unknown"):
        assert await refusal(shop, refund, status) == ("refund_already_succeeded", None)
    assert await refusal(shop, refund, "succeeded", provider_reference="re_2") == (
        "refund_reference_differs",
        "provider_reference",
    )


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"amount": 11999}, "refund_amount_differs", "amount"),
    ({"amount": 0}, "refund_amount_differs", "amount"),
    ({"method": "points"}, "refund_method_differs", "method"),
    ({"idempotency_key": "0198c1f2"}, "refund_key_differs", "idempotency_key"),
    ({"amount": 12000, "method": "bank_transfer"}, "refund_method_differs", "method"),
]


@pytest.mark.parametrize("status", ["processing", "succeeded", "failed", "unknown"])
async def test_scenario_23_a_report_about_something_else_changes_nothing(shop: Storefront, status: str) -> None:
    claim, refund = await owe_refund(shop)
    for body, code, field in WRONG:
        assert await refusal(shop, refund, status, **body) == (code, field)
    assert (await read(shop, claim))["state"] == "approved"


async def test_another_claims_refund_is_not_this_one(shop: Storefront) -> None:
    _, refund = await owe_refund(shop, "order-1")
    _, other_refund = await owe_refund(shop, "order-2")
    assert refund["idempotency_key"] != other_refund["idempotency_key"]
    actual = await refusal(shop, refund, "succeeded", idempotency_key=other_refund["idempotency_key"])
    assert actual == ("refund_key_differs", "idempotency_key")


async def test_another_claims_reference_is_refused(shop: Storefront) -> None:
    _, refund = await owe_refund(shop, "order-1")
    _, other_refund = await owe_refund(shop, "order-2")
    await report(shop, refund, "succeeded", provider_reference="re_1")
    assert await refusal(shop, other_refund, "succeeded", provider_reference="re_1") == (
        "refund_reference_differs",
        "provider_reference",
    )


async def test_a_reference_that_comes_after_the_success_is_taken(sqlite_shop: Storefront) -> None:
    _, refund = await owe_refund(sqlite_shop)
    await report(sqlite_shop, refund, "succeeded")
    refund = await report(sqlite_shop, refund, "succeeded", provider_reference="re_1")
    assert refund["status"] == "succeeded"


async def test_a_refund_over_two_payments_is_two_refunds_each_with_its_key(shop: Storefront) -> None:
    await shop.push_order(payments=PAYMENTS)
    claim = await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}])
    claim = await shop.give(claim, "approve")
    refunds = {refund["method"]: refund for refund in await shop.refunds_of(claim)}
    assert {method: refund["amount"] for method, refund in refunds.items()} == {"card": 20000, "points": 7000}
    assert len({refund["idempotency_key"] for refund in refunds.values()}) == 2
    actual = await refusal(shop, refunds["card"], "succeeded", method="points")
    assert actual == ("refund_method_differs", "method")
    await report(shop, refunds["points"], "succeeded")
    await report(shop, refunds["card"], "failed", failure="한도 초과")
    assert (await read(shop, claim))["state"] == "approved"
    await report(shop, refunds["card"], "succeeded")
    assert (await read(shop, claim))["state"] == "refunded"


async def test_refunds_are_listed_by_every_filter(shop: Storefront, subtests: pytest.Subtests) -> None:
    refunds: dict[str, dict[str, Any]] = {}
    for number in range(5):
        shop.clock.turn(seconds=1)
        _, refunds[f"order-{number}"] = await owe_refund(shop, f"order-{number}")
    await report(shop, refunds["order-0"], "succeeded")
    await report(shop, refunds["order-3"], "failed")
    for query, expected in (
        ({}, "43210"),
        ({"status": "pending"}, "421"),
        ({"status": "succeeded"}, "0"),
        ({"status": "unknown"}, ""),
        ({"order_id": "order-2"}, "2"),
        ({"claim_id": refunds["order-1"]["claim_id"]}, "1"),
        ({"claim_id": refunds["order-1"]["claim_id"], "status": "failed"}, ""),
    ):
        with subtests.test(str(query)):
            listed = await pages(shop, "/v1/refunds", limit=2, **query)
            assert "".join(refund["order_id"][-1] for page in listed for refund in page) == expected


async def test_an_unknown_refund_is_not_found(shop: Storefront) -> None:
    for answer in (
        await shop.get("/v1/refunds/0198c1f2"),
        await shop.post("/v1/refunds/0198c1f2/succeeded"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
