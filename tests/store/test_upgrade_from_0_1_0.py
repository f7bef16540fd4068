"""A database of release 0.1.0 is migrated. The service reads its rows, publishes its events and ends its claims."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, text

from app.service.events.fanout import fan_out
from app.service.events.types import CATALOGUE
from app.service.messages import compose
from app.service.verification import Counts, findings
from app.store.database import Database
from app.store.migrate import downgrade, upgrade
from tests.audit import audit
from tests.store.filled import recorded_rows, without_lines
from tests.store.rows import run
from tests.storefront import Storefront, new_key, storefront

LATER = datetime.fromisoformat("2026-07-13T12:00:00+09:00")
"""More than an hour after the last recorded instant."""
RECORDED = dict(recorded_rows())
SHOP = next(str(row["merchant_id"]) for row in RECORDED["merchants"] if row["name"] == "shop")
OPEN = {"requested", "approved", "collecting", "received", "accepted", "reshipping"}


@dataclass
class Upgraded:
    shop: Storefront
    database: Database

    async def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page."""
        rows: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while True:
            answer = await self.shop.get(path, **query, **cursor)
            assert answer.status_code == 200, (path, answer.text)
            page = answer.json()
            rows += page["data"]
            if not (page["data"] and page.get("next_cursor")):
                return rows
            cursor = {"cursor": page["next_cursor"]}

    async def one(self, path: str) -> dict[str, Any]:
        answer = await self.shop.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return dict(answer.json())

    async def publish(self) -> None:
        while await fan_out(self.database, self.shop.clock(), compose=compose):
            pass


@pytest.fixture
async def upgraded(upgraded_url: str) -> AsyncIterator[Upgraded]:
    database = Database(upgraded_url)
    async with storefront(upgraded_url) as opened:
        opened.clock.instant = LATER
        merchant_id, token = await new_key(database, LATER, merchant_id=SHOP)
        yield Upgraded(Storefront(opened.http, token, merchant_id, opened.clock), database)
    await database.close()


def mine(table: str) -> list[dict[str, Any]]:
    return [row for row in RECORDED[table] if row["merchant_id"] == SHOP]


def dump(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table. Documents and lists are decoded from JSON."""
    return {
        table: sorted(
            ({name: _decoded(value) for name, value in row._mapping.items()} for row in rows),
            key=lambda row: json.dumps(row, default=str, sort_keys=True),
        )
        for table in RECORDED
        if (rows := list(connection.execute(text(f"SELECT * FROM {table}"))))  # names of our own
    }


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
    except ValueError:
        return value


def on(url: str, work: Callable[[Connection], Any]) -> Any:
    return asyncio.run(run(url, work))


def test_the_way_down_gives_back_what_0_1_0_left_and_the_way_up_works_again(url_of_0_1_0: str) -> None:
    before = on(url_of_0_1_0, dump)
    assert {table: len(rows) for table, rows in before.items()} == {name: len(rows) for name, rows in RECORDED.items()}
    for _ in range(2):
        upgrade(url_of_0_1_0)
        assert asyncio.run(audit(url_of_0_1_0)) == []
        downgrade(url_of_0_1_0, "0009")
        assert on(url_of_0_1_0, dump) == before


async def test_no_column_holds_the_old_word(upgraded: Upgraded) -> None:
    async with upgraded.database.engine.connect() as connection:
        for table, column in (
            ("claims", "state"),
            ("message_templates", "event"),
            ("messages", "event"),
            ("endpoints", "types"),
        ):
            old = f"SELECT count(*) FROM {table} WHERE {column} LIKE '%withdrawn%'"  # names of our own
            assert (await connection.execute(text(old))).scalar() == 0, table
    types = {endpoint["url"]: endpoint["types"] for endpoint in await upgraded.all("/v1/webhook-endpoints")}
    assert types["https://shop.example/withdrawn"] == ["claim.retracted", "claim.requested"]
    assert len(await upgraded.all("/v1/claims", state="retracted")) == 10


async def test_everything_is_read_over_http(upgraded: Upgraded) -> None:
    claims = await upgraded.all("/v1/claims")
    assert {claim["claim_id"] for claim in claims} == {row["claim_id"] for row in mine("claims")}
    for claim in claims:
        path = f"/v1/claims/{claim['claim_id']}"
        assert await upgraded.one(path) == claim
        await upgraded.all(f"{path}/events")
        await upgraded.all(f"{path}/messages")
        await upgraded.all(f"{path}/contacts")
    orders = await upgraded.all("/v1/orders")
    assert {order["order_id"] for order in orders} == {row["order_id"] for row in mine("orders")}
    for order in orders:
        await upgraded.one(f"/v1/orders/{order['order_id']}")
        await upgraded.all(f"/v1/orders/{order['order_id']}/messages")
    refunds = await upgraded.all("/v1/refunds")
    assert {refund["refund_id"] for refund in refunds} == {row["refund_id"] for row in mine("refunds")}
    assert len(await upgraded.all("/v1/events")) == len(mine("feed"))
    for endpoint in await upgraded.all("/v1/webhook-endpoints"):
        await upgraded.all(f"/v1/webhook-endpoints/{endpoint['endpoint_id']}/deliveries")
    await upgraded.one("/v1/shop")


async def test_policies_are_shown_in_todays_words(upgraded: Upgraded) -> None:
    policies = await upgraded.all("/v1/policies")
    assert {policy["key"] for policy in policies} == {"house@1", "house@2", "remits@1", "silent@1"}
    for policy in policies:
        shown = await upgraded.one(f"/v1/policies/{policy['policy_id']}/{policy['version']}")
        assert shown["policy"]["shipping"]["return_shipping_payer"] == "buyer"
        assert "return_shipping_payer" in shown["terms"]
        assert "v" not in shown["policy"].keys() | shown["terms"].keys()
        await upgraded.one(f"/v1/policies/{policy['policy_id']}/{policy['version']}/page")
    assert (await upgraded.one("/v1/policies/house/2/diff"))["before"] == "house@1"


async def test_templates_of_the_old_word_are_in_force_under_the_new_one(upgraded: Upgraded) -> None:
    template = await upgraded.one("/v1/message-templates/claim.retracted/buyer/ko")
    assert (template["version"], "요청을 거두셨습니다" in template["text"]) == (2, True)


async def test_every_history_is_as_it_was_written(upgraded: Upgraded) -> None:
    async with upgraded.database.snapshot() as tx:
        assert [sentence async for sentence in findings(tx, Counts()) if sentence] == []


async def test_what_0_1_0_did_not_publish_is_published_in_todays_shape(upgraded: Upgraded) -> None:
    old = len(mine("feed"))
    await upgraded.publish()
    feed = await upgraded.all("/v1/events")
    published = feed[old:]
    waiting = {row["event_id"] for row in RECORDED["outbox"]}
    assert {event["event_id"] for event in published} == waiting
    shapes = {row.name: row for row in CATALOGUE}
    assert {event["type"] for event in feed[:old]} - shapes.keys() == {"claim.withdrawn"}
    for event in published:
        data = event["body"]["data"]
        assert event["body"]["type"] == event["type"]
        assert set(data.get("truncated", ())) <= {"claim.assessment", "claim.amounts", "order"}
        assert _unlike(shapes[event["type"]].data, data) == data.get("truncated", [])
    retracted = [event["body"]["data"] for event in published if event["type"] == "claim.retracted"]
    assert [(data["to"], data["command"]["command"], data["claim"]["state"]) for data in retracted] == [
        ("retracted", "retract", "retracted")
    ] * 2
    texts = [message["text"] for data in retracted for message in data["messages"] if message["audience"] == "buyer"]
    assert len(texts) == 2
    assert all("고맙습니다." in message for message in texts)


def _unlike(schema: type[BaseModel], data: dict[str, Any]) -> list[str]:
    """The fields of an event that are not as its schema describes them."""
    try:
        schema.model_validate(data, extra="forbid")
    except ValidationError as error:
        return [".".join(map(str, wrong["loc"])) for wrong in error.errors()]
    return []


async def test_an_endpoint_that_wanted_the_old_word_receives_the_new_one(upgraded: Upgraded) -> None:
    await upgraded.publish()
    (endpoint,) = [
        endpoint
        for endpoint in await upgraded.all("/v1/webhook-endpoints")
        if endpoint["url"] == "https://shop.example/withdrawn"
    ]
    path = f"/v1/webhook-endpoints/{endpoint['endpoint_id']}"
    types = [delivery["type"] for delivery in await upgraded.all(f"{path}/deliveries")]
    assert types.count("claim.retracted") == 2
    answer = await upgraded.shop.post(f"{path}/replay", {"from_position": 1})
    replayed = [row for row in mine("feed") if row["type"] in ("claim.withdrawn", "claim.requested")]
    assert answer.json()["queued"] == len(replayed) + 6


# Open claims continue


async def _walk(upgraded: Upgraded, claim: dict[str, Any]) -> dict[str, Any]:
    """Give an open claim whichever of these it takes, until it is closed or takes none."""
    for _ in range(8):
        if claim["state"] not in OPEN:
            break
        allowed = {action["command"] for action in claim["actions"] if action["allowed"]}
        step = next((name for name in STEPS if name in allowed), None)
        if step is None:
            break
        claim = await upgraded.shop.give(claim, step.replace("_", "-"), STEPS[step](claim))
    return claim


def _units(claim: dict[str, Any], **counts: Any) -> list[dict[str, Any]]:
    return [{"line_id": line["line_id"], **_counted(line, **counts)} for line in claim["lines"]]


def _counted(line: dict[str, Any], **counts: Any) -> dict[str, Any]:
    return {name: line["quantity"] if value == "all" else value for name, value in counts.items()}


STEPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "release": lambda _: {},
    "approve": lambda claim: {} if claim["assessment"]["verdict"] == "eligible" else {"override": "as a courtesy"},
    "receive": lambda claim: {"lines": _units(claim, quantity="all", condition="as_sold")},
    "inspect": lambda claim: {"lines": _units(claim, accepted="all", disposition="restock")},
    "reship": lambda _: {"tracking": {"carrier": "cj", "number": "again"}},
    "confirm_delivery": lambda _: {},
}


async def test_open_claims_are_walked_to_their_ends(upgraded: Upgraded, upgraded_url: str) -> None:
    claims = [claim for claim in await upgraded.all("/v1/claims") if claim["state"] in OPEN]
    retracted = next(claim for claim in claims if claim["state"] == "requested" and claim["hold"])
    assert (await upgraded.shop.give(retracted, "retract"))["state"] == "retracted"
    ends = [await _walk(upgraded, claim) for claim in claims if claim["claim_id"] != retracted["claim_id"]]
    for refund in await upgraded.all("/v1/refunds"):
        if refund["status"] != "succeeded":
            answer = await upgraded.shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {})
            assert answer.status_code == 200, answer.text
    closed = [(await upgraded.one(f"/v1/claims/{claim['claim_id']}"))["state"] for claim in ends]
    assert {state: closed.count(state) for state in set(closed)} == {"refunded": 50, "exchanged": 9}
    await upgraded.publish()
    assert await audit(upgraded_url) == []
    await _read_the_same_after_the_way_down_and_up(upgraded, upgraded_url)


async def _read_the_same_after_the_way_down_and_up(upgraded: Upgraded, url: str) -> None:
    """Release 0.1.0 can read what today's code wrote: after the downgrade no document has a word of today."""
    claims = await upgraded.all("/v1/claims")
    await asyncio.to_thread(downgrade, url, "0009")
    async with upgraded.database.engine.connect() as connection:
        documents = list((await connection.execute(text("SELECT document FROM claims"))).scalars())
    assert [document for document in documents if '"v":' in document or '"retracted"' in document] == []
    assert all('"requested_by"' in document and '"held_at"' not in document for document in documents)
    await asyncio.to_thread(upgrade, url)
    assert without_lines(await upgraded.all("/v1/claims")) == without_lines(claims)


async def test_the_way_down_leaves_a_policy_of_today_with_its_fees(upgraded: Upgraded, upgraded_url: str) -> None:
    """0.1.0 ignores a fee whose name it does not know, and would pay back too much."""
    today = {"terms": {"fees": {"return": 2500}, "return_shipping_payer": "seller"}, "base": "kr"}
    answer = await upgraded.shop.post("/v1/policies", {**today, "policy_id": "today"})
    assert answer.status_code == 201, answer.text
    await asyncio.to_thread(downgrade, upgraded_url, "0009")
    async with upgraded.database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT document, terms FROM policies WHERE policy_id = 'today'"))
    policy, terms = (json.loads(stored) for stored in rows.one())
    assert (policy["fees"]["return_"], policy["shipping"]["return_paid_by"]) == (2500, "seller")
    assert (terms["fees"], terms["return_paid_by"]) == ({"return_": 2500}, "seller")
