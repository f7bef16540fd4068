"""What a buyer reads in German and in French, and what a reader gets where these languages have no text."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.messages.built_in import built_in, has_built_in
from app.messages.days import written_day, written_instant
from app.messages.message_rules import MESSAGE_RULES, Audience, situations
from app.messages.money import money
from app.messages.render import render
from app.messages.samples import SAMPLES
from app.messages.translations import article, words

EUROPEAN = ("de", "fr")
EVENTS = [event for event, row in MESSAGE_RULES.items() if Audience.BUYER in row.to]
FAULTS = ("buyer", "seller", "undecided")
AS_WRITTEN = {"question": "…", "offer_message": "…", "tracking_url": "…"}
"""What people wrote keeps its own marks, and so does an address of the web."""
WITHOUT_ESZETT = re.compile(r"\b(daß|muß|gemäss|ausserhalb|schliesslich|heissen|grosse?|Grösse|Strasse)\b")
APART = re.compile(r"[^\N{NARROW NO-BREAK SPACE}](?:[;!?€%]|:(?!\d\d))|«(?!\N{NARROW NO-BREAK SPACE})")


def texts(event: str, language: str) -> Iterator[str]:
    """The message with all variables, without each of them, and with none, for each kind and fault."""
    rule, source = MESSAGE_RULES[event], built_in(event, Audience.BUYER, language)
    for kind, fault in product(rule.kinds or (None,), FAULTS):
        everything = {name: SAMPLES[name] for name in rule.names}
        everything |= {"kind": kind, "fault": fault, "currency": "EUR", **AS_WRITTEN}
        for lacking in ((), *((name,) for name in rule.sometimes), rule.sometimes):
            values = {name: value for name, value in everything.items() if name not in lacking}
            yield render(source, event, language, values).text


@pytest.mark.parametrize("event", EVENTS)
def test_german_and_french_have_the_same_messages(event: str) -> None:
    assert [has_built_in(event, Audience.BUYER, language) for language in EUROPEAN] == [True, True]


@pytest.mark.parametrize("event", EVENTS)
def test_french_marks_of_two_parts_stand_apart_by_a_narrow_space(event: str) -> None:
    for text in texts(event, "fr"):
        assert not APART.search(text), text
        assert "'" not in text


@pytest.mark.parametrize("event", EVENTS)
def test_german_spells_as_the_dictionary_does(event: str) -> None:
    for text in texts(event, "de"):
        assert not WITHOUT_ESZETT.search(text), text
        assert not re.search(r"\s[;:!?,.]|'", text), text
        assert not re.search(r"^Guten Tag[^\n]*,\n\n(Wir|Ein|Einen|Für|Die|Der)\b", text), text


@pytest.mark.parametrize("language", EUROPEAN)
def test_the_words_keep_the_same_rules(language: str) -> None:
    text = (files("app.messages") / "words" / f"{language}.toml").read_text("utf-8").partition("[law]")[0]
    written = [value for table in words(language).values() for value in table.values()]
    assert "'" not in text
    assert language == "fr" or not any(WITHOUT_ESZETT.search(value) for value in written)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        (123456789, "EUR", "de", "1.234.567,89\N{NO-BREAK SPACE}€"),
        (123456789, "EUR", "fr", "1 234 567,89 €".replace(" ", "\N{NARROW NO-BREAK SPACE}")),
        (-5, "EUR", "de", "-0,05\N{NO-BREAK SPACE}€"),
        (12000, "KRW", "de", "12.000\N{NO-BREAK SPACE}₩"),
        (490, "CHF", "fr", "4,90\N{NARROW NO-BREAK SPACE}CHF"),
    ],
)
def test_money_is_written_behind_the_number(amount: int, currency: str, language: str, expected: str) -> None:
    assert money(amount, currency, language) == expected


def test_days_and_instants_are_written() -> None:
    assert written_day(date(2026, 3, 1), "de") == "Sonntag, 1. März 2026"
    assert written_day(date(2026, 3, 1), "fr") == "dimanche 1er mars 2026"
    assert written_day(date(2026, 8, 12), "fr") == "mercredi 12 août 2026"
    at = datetime(2026, 6, 10, 9, 5, tzinfo=ZoneInfo("Europe/Berlin"))
    assert {language: written_instant(at, language) for language in ("ko", "ja", "en", *EUROPEAN)} == {
        "ko": "2026년 6월 10일(수) 09:05",
        "ja": "2026年6月10日（水） 09:05",
        "en": "Wednesday 10 June 2026, 09:05",
        "de": "Mittwoch, 10. Juni 2026, 09:05\N{NO-BREAK SPACE}Uhr",
        "fr": "mercredi 10 juin 2026 à 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05",
    }


@pytest.mark.parametrize(
    ("citation", "language", "expected"),
    [
        ("DE BGB 312g(2) no. 1", "de", "BGB § 312g Abs. 2 Nr. 1"),
        ("DE BGB 356(5) no. 2: with the confirmation of 312f", "de", "BGB § 356 Abs. 5 Nr. 2"),
        ("EU CRD 16(c)", "de", "Richtlinie 2011/83/EU, Art. 16(c)"),
        (
            "FR C. consom. L221-28 13°: with the confirmation of L221-13",
            "fr",
            "Code de la consommation, art. L221-28 13°",
        ),
        ("FR C. consom. L217-3 last paragraph", "fr", "Code de la consommation, art. L217-3 dernier alinéa"),
        ("EU CRD 16(a): after full performance", "fr", "Directive 2011/83/UE, art. 16(a)"),
        ("DE BGB 312g(2) no. 1", "en", "DE BGB 312g(2) no. 1"),
        ("ES TRLGDCU 103 a)", "en", "ES TRLGDCU 103 a)"),
        ("ACL s. 262(1)(c)", "en", "ACL s. 262(1)(c)"),
        ("Widerruf nach unseren Bedingungen", "de", None),
    ],
)
def test_articles_are_written_as_they_are_there(citation: str, language: str, expected: str | None) -> None:
    assert article(citation, language) == expected


RETURN: dict[str, Any] = {
    **{name: SAMPLES[name] for name in MESSAGE_RULES["claim.approved"].always},
    "kind": "return",
    "currency": "EUR",
    "fault": "buyer",
    "goods_come_back": True,
    "collect_by": date(2026, 6, 24),
}


@pytest.mark.parametrize(
    ("language", "more", "expected"),
    [
        (
            "de",
            {},
            "spätestens am Mittwoch, 24. Juni 2026 an uns ab. Es genügt, dass Sie sie an diesem Tag absenden.",
        ),
        ("de", {}, "absenden.\nDie Kosten der Rücksendung tragen Sie."),
        ("de", {"we_collect": True}, "absenden.\nDie Kosten der Rücksendung tragen wir."),
        ("de", {"return_fee": 490}, "absenden.\nDie Kosten der Rücksendung (4,90\N{NO-BREAK SPACE}€) tragen Sie."),
        (
            "fr",
            {},
            "le mercredi 24 juin 2026. La date d’envoi fait foi.\nLes frais de renvoi sont à votre charge.",
        ),
        ("fr", {"we_collect": True}, "fait foi.\nLes frais de renvoi sont à notre charge."),
        ("fr", {"return_fee": 490}, "Les frais de renvoi (4,90\N{NARROW NO-BREAK SPACE}€) sont à votre charge."),
        ("de", {"goods_come_back": False}, "Sie müssen nichts zurücksenden."),
        ("fr", {"goods_come_back": False}, "Vous n’avez rien à renvoyer."),
    ],
)
def test_an_approved_return_says_until_when_and_who_pays(language: str, more: dict[str, Any], expected: str) -> None:
    source = built_in("claim.approved", Audience.BUYER, language)
    text = render(source, "claim.approved", language, {**RETURN, **more}).text
    assert expected in text
    payers = re.findall(r"tragen (?:Sie|wir)|sont à (?:votre|notre) charge", text)
    assert len(payers) == (0 if more.get("goods_come_back") is False else 1)


@pytest.mark.parametrize(("language", "word"), [("de", "Widerruf"), ("fr", "rétractation")])
def test_only_a_withdrawal_is_called_one(language: str, word: str) -> None:
    for event in ("claim.requested", "claim.approved", "claim.rejected", "claim.expired"):
        source = built_in(event, Audience.BUYER, language)
        values = {**next(v for v in situations(event) if v["kind"] == "return"), "follows_a_cancellation": False}
        values |= {"left_in_spite_of_it": False, "goods_go_back": False} if event == "claim.rejected" else {}
        withdrawal, defect = (
            render(source, event, language, {**values, "fault": each}) for each in ("buyer", "seller")
        )
        assert word in withdrawal.text
        assert "demande" not in f"{withdrawal.subject}{withdrawal.text}"
        assert word not in f"{defect.subject}{defect.text}"
