"""Webhooks from a command to a consumer: their content, their order, and what each answer does."""

import asyncio
from datetime import UTC, datetime

import pytest
import standardwebhooks
import svix

from tests.delivery.conftest import Desk, path_of
from tests.delivery.receiver import Received, Receiver, Reply, open_receiver


async def test_an_event_arrives_as_the_feed_has_it(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver, headers={"X-Shop": "mugs"})
    await desk.shop.push_order()
    claim = await desk.shop.claim("cancel")
    await desk.work()
    (received,) = receiver.received
    (event,) = await desk.feed()
    assert (received.id, received.json) == (event["event_id"], event["body"])
    assert (received.type, received.headers["x-shop"]) == ("claim.requested", "mugs")
    data = received.json["data"]
    ids = (data["claim_id"], data["order_id"], data["version"], data["seq"])
    assert ids == (claim["claim_id"], "order-1", 1, 1)
    assert (data["claim"]["state"], data["messages"]) == ("requested", [])
    (delivery,) = await desk.deliveries(endpoint)
    assert (delivery["status"], delivery["attempts"], delivery["next_at"]) == ("delivered", 1, None)


async def test_a_refund_says_at_which_version_its_claim_was(desk: Desk, receiver: Receiver) -> None:
    await desk.register(receiver)
    await desk.shop.push_order()
    claim = await desk.shop.give(await desk.shop.claim("cancel"), "approve")
    (refund,) = await desk.shop.refunds_of(claim)
    await desk.shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded")
    await desk.work()
    sequence = sorted((one.json["data"]["seq"], one.type, one.json["data"]["version"]) for one in receiver.received)
    assert sequence == [
        (1, "claim.requested", 1),
        (2, "claim.approved", 2),
        (3, "refund.created", 2),
        (4, "refund.succeeded", 2),
        (5, "claim.refunded", 3),
    ]


async def test_an_endpoint_receives_the_event_types_that_it_asks_for(desk: Desk, receiver: Receiver) -> None:
    await desk.register(receiver, types=["claim.approved"])
    await desk.shop.push_order()
    await desk.shop.give(await desk.shop.claim("cancel"), "approve")
    await desk.work()
    assert receiver.types == ["claim.approved"]


async def test_two_libraries_accept_the_signature(desk: Desk, receiver: Receiver) -> None:
    """The test uses the real time: both libraries refuse a webhook that is older than five minutes."""
    desk.shop.clock.instant = datetime.now(UTC)
    endpoint = await desk.register(receiver, types=["endpoint.test"])
    assert (await desk.shop.post(f"{path_of(endpoint)}/test")).status_code == 200
    await desk.work()
    (received,) = receiver.received
    for library in (standardwebhooks, svix):
        assert verifies(library, endpoint["secret"], received)
        assert not verifies(library, "whsec_" + "QUJD" * 8, received)


def verifies(library: object, secret: str, received: Received) -> bool:
    """Whether another project's library verifies the request with this secret."""
    verifier: object
    if library is svix:
        verifier, errors = svix.webhooks.Webhook(secret), svix.webhooks.WebhookVerificationError
        headers = {name.replace("webhook-", "svix-"): value for name, value in received.headers.items()}
        try:
            verifier.verify(received.body, headers)
        except errors:
            return False
        return True
    try:
        standardwebhooks.Webhook(secret).verify(received.body, dict(received.headers))
    except standardwebhooks.webhooks.WebhookVerificationError:
        return False
    return True


async def test_the_old_secret_signs_too_for_a_day(desk: Desk, receiver: Receiver) -> None:
    desk.shop.clock.instant = datetime.now(UTC)
    endpoint = await desk.register(receiver, types=["endpoint.test"], ed25519=True)
    rotated = (await desk.shop.post(f"{path_of(endpoint)}/rotate-secret")).json()
    assert rotated["secret"] != endpoint["secret"]
    assert rotated["public_key"] == endpoint["public_key"]
    await desk.shop.post(f"{path_of(endpoint)}/test")
    await desk.work()
    for secret in (endpoint["secret"], rotated["secret"]):
        assert verifies(standardwebhooks, secret, receiver.received[0])
    desk.shop.clock.turn(hours=24)
    await desk.shop.post(f"{path_of(endpoint)}/test")
    await desk.work()
    kinds = [
        [signature.split(",")[0] for signature in one.headers["webhook-signature"].split()] for one in receiver.received
    ]
    assert kinds == [["v1", "v1", "v1a"], ["v1", "v1a"]]


async def test_at_most_three_secrets_sign_however_often_they_are_rotated(desk: Desk, receiver: Receiver) -> None:
    desk.shop.clock.instant = datetime.now(UTC)
    endpoint = await desk.register(receiver, types=["endpoint.test"])
    rotated = [(await desk.shop.post(f"{path_of(endpoint)}/rotate-secret")).json() for _ in range(5)]
    secrets = [each["secret"] for each in (endpoint, *rotated)]
    await desk.shop.post(f"{path_of(endpoint)}/test")
    await desk.work()
    (received,) = receiver.received
    assert len(received.headers["webhook-signature"].split()) == 3
    assert [verifies(standardwebhooks, secret, received) for secret in secrets] == [False] * 3 + [True] * 3


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        (200, "delivered"),
        (299, "delivered"),
        (301, "pending"),
        (404, "pending"),
        (500, "pending"),
        (410, "exhausted"),
    ],
)
async def test_the_status_of_an_answer_decides_the_delivery(
    desk: Desk, receiver: Receiver, status: int, ends: str
) -> None:
    receiver.always(status, location=receiver.url + "/elsewhere")
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    (delivery,) = await desk.deliveries(endpoint)
    assert (delivery["status"], delivery["attempts"]) == (ends, 1)
    assert len(receiver.received) == 1
    shown = (await desk.shop.get(f"/v1/deliveries/{delivery['delivery_id']}")).json()
    (attempt,) = shown["attempts_made"]
    assert (attempt["number"], attempt["status"]) == (1, status)


async def test_every_try_is_the_same_event_and_the_last_of_ten_is_kept(desk: Desk, receiver: Receiver) -> None:
    async def answer(_: Received) -> Reply:
        return Reply(503, body=b"not now\0" + b"x" * 2000)

    receiver.answer = answer
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    waits = []
    while (delivery := (await desk.deliveries(endpoint))[0])["status"] == "pending":
        due = datetime.fromisoformat(delivery["next_at"])
        waits.append((due - desk.shop.clock()).total_seconds())
        desk.shop.clock.turn(seconds=waits[-1] - 0.001)
        await desk.send()
        assert len(receiver.received) == len(waits)
        desk.shop.clock.turn(seconds=0.001)
        await desk.send()
    plan = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    assert [0.9 <= wait / planned <= 1.1 for wait, planned in zip(waits, plan, strict=True)] == [True] * 9
    assert (delivery["status"], delivery["attempts"], len(set(receiver.ids))) == ("exhausted", 10, 1)
    assert await desk.deliveries(endpoint, status="exhausted") == [delivery]
    assert await desk.deliveries(endpoint, status="pending") == []
    attempts = (await desk.shop.get(f"/v1/deliveries/{delivery['delivery_id']}")).json()["attempts_made"]
    assert [attempt["number"] for attempt in attempts] == list(range(1, 11))
    assert (attempts[0]["answer"][:8], len(attempts[0]["answer"])) == ("not now\ufffd", 1000)


async def test_a_consumer_that_asks_for_time_gets_it(desk: Desk, receiver: Receiver) -> None:
    receiver.always(429, retry_after="600")
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    (delivery,) = await desk.deliveries(endpoint)
    assert (datetime.fromisoformat(delivery["next_at"]) - desk.shop.clock()).total_seconds() >= 600


async def test_a_paused_endpoint_collects(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver, paused=True)
    await desk.happen(2)
    await desk.work()
    assert receiver.received == []
    assert [one["status"] for one in await desk.deliveries(endpoint)] == ["pending", "pending"]
    assert (await desk.shop.patch(path_of(endpoint), {"paused": False})).status_code == 200
    await desk.send()
    assert len(receiver.received) == 2


async def test_a_removed_endpoint_receives_nothing_and_its_deliveries_stay_readable(
    desk: Desk, receiver: Receiver
) -> None:
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.fan_out()
    (delivery,) = await desk.deliveries(endpoint)
    assert (await desk.shop.delete(path_of(endpoint))).status_code == 200
    await desk.happen()
    await desk.work()
    assert receiver.received == []
    assert (await desk.shop.get(path_of(endpoint))).status_code == 404
    cancelled = (await desk.shop.get(f"/v1/deliveries/{delivery['delivery_id']}")).json()
    assert (cancelled["status"], cancelled["attempts_made"]) == ("cancelled", [])
    again = await desk.shop.post(f"/v1/deliveries/{delivery['delivery_id']}/resend")
    assert again.status_code == 404


async def test_a_rate_is_kept(desk: Desk, receiver: Receiver) -> None:
    desk.shop.clock.instant = datetime.now(UTC)
    await desk.register(receiver, rate_limit=20)
    await desk.happen(8)
    await desk.fan_out()
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(20):
        while len(receiver.received) < 8:
            desk.shop.clock.instant = datetime.now(UTC)
            await desk.courier.run()
    assert receiver.received[-1].at - began >= 7 / 20


async def test_a_slow_endpoint_does_not_delay_the_others(desk: Desk, receiver: Receiver) -> None:
    release = asyncio.Event()

    async def wait(_: Received) -> Reply:
        await release.wait()
        return Reply()

    async with open_receiver() as slow:
        slow.answer = wait
        await desk.register(slow)
        await desk.register(receiver)
        await desk.happen(24)
        await desk.fan_out()
        async with asyncio.timeout(20):
            while len(receiver.received) < 24:
                await desk.courier.run()
        assert slow.most_under_way == 4  # a quarter of sixteen
        release.set()
        await desk.send()
        assert len(slow.received) == 24


async def test_a_delivery_that_is_sent_again_keeps_its_id(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver)
    await desk.happen()
    await desk.work()
    (delivery,) = await desk.deliveries(endpoint)
    again = await desk.shop.post(f"/v1/deliveries/{delivery['delivery_id']}/resend")
    assert (again.status_code, again.json()["status"]) == (200, "pending")
    await desk.send()
    (after,) = await desk.deliveries(endpoint)
    assert (after["delivery_id"], after["status"], after["attempts"]) == (delivery["delivery_id"], "delivered", 2)
    assert receiver.ids == [delivery["event_id"]] * 2


@pytest.mark.parametrize(
    ("body", "positions"),
    [
        ({"from_position": 2, "to_position": 3}, [2, 3]),
        ({"from_position": 4}, [4, 5]),
        ({"from_at": "2026-06-08T05:00:00Z", "before_at": "2026-06-08T06:00:00Z"}, [3]),
    ],
)
async def test_a_range_is_replayed_sent_before_or_not(
    desk: Desk, receiver: Receiver, body: dict[str, object], positions: list[int]
) -> None:
    await desk.happen(2)
    for _ in range(3):
        desk.shop.clock.turn(hours=2 if not _ else 1)
        await desk.happen()
    await desk.fan_out()
    endpoint = await desk.register(receiver)
    events = await desk.feed()
    for _ in range(2):
        receiver.received.clear()
        answer = await desk.shop.post(f"{path_of(endpoint)}/replay", body)
        assert answer.json() == {"queued": len(positions), "next_position": None}
        await desk.send()
        received = [event["position"] for event in events if event["event_id"] in receiver.ids]
        assert (received, len(receiver.received)) == (positions, len(positions))
    assert len(await desk.deliveries(endpoint)) == len(positions)
