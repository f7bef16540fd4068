"""What the receiving desk scans, parcels that nobody announced, and return locations by rule."""

from typing import Any

from tests.api.return_scenes import LOCATION, announced, approved_return, path_of, unannounced
from tests.api.walks import ONE
from tests.storefront import ORDER, Storefront


async def found(shop: Storefront, **query: str) -> list[dict[str, Any]]:
    answer = await shop.get("/v1/parcels", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def put(shop: Storefront, location_id: str, status: int = 200, **changes: Any) -> dict[str, Any]:
    answer = await shop.put(f"/v1/return-locations/{location_id}", {**LOCATION, **changes})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def match(shop: Storefront, parcel: dict[str, Any], claim: dict[str, Any]) -> Any:
    return await shop.post(
        f"/v1/unannounced-parcels/{parcel['parcel_id']}/match", {"claim_id": claim["claim_id"], "lines": [ONE]}
    )


async def test_whatever_is_on_the_box_finds_the_claim(shop: Storefront) -> None:
    claim = await approved_return(shop)
    parcel = await announced(shop, claim, carrier="cj", tracking_number="659876543210")
    for code, read_as, parcel_id in (
        (parcel["label_code"].lower(), "label_code", parcel["parcel_id"]),
        (parcel["return_number"].replace("-", " "), "return_number", None),
        ("6598-7654-3210", "tracking_number", parcel["parcel_id"]),
        ("order-1", "order", None),
    ):
        (one,) = await found(shop, code=code)
        assert (one["read_as"], one["claim_id"], one["parcel_id"]) == (read_as, claim["claim_id"], parcel_id)
        assert [each["parcel_id"] for each in one["parcels"]] == [parcel["parcel_id"]]
    assert len(await found(shop, return_number=parcel["return_number"])) == 1
    assert len(await found(shop, tracking_number="659876543210")) == 1
    assert await found(shop, code=f"{parcel['return_number']}-7") == await found(shop, code="none") == []


async def test_a_look_up_has_one_parameter(shop: Storefront) -> None:
    for query in ({}, {"code": "a", "return_number": "b"}):
        answer = await shop.get("/v1/parcels", **query)
        assert (answer.status_code, answer.json()["code"]) == (422, "one_search_needed")


async def test_a_parcel_that_nobody_announced_is_matched_later_and_counts_from_its_instant(shop: Storefront) -> None:
    claim = await approved_return(shop)
    shop.clock.turn(days=1)
    parcel = await unannounced(shop, carrier="cj", tracking_number="777")
    assert (await found(shop, code="777"))[0]["claim_id"] is None
    shop.clock.turn(days=2)
    answer = await match(shop, parcel, claim)
    assert answer.status_code == 200, answer.text
    matched = answer.json()
    assert (matched["claim_id"], matched["received_at"]) == (claim["claim_id"], parcel["received_at"])
    after = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (after["state"], after["received_at"]) == ("received", parcel["received_at"])
    assert [each["parcel_id"] for each in (await found(shop, code="777"))[0]["parcels"]] == [parcel["parcel_id"]]
    again = await match(shop, parcel, claim)
    assert (again.status_code, again.json()["code"]) == (409, "parcel_matched")
    waiting = (await shop.get("/v1/unannounced-parcels", matched=False)).json()["data"]
    every = (await shop.get("/v1/unannounced-parcels")).json()["data"]
    assert ([each["parcel_id"] for each in waiting], len(every)) == ([], 1)


async def test_goods_that_came_before_the_claim_count_from_the_claim(shop: Storefront) -> None:
    parcel = await unannounced(shop)
    shop.clock.turn(days=1)
    claim = await approved_return(shop)
    assert (await match(shop, parcel, claim)).status_code == 200
    after = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert after["received_at"] == claim["requested_at"]


async def test_a_refused_match_leaves_the_parcel_in_the_list(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim, parcel = await shop.claim("return"), await unannounced(shop)
    answer = await match(shop, parcel, claim)
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert (await shop.get(f"/v1/unannounced-parcels/{parcel['parcel_id']}")).json() == parcel


async def test_there_is_one_default_location_as_soon_as_there_is_one(shop: Storefront) -> None:
    assert (await put(shop, "seoul"))["is_default"] is True
    assert (await put(shop, "tokyo"))["is_default"] is False
    assert (await put(shop, "tokyo", is_default=True))["is_default"] is True
    listed = (await shop.get("/v1/return-locations")).json()["data"]
    assert [(each["location_id"], each["is_default"]) for each in listed] == [("tokyo", True), ("seoul", False)]
    assert (await put(shop, "tokyo", 409))["code"] == "default_location_needed"
    assert (await shop.delete("/v1/return-locations/tokyo")).json()["code"] == "default_location_needed"
    assert (await shop.delete("/v1/return-locations/seoul")).status_code == 200
    assert (await shop.delete("/v1/return-locations/tokyo")).status_code == 200
    assert (await shop.get("/v1/return-locations")).json()["data"] == []


async def test_the_rules_choose_the_location_of_a_parcel_and_a_printed_address_stays(shop: Storefront) -> None:
    await put(shop, "seoul")
    await put(shop, "repairs", rule={"faults": ["seller"]}, position=2)
    await put(shop, "glass", rule={"skus": ["GLASS"], "faults": ["seller"]}, position=1)
    await put(shop, "tokyo", rule={"countries": ["JP"]})
    lines = [{**ORDER["lines"][0], "sku": "GLASS"}]
    cases: tuple[tuple[str, dict[str, Any], str, str], ...] = (
        ("1", {}, "change_of_mind", "seoul"),
        ("2", {}, "defective", "repairs"),
    )
    chosen = []
    for order_id, changes, reason, expected in (*cases, ("3", {"lines": lines}, "defective", "glass")):
        await shop.push_order(order_id, **changes)
        await shop.ship(order_id)
        claim = await shop.claim("return", reason, order_id=order_id)
        claim = claim if claim["state"] == "approved" else await shop.give(claim, "approve")
        parcel = await announced(shop, claim)
        assert parcel["destination"]["location_id"] == expected
        chosen.append(parcel)
    await put(shop, "glass", rule={"skus": ["GLASS"]}, address="elsewhere")
    assert (await shop.get(path_of(chosen[2]))).json()["destination"]["address"] == LOCATION["address"]


async def test_a_shop_without_locations_uses_the_address_of_its_profile(shop: Storefront) -> None:
    await shop.put("/v1/shop", {"name": "Mugs", "return_addresses": [{"address": "Seoul, Cup Street 12"}]})
    parcel = await announced(shop, await approved_return(shop))
    assert parcel["destination"] == {
        **dict.fromkeys(("location_id", "postal_code", "phone")),
        "address": "Seoul, Cup Street 12",
    }
