"""The catalogue of events is complete, and every published event has the data that it describes."""

import json
from typing import Any

import pytest

from app.api.webhook_description import webhooks_and_schemas
from app.engine.transitions.table import TABLE
from app.main import create_app
from app.messages.message_rules import MESSAGE_RULES
from app.service.events.types import CATALOGUE, EventType, example_body, schema_of
from app.service.resources.names import definitions
from app.settings import Settings
from app.webhooks.payload import BODY_SIZE_MAX
from tests.api.claims import begin, take
from tests.api.walks import WALKS
from tests.delivery.conftest import Desk, open_desk
from tests.delivery.receiver import Receiver

BY_NAME = {row.name: row for row in CATALOGUE}


ABSENT: Any = {
    "truncated": True,
    "links": True,
    "quiet": True,
    "claim": {"actions"},
    "order": {"shipments"},
    "messages": {"__all__": {"to_address"}},
}
"""Fields of the models that an event does not have. An event has `truncated` only if its body was too large."""


def conforms(row: EventType, data: Any) -> None:
    """The data has the fields of its model, each of the exact type, and no other field."""
    text = json.dumps(data)
    model = row.data.model_validate_json(text, strict=True)
    assert json.loads(model.model_dump_json(exclude=ABSENT, by_alias=True)) == data


def test_every_step_of_the_table_and_every_report_is_there_once() -> None:
    assert len(BY_NAME) == len(CATALOGUE)
    beside = {"question_asked", "question_answered", "refund_account_requested", "refund_account_set"}
    beside |= {"response_reminded", "goods_reminded", "offer_reminded", "answer_reminded"}
    beside |= {"file_added", "file_erased", "survey_answered", "rule_applied", "parcel_changed", "disposition_changed"}
    claims = {name for name in BY_NAME if name.startswith("claim.")}
    assert claims == {f"claim.{event}" for event in {row.event for row in TABLE} | beside}
    assert MESSAGE_RULES.keys() <= BY_NAME.keys()
    assert all(row.description.endswith(".") for row in CATALOGUE)


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_its_example_fits_its_model(row: EventType) -> None:
    conforms(row, example_body(row)["data"])
    assert len(json.dumps(example_body(row))) < BODY_SIZE_MAX


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_its_schema_is_complete_in_itself(row: EventType) -> None:
    schema = schema_of(row)
    references = set(_references(schema))
    assert references <= {f"#/$defs/{name}" for name in schema["$defs"]}
    assert set(example_body(row)["data"]) <= set(schema["properties"])


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [reference for inner in value.values() for reference in _references(inner)]
    return [reference for inner in value for reference in _references(inner)] if isinstance(value, list) else []


def test_openapi_describes_each_as_a_webhook() -> None:
    document = create_app(Settings()).openapi()
    assert list(document["webhooks"]) == [row.name for row in CATALOGUE]
    _, schemas = webhooks_and_schemas()
    ours = definitions(schemas)
    theirs = document["components"]["schemas"]
    assert {name: _plain(schema) for name, schema in ours.items()} == {name: _plain(theirs[name]) for name in ours}
    for name, operation in document["webhooks"].items():
        content = operation["post"]["requestBody"]["content"]["application/json"]
        assert content["example"] == example_body(BY_NAME[name])
        body = theirs[content["schema"]["$ref"].rpartition("/")[2]]
        assert body["properties"]["type"]["const"] == name
        assert theirs["Event"]["properties"]["body"]["discriminator"]["mapping"][name] == content["schema"]["$ref"]
        assert set(_references(content)) <= {f"#/components/schemas/{name}" for name in theirs}


def _plain(value: Any) -> Any:
    """The schema without defaults of null, which FastAPI omits."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if (name, inner) != ("default", None)}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("walk", WALKS, ids=lambda name: name.replace(" ", "-"))
async def test_every_event_of_a_claim_has_the_data_of_its_schema(sqlite_url: str, walk: str) -> None:
    async with open_desk(sqlite_url) as desk:
        claim = await begin(desk.shop, WALKS[walk])
        for step in WALKS[walk].steps:
            claim = await take(desk.shop, claim, step)
        assert await desk.fan_out() > 0
        events = await desk.feed()
    for event in events:
        assert event["type"] == event["body"]["type"]
        conforms(BY_NAME[event["type"]], event["body"]["data"])


async def test_every_event_of_an_endpoint_has_the_data_of_its_schema(desk: Desk, receiver: Receiver) -> None:
    receiver.always(500)
    endpoint = await desk.register(receiver)
    await desk.shop.post(f"/v1/webhook-endpoints/{endpoint['endpoint_id']}/test")
    await desk.work()
    for days in (1, 4):
        desk.shop.clock.turn(days=days)
        await desk.check_endpoints()
    await desk.fan_out()
    events = await desk.feed()
    assert [event["type"] for event in events] == ["endpoint.test", "endpoint.failing", "endpoint.disabled"]
    for event in events:
        conforms(BY_NAME[event["type"]], event["body"]["data"])


async def test_the_api_returns_the_catalogue(desk: Desk) -> None:
    event_types = (await desk.shop.get("/v1/event-types")).json()["data"]
    assert [row["type"] for row in event_types] == [row.name for row in CATALOGUE]
    assert all(row["description"] and row["data_schema"]["properties"] for row in event_types)
    assert all(row["example"]["type"] == row["type"] for row in event_types)
