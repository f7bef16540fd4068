"""Receipts of returned goods, and inspections of the received units."""

from typing import Any

from tests.api import walks
from tests.api.claims import begin, refusals, take
from tests.api.walks import ONE, SORRY, WALKS
from tests.storefront import Storefront

RECEIPTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"lines": [{**ONE, "quantity": 3}]}, ["received_above_announced"]),
    ({"lines": [ONE, {**ONE, "quantity": 2, "condition": "used"}]}, ["received_above_announced"]),
    ({"lines": [{"line_id": "9", "quantity": 1}]}, ["unknown_line"]),
    ({"lines": []}, ["no_lines"]),
    ({"lines": [], "close": True}, ["nothing_received"]),
]


async def test_no_more_comes_back_than_was_announced(shop: Storefront) -> None:
    walk = WALKS["a return whose receipt is closed early"]
    claim = await shop.give(await begin(shop, walk), "approve")
    for body, expected in RECEIPTS:
        assert await refusals(shop, claim, "receive", **body) == expected, body
    both = {"lines": [ONE, {**ONE, "condition": "used"}]}
    claim = await shop.give(claim, "receive", both)
    assert claim["lines"][0]["receipts"] == [
        {"condition": "as_sold", "quantity": 1},
        {"condition": "used", "quantity": 1},
    ]


INSPECTIONS: list[tuple[dict[str, Any], list[str]]] = [
    ({"lines": [{"line_id": "1", "accepted": 3}]}, ["accepted_above_received"]),
    ({"lines": [{"line_id": "1", "accepted": 2}] * 2}, ["line_twice"]),
    ({"lines": [{"line_id": "9", "accepted": 2}]}, ["unknown_line", "inspection_incomplete"]),
    (
        {"lines": [{"line_id": "1", "accepted": 2, "deductions": [{"reason": "missing_parts", "amount": 24001}]}]},
        ["deduction_not_shown", "deduction_above_value"],
    ),
    ({"lines": [{"line_id": "1", "accepted": 1}]}, ["ground_required", "message_required"]),
    (
        {"lines": [{"line_id": "1", "accepted": 1}], "ground": "used_or_consumed", "message": SORRY},
        ["no_ground_for_rejection"],
    ),
]


async def test_an_inspection_answers_for_every_unit_that_came(shop: Storefront) -> None:
    walk = WALKS["a return of everything at the seller's cost gives the shipping back as well"]
    claim = await begin(shop, walk)
    for step in walk.steps[:2]:
        claim = await take(shop, claim, step)
    for body, expected in INSPECTIONS:
        actual = await refusals(shop, claim, "inspect", **body)
        assert actual[: len(expected)] == expected or sorted(actual) == sorted(expected), body


async def test_a_claim_is_not_retracted_once_goods_are_back_nor_reshipped_before(shop: Storefront) -> None:
    walk = WALKS["an exchange"]
    claim = await begin(shop, walk)
    claim = await shop.give(claim, "approve")
    assert await refusals(shop, claim, "reship", tracking=walks.PARCEL) == ["goods_not_back"]
    claim = await shop.give(claim, *walks.RECEIVE)
    assert await refusals(shop, claim, "retract") == ["illegal_transition"]
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/retract")
    assert "inspect" in answer.json()["refusals"][0]["params"]["allowed"]
