"""Lists are read to their end, page by page."""

import pytest

from tests.clients.driving import Client
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
