from itertools import cycle
from typing import Any

import pytest

from tests.api.walks import ONE
from tests.races.conftest import BOTH, CALLERS, ORDERS, Arena, everywhere, tally
from tests.storefront import Storefront

KINDS = (
    ("return", "change_of_mind"),
    ("exchange", "size_or_color"),
    ("refund", "defective"),
    ("cancel", "change_of_mind"),
)


@everywhere
@pytest.mark.parametrize(
    ("headers", "others"), [({}, "409 illegal_transition"), ({"if_match": '"1"'}, "412 stale_version")]
)
async def test_scenario_19_of_all_who_approve_a_claim_one_succeeds(
    arena: Arena, headers: dict[str, str], others: str
) -> None:
    await arena.shop.push_order()
    claim = await arena.shop.claim("cancel")
    answers = await arena.rush(
        lambda shop, _: shop.post(f"/v1/claims/{claim['claim_id']}/approve", **headers), range(CALLERS)
    )
    assert tally(answers) == {"200": 1, others: CALLERS - 1}
    assert [refund["amount"] for refund in await arena.shop.refunds_of(claim)] == [12000]


@everywhere
@pytest.mark.parametrize(("units", "each", "claims"), [(1, 1, 1), (5, 1, 5), (5, 2, 2)])
async def test_no_unit_is_claimed_twice_whatever_the_kinds(arena: Arena, units: int, each: int, claims: int) -> None:
    await arena.shop.push_order(lines=[{"line_id": "1", "quantity": units, "unit_price": 100}])
    await arena.shop.ship()

    async def ask(shop: Storefront, kind: tuple[str, str]) -> Any:
        return await shop.ask(*kind, lines=[{"line_id": "1", "quantity": each}])

    answers = await arena.rush(ask, [kind for _, kind in zip(range(CALLERS), cycle(KINDS), strict=False)])
    assert tally(answers) == {"201": claims, "409 units_unavailable": CALLERS - claims}


@pytest.mark.parametrize(
    ("rival", "body", "approval_after"),
    [("retract", {}, "409 illegal_transition"), ("hold", {"reason": "seller_check"}, "409 on_hold")],
)
async def test_a_claim_is_approved_or_goes_another_way(
    arena: Arena, rival: str, body: dict[str, str], approval_after: str
) -> None:
    ends = await arena.duel(
        lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"),
        lambda shop, claim: shop.post(f"/v1/claims/{claim}/{rival}", body),
        list((await arena.cancellations()).values()),
    )
    assert set(ends) <= {("200", "409 illegal_transition"), (approval_after, "200")}


async def test_an_edit_comes_before_the_approval_or_not_at_all(arena: Arena) -> None:
    """Whoever is first wins, and nothing of the other is lost: the refund is for what the claim asks for at its
    approval."""
    await arena.orders()
    asked = [await arena.shop.claim("cancel", order_id=order) for order in ORDERS]
    ends = await arena.duel(
        lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"),
        lambda shop, claim: shop.post(f"/v1/claims/{claim}/edit", {"reason": "other", "lines": BOTH, "note": "?"}),
        [claim["claim_id"] for claim in asked],
    )
    assert set(ends) <= {("200", "409 illegal_transition"), ("409 not_classified", "200")}


@pytest.mark.parametrize("if_match", ["", '"1"'])
async def test_an_edit_and_an_approval_agree_on_the_units(arena: Arena, if_match: str) -> None:
    await arena.orders()
    asked = [await arena.shop.claim("cancel", order_id=order) for order in ORDERS]
    wish = {"reason": "change_of_mind", "lines": BOTH}
    headers = {"if_match": if_match} if if_match else {}
    ends = await arena.duel(
        lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve", **headers),
        lambda shop, claim: shop.post(f"/v1/claims/{claim}/edit", wish),
        [claim["claim_id"] for claim in asked],
    )
    edited_first = ("412 stale_version", "200") if if_match else ("200", "200")
    assert set(ends) <= {("200", "409 illegal_transition"), edited_first}
    for (_, edit), claim in zip(ends, asked, strict=True):
        paid = sum(refund["amount"] for refund in await arena.shop.refunds_of(claim))
        assert paid == ({("200"): 0 if if_match else 27_000}.get(edit, 12_000))


async def test_an_offer_is_answered_once(arena: Arena) -> None:
    await arena.shop.push_order()
    await arena.shop.ship()
    claim = await arena.shop.claim("return")
    offered = {"alternative": "partial_refund", "message": "keep it", "amount": 5000}
    (offer,) = (await arena.shop.give(claim, "offers", offered))["offers"]
    answers = await arena.rush(
        lambda shop, verb: shop.post(f"/v1/claims/{claim['claim_id']}/offers/{offer['offer_id']}/{verb}"),
        ["accept", "decline"] * (CALLERS // 2),
    )
    assert tally(answers)["200"] == 1
    assert set(tally(answers)) <= {"200", "409 no_open_offer", "409 offer_closed", "409 illegal_transition"}


@everywhere
@pytest.mark.parametrize("reported", [False, True])
async def test_a_payment_settles_one_of_the_debts_that_it_would_do_for(arena: Arena, reported: bool) -> None:
    swapped = {"sku": "MUG-BLUE", "title": "Mug, blue", "unit_price": 150}
    await arena.shop.push_order(lines=[{"line_id": "1", "quantity": CALLERS, "unit_price": 100}])
    await arena.shop.ship()
    debts = []
    for _ in range(CALLERS // 4):
        claim = await arena.shop.claim("exchange", "defective", lines=[{**ONE, "replacement": swapped}])
        for command in ("approve", "receive", "inspect"):
            claim = await arena.shop.give(claim, command, BODIES[command])
        debts.append(claim["claim_id"])
    fee = {"payment_id": "pay-2", "method": "card", "amount": 50}
    if reported:
        await arena.shop.post("/v1/orders/order-1/payments", fee)
    answers = await arena.rush(lambda shop, debt: shop.post(f"/v1/claims/{debt}/confirm-payment", fee), debts * 4)
    answer_counts = tally(answers)
    assert answer_counts.pop("200") == 1
    assert answer_counts.keys() <= {"409 payment_already_taken", "409 nothing_owed"}


BODIES: dict[str, dict[str, Any]] = {
    "approve": {},
    "receive": {"lines": [ONE]},
    "inspect": {"lines": [{"line_id": "1", "accepted": 1}]},
}


async def test_no_more_units_are_received_than_were_announced(arena: Arena) -> None:
    await arena.shop.push_order(lines=[{"line_id": "1", "quantity": 10, "unit_price": 100}])
    await arena.shop.ship()
    claim = await arena.shop.claim("return", lines=[{"line_id": "1", "quantity": 10}])
    await arena.shop.give(claim, "approve")
    one = {"lines": [{"line_id": "1", "quantity": 1}]}
    answers = await arena.rush(
        lambda shop, _: shop.post(f"/v1/claims/{claim['claim_id']}/receive", one), range(CALLERS)
    )
    assert tally(answers) == {"200": 10, "409 illegal_transition": CALLERS - 10}
    received = (await arena.shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (received["state"], received["lines"][0]["receipts"][0]["quantity"]) == ("received", 10)
