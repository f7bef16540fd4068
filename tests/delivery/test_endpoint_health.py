"""An endpoint that only fails: an event after one day, disabled after five, and healthy again after one success."""

import logging
from datetime import datetime, timedelta

import pytest

from tests.delivery.conftest import Desk, path_of
from tests.delivery.receiver import Receiver, open_receiver


def after(desk: Desk, text: str) -> timedelta:
    return datetime.fromisoformat(text) - desk.shop.clock()


async def test_five_days_of_failure_disable_an_endpoint_and_an_event_warns_the_others_before(
    desk: Desk, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_receiver() as well:
        receiver.always(500)
        failing = await desk.register(receiver)
        other = await desk.register(well, types=["endpoint.failing", "endpoint.disabled"])
        await desk.happen()
        await desk.work()
        health = await desk.endpoint(failing)
        assert (after(desk, health["failing_started_at"]), health["disables_at"]) == (timedelta(), None)
        desk.shop.clock.turn(days=1)
        assert await desk.check_endpoints() == 1
        assert await desk.check_endpoints() == 0
        await desk.work()
        health = await desk.endpoint(failing)
        assert after(desk, health["disables_at"]) == timedelta(days=4)
        assert well.types == ["endpoint.failing"]
        data = well.received[0].json["data"]
        assert (data["endpoint_id"], data["disables_at"]) == (failing["endpoint_id"], health["disables_at"])
        desk.shop.clock.turn(days=4, seconds=-1)
        assert await desk.check_endpoints() == 0
        desk.shop.clock.turn(seconds=1)
        assert await desk.check_endpoints() == 1
        await desk.work()
        assert well.types == ["endpoint.failing", "endpoint.disabled"]
        health = await desk.endpoint(failing)
        assert (health["disabled_reason"], health["disables_at"]) == ("failing", None)
        assert [event["type"] for event in await desk.feed(types=["endpoint.failing", "endpoint.disabled"])] == [
            "endpoint.failing",
            "endpoint.disabled",
        ]
        assert (await desk.endpoint(other))["disabled_at"] is None
    lines = [(record.levelno, failing["endpoint_id"] in record.getMessage()) for record in caplog.records]
    assert (logging.WARNING, True) in lines
    assert (logging.ERROR, True) in lines


async def test_no_endpoint_is_disabled_without_a_warning_a_day_before(desk: Desk, receiver: Receiver) -> None:
    """No worker ran for a week."""
    receiver.always(500)
    failing = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    desk.shop.clock.turn(days=7)
    assert await desk.check_endpoints() == 1
    health = await desk.endpoint(failing)
    assert (health["disabled_at"], after(desk, health["disables_at"])) == (None, timedelta(days=1))
    desk.shop.clock.turn(days=1)
    assert await desk.check_endpoints() == 1
    assert (await desk.endpoint(failing))["disabled_reason"] == "failing"


async def test_one_success_ends_the_failing(desk: Desk, receiver: Receiver) -> None:
    receiver.always(500)
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    desk.shop.clock.turn(days=2)
    await desk.check_endpoints()
    receiver.always(204)
    await desk.work()
    health = await desk.endpoint(endpoint)
    assert (health["failing_started_at"], health["disables_at"]) == (None, None)
    desk.shop.clock.turn(days=5)
    assert await desk.check_endpoints() == 0


async def test_the_status_410_disables_an_endpoint_at_once_until_it_is_enabled(desk: Desk, receiver: Receiver) -> None:
    receiver.always(410)
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    health = await desk.endpoint(endpoint)
    assert (health["disabled_reason"], len(receiver.received)) == ("gone", 1)
    await desk.happen()
    await desk.work()
    assert len(receiver.received) == 1
    refused = await desk.shop.post(f"{path_of(endpoint)}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_not_sending")
    receiver.always(204)
    enabled = await desk.shop.patch(path_of(endpoint), {"disabled": False})
    assert (enabled.json()["disabled_at"], enabled.json()["failing_started_at"]) == (None, None)
    await desk.shop.post(f"{path_of(endpoint)}/replay", {"from_position": 1})
    await desk.work()
    assert receiver.types[1:] == ["claim.requested", "endpoint.disabled", "claim.requested"]
    (health,) = (await desk.shop.get("/v1/webhook-endpoints")).json()["data"]
    assert health["disabled_at"] is None


async def test_deliveries_that_wait_when_an_endpoint_is_disabled_are_sent_when_it_is_enabled(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.always(410)
    endpoint = await desk.register(receiver, rate_limit=1)
    await desk.happen(3)
    await desk.fan_out()
    await desk.courier.run()
    await desk.send()
    waiting = [one["status"] for one in await desk.deliveries(endpoint)]
    assert waiting == ["pending", "pending", "exhausted"]
    receiver.always(204)
    await desk.shop.patch(path_of(endpoint), {"disabled": False, "rate_limit": None})
    await desk.send()
    assert len(receiver.received) == 3
