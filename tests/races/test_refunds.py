from typing import Any

import pytest

from tests.races.conftest import BOTH, CALLERS, ORDERS, Arena, tally
from tests.store.rows import run
from tests.storefront import Storefront

TWO_PAYMENTS = [
    {"payment_id": "pay-1", "method": "points", "amount": 5000},
    {"payment_id": "pay-2", "method": "card", "amount": 5000},
]


@pytest.mark.parametrize(
    ("amount", "refunded"),
    [(700, 10000 - CALLERS * 300), (None, 10000)],
    ids=["a sum for each line", "the full value"],
)
async def test_refunds_never_pass_what_was_captured(arena: Arena, amount: int | None, refunded: int) -> None:
    """The captured part of the price stands for what the buyer keeps."""
    lines = [{"line_id": str(number), "quantity": 1, "unit_price": 1000} for number in range(CALLERS)]
    await arena.shop.push_order(lines=lines, payments=TWO_PAYMENTS, shipping_charged=0)
    await arena.shop.ship()
    requests = await arena.together(
        lambda shop, line: shop.ask(
            "refund", "defective", lines=[{"line_id": line["line_id"], "quantity": 1}], amount=amount
        ),
        lines,
    )
    claims = [answer.json()["claim_id"] for answer in requests]
    answers = await arena.rush(lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"), claims)
    assert tally(answers) == {"200": CALLERS}
    refunds = (await arena.shop.get("/v1/refunds", limit=100)).json()["data"]
    assert sum(refund["amount"] for refund in refunds) == refunded


SAME: dict[str, Any] = {"amount": 12000}


@pytest.mark.parametrize(
    ("reports", "possible"),
    [
        ([("succeeded", SAME)], [{"200": CALLERS}]),
        (
            [("succeeded", {"provider_reference": f"re-{number}"}) for number in range(CALLERS)],
            [{"200": 1, "409 refund_reference_differs": CALLERS - 1}],
        ),
        (
            [("succeeded", SAME), ("failed", {})],
            [
                {"200": CALLERS - refused, "409 refund_already_succeeded": refused}
                for refused in range(1, CALLERS // 2 + 1)
            ]
            + [{"200": CALLERS}],
        ),
    ],
    ids=["the same", "each with its own reference", "half of them of failure"],
)
async def test_a_refund_succeeds_once_however_often_it_is_reported(
    arena: Arena, reports: list[tuple[str, dict[str, Any]]], possible: list[dict[str, int]]
) -> None:
    await arena.shop.push_order()
    claim = await arena.shop.give(await arena.shop.claim("cancel"), "approve")
    (refund,) = await arena.shop.refunds_of(claim)

    async def report(shop: Storefront, number: int) -> Any:
        verb, body = reports[number % len(reports)]
        return await shop.post(f"/v1/refunds/{refund['refund_id']}/{verb}", body)

    answers = await arena.rush(report, range(CALLERS))
    assert tally(answers) in possible
    (settled,) = await arena.shop.refunds_of(claim)
    ended = (await arena.shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (settled["status"], ended["state"]) == ("succeeded", "refunded")
    history = (await arena.shop.get(f"/v1/claims/{claim['claim_id']}/events")).json()["data"]
    assert [event["type"] for event in history].count("refund.succeeded") == 1


async def test_a_claim_is_refunded_once_when_both_its_refunds_succeed_at_the_same_moment(arena: Arena) -> None:
    claims = await arena.cancellations(payments=[*TWO_PAYMENTS[:1], {**TWO_PAYMENTS[1], "amount": 22000}])
    await arena.together(lambda shop, claim: shop.post(f"/v1/claims/{claim}/approve"), claims.values())
    pairs = {order: await arena.shop.refunds_of({"claim_id": claim}) for order, claim in claims.items()}
    ends = await arena.duel(
        lambda shop, order: shop.post(f"/v1/refunds/{pairs[order][0]['refund_id']}/succeeded"),
        lambda shop, order: shop.post(f"/v1/refunds/{pairs[order][1]['refund_id']}/succeeded"),
        ORDERS,
    )
    assert set(ends) == {("200", "200")}
    refunded = (await arena.shop.get("/v1/claims", state="refunded", limit=100)).json()["data"]
    assert len(refunded) == len(ORDERS)


async def test_many_orders_walk_to_their_end_at_once(arena: Arena) -> None:
    async def walk(shop: Storefront, number: int) -> Any:
        """Each step goes to another service, which reads what the service before has written."""
        one, other = shop, arena.doors[(arena.doors.index(shop) + 1) % len(arena.doors)]
        order = f"order-{number}"
        await one.push_order(order)
        claim = await other.claim("cancel", order_id=order, lines=BOTH)
        await one.give(claim, "approve", if_match='"1"')
        (refund,) = await other.refunds_of(claim)
        return await one.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"amount": 27000})

    answers = await arena.rush(walk, range(CALLERS))
    assert tally(answers) == {"200": CALLERS}
    refunded = (await arena.shop.get("/v1/claims", state="refunded", limit=100)).json()["data"]
    assert len(refunded) == CALLERS


LEASES_END = "UPDATE refunds SET lease_ends_at = '2020-01-01T00:00:00.000000+00:00'"


@pytest.mark.parametrize("again", [False, True], ids=["a new refund", "a refund whose lease has ended"])
async def test_one_of_many_payers_takes_a_refund(arena: Arena, again: bool) -> None:
    await arena.shop.push_order()
    claim = await arena.shop.give(await arena.shop.claim("cancel"), "approve")
    (refund,) = await arena.shop.refunds_of(claim)
    path = f"/v1/refunds/{refund['refund_id']}/processing"
    if again:
        assert (await arena.shop.post(path, {"payer": "gone", "lease_minutes": 1})).status_code == 200
        await run(arena.database_url, lambda connection: connection.exec_driver_sql(LEASES_END))
    payers = [f"payer-{number}" for number in range(CALLERS)]
    answers = await arena.rush(lambda shop, payer: shop.post(path, {"payer": payer}), payers)
    assert tally(answers) == {"200": 1, "409 refund_in_progress": CALLERS - 1}
    (winner,) = [payer for payer, answer in zip(payers, answers, strict=True) if answer.status_code == 200]
    (refund,) = await arena.shop.refunds_of(claim)
    assert (refund["payer"], refund["attempts"]) == (winner, 1 + again)


async def test_parts_never_sum_to_more_than_the_refund(arena: Arena) -> None:
    await arena.shop.push_order(payments=[{"payment_id": "pay-1", "method": "virtual_account", "amount": 27000}])
    claim = await arena.shop.give(await arena.shop.claim("cancel"), "approve")
    (refund,) = await arena.shop.refunds_of(claim)
    path = f"/v1/refunds/{refund['refund_id']}/parts"
    parts = [{"amount": 5000, "method": "bank_transfer", "provider_reference": f"tr-{n}"} for n in range(CALLERS)]
    answers = await arena.rush(lambda shop, part: shop.post(path, part), parts)
    assert tally(answers) == {"200": 2, "409 refund_amount_differs": CALLERS - 2}
    (refund,) = await arena.shop.refunds_of(claim)
    assert (refund["paid"], len(refund["parts"])) == (10000, 2)
