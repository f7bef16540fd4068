"""Lists, marks and counts of claims: what waits, who has seen it, why claims are made, and of which goods."""

from typing import Any

from tests.messages.claim_messages import messages_of
from tests.storefront import ORDER, Storefront

MUG = ORDER["lines"][0]
PLATE = {**MUG, "sku": "PLATE"}
JUNE = {"requested_from": "2026-06-01T00:00:00+09:00", "requested_before": "2026-07-01T00:00:00+09:00"}


async def counted(shop: Storefront, path: str = "/v1/claims", **query: Any) -> int:
    answer = await shop.get(path, total=True, limit=1, **query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"]["exact"]
    return int(answer.json()["total"]["count"])


async def marked(shop: Storefront, claim: dict[str, Any], **marks: str) -> None:
    answer = await shop.patch(f"/v1/claims/{claim['claim_id']}", {"metadata": marks})
    assert (answer.status_code, answer.json()["metadata"]) == (200, marks)


async def three_cancellations(shop: Storefront) -> list[dict[str, Any]]:
    """Of two mugs and a plate. The second is answered."""
    claims = []
    for number, (line, reason) in enumerate(
        [(MUG, "not_as_described"), (MUG, "change_of_mind"), (PLATE, "not_as_described")]
    ):
        await shop.push_order(f"order-{number}", lines=[line], buyer_id="buyer-7")
        claims.append(await shop.claim("cancel", reason, order_id=f"order-{number}", note="색이 사진과 달라요"))
    await shop.give(claims[1], "approve")
    return claims


async def test_what_waits_for_the_seller_is_a_list_and_a_mark_says_who_has_seen_it(shop: Storefront) -> None:
    first, second, third = await three_cancellations(shop)
    assert await counted(shop, turn="seller", state="requested") == 2
    await marked(shop, first, seen_by="minji")
    await marked(shop, third, seen_by="minji", urgent="yes")
    assert await counted(shop, metadata_key="seen_by", metadata_value="minji") == 2
    urgent = (await shop.get("/v1/claims", metadata_key="urgent", metadata_value="yes", turn="seller")).json()["data"]
    assert [claim["claim_id"] for claim in urgent] == [third["claim_id"]]
    assert second["metadata"] == {}


async def test_the_cause_that_a_person_marks_is_counted(shop: Storefront) -> None:
    claims = await three_cancellations(shop)
    for claim, cause in zip(claims, ("communication", "process", "process"), strict=True):
        await marked(shop, claim, cause=cause)
    counts = {
        cause: await counted(shop, metadata_key="cause", metadata_value=cause)
        for cause in ("communication", "process", "policy")
    }
    assert counts == {"communication": 1, "process": 2, "policy": 0}


async def test_claims_are_counted_by_reason_product_and_time(shop: Storefront) -> None:
    await three_cancellations(shop)
    assert await counted(shop, kind="cancel", **JUNE) == 3
    assert await counted(shop, kind="return", **JUNE) == 0
    assert await counted(shop, reason="not_as_described", **JUNE) == 2
    assert await counted(shop, sku="PLATE", reason="not_as_described") == 1
    assert await counted(shop, kind="cancel", requested_from=JUNE["requested_before"]) == 0
    assert await counted(shop, "/v1/orders") == 3


async def test_the_words_of_buyers_are_read_by_product(shop: Storefront) -> None:
    await three_cancellations(shop)
    claims = (await shop.get("/v1/claims", sku="PLATE", reason="not_as_described")).json()["data"]
    assert [claim["note"] for claim in claims] == ["색이 사진과 달라요"]


async def test_the_orders_of_a_buyer_lead_to_every_claim_and_contact(shop: Storefront) -> None:
    claims = await three_cancellations(shop)
    orders = (await shop.get("/v1/orders", buyer_id="buyer-7", sort="created_at")).json()["data"]
    found = [
        claim["claim_id"]
        for order in orders
        for claim in (await shop.get("/v1/claims", order_id=order["order_id"])).json()["data"]
    ]
    assert found == [claim["claim_id"] for claim in claims]
    note = await shop.post(f"/v1/claims/{found[0]}/contacts", {"kind": "note", "text": "전화로 사과했습니다."})
    assert note.status_code == 201
    contacts = (await shop.get(f"/v1/claims/{found[0]}/contacts")).json()["data"]
    assert [contact["text"] for contact in contacts] == ["전화로 사과했습니다."]
    assert await messages_of(shop, claims[0]) == []


async def test_the_reasons_that_buyers_have_decide_the_fault(shop: Storefront) -> None:
    reasons = {
        "change_of_mind": "buyer",
        "ordered_by_mistake": "buyer",
        "not_as_described": "seller",
        "delayed_delivery": "seller",
    }
    for reason, fault in reasons.items():
        await shop.push_order(reason)
        claim = await shop.claim("cancel", reason, order_id=reason)
        assert (claim["reason"], claim["fault"]) == (reason, fault)
