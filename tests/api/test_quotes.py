"""A quote has the same content as the claim of the same request, and stores nothing."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.claims import history
from tests.api.walks import BLUE, ONE
from tests.storefront import ORDER, Storefront

LINE: dict[str, Any] = ORDER["lines"][0]
EXCHANGED: dict[str, Any] = {**ONE, "replacement": BLUE}
TWO: dict[str, Any] = {**ONE, "quantity": 2}

QUOTED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("cancel one", {}, {"kind": "cancel", "reason": "change_of_mind"}),
    ("cancel all", {}, {"kind": "cancel", "reason": "out_of_stock", "lines": [TWO]}),
    ("cancel what has left", {"ship": True}, {"kind": "cancel", "reason": "change_of_mind"}),
    ("return", {"ship": True}, {"kind": "return", "reason": "change_of_mind"}),
    ("return all", {"ship": True}, {"kind": "return", "reason": "defective", "lines": [TWO]}),
    ("return used", {"ship": True}, {"kind": "return", "reason": "not_satisfied", "conditions": ["used"]}),
    ("return, undecided", {"ship": True}, {"kind": "return", "reason": "other", "note": "그냥요"}),
    ("return for the buyer", {"ship": True}, {"kind": "return", "reason": "defective", "requester": "seller"}),
    ("overtaken in part", {"ship": [ONE]}, {"kind": "cancel", "reason": "change_of_mind", "lines": [TWO]}),
    ("the same, in part", {"ship": [ONE]}, {"kind": "cancel", "reason": "out_of_stock", "lines": [TWO]}),
    ("exchange", {"ship": True}, {"kind": "exchange", "reason": "size_or_color", "lines": [EXCHANGED]}),
    ("refund", {"ship": True}, {"kind": "refund", "reason": "missing_item"}),
    ("part", {"ship": True}, {"kind": "refund", "reason": "delayed_delivery", "amount": 700}),
    ("dear", {"lines": [{**LINE, "discount": 24000}]}, {"kind": "cancel", "reason": "change_of_mind"}),
    ("unpaid", {"payments": [], "paid_at": None}, {"kind": "cancel", "reason": "out_of_stock"}),
    ("two payments", {"payments": [{**ORDER["payments"][0], "amount": 5000}]}, {"kind": "cancel", "lines": [TWO]}),
    ("jp", {"policy": "jp", "ship": True}, {"kind": "return", "reason": "change_of_mind"}),
]


async def prepare(shop: Storefront, order_id: str, order: dict[str, Any]) -> None:
    changes = {name: value for name, value in order.items() if name != "ship"}
    await shop.push_order(order_id, **changes)
    if order.get("ship"):
        await shop.ship(order_id, **({} if order["ship"] is True else {"lines": order["ship"]}))


def request(order_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"order_id": order_id, "reason": "change_of_mind", "lines": [ONE], **fields}


async def test_a_quote_says_what_the_claim_then_says(shop: Storefront, subtests: pytest.Subtests) -> None:
    for name, order, fields in QUOTED:
        with subtests.test(name):
            await prepare(shop, name, order)
            await assert_the_claim_says_the_same(shop, request(name, fields))


async def assert_the_claim_says_the_same(shop: Storefront, body: dict[str, Any]) -> None:
    quote_answer = await shop.post("/v1/claims/quote", body)
    claim_answer = await shop.post("/v1/claims", body)
    if claim_answer.status_code != 201:
        assert quote_answer.status_code == claim_answer.status_code
        assert quote_answer.json()["refusals"] == claim_answer.json()["refusals"]
        return
    quote, claim = quote_answer.json(), claim_answer.json()
    following = quote.pop("following")
    assert {name: claim[name] for name in quote} == quote
    types = [event["type"] for event in await history(shop, claim)]
    assert [event for event in types if event.startswith("claim.")] == ["claim.requested", *following]


async def test_a_quote_says_what_would_follow_by_itself(shop: Storefront) -> None:
    await shop.push_order(policy="naver")
    body = request("order-1", {"kind": "cancel"})
    quote = (await shop.post("/v1/claims/quote", body)).json()
    assert quote["following"] == ["claim.approved"]
    assert quote["assessment"]["automatic"] == "approve"
    claim = await shop.claim("cancel")
    assert claim["amounts"] == quote["amounts"]


async def test_a_quote_of_an_automatic_approval_says_when_the_refund_is_due(shop: Storefront) -> None:
    await shop.push_order(policy="naver")
    quote = (await shop.post("/v1/claims/quote", request("order-1", {"kind": "cancel"}))).json()
    assert quote["deadlines"] == (await shop.claim("cancel"))["deadlines"]


async def test_a_quote_stores_nothing(shop: Storefront) -> None:
    await shop.push_order()
    before = (await shop.get("/v1/orders/order-1")).json()
    body = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": [TWO]}
    first = await shop.post("/v1/claims/quote", body, key="same")
    assert first.json() == (await shop.post("/v1/claims/quote", body, key="same")).json()
    assert "Idempotent-Replayed" not in first.headers
    assert (await shop.get("/v1/claims")).json()["data"] == []
    assert (await shop.get("/v1/orders/order-1")).json() == before
    await shop.claim("cancel", lines=[TWO])


async def test_a_quote_needs_no_idempotency_key(shop: Storefront) -> None:
    await shop.push_order()
    answer = await shop.http.post(
        "/v1/claims/quote",
        json=request("order-1", {"kind": "cancel"}),
        headers={"Authorization": f"Bearer {shop.token}"},
    )
    assert answer.status_code == 200


async def test_a_request_that_cannot_be_claimed_cannot_be_quoted(shop: Storefront) -> None:
    await shop.push_order()
    for body, status, code in (
        (request("nowhere", {"kind": "cancel"}), 404, "not_found"),
        (request("order-1", {"kind": "return"}), 409, "not_shipped"),
        (request("order-1", {"kind": "cancel", "lines": [{**ONE, "quantity": 3}]}), 409, "units_unavailable"),
    ):
        answer = await shop.post("/v1/claims/quote", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


NUMBERS = count()
REASONS = ("change_of_mind", "defective", "missing_item", "out_of_stock", "other")
amounts = st.integers(0, 60_000)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """Orders of up to three lines. The discounts fit; the payments may differ from the price."""
    lines: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        price, quantity = draw(amounts), draw(st.integers(1, 4))
        discount = draw(st.integers(0, price * quantity))
        tax_fields = {"tax_rate": draw(st.sampled_from([None, 0, 1_000])), "parts": draw(st.sampled_from([1, 3]))}
        line = {"line_id": str(number), "quantity": quantity, "unit_price": price, "discount": discount}
        lines.append({**line, **tax_fields})
    value = sum(line["quantity"] * line["unit_price"] - line["discount"] for line in lines)
    methods = draw(st.lists(st.sampled_from(["card", "points", "bank_transfer"]), max_size=3, unique=True))
    return {
        "policy": draw(st.sampled_from(["storefront_kr", "jp", "kr", "eu", "naver", "uk"])),
        "lines": lines,
        "discount": draw(st.integers(0, value)),
        "discount_minimum": draw(st.none() | amounts),
        "prices_include_tax": draw(st.booleans()),
        "shipping_charged": draw(st.sampled_from([0, 3000])),
        "payments": [{"payment_id": m, "method": m, "amount": draw(amounts)} for m in methods],
        "ship": draw(st.sampled_from([False, True, [{"line_id": "0", "quantity": 1}]])),
    }


@st.composite
def requests(draw: st.DrawFn, order: dict[str, Any]) -> dict[str, Any]:
    line = draw(st.sampled_from(order["lines"]))
    requested_line = {"line_id": line["line_id"], "quantity": draw(st.integers(1, line["quantity"] + 1))}
    requested_line["used_parts"] = draw(st.integers(0, line["parts"]))
    requested_line["replacement"] = {**BLUE, "unit_price": draw(st.none() | amounts)}
    amount_field = {"amount": draw(amounts)} if draw(st.integers(0, 3)) == 0 else {}
    return {
        "kind": draw(st.sampled_from(["cancel", "return", "exchange", "refund"])),
        "reason": draw(st.sampled_from(REASONS)),
        "lines": [requested_line],
        "conditions": draw(st.lists(st.sampled_from(["opened", "used", "damaged"]), max_size=2)),
        **amount_field,
    }


# All examples share one shop; each example has its own order.
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_the_quote_of_any_request_on_any_order_is_the_claim(shop: Storefront, data: st.DataObject) -> None:
    order = data.draw(orders())
    order_id = f"order-{next(NUMBERS)}"
    await prepare(shop, order_id, order)
    for _ in range(2):
        await assert_the_claim_says_the_same(shop, request(order_id, data.draw(requests(order))))
