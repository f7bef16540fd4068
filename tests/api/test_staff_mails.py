"""Mails to the people of a shop go over a real server, and their links are made when they are sent."""

from app.messages.mail import Mailer, server_of
from app.service.mail_delivery import send_due
from app.store.database import Database
from tests.api.staff import accept
from tests.messages.claim_messages import SHOP
from tests.messages.postbox import Postbox, open_postbox
from tests.storefront import Storefront


def _mailer(box: Postbox) -> Mailer:
    return Mailer(server_of(box.url), sender="recourse@mail.example")


async def test_an_invitation_to_the_staff_brings_a_link_that_works_once(shop: Storefront, database: Database) -> None:
    await shop.put("/v1/shop", SHOP)
    invited = await shop.post("/v1/staff-invitations", {"email": "minji@mug.example", "role": "clerk"})
    assert (invited.json()["token"], invited.json()["url"]) == (None, None)
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, _mailer(box), shop.clock(), public_url="https://desk.example") == 1
    (letter,) = box.letters
    assert letter["To"] == "minji@mug.example"
    assert str(letter["Subject"]) == "[머그 가게] 직원 초대"
    plain = letter.get_body(("plain",))
    assert plain is not None
    token = plain.get_content().partition("https://desk.example/desk/invitation?token=")[2].split()[0]
    assert (await accept(shop, token)).status_code == 201
    assert (await accept(shop, token)).status_code == 401


async def test_an_invitation_that_was_taken_back_is_not_sent(shop: Storefront, database: Database) -> None:
    invited = (await shop.post("/v1/staff-invitations", {"email": "minji@mug.example", "role": "clerk"})).json()
    await shop.delete(f"/v1/staff-invitations/{invited['invitation_id']}")
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, _mailer(box), shop.clock(), public_url="https://desk.example") == 1
        assert await send_due(database, _mailer(box), shop.clock(), public_url="https://desk.example") == 0
    assert box.letters == []
