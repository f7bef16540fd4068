"""Endpoints in the API: a secret is shown once, changes have versions, and there are limits."""

from tests.delivery.conftest import Desk, path_of
from tests.delivery.receiver import Receiver


async def test_a_secret_is_shown_when_it_is_made_and_never_again(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver, headers={"Authorization": "Bearer very-private"})
    rotated = (await desk.shop.post(f"{path_of(endpoint)}/rotate-secret")).json()
    shown = [
        (await desk.shop.get(path_of(endpoint))).text,
        (await desk.shop.get("/v1/webhook-endpoints")).text,
        (await desk.shop.patch(path_of(endpoint), {"description": "orders"})).text,
        (await desk.shop.delete(path_of(endpoint))).text,
    ]
    for secret in (endpoint["secret"], rotated["secret"], "very-private"):
        assert not [text for text in shown if secret in text]
    assert all('"header_names":["Authorization"]' in text for text in shown[:3])


async def test_a_change_names_what_it_changes(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver, types=["claim.approved"], rate_limit=5, description="orders")
    changed = await desk.shop.patch(path_of(endpoint), {"rate_limit": None, "types": []}, if_match='"1"')
    body = changed.json()
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (body["rate_limit"], body["types"], body["description"], body["url"]) == (
        *(None, [], "orders"),
        receiver.url,
    )
    stale = await desk.shop.patch(path_of(endpoint), {"paused": True}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    stale = await desk.shop.delete(path_of(endpoint), if_match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_a_merchant_has_at_most_fifty_endpoints(desk: Desk, receiver: Receiver) -> None:
    for _ in range(50):
        await desk.register(receiver)
    answer = await desk.shop.post("/v1/webhook-endpoints", {"url": receiver.url})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_endpoints")


async def test_deliveries_are_paged_newest_first(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver)
    for _ in range(5):
        await desk.happen()
        desk.shop.clock.turn(seconds=1)
    await desk.fan_out()
    positions: list[int] = []
    query = {"limit": 2}
    while True:
        page = (await desk.shop.get(f"{path_of(endpoint)}/deliveries", **query)).json()
        positions += [delivery["position"] for delivery in page["data"]]
        if page["next_cursor"] is None:
            break
        query = {"limit": 2, "cursor": page["next_cursor"]}
    assert positions == [5, 4, 3, 2, 1]


async def test_a_cursor_continues_the_feed_after_the_last_event_read(desk: Desk) -> None:
    assert (await desk.shop.get("/v1/events")).json() == {"data": [], "next_cursor": None}
    await desk.happen(3)
    await desk.fan_out()
    first = (await desk.shop.get("/v1/events", limit=2)).json()
    assert [event["position"] for event in first["data"]] == [1, 2]
    rest = (await desk.shop.get("/v1/events", cursor=first["next_cursor"])).json()
    assert [event["position"] for event in rest["data"]] == [3]
    nothing = (await desk.shop.get("/v1/events", cursor=rest["next_cursor"])).json()
    assert (nothing["data"], nothing["next_cursor"]) == ([], rest["next_cursor"])
    await desk.happen()
    await desk.fan_out()
    new = (await desk.shop.get("/v1/events", cursor=nothing["next_cursor"])).json()
    assert [event["position"] for event in new["data"]] == [4]
    unknown = await desk.shop.get("/v1/events", types="claim.none")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_event_type")
    one = (await desk.shop.get(f"/v1/events/{new['data'][0]['event_id']}")).json()
    assert one == new["data"][0]
