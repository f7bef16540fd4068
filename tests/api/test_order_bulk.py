"""One command for many orders: each takes it alone, a dry run changes nothing, and a repeated request goes on."""

from typing import Any

from app.store.database import Database
from tests.api.order_events import order_event_types
from tests.storefront import Storefront

Body = dict[str, Any]
DAY = {"expected_ship_on": "2026-06-12"}


async def bulk(shop: Storefront, command: str, ids: list[str], *, key: str | None = None, **more: Any) -> Body:
    answer = await shop.post("/v1/orders/bulk", {"command": command, "order_ids": ids, **more}, key=key)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def outcomes(answer: Body) -> list[str]:
    return [result["outcome"] for result in answer["results"]]


async def test_each_order_has_its_own_result_and_a_dry_run_says_the_same(shop: Storefront, database: Database) -> None:
    for number in range(3):
        await shop.push_order(f"order-{number}")
    await shop.ship("order-1")
    ids = ["order-0", "order-1", "nobody", "order-2"]
    before = [(await shop.get(f"/v1/orders/order-{number}")).json() for number in range(3)]
    events = await order_event_types(database)
    dry = await bulk(shop, "set_ship_date", ids, body=DAY, dry_run=True)
    assert [(await shop.get(f"/v1/orders/order-{number}")).json() for number in range(3)] == before
    assert await order_event_types(database) == events
    real = await bulk(shop, "set_ship_date", ids, body=DAY)
    assert (dry["dry_run"], real["dry_run"]) == (True, False)
    assert dry["results"] == real["results"]
    assert outcomes(real) == ["accepted", "refused", "not_found", "accepted"]
    assert (real["accepted"], real["refused"], real["not_found"]) == (2, 1, 1)
    done, refused, missing, _ = real["results"]
    assert (done["expected_ship_on"], refused["code"], missing["code"]) == (
        "2026-06-12",
        "nothing_to_ship",
        "not_found",
    )


async def test_a_repeated_request_continues_and_tells_the_buyer_once(shop: Storefront, database: Database) -> None:
    await shop.push_order("order-0", expected_ship_on="2026-06-10")
    later = {"reason": "preparing", "message": "조금 늦어집니다.", "expected_ship_on": "2026-06-15"}
    first = await bulk(shop, "delay", ["order-0", "order-1"], key="once", body=later)
    assert outcomes(first) == ["accepted", "not_found"]
    await shop.push_order("order-1", expected_ship_on="2026-06-10")
    again = await bulk(shop, "delay", ["order-0", "order-1"], key="once", body=later)
    assert outcomes(again) == ["accepted", "accepted"]
    assert [(await order_event_types(database, f"order-{number}")).count("delayed") for number in range(2)] == [1, 1]


async def test_every_command_takes_the_body_of_one_order(shop: Storefront) -> None:
    await shop.push_order()
    assert outcomes(await bulk(shop, "confirm", ["order-1"])) == ["accepted"]
    arrival = {"expected_arrival_on": "2026-06-17"}
    assert outcomes(await bulk(shop, "set_arrival_date", ["order-1"], body=arrival)) == ["accepted"]
    (ready,) = (await bulk(shop, "ready_to_ship", ["order-1"]))["results"]
    assert (ready["ready_to_ship_at"], ready["expected_arrival_on"]) == ("2026-06-08T03:00:00Z", "2026-06-17")
    wrong = {"command": "confirm", "order_ids": ["order-1"], "body": DAY}
    answer = await shop.post("/v1/orders/bulk", wrong)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.expected_ship_on")
