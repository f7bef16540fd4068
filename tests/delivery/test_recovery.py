"""A recovery leaves no failed delivery out, and says which events it cannot send."""

from datetime import datetime
from typing import Any

from app.service import deliveries
from app.service.callers import Caller
from app.service.deliveries import Recovered
from app.store.database import Tx
from tests.delivery.conftest import Desk, path_of
from tests.delivery.receiver import Receiver

SINCE = "2026-06-01T00:00:00Z"
FROM = datetime.fromisoformat(SINCE)


async def recover(desk: Desk, endpoint: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await desk.shop.post(f"{path_of(endpoint)}/recover", {"from_at": SINCE, **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def disabled(desk: Desk, receiver: Receiver) -> dict[str, Any]:
    """An endpoint that was disabled by 410, has missed two events, and is enabled again."""
    endpoint = await desk.register(receiver)
    receiver.always(410)
    await desk.happen()
    await desk.work()
    receiver.always(204)
    desk.shop.clock.turn(hours=1)
    await desk.happen(2)
    await desk.work()
    return endpoint


async def enable(desk: Desk, endpoint: dict[str, Any]) -> None:
    answer = await desk.shop.patch(path_of(endpoint), {"disabled": False})
    assert answer.status_code == 200, answer.text


async def two_more(desk: Desk, endpoint: dict[str, Any], cursor: str | None = None) -> Recovered:
    """The same with at most two deliveries a call."""
    caller = Caller(merchant_id=desk.shop.merchant_id, key_id="k", name="k", scopes=frozenset())
    now, endpoint_id = desk.shop.clock(), endpoint["endpoint_id"]

    async def work(tx: Tx) -> Recovered:
        return await deliveries.recover(tx, caller, endpoint_id, FROM, now, cursor=cursor, limit=2)

    return await desk.database.write(work)


async def test_calls_go_on_after_each_other_while_the_endpoint_still_fails(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver)
    receiver.always(500)
    await desk.happen(5)
    await desk.work()
    recovered = [await two_more(desk, endpoint)]
    while (cursor := recovered[-1].next_cursor) is not None:
        await desk.send()
        recovered.append(await two_more(desk, endpoint, cursor))
    await desk.send()
    assert [each.queued for each in recovered] == [2, 2, 1]
    assert {one["attempts"] for one in await desk.deliveries(endpoint)} == {2}


async def test_a_full_call_that_was_the_last_says_that_nothing_is_left(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver)
    receiver.always(500)
    await desk.happen(2)
    await desk.work()
    recovered = await two_more(desk, endpoint)
    assert (recovered.queued, recovered.next_cursor) == (2, None)


async def test_a_recovery_says_since_when_the_endpoint_has_missed_events(desk: Desk, receiver: Receiver) -> None:
    endpoint = await disabled(desk, receiver)
    before = await recover(desk, endpoint)
    await enable(desk, endpoint)
    after = await recover(desk, endpoint)
    assert before["missed_from_at"] == after["missed_from_at"] == "2026-06-08T02:59:00Z"


async def test_a_replay_of_the_missed_events_ends_the_warning(desk: Desk, receiver: Receiver) -> None:
    endpoint = await disabled(desk, receiver)
    await enable(desk, endpoint)
    missed = (await recover(desk, endpoint))["missed_from_at"]
    late = {"from_at": "2026-06-08T13:30:00+09:00"}
    assert (await desk.shop.post(f"{path_of(endpoint)}/replay", late)).status_code == 200
    assert (await recover(desk, endpoint))["missed_from_at"] == missed
    assert (await desk.shop.post(f"{path_of(endpoint)}/replay", {"from_at": missed})).status_code == 200
    assert (await recover(desk, endpoint))["missed_from_at"] is None
    await desk.send()
    assert {one["status"] for one in await desk.deliveries(endpoint)} == {"delivered"}


async def test_what_was_answered_and_what_waits_is_left_out(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    await desk.happen()
    await desk.fan_out()
    assert (await recover(desk, endpoint))["queued"] == 0


NOTHING_LEFT = {"more": False, "next_cursor": None, "missed_from_at": None}


async def test_failed_deliveries_can_be_recovered(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    desk.shop.clock.turn(hours=1)
    since = desk.shop.clock().isoformat()
    receiver.always(500)
    await desk.happen(3)
    await desk.work()
    receiver.always(204)
    await desk.send()
    assert len(receiver.received) == 4
    answer = await desk.shop.post(f"{path_of(endpoint)}/recover", {"from_at": since})
    assert (answer.status_code, answer.json()) == (200, {**NOTHING_LEFT, "queued": 3})
    await desk.send()
    assert len(receiver.received) == 7
    assert {one["status"] for one in await desk.deliveries(endpoint)} == {"delivered"}
