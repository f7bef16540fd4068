"""A buyer sends goods back: chooses the way, reads the return number and the label, and reports the parcel."""

from tests.api.buyer.visits import visit
from tests.api.return_scenes import approved_return
from tests.pdfs import require_fonts
from tests.storefront import Storefront


async def test_a_buyer_gets_a_return_number_and_a_label_and_reports_the_parcel(shop: Storefront) -> None:
    claim = await approved_return(shop)
    buyer = await visit(shop, "order-1")
    path = f"/claims/{claim['claim_id']}"
    answer = await buyer.post(f"{path}/parcels", {"way": "drop_off"})
    assert answer.status_code == 201, answer.text
    parcel = answer.json()
    assert parcel["label_code"] == f"{parcel['return_number']}-1"
    assert {"note", "matched_by", "next_states"}.isdisjoint(parcel)
    assert (await buyer.get(f"{path}/parcels")).json()["data"] == [parcel]
    sent = await buyer.post(f"{path}/dispatch", {"tracking": {"carrier": "cj", "number": "6411"}})
    assert sent.status_code == 200, sent.text
    (after,) = (await buyer.get(f"{path}/parcels")).json()["data"]
    assert (after["parcel_id"], after["state"], after["tracking_number"]) == (parcel["parcel_id"], "on_the_way", "6411")


async def test_the_papers_are_of_the_buyers_own_order(sqlite_shop: Storefront) -> None:
    require_fonts()
    claim = await approved_return(sqlite_shop)
    buyer = await visit(sqlite_shop, "order-1")
    path = f"/claims/{claim['claim_id']}/parcels"
    parcel = (await buyer.post(path, {"way": "own_post"})).json()
    await sqlite_shop.push_order("order-2")
    other = await visit(sqlite_shop, "order-2")
    for paper in ("label", "packing-slip"):
        answer = await buyer.get(f"{path}/{parcel['parcel_id']}/{paper}")
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
        assert (await other.get(f"{path}/{parcel['parcel_id']}/{paper}")).status_code == 404
