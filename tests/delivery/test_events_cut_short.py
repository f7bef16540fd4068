"""An event that is too large keeps the schema of its type, and links to what was left out."""

import json
from typing import Any

import pytest

from app.service.events.types import CATALOGUE, EventType, example_body
from app.webhooks.payload import BODY_SIZE_MAX, KEPT, body
from tests.delivery.conftest import Desk
from tests.delivery.test_event_types import BY_NAME, conforms
from tests.webhooks.receivers import AT

TEXTS = frozenset({"text", "note", "message", "failure"})
NAMES = frozenset({"name", "key", "author", "order_id", "buyer_id", "payment_id", "number", "provider_reference"})
METADATA = {f"{key:040}": "가" * 500 for key in range(50)}
LARGEST = {"texts": "🍵" * 4_000, "names": "가" * 200}


def grown(value: Any, name: str = "") -> Any:
    """The value with the longest texts and names and the fullest metadata that the API takes, and with many rows."""
    if isinstance(value, dict):
        return METADATA if name == "metadata" else {key: grown(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        rows = [grown(row) for row in value]
        return rows * 300 if rows and isinstance(rows[0], dict) else rows
    if value is not None and name in TEXTS:
        return LARGEST["texts"]
    return LARGEST["names"] if isinstance(value, str) and name in NAMES else value


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_the_largest_event_of_each_type_keeps_the_schema_and_says_what_is_empty(row: EventType) -> None:
    data = grown(example_body(row)["data"])
    text = body(type=row.name, at=AT, mode="live", data=data)
    cut = json.loads(text)["data"]
    assert len(text) < BODY_SIZE_MAX
    truncated, links = cut.pop("truncated", []), cut.pop("links", {})
    conforms(row, cut)
    assert (truncated != ["*"], bool(links)) == (True, bool(truncated))
    assert {name: cut[name] for name in KEPT if name in data} == {name: data[name] for name in KEPT if name in data}
    emptied = {part.split(".")[0] for part in truncated}
    assert all(cut[name] == data[name] for name in data.keys() - emptied)


async def test_what_was_left_out_is_behind_the_links(desk: Desk) -> None:
    title = "가" * 200
    lines = [{"line_id": f"{n:03}", "title": title, "quantity": 1, "unit_price": 100} for n in range(120)]
    await desk.shop.push_order("order 1 가", lines=lines, payments=[{**PAYMENT, "amount": 15_000}])
    asked = [{"line_id": line["line_id"], "quantity": 1} for line in lines]
    claim = await desk.shop.claim("cancel", order_id="order 1 가", lines=asked)
    await desk.shop.give(claim, "approve")
    await desk.fan_out()
    for event in await desk.feed():
        data = event["body"]["data"]
        truncated, links = data.pop("truncated", []), data.pop("links", {})
        conforms(BY_NAME[event["type"]], data)
        if not event["type"].startswith("claim."):
            continue
        assert {"claim.lines", "effects"} <= set(truncated), event["type"]
        found = {name: (await desk.shop.get(path)).json() for name, path in links.items()}
        assert len(found["claim"]["lines"]) == len(found["order"]["lines"]) == 120
        (whole,) = [each for each in found["history"]["data"] if each["event_id"] == event["event_id"]]
        assert (len(whole["data"]["claim"]["lines"]), len(whole["data"]["effects"]) > 0) == (120, True)
        assert found["messages"]["data"] == []


PAYMENT = {"payment_id": "pay-1", "method": "card"}
