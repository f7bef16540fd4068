"""Queued messages are sent to a real server: once without a failure, at least once with one."""

import asyncio
import signal
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.messages.mail import Mailer, server_of
from app.pdf.typesetting import Typesetting
from app.service.mail_delivery import BACKOFF, send_due
from app.store.database import Database
from tests.messages.claim_messages import MUGS, SHOP
from tests.messages.postbox import OK, Postbox, open_postbox
from tests.messages.publishing import publish_all
from tests.pdfs import FONTS, require_fonts
from tests.storefront import Storefront
from tests.withdrawals import declare

SENDER = "recourse@mail.example"


def mailer(box: Postbox, **options: float) -> Mailer:
    return Mailer(server_of(box.url), sender=SENDER, **options)


async def claim_with_messages(shop: Storefront, database: Database, **changes: Any) -> str:
    """A claim whose buyer and seller have each a message to be sent; the order's id."""
    await shop.put("/v1/shop", {**SHOP, **changes})
    await shop.push_order(**MUGS)
    await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    return "order-1"


async def messages(shop: Storefront, **where: str) -> list[dict[str, Any]]:
    messages = (await shop.get("/v1/orders/order-1/messages")).json()["data"]
    return [message for message in messages if where.items() <= message.items()]


async def test_each_message_is_sent_to_its_audience(shop: Storefront, database: Database) -> None:
    await claim_with_messages(shop, database)
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), shop.clock()) == 2
        assert await send_due(database, mailer(box), shop.clock()) == 0
    assert sorted(box.to) == [["help@mug.example"], ["mina@example.com"]]
    to_buyer = next(letter for letter in box.letters if letter["To"] == "mina@example.com")
    to_seller = next(letter for letter in box.letters if letter["To"] == "help@mug.example")
    assert str(to_buyer["Subject"]) == "[머그 가게] 취소 요청이 접수되었습니다"
    assert str(to_buyer["From"]) == "머그 가게 <recourse@mail.example>"
    assert str(to_buyer["Reply-To"]) == "머그 가게 <help@mug.example>"
    assert to_seller["Reply-To"] is None
    for message in await messages(shop):
        assert (message["status"], message["attempts"], message["next_at"]) == ("sent", 1, None)
        assert message["sent_at"] == "2026-06-08T03:00:00Z"


async def test_the_acknowledgement_of_a_withdrawal_brings_the_receipt(
    shop: Storefront, database: Database, tmp_path: Path
) -> None:
    """Without fonts the mail goes out at once, and without the receipt. Other mails have none."""
    require_fonts()
    shop.clock.turn(microseconds=123_456)
    await claim_with_messages(shop, database)
    async with open_postbox(Postbox()) as box:
        await send_due(database, mailer(box), shop.clock(), typesetting=Typesetting(str(FONTS)))
        assert [list(letter.iter_attachments()) for letter in box.letters] == [[], []]
        withdrawals = [await declare(shop, order_number=number) for number in ("1", "2")]
        await publish_all(database, shop.merchant_id)
        for folder in (tmp_path, FONTS):
            assert (
                await send_due(database, mailer(box), shop.clock(), limit=1, typesetting=Typesetting(str(folder))) == 1
            )
    without, letter = box.letters[2:]
    assert list(without.iter_attachments()) == []
    withdrawal = withdrawals[1]
    (attached,) = letter.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == f"withdrawal-{withdrawal['withdrawal_id']}.pdf"
    shown = await shop.get(f"/v1/withdrawals/{withdrawal['withdrawal_id']}/receipt")
    assert attached.get_content() == shown.content
    text = letter.get_body(("plain",))
    assert text is not None
    assert withdrawal["hash"] in text.get_content()


async def test_a_message_that_is_refused_for_now_is_tried_again_by_the_schedule(
    shop: Storefront, database: Database
) -> None:
    await claim_with_messages(shop, database, contact_email=None)
    async with open_postbox(Postbox(recipient="450 4.2.0 Greylisted")) as box:
        for attempt, seconds in enumerate(BACKOFF.delays[:3], start=1):
            assert await send_due(database, mailer(box), shop.clock()) == 1
            (message,) = await messages(shop, audience="buyer")
            assert (message["status"], message["attempts"]) == ("queued", attempt)
            assert message["last_error"] == "450 4.2.0 Greylisted"
            assert message["next_at"] == (shop.clock() + timedelta(seconds=seconds)).astimezone(UTC).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            )
            shop.clock.turn(seconds=seconds - 1)
            assert await send_due(database, mailer(box), shop.clock()) == 0
            shop.clock.turn(seconds=1)
        box.recipient = OK
        assert await send_due(database, mailer(box), shop.clock()) == 1
    (message,) = await messages(shop, audience="buyer")
    assert (message["status"], message["attempts"], message["last_error"]) == ("sent", 4, None)


async def test_a_message_fails_when_its_attempts_are_used_up(shop: Storefront, database: Database) -> None:
    await claim_with_messages(shop, database, contact_email=None)
    async with open_postbox(Postbox(data="451 4.3.0 Later")) as box:
        for seconds in BACKOFF.delays:
            assert await send_due(database, mailer(box), shop.clock()) == 1
            shop.clock.turn(seconds=seconds)
        assert await send_due(database, mailer(box), shop.clock()) == 1
        shop.clock.turn(days=30)
        assert await send_due(database, mailer(box), shop.clock()) == 0
    (message,) = await messages(shop, audience="buyer")
    assert (message["status"], message["attempts"]) == ("failed", BACKOFF.attempts_max)
    assert (await shop.get("/v1/orders/order-1/buyer")).json()["bounced_at"] is None


async def test_no_letter_is_sent_again_to_an_address_that_bounced(shop: Storefront, database: Database) -> None:
    await claim_with_messages(shop, database)
    async with open_postbox(Postbox(recipient="550 5.1.1 No such user")) as box:
        assert await send_due(database, mailer(box), shop.clock()) == 2
        assert {message["status"] for message in await messages(shop)} == {"bounced"}
        buyer = (await shop.get("/v1/orders/order-1/buyer")).json()
        assert (buyer["bounced_at"], buyer["bounce"]) == ("2026-06-08T03:00:00Z", "550 5.1.1 No such user")
        assert (await shop.get("/v1/shop")).json()["bounced_at"] == "2026-06-08T03:00:00Z"

        await shop.push_order(**MUGS)  # the same address again
        (claim,) = (await shop.get("/v1/claims")).json()["data"]
        await shop.give(claim, "retract", {})
        await publish_all(database, shop.merchant_id)
        assert await send_due(database, mailer(box), shop.clock()) == 0
        assert {m["status"] for m in await messages(shop, event="claim.retracted")} == {"left_to_storefront"}

        box.recipient = OK
        await shop.push_order(**{**MUGS, "buyer": {"email": "mina2@example.com"}})
        await shop.put("/v1/shop", {**SHOP, "contact_email": "new@mug.example"})
        await shop.claim("cancel")
        await publish_all(database, shop.merchant_id)
        assert await send_due(database, mailer(box), shop.clock()) == 2
    assert sorted(box.to) == [["mina2@example.com"], ["new@mug.example"]]


async def test_without_a_server_messages_stay_for_the_storefront(shop: Storefront, database: Database) -> None:
    await claim_with_messages(shop, database)
    assert await send_due(database, None, shop.clock()) == 2
    assert await send_due(database, None, shop.clock()) == 0
    assert {message["status"] for message in await messages(shop)} == {"left_to_storefront"}
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), shop.clock()) == 0


async def test_a_batch_is_no_larger_than_it_is_asked_to_be(shop: Storefront, database: Database) -> None:
    await claim_with_messages(shop, database)
    async with open_postbox(Postbox()) as box:
        assert [await send_due(database, mailer(box), shop.clock(), limit=1) for _ in range(3)] == [1, 1, 0]


async def test_many_workers_at_once_send_each_message_once(shop: Storefront, database: Database) -> None:
    await shop.put("/v1/shop", SHOP)
    for number in range(6):
        await shop.push_order(f"order-{number}", **MUGS)
        await shop.claim("cancel", order_id=f"order-{number}")
    await publish_all(database, shop.merchant_id)
    async with open_postbox(Postbox()) as box:
        counts = await asyncio.gather(
            *(send_due(database, mailer(box), shop.clock(), limit=3) for _ in range(6))
        )  # fmt: skip
        assert sum(counts) + await send_due(database, mailer(box), shop.clock()) == 12
    ids = [letter["Message-ID"] for letter in box.letters]
    assert len(ids) == len(set(ids)) == 12


async def test_a_server_that_hangs_holds_no_transaction(shop: Storefront, database: Database) -> None:
    """Other callers can write while a letter is sent."""
    await claim_with_messages(shop, database)
    here, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        here.set()
        await go_on.wait()

    async with open_postbox(Postbox(before_answer=wait)) as box:
        sending = asyncio.create_task(send_due(database, mailer(box), shop.clock()))
        async with asyncio.timeout(10):
            await here.wait()
            await shop.push_order("order-2", **MUGS)
            go_on.set()
            assert await sending == 2


WORKER = """
import asyncio, sys
from datetime import datetime
from app.messages.mail import Mailer
from app.messages.mail import server_of
from app.service.mail_delivery import send_due
from app.store.database import Database

async def main():
    url, server, now = sys.argv[1:]
    mailer = Mailer(server_of(server), sender="recourse@mail.example")
    await send_due(Database(url), mailer, datetime.fromisoformat(now))

asyncio.run(main())
"""


async def test_after_a_kill_between_the_sending_and_its_record_the_same_letter_is_sent_again(
    shop: Storefront, database: Database, database_url: str, tmp_path: Path
) -> None:
    await claim_with_messages(shop, database, contact_email=None)
    worker: subprocess.Popen[bytes] | None = None

    async def kill() -> None:
        assert worker is not None
        worker.send_signal(signal.SIGKILL)
        await asyncio.to_thread(worker.wait)

    async with open_postbox(Postbox(before_answer=kill)) as box:
        script = tmp_path / "worker.py"
        script.write_text(WORKER)
        arguments = [sys.executable, str(script), database_url, box.url, shop.clock().isoformat()]
        worker = await asyncio.to_thread(subprocess.Popen, arguments)
        async with asyncio.timeout(60):
            assert await asyncio.to_thread(worker.wait) == -signal.SIGKILL

        async def answer() -> None:
            """The second worker is not killed."""

        box.before_answer = answer
        assert await send_due(database, mailer(box), shop.clock()) == 0  # the lease of the killed worker has not ended
        later = shop.clock() + timedelta(hours=1)
        assert await send_due(database, mailer(box), later) == 1
    assert len(box.letters) == 2
    assert len({letter["Message-ID"] for letter in box.letters}) == 1
    (message,) = await messages(shop, audience="buyer")
    assert (message["status"], message["attempts"]) == ("sent", 2)


@pytest.mark.parametrize("name", ["머그\u2028가게", "<b>머그</b>", '"머그", eve@example.com'])
async def test_a_shop_with_any_name_sends_valid_letters(shop: Storefront, database: Database, name: str) -> None:
    await claim_with_messages(shop, database, name=name)
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), shop.clock()) == 2
    assert sorted(box.to) == [["help@mug.example"], ["mina@example.com"]]
    assert len({str(letter["From"]) for letter in box.letters}) == 1
