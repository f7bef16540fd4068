"""A reader's language, and English where the language has no template: over HTTP, published as the worker does."""

from datetime import UTC
from typing import Any

import pytest

from app.messages.message_rules import MESSAGE_RULES
from app.store.database import Database
from tests.messages.claim_messages import SHOP, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

BUYER = {"email": "anna@example.com", "name": "Anna"}
Told = dict[tuple[str, str], dict[str, Any]]
"""Messages by event and audience."""
OWN = "{{ shop }}\n\nX {{ order_id }}"
ASKED = "/v1/message-templates/claim.requested/seller/de"
REJECTED = "/v1/message-templates/claim.rejected/buyer/de"


async def told(shop: Storefront, database: Database, language: str, policy: str = "kr", **changes: Any) -> Told:
    """The messages of a return that is requested and held, by event and audience."""
    await shop.push_order(buyer={**BUYER, "language": language}, policy=policy, **changes)
    await shop.ship()
    claim = await shop.claim("return")
    await shop.give(claim, "hold", {"reason": "seller_check"})
    await publish_all(database, shop.merchant_id)
    return {(message["event"], message["audience"]): message for message in await messages_of(shop, claim)}


@pytest.mark.parametrize(
    ("language", "requested", "held"),
    [
        ("de", "Ihr Widerruf ist bei uns eingegangen.", "Ihr Vorgang (Rückgabe) zur"),
        ("fr", "Nous avons bien reçu votre rétractation.", "Votre retour pour la commande"),
    ],
)
async def test_a_buyer_reads_each_message_in_german_or_french(
    shop: Storefront, database: Database, language: str, requested: str, held: str
) -> None:
    messages = await told(shop, database, language)
    for event, beginning in (("claim.requested", requested), ("claim.held", held)):
        message = messages[event, "buyer"]
        assert message["text"].split(" Anna,\n\n")[1].startswith(beginning)
        assert message["language"] == language


async def test_a_receipt_has_the_local_day_and_time_of_the_submission(shop: Storefront, database: Database) -> None:
    shop.clock.instant = shop.clock.instant.astimezone(UTC)
    receipt = (await told(shop, database, "de"))["claim.requested", "buyer"]
    assert "Eingang: Montag, 8. Juni 2026, 13:00\N{NO-BREAK SPACE}Uhr\nBestellung: order-1\n" in receipt["text"]


async def test_a_shop_reads_english_where_its_language_has_no_template(shop: Storefront, database: Database) -> None:
    assert (await shop.put("/v1/shop", {**SHOP, "language": "fr"})).status_code == 200
    message = (await told(shop, database, "ja"))["claim.requested", "seller"]
    assert message["language"] == "en"
    assert message["subject"].startswith("To answer: return request")


async def test_a_shops_own_template_comes_first_also_in_english(shop: Storefront, database: Database) -> None:
    assert (await shop.put("/v1/shop", {**SHOP, "language": "de"})).status_code == 200
    for audience, language in (("buyer", "de"), ("seller", "en")):
        body = {"event": "claim.requested", "audience": audience, "language": language, "text": OWN}
        assert (await shop.post("/v1/message-templates", body)).status_code == 201
    messages = await told(shop, database, "de")
    receipts = [messages["claim.requested", audience] for audience in ("buyer", "seller")]
    assert [(each["text"], each["language"], each["template_version"]) for each in receipts] == [
        ("X order-1", "de", 1),
        ("X order-1", "en", 1),
    ]


async def test_a_template_in_force_says_in_which_language_it_is(shop: Storefront) -> None:
    asked, rejected = (await shop.get(ASKED)).json(), (await shop.get(REJECTED)).json()
    assert (asked["language"], asked["text_language"], asked["version"]) == ("de", "en", None)
    assert asked["text"] == (await shop.get(ASKED.replace("/de", "/en"))).json()["text"]
    assert (rejected["language"], rejected["text_language"]) == ("de", "de")
    assert rejected["text"].startswith("{% if")
    own = {"event": "claim.requested", "audience": "seller", "language": "de", "text": OWN}
    assert (await shop.post("/v1/message-templates", own)).json()["text_language"] == "de"
    assert (await shop.get(ASKED)).json()["version"] == 1
    assert (await shop.delete(ASKED)).json() == asked


async def test_to_reset_a_template_leaves_the_english_one_of_the_shop(shop: Storefront) -> None:
    own = {"event": "claim.requested", "audience": "seller", "language": "en", "text": OWN}
    await shop.post("/v1/message-templates", own)
    for _ in range(2):
        view = (await shop.delete(ASKED)).json()
        assert (view["text"], view["text_language"], view["version"]) == (OWN, "en", 1)
    assert (await shop.get(ASKED.replace("/de", "/en"))).json()["version"] == 1
    assert (await shop.post("/v1/message-templates", {**own, "language": "de"})).json()["version"] == 1


async def test_every_message_can_be_previewed_in_german_and_in_french(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    for event, row in MESSAGE_RULES.items():
        for language in ("de", "fr"):
            name = {"event": event, "audience": row.to[0].value, "language": language}
            for more in ({}, {"claim_id": claim["claim_id"]}):
                answer = await shop.post("/v1/messages/preview", {**name, **more})
                assert answer.status_code == 200, answer.text
    asked = {"event": "claim.requested", "audience": "seller", "language": "de"}
    assert '<html lang="en">' in (await shop.post("/v1/messages/preview", asked)).json()["html"]


CURE = {
    "de": "Sie können wählen: Wir reparieren die Ware, oder wir liefern Ihnen eine neue.",
    "fr": "Vous avez le choix\N{NARROW NO-BREAK SPACE}: nous réparons l’article ou nous le remplaçons",
    "en": "You can choose between a repair and a replacement.",
}


@pytest.mark.parametrize(
    ("policy", "paid", "language", "added"),
    [
        ("de", "2026-06-08", "de", None),
        ("de", "2026-09-01", "de", "um 12 Monate."),
        ("fr", "2026-06-08", "fr", "de 6 mois."),
        ("fr", "2026-09-01", "fr", "de 12 mois."),
        ("eu", "2026-09-01", "en", "by 12 months."),
    ],
)
async def test_before_a_cure_the_buyer_is_told_the_choice_and_what_a_repair_adds(
    shop: Storefront, database: Database, policy: str, paid: str, language: str, added: str | None
) -> None:
    shop.clock.instant = shop.clock.instant.fromisoformat(f"{paid}T12:00:00+02:00")
    changes = {"paid_at": shop.clock().isoformat(), "policy": policy, "country": "FR" if policy == "fr" else "DE"}
    await shop.push_order(buyer={**BUYER, "language": language}, **changes)
    await shop.ship()
    claims = [await shop.claim("repair", "defective")]
    await publish_all(database, shop.merchant_id)
    (text,) = [each["text"] for each in await messages_of(shop, claims[0]) if each["audience"] == "buyer"]
    assert CURE[language] in text
    assert (added in text) if added else ("verlängert" not in text)


async def test_a_withdrawal_tells_nothing_about_cures(shop: Storefront, database: Database) -> None:
    receipt = (await told(shop, database, "de", "de", country="DE"))["claim.requested", "buyer"]
    assert CURE["de"] not in receipt["text"]
