"""Merchants store their own metadata with orders, claims and refunds, and filter lists by one key and its value."""

from typing import Any

import pytest

from app.service.events.fanout import fan_out
from app.store.database import Database
from tests.storefront import ORDER, Storefront, new_key

TICKET = {"ticket": "CS-118", "메모": "단골\n손님", 'a"b,{': '"x":"y"', "empty": ""}


async def refund_of(shop: Storefront) -> dict[str, Any]:
    (refund,) = await shop.refunds_of(await shop.give(await shop.claim("cancel"), "approve"))
    return refund


async def paths(shop: Storefront) -> dict[str, str]:
    """The paths of one order, its claim, and the refund of the claim."""
    await shop.push_order()
    refund = await refund_of(shop)
    return {
        "orders": "/v1/orders/order-1",
        "claims": f"/v1/claims/{refund['claim_id']}",
        "refunds": f"/v1/refunds/{refund['refund_id']}",
    }


async def keep(shop: Storefront, path: str, metadata: Any) -> Any:
    """Replace the metadata of an order, a claim or a refund. Returns the answer."""
    if path.startswith("/v1/orders/"):
        return await shop.put(path, {**ORDER, "metadata": metadata})
    return await shop.patch(path, {"metadata": metadata})


@pytest.mark.parametrize("resource", ["orders", "claims", "refunds"])
async def test_metadata_is_kept_returned_and_replaced_as_a_whole(shop: Storefront, resource: str) -> None:
    path = (await paths(shop))[resource]
    assert (await shop.get(path)).json()["metadata"] == {}
    for metadata in (TICKET, {"ticket": "CS-119"}, {}):
        answer = await keep(shop, path, metadata)
        assert (answer.status_code, answer.json()["metadata"]) == (200, metadata)
        assert (await shop.get(path)).json()["metadata"] == metadata
        assert (await shop.get(f"/v1/{resource}")).json()["data"][0]["metadata"] == metadata


async def test_metadata_comes_with_a_request_and_with_a_new_order(shop: Storefront) -> None:
    assert (await shop.push_order(metadata=TICKET))["metadata"] == TICKET
    claim = await shop.claim("cancel", metadata=TICKET)
    assert claim["metadata"] == TICKET
    assert (await shop.give(claim, "approve"))["metadata"] == TICKET


async def test_an_order_that_leaves_its_metadata_out_keeps_it(shop: Storefront) -> None:
    await shop.push_order(metadata=TICKET)
    assert (await shop.push_order())["metadata"] == TICKET
    assert (await shop.push_order(buyer_id="b", metadata=None))["metadata"] == TICKET
    await shop.ship()
    assert (await shop.get("/v1/orders/order-1")).json()["metadata"] == TICKET


@pytest.mark.parametrize("resource", ["claims", "refunds"])
async def test_a_change_of_metadata_is_no_step(shop: Storefront, resource: str) -> None:
    path = (await paths(shop))[resource]
    before = (await shop.get(path)).json()
    after = (await keep(shop, path, TICKET)).json()
    assert {**after, "metadata": {}} == before
    history = (await shop.get(f"/v1/claims/{before['claim_id']}/events")).json()["data"]
    assert [event for event in history if "CS-118" in str(event)] == []


@pytest.mark.parametrize("resource", ["orders", "claims", "refunds"])
async def test_a_list_is_narrowed_to_one_key_with_one_value(shop: Storefront, resource: str) -> None:
    path = (await paths(shop))[resource]
    await keep(shop, path, TICKET)
    for key, value in TICKET.items():
        pair = {"metadata_key": key, "metadata_value": value}
        assert len((await shop.get(f"/v1/{resource}", **pair)).json()["data"]) == 1, key
    other = {"ticket": "cs-118", "Ticket": "CS-118", "tick": "CS-118", "b,{": '"x":"y"', "$": "x", "메모": "단골"}
    for key, value in other.items():
        pair = {"metadata_key": key, "metadata_value": value}
        assert (await shop.get(f"/v1/{resource}", **pair)).json()["data"] == [], key


async def test_another_merchant_s_metadata_is_not_found(shop: Storefront, database_url: str) -> None:
    path = (await paths(shop))["claims"]
    database = Database(database_url)
    other_shop = Storefront(shop.http, (await new_key(database, shop.clock()))[1], "other", shop.clock)
    await keep(shop, path, TICKET)
    pair = {"metadata_key": "ticket", "metadata_value": "CS-118"}
    assert (await other_shop.get("/v1/claims", **pair)).json()["data"] == []
    assert (await other_shop.patch(path, {"metadata": {}})).status_code == 404
    assert (await shop.get(path)).json()["metadata"] == TICKET
    await database.close()


@pytest.mark.parametrize(
    ("metadata", "field", "rule"),
    [
        ({"k" * 41: "v"}, "metadata." + "k" * 41, "string_too_long"),
        ({"": "v"}, "metadata.", "string_too_short"),
        ({"k": "v" * 501}, "metadata.k", "string_too_long"),
        ({"k": 1}, "metadata.k", "string_type"),
        ({"k": None}, "metadata.k", "string_type"),
        ({"k": "\u0000"}, "metadata.k", "value_error"),
        ({"k\n": "v"}, "metadata.k\n", "value_error"),
        ({str(number): "v" for number in range(51)}, "metadata", "too_long"),
        ("words", "metadata", "dict_type"),
    ],
)
@pytest.mark.parametrize("resource", ["orders", "claims", "refunds"])
async def test_bad_metadata_is_refused_by_field_and_rule(
    sqlite_shop: Storefront, resource: str, metadata: Any, field: str, rule: str
) -> None:
    answer = await keep(sqlite_shop, f"/v1/{resource}/any", metadata)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"].removesuffix(".[key]"), error["rule"]) == (field, rule)


@pytest.mark.parametrize("resource", ["orders", "claims", "refunds"])
async def test_a_filter_needs_both_key_and_value(sqlite_shop: Storefront, resource: str) -> None:
    for query in ({"metadata_key": "k"}, {"metadata_value": "v"}):
        answer = await sqlite_shop.get(f"/v1/{resource}", **query)
        assert answer.status_code == 422
        assert "metadata_key and metadata_value go together" in answer.json()["detail"]


async def test_fifty_keys_of_full_length_are_kept(sqlite_shop: Storefront) -> None:
    full = {f"{number:02}".ljust(40, "k"): "값" * 500 for number in range(50)}
    assert (await sqlite_shop.push_order(metadata=full))["metadata"] == full


async def test_events_carry_the_metadata_of_their_resource(shop: Storefront, database_url: str) -> None:
    await shop.push_order(metadata={"of": "order"}, expected_ship_on="2026-06-12")
    claim = await shop.claim("cancel", metadata={"of": "claim"})
    (refund,) = await shop.refunds_of(await shop.give(claim, "approve"))
    await keep(shop, f"/v1/refunds/{refund['refund_id']}", {"of": "refund"})
    database = Database(database_url)
    while await fan_out(database, shop.clock()):
        pass
    await database.close()
    metadata_by_type = {}
    for event in (await shop.get("/v1/events")).json()["data"]:
        data = event["body"]["data"]
        for name in ("order", "claim", "refund"):
            if name in data:
                metadata_by_type[event["type"]] = (name, data[name]["metadata"])
    assert metadata_by_type["order.ship_date_set"] == ("order", {"of": "order"})
    assert metadata_by_type["claim.requested"] == metadata_by_type["claim.approved"] == ("claim", {"of": "claim"})
    assert metadata_by_type["refund.created"] == ("refund", {"of": "refund"})
