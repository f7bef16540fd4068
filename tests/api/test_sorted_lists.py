"""Lists of orders, claims and refunds: sorted, narrowed by their last change, and counted."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from app.store import sorting
from tests.storefront import ORDER, Storefront

LISTS = {"/v1/orders": "order_id", "/v1/claims": "claim_id", "/v1/refunds": "refund_id"}


async def busy(shop: Storefront) -> None:
    """Five orders, each with a claim and a refund. The second and then the first were changed last."""
    claims = []
    for number in range(5):
        shop.clock.turn(seconds=1)
        await shop.push_order(f"order-{number}")
        claims.append(await shop.give(await shop.claim("cancel", order_id=f"order-{number}"), "approve"))
    for claim in (claims[1], claims[0]):
        shop.clock.turn(seconds=1)
        (refund,) = await shop.refunds_of(claim)
        answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded")
        assert answer.status_code == 200, answer.text
        await shop.push_order(claim["order_id"], buyer_id="buyer-8")


def orders_of(rows: list[dict[str, Any]]) -> str:
    return "".join(row["order_id"].removeprefix("order-") for row in rows)


async def all_pages(shop: Storefront, path: str, **query: Any) -> list[dict[str, Any]]:
    """The rows of all pages. Each `Link` leads to the next page."""
    answer = await shop.get(path, **query)
    rows = answer.json()["data"]
    while "next" in answer.links:
        answer = await shop.http.get(answer.links["next"]["url"], headers=answer.request.headers)
        assert answer.status_code == 200, answer.text
        rows += answer.json()["data"]
    return list(rows)


SORTED = {"created_at": "01234", "-created_at": "43210", "updated_at": "23410", "-updated_at": "01432"}


async def test_a_list_is_sorted_by_creation_or_by_the_last_change_on_every_page(shop: Storefront) -> None:
    await busy(shop)
    for path in LISTS:
        for sort, expected in SORTED.items():
            for limit in (1, 2, 5):
                rows = await all_pages(shop, path, sort=sort, limit=limit)
                assert orders_of(rows) == expected, (path, sort, limit)


async def test_rows_of_one_instant_are_each_listed_once(shop: Storefront) -> None:
    for number in range(5):
        await shop.push_order(f"order-{number}")
        await shop.give(await shop.claim("cancel", order_id=f"order-{number}"), "approve")
    for path in LISTS:
        for sort in SORTED:
            rows = await all_pages(shop, path, sort=sort, limit=2)
            assert sorted(orders_of(rows)) == list("01234"), (path, sort)


async def test_what_changed_since_an_instant_comes_in_the_order_of_the_changes(shop: Storefront) -> None:
    await busy(shop)
    for path, name in LISTS.items():
        by_change = (await shop.get(path, sort="updated_at")).json()["data"]
        since = by_change[-2].get("updated_at")
        assert orders_of(await all_pages(shop, path, updated_since=since, limit=1)) == "10", path
        assert orders_of(await all_pages(shop, path, updated_since=since, sort="-updated_at")) == "01", path
        after = datetime.fromisoformat(by_change[-1]["updated_at"]).replace(microsecond=1)
        assert await all_pages(shop, path, updated_since=after.isoformat()) == [], path
        everything = await all_pages(shop, path, updated_since=by_change[0].get("created_at"))
        assert [row[name] for row in everything] == [row[name] for row in by_change]


async def test_a_refund_without_a_report_counts_from_its_creation(shop: Storefront) -> None:
    await busy(shop)
    rows = (await shop.get("/v1/refunds", sort="updated_at")).json()["data"]
    assert [row["updated_at"] is None for row in rows] == [True, True, True, False, False]
    assert orders_of(await all_pages(shop, "/v1/refunds", updated_since=rows[1]["created_at"])) == "3410"


async def test_filters_and_a_sort_go_together(shop: Storefront) -> None:
    await busy(shop)
    approved = await all_pages(shop, "/v1/claims", state="approved", sort="updated_at", limit=1)
    assert orders_of(approved) == "234"
    paid = await all_pages(shop, "/v1/refunds", status="succeeded", sort="-updated_at", limit=1)
    assert orders_of(paid) == "01"


async def test_a_total_counts_all_rows_that_match_on_every_page(shop: Storefront) -> None:
    await busy(shop)
    for path in LISTS:
        assert (await shop.get(path)).json()["total"] is None
        first = (await shop.get(path, total=True, limit=2)).json()
        assert first["total"] == {"count": 5, "exact": True}, path
        rest = (await shop.get(path, total=True, limit=2, cursor=first["next_cursor"])).json()
        assert rest["total"] == {"count": 5, "exact": True}, path
    for path, query, count in (
        ("/v1/claims", {"state": "approved"}, 3),
        ("/v1/claims", {"sku": "no such"}, 0),
        ("/v1/refunds", {"status": "succeeded"}, 2),
        ("/v1/orders", {"buyer_id": "nobody"}, 0),
    ):
        page = (await shop.get(path, total=True, limit=1, **query)).json()
        assert page["total"] == {"count": count, "exact": True}, (path, query)


async def test_a_count_stops_at_its_bound(shop: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    await busy(shop)
    for bound, total in ((5, {"count": 5, "exact": True}), (4, {"count": 4, "exact": False})):
        monkeypatch.setattr(sorting, "COUNTED_TO", bound)
        for path in LISTS:
            assert (await shop.get(path, total=True)).json()["total"] == total, path


async def test_a_cursor_of_one_order_is_not_taken_in_another(shop: Storefront) -> None:
    await busy(shop)
    for path in LISTS:
        cursors = {sort: (await shop.get(path, sort=sort, limit=1)).json()["next_cursor"] for sort in SORTED}
        for made in SORTED:
            for used in SORTED.keys() - {made}:
                answer = await shop.get(path, sort=used, cursor=cursors[made])
                assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), (path, made, used)


Change = Callable[[Storefront, dict[str, Any]], Awaitable[Any]]

CHANGES: dict[str, Change] = {
    "a push": lambda shop, _: shop.put("/v1/orders/order-1", {**ORDER, "buyer_id": "buyer-8"}),
    "a shipment": lambda shop, _: shop.ship(),
    "a payment": lambda shop, _: shop.post(
        "/v1/orders/order-1/payments", {"payment_id": "pay-9", "method": "points", "amount": 10}
    ),
    "a confirmation": lambda shop, _: shop.post("/v1/orders/order-1/confirm"),
    "a claim": lambda shop, _: shop.claim("cancel", lines=[{"line_id": "1", "quantity": 1}]),
    "an approval": lambda shop, claim: shop.give(claim, "approve"),
    "a reversal": lambda shop, _: shop.post(
        "/v1/orders/order-1/payments/pay-1/reversals",
        {"reversal_id": "dp-1", "kind": "chargeback", "amount": 1000},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_an_order_whose_tag_changes_was_updated(shop: Storefront, change: str) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 1}])
    tag = (await shop.get("/v1/orders/order-1")).headers["ETag"]
    shop.clock.turn(seconds=1)
    await CHANGES[change](shop, claim)
    answer = await shop.get("/v1/orders/order-1")
    assert answer.headers["ETag"] != tag
    assert answer.json()["updated_at"] == shop.clock().isoformat().replace("+00:00", "Z")
