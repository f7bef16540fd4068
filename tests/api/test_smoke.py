from tests.storefront import Storefront


async def test_a_return_walks_from_request_to_refund(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return")
    for command, body in (
        ("approve", {}),
        ("dispatch", {"tracking": {"carrier": "cj", "number": "9"}}),
        ("receive", {"lines": [{"line_id": "1", "quantity": 1}]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
    ):
        claim = await shop.give(claim, command, body)
    (refund,) = await shop.refunds_of(claim)
    answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"amount": 9000})
    assert answer.status_code == 200, answer.text
    settled = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (settled["state"], settled["amounts"]["total"]) == ("refunded", 9000)
