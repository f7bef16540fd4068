"""Reports of parcels: shipments, deliveries, and units that cannot be in a parcel."""

from typing import Any

import pytest

from tests.api.orders import LINE, a_week_later, delivery, line_of, parcel, progress, read, report, shipment
from tests.storefront import Storefront

PLATE: dict[str, Any] = {"line_id": "2", "sku": "PLATE", "quantity": 1, "unit_price": 5000}


async def test_a_parcel_that_names_no_lines_holds_all_that_had_not_left(shop: Storefront) -> None:
    await shop.push_order(lines=[LINE, PLATE])
    await report(shop, "shipments", shipment(line_1=1))
    order = await report(shop, "shipments", shipment("T-2"))
    assert [parcel["lines"] for parcel in order["shipments"]] == [
        [{"line_id": "1", "quantity": 1}],
        [{"line_id": "1", "quantity": 1}, {"line_id": "2", "quantity": 1}],
    ]
    assert [line["shipped"] for line in order["lines"]] == [2, 1]


async def test_the_same_parcel_reported_again_changes_nothing(shop: Storefront) -> None:
    await a_week_later(shop)
    once = await report(shop, "shipments", shipment(line_1=1))
    for again in (shipment(line_1=1), shipment(), shipment(at="2026-06-07T00:00:00Z", line_1=1)):
        assert await report(shop, "shipments", again) == once
    once = await report(shop, "deliveries", delivery())
    for again in (delivery(), delivery(at="2026-06-09T00:00:00Z")):
        assert await report(shop, "deliveries", again) == once
    assert progress(once) == (1, 1, "2026-06-06T00:00:00Z", "2026-06-08T00:00:00Z")


async def test_the_same_parcel_with_other_lines_is_a_conflict(shop: Storefront) -> None:
    await shop.push_order()
    before = await report(shop, "shipments", shipment(line_1=1))
    answer = await shop.post("/v1/orders/order-1/shipments", shipment(line_1=2))
    assert (answer.status_code, answer.json()["code"]) == (409, "shipment_differs")
    assert answer.json()["errors"][0]["field"] == "lines"
    assert await read(shop) == before


async def test_a_delivery_reported_before_its_shipment_counts_when_the_shipment_is_reported(shop: Storefront) -> None:
    await a_week_later(shop)
    waiting = await report(shop, "deliveries", delivery())
    assert progress(waiting) == (0, 0, None, None)
    page = "https://trace.cjlogistics.com/next/tracking.html?wblNo=T1"
    alerts: dict[str, Any] = {"carrier_silent_at": None, "transit_delayed_at": None}
    came = parcel(lines=[], shipped_at=None, delivered_at="2026-06-08T00:00:00Z", tracking_url=page, **alerts)
    assert waiting["shipments"] == [came]
    assert await report(shop, "deliveries", delivery(at="2026-06-09T00:00:00Z")) == waiting
    order = await report(shop, "shipments", shipment(line_1=1))
    assert progress(order) == (1, 1, "2026-06-06T00:00:00Z", "2026-06-08T00:00:00Z")


async def test_the_order_ends_the_same_for_every_sequence_of_parcel_reports(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    first, second = shipment(line_1=1), shipment("T-2", "2026-06-07T00:00:00Z", line_1=1)
    reports_by_name = {
        "as it went": [first, second, delivery(), delivery("T-2", "2026-06-10T00:00:00Z")],
        "backwards": [delivery("T-2", "2026-06-10T00:00:00Z"), delivery(), second, first],
        "twice": [second, second, delivery(), first, delivery(), delivery("T-2", "2026-06-10T00:00:00Z"), first],
    }
    for name, reports in reports_by_name.items():
        with subtests.test(name):
            await a_week_later(shop, name)
            for report in reports:
                path = "shipments" if "shipped_at" in report else "deliveries"
                answer = await shop.post(f"/v1/orders/{name}/{path}", report)
                assert answer.status_code == 200, answer.text
            order = await read(shop, name)
            assert progress(order) == (2, 2, "2026-06-07T00:00:00Z", "2026-06-10T00:00:00Z")
            assert sorted(parcel["tracking_number"] for parcel in order["shipments"]) == ["T-1", "T-2"]


UNSHIPPABLE: list[tuple[dict[str, Any], int, str]] = [
    (shipment(line_1=3), 409, "units_not_shippable"),
    (shipment(line_1=1, line_9=1), 422, "unknown_line"),
    (shipment(line_1=1, line_2=2), 409, "units_not_shippable"),
]


async def test_only_units_that_were_ordered_can_be_shipped(shop: Storefront) -> None:
    before = await shop.push_order(lines=[LINE, PLATE])
    for parcel_report, status, code in UNSHIPPABLE:
        answer = await shop.post("/v1/orders/order-1/shipments", parcel_report)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["errors"][0]["field"] == "lines"
        assert await read(shop) == before


async def test_units_that_were_cancelled_are_not_shipped(shop: Storefront) -> None:
    await shop.push_order()
    await shop.give(await shop.claim("cancel"), "approve")
    answer = await shop.post("/v1/orders/order-1/shipments", shipment(line_1=2))
    assert (answer.status_code, answer.json()["code"]) == (409, "units_not_shippable")
    params = {"line_id": "1", "quantity": 2, "unshipped": 1, "ordered": 2, "cancelled": 1, "changed": 0, "shipped": 0}
    assert answer.json()["params"] == params
    order = await report(shop, "shipments", shipment())
    assert line_of(order)["shipped"] == 1
    answer = await shop.post("/v1/orders/order-1/shipments", shipment("T-2"))
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_ship")
    assert await read(shop) == order


async def test_a_parcel_does_not_arrive_before_it_leaves(shop: Storefront) -> None:
    await a_week_later(shop)
    order = await report(shop, "shipments", shipment(line_1=1))
    early = await shop.post("/v1/orders/order-1/deliveries", delivery(at="2026-06-05T23:59:59Z"))
    await report(shop, "deliveries", delivery("T-2", at="2026-06-05T23:59:59Z"))
    late = await shop.post("/v1/orders/order-1/shipments", shipment("T-2", line_1=1))
    for answer, field in ((early, "delivered_at"), (late, "shipped_at")):
        assert (answer.status_code, answer.json()["code"]) == (422, "delivered_before_shipped")
        assert answer.json()["errors"][0]["field"] == field
    assert progress(await read(shop)) == progress(order)
