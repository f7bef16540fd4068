"""One merchant cannot send mails without a limit from the address that all merchants share."""

from datetime import timedelta

import pytest

from app.service.mail_delivery import send_due
from app.service.mail_rate import MailRate
from app.store.database import Database
from tests.messages.postbox import Postbox, open_postbox
from tests.messages.publishing import publish_all
from tests.messages.test_mail_delivery import claim_with_messages, mailer, messages
from tests.storefront import MONDAY, Storefront, new_key


async def test_mails_above_the_rate_wait_and_are_sent_later(shop: Storefront, database: Database) -> None:
    await claim_with_messages(shop, database)
    rate = MailRate(per_hour=1)
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), shop.clock(), rate=rate) == 2
        assert len(box.raw) == 1
        (waiting,) = await messages(shop, status="queued")
        assert (waiting["attempts"], waiting["last_error"]) == (0, None)
        assert await send_due(database, mailer(box), shop.clock(), rate=rate) == 0
        shop.clock.turn(minutes=5)
        assert await send_due(database, mailer(box), shop.clock(), rate=rate) == 1
        assert len(box.raw) == 1
        shop.clock.turn(hours=1)
        assert await send_due(database, mailer(box), shop.clock(), rate=rate) == 1
    assert len(box.raw) == 2
    assert {message["attempts"] for message in await messages(shop, status="sent")} == {1}


async def test_one_merchant_at_its_limit_does_not_keep_others_waiting(shop: Storefront, database: Database) -> None:
    merchant_id, token = await new_key(database, shop.clock())
    other = Storefront(shop.http, token, merchant_id, shop.clock)
    rate = MailRate(per_hour=2)
    async with open_postbox(Postbox()) as box:
        await claim_with_messages(shop, database)
        await send_due(database, mailer(box), shop.clock(), rate=rate)
        await shop.push_order("order-2")
        await claim_with_messages(other, database)
        await publish_all(database, other.merchant_id)
        await send_due(database, mailer(box), shop.clock(), rate=rate)
    assert len(box.raw) == 4


@pytest.mark.parametrize("minutes", [0, 30, 60, 600])
def test_permits_come_back_evenly_and_never_more_than_an_hours(minutes: int) -> None:
    rate = MailRate(per_hour=60)
    assert [rate.take("m", MONDAY) for _ in range(61)] == [True] * 60 + [False]
    later = MONDAY + timedelta(minutes=minutes)
    permits = min(minutes, 60)
    assert [rate.take("m", later) for _ in range(permits + 1)] == [True] * permits + [False]
    assert rate.take("other", MONDAY)


def test_a_clock_that_is_set_back_takes_no_permit_away() -> None:
    rate = MailRate(per_hour=2)
    assert rate.take("m", MONDAY)
    assert rate.take("m", MONDAY - timedelta(days=1))
