"""The worker takes a checkpoint out of the database once a day."""

from pathlib import Path

import pytest

from app import clock
from app.service import checkpoints
from app.service.checkpoint_delivery import CheckpointDelivery, CheckpointNotDeliveredError
from app.webhooks.signature import is_signed, new_secret, new_signing_key
from tests.delivery.conftest import Desk
from tests.delivery.receiver import Receiver

SECRET = new_secret().text


def delivery(desk: Desk, **places: str) -> CheckpointDelivery:
    return CheckpointDelivery(desk.database, desk.shop.clock, clock.elapsed, key=SECRET, **places)


async def run(daily: CheckpointDelivery) -> None:
    while await daily.run():
        pass


async def cancel(desk: Desk, order_id: str) -> None:
    await desk.shop.push_order(order_id)
    await desk.shop.claim("cancel", order_id=order_id)
    await desk.fan_out()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder outside of the database."""
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept"


def files(folder: Path) -> dict[str, int]:
    """The files by name, with the last position that each covers."""
    return {file.name: position(file.read_bytes()) for file in folder.iterdir()}


def position(file: bytes) -> int:
    (feed,) = checkpoints.read(file, SECRET).feeds.values()
    return feed.position


async def test_each_day_has_one_file(desk: Desk, kept: Path) -> None:
    await cancel(desk, "order-1")
    daily = delivery(desk, folder=str(kept))
    await run(daily)
    await cancel(desk, "order-2")
    await run(daily)
    desk.shop.clock.turn(days=1)
    await run(daily)
    assert files(kept) == {"recourse-checkpoint-2026-06-08.json": 1, "recourse-checkpoint-2026-06-09.json": 2}


async def test_after_a_start_the_digests_go_on_from_the_newest_file(desk: Desk, kept: Path) -> None:
    await cancel(desk, "order-1")
    await run(delivery(desk, folder=str(kept)))
    await cancel(desk, "order-2")
    desk.shop.clock.turn(days=1)
    restarted = delivery(desk, folder=str(kept))
    assert (await restarted.run(), await restarted.run()) == (1, 0)
    assert len(files(kept)) == 2


async def test_the_url_gets_a_signed_webhook(desk: Desk, receiver: Receiver) -> None:
    await cancel(desk, "order-1")
    daily = delivery(desk, url=receiver.url)
    await run(daily)
    await run(daily)
    (received,) = receiver.received
    timestamp, signature = received.headers["webhook-timestamp"], received.headers["webhook-signature"]
    assert is_signed(SECRET, b".".join((received.id.encode(), timestamp.encode(), received.body)), signature)
    assert (received.id, position(received.body)) == ("checkpoint-2026-06-08", 1)


async def test_a_url_that_refuses_gets_the_checkpoint_again(desk: Desk, receiver: Receiver, kept: Path) -> None:
    await cancel(desk, "order-1")
    daily = delivery(desk, url=receiver.url, folder=str(kept))
    receiver.always(503)
    with pytest.raises(CheckpointNotDeliveredError, match="503"):
        await run(daily)
    receiver.always(204)
    await run(daily)
    assert ([each.id for each in receiver.received], len(files(kept))) == (
        ["checkpoint-2026-06-08"] * 2,
        1,
    )


@pytest.mark.parametrize("key", ["", str(new_signing_key().public)], ids=["none", "a public key"])
async def test_without_a_key_that_signs_there_is_no_checkpoint(desk: Desk, kept: Path, key: str) -> None:
    await cancel(desk, "order-1")
    await run(CheckpointDelivery(desk.database, desk.shop.clock, clock.elapsed, key=key, folder=str(kept)))
    assert files(kept) == {}
