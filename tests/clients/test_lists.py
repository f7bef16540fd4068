"""Lists are read to their end, page by page."""

import json

import pytest

from tests.clients.driving import Client
from tests.clients.fronts import Front, Reply
from tests.clients.shop import new_order, wish


def test_a_list_is_read_to_its_end_over_several_pages(served: Client) -> None:
    order_id = new_order(served)
    opened = [served.call("open_claim", body=wish(order_id))["claim_id"] for _ in range(3)]
    listed = served.call("list_claims", order_id=order_id, limit=1)
    assert [claim["claim_id"] for claim in listed] == opened[::-1]


def test_a_list_without_items_ends(served: Client) -> None:
    assert served.call("list_claims", order_id="nobody's", limit=1) == []


@pytest.mark.parametrize("limit", [2, 100])
def test_the_feed_is_read_to_its_present_end(served: Client, limit: int) -> None:
    order_id = new_order(served)
    for _ in range(2):
        served.call("open_claim", body=wish(order_id))
    types = ["claim.requested"]
    events = served.call("list_events", limit=limit, types=types)
    assert {event["type"] for event in events} == {"claim.requested"}
    assert len({event["event_id"] for event in events}) == len(events)


def test_an_event_of_a_later_service_does_not_break_the_feed(client: Client, front: Front) -> None:
    at = "2026-06-10T01:00:00Z"
    body = {"type": "claim.teleported", "timestamp": at, "mode": "live", "data": {"to": "Mars"}}
    event = {
        "event_id": "evt-1",
        "position": 1,
        "type": "claim.teleported",
        "occurred_at": at,
        "subject": "claim",
        "subject_id": "claim-1",
        "body": body,
    }
    front.steps = [Reply(200, json.dumps({"data": [event], "next_cursor": None}))]
    (read,) = client.call("list_events", limit=1, types=["claim.teleported"])
    assert read["body"]["data"] == {"to": "Mars"}
