"""What a buyer reads of a policy."""

import re
from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.vocabulary import Declared, Fault, FeeCollection, Ground, Kind, Nature, Reason, Record
from app.engine.policy.merging import PROMISE
from app.engine.policy.money_rules import LostDiscount
from app.engine.policy.rules import (
    Anchor,
    AutomaticWhen,
    AutomationRule,
    Basis,
    DeadlineRule,
    ExceptionRule,
    Period,
    Unanswered,
    Unit,
    WindowRule,
)
from app.messages.policy_page import PolicyPage, as_html, policy_page
from app.messages.translations import LANGUAGES, article
from app.presets.citations import UNVERIFIED
from app.presets.documents import preset_names
from app.presets.loader import preset

USED = "Goods that were used, or partly used up, and are worth less for it"
THIRTY_DAYS = "within 30 days after the day when you received the goods"
SEVEN_DAYS = "within 7 days after the day when the repaired goods came back to you"
SINCE_SENT = "within 72 months after the goods were sent"
SIX_YEARS = "within 72 months after you received the goods"
NOT_CONFORMING = " (only for: defective goods, goods that are not as described, the wrong goods)"
NOT_CONFORMING_OR_MISSING = NOT_CONFORMING.replace("goods, goods", "goods, something missing, goods")
BADLY_DONE = " (only for: defective goods, goods that are not as described)"
AFTER_FIRST = " (once a first remedy has failed, was refused or took too long, or the defect is serious)"
SERVICES = " (tickets and services for a date or services or urgent repairs that you asked for)"
NOT_GOODS = SERVICES.replace("date or", "date or digital content or")
LAST_ARRIVED = "within 14 days after the day when the last of your order has arrived"
FIRST_ARRIVED = "within 14 days after the day when the first of the goods has arrived"
FROM_CONTRACT = "within 14 days after the day when the contract was made"
MORE = " and 12 months more or 14 days after the day when you got the information that was missing"
OR_TOLD = f"{MORE}, whichever ends first"
NOT_TOLD = " (only where you were not told about your right)"


def answers(page: PolicyPage, topic: str) -> tuple[str, ...]:
    return next(row.answers for row in page.rows if row.topic == topic)


_WITHOUT = {"au": {"mind"}, "br": {"exceptions"}, "storefront_br": {"exceptions"}}
"""Australian law gives nothing for a change of mind. The Brazilian right to withdraw has no exceptions."""


@pytest.mark.parametrize("language", ["de", "fr", "pt", "zh-TW"])
def test_a_page_without_words_of_its_language_is_in_english(language: str) -> None:
    assert policy_page(preset("de"), language) == policy_page(preset("de"), "en")
    assert policy_page(preset("de"), language).language == "en"


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_can_be_read_in_the_language_that_it_names(name: str) -> None:
    assert policy_page(preset(name), preset(name).language).language in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", preset_names())
def test_every_preset_can_be_read_in_every_language(name: str, language: str) -> None:
    page = policy_page(preset(name), language)
    topics = {"cancel", "mind", "fault", "exceptions", "costs", "money"} - _WITHOUT.get(name, set())
    assert topics <= {row.topic for row in page.rows}
    assert all(row.answers and row.citations and row.question for row in page.rows)
    assert not re.search(r"[{}]", as_html(page).partition("</style>")[2])
    assert as_html(page).startswith(f'<!DOCTYPE html>\n<html lang="{language}">')


@pytest.mark.parametrize(
    ("name", "language", "topic", "expected"),
    [
        (
            "uk",
            "en",
            "fault",
            (
                f"Return: {LAST_ARRIVED}",
                f"Return: {FIRST_ARRIVED} (goods delivered regularly)",
                f"Return: {THIRTY_DAYS}{NOT_CONFORMING_OR_MISSING}",
                f"Return: {SEVEN_DAYS}{NOT_CONFORMING_OR_MISSING}{AFTER_FIRST}",
                f"Exchange and repair: {SIX_YEARS}{NOT_CONFORMING_OR_MISSING}",
                f"Return: {SIX_YEARS}{NOT_CONFORMING_OR_MISSING}{AFTER_FIRST}",
                f"Refund while you keep the goods: {SIX_YEARS}{NOT_CONFORMING}{AFTER_FIRST}",
                f"Refund while you keep the goods: {SIX_YEARS} (only for: something missing)",
                f"Exchange and refund while you keep the goods: {SINCE_SENT} (only for: goods lost on their way)",
                f"Exchange and repair: {SIX_YEARS}{NOT_CONFORMING} (digital content)",
                f"Refund while you keep the goods: {SIX_YEARS}{NOT_CONFORMING} (digital content){AFTER_FIRST}",
                f"Exchange: {SIX_YEARS}{BADLY_DONE}{SERVICES}",
                f"Refund while you keep the goods: {SIX_YEARS}{BADLY_DONE}{SERVICES}{AFTER_FIRST}",
                "Where more than one of these fits, the one that ends last counts.",
            ),
        ),
        ("storefront_jp", "ja", "mind", ("お受け取り日を含めて8日以内",)),
        (
            "uk",
            "en",
            "mind",
            (
                LAST_ARRIVED,
                f"{FIRST_ARRIVED} (goods delivered regularly)",
                f"{FROM_CONTRACT}{NOT_GOODS}",
                f"{LAST_ARRIVED}{OR_TOLD}{NOT_TOLD}",
                f"{FIRST_ARRIVED}{OR_TOLD} (goods delivered regularly){NOT_TOLD}",
                f"{FROM_CONTRACT}{OR_TOLD}{NOT_GOODS}{NOT_TOLD}",
                "Where more than one of these fits, the one that ends last counts.",
            ),
        ),
    ],
)
def test_it_says(name: str, language: str, topic: str, expected: tuple[str, ...]) -> None:
    assert answers(policy_page(preset(name), language), topic) == expected


def test_fees_are_money_as_it_is_written_there() -> None:
    won = answers(policy_page(preset("storefront_kr"), "ko"), "costs")
    euros = answers(policy_page(preset("storefront_eu"), "en"), "costs")
    assert "3,000원" in won[0]
    assert "€4.90" in euros[0]


def test_a_rule_for_some_goods_or_reasons_names_them() -> None:
    of_clothes = WindowRule(
        code="house",
        kinds=frozenset({Kind.RETURN}),
        faults=frozenset({Fault.BUYER}),
        reasons=frozenset({Reason.SIZE_OR_COLOR}),
        periods=(Period(length=90, unit=Unit.DAYS, anchor=Anchor.DELIVERED),),
        citation="ours",
    )
    used_cosmetics = ExceptionRule(
        ground=Ground.USED_OR_CONSUMED,
        kinds=frozenset({Kind.RETURN}),
        faults=frozenset({Fault.BUYER}),
        natures=frozenset({Nature.HYGIENE}),
        citation="ours",
    )
    page = policy_page(replace(preset("jp"), windows=(of_clothes,), exceptions=(used_cosmetics,)), "en")
    assert answers(page, "mind") == (
        "within 90 days after the day when you received the goods (only for: another size or colour)",
    )
    assert answers(page, "exceptions") == (f"{USED} (goods sealed for hygiene) (whether or not that has happened)",)


def exception(**more: Any) -> ExceptionRule:
    rule = ExceptionRule(
        ground=Ground.USED_OR_CONSUMED,
        kinds=frozenset({Kind.RETURN, Kind.EXCHANGE}),
        faults=frozenset({Fault.BUYER}),
        conditions=frozenset({Declared.USED}),
        citation="ours",
    )
    return replace(rule, **more)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (exception(), USED),
        (exception(conditions=frozenset({Declared.OPENED})), f"{USED} (where you have opened the packaging)"),
        (
            exception(conditions=frozenset({Declared.USED, Declared.OPENED})),
            f"{USED} (where you have opened the packaging)",
        ),
        (exception(conditions=frozenset()), f"{USED} (whether or not that has happened)"),
        (exception(needs_proof=True), f"{USED} (only where we can show it)"),
        (exception(conditions=frozenset(), needs_proof=True), f"{USED} (only where we can show it)"),
        (
            exception(records=frozenset({Record.NOTICE, Record.CONSENT})),
            f"{USED} (only where you were told before you ordered and agreed to it)",
        ),
        (
            exception(faults=frozenset({Fault.BUYER, Fault.SELLER})),
            f"{USED} (even where something is wrong with it)",
        ),
        (exception(indivisible=True), f"{USED} (parts that have not been begun can still be given back)"),
        (
            exception(natures=frozenset({Nature.HYGIENE, Nature.PERISHABLE})),
            f"{USED} (goods sealed for hygiene or goods that go off)",
        ),
    ],
)
def test_an_exception_says_all_that_it_asks_for(rule: ExceptionRule, expected: str) -> None:
    page = policy_page(replace(preset("kr"), exceptions=(rule,)), "en")
    assert answers(page, "exceptions") == (expected,)


def test_an_exception_for_one_kind_names_it() -> None:
    rules = (exception(), exception(kinds=frozenset({Kind.EXCHANGE}), conditions=frozenset({Declared.OPENED})))
    page = policy_page(replace(preset("kr"), exceptions=rules), "en")
    assert answers(page, "exceptions") == (
        f"Return and exchange: {USED}",
        f"Exchange: {USED} (where you have opened the packaging)",
    )


PROMISED = DeadlineRule(
    kinds=frozenset({Kind.RETURN}),
    periods=(Period(length=1, unit=Unit.BUSINESS_DAYS, anchor=Anchor.GOODS_BACK),),
    citation="ours",
    basis=Basis.PRACTICE,
)


@pytest.mark.parametrize(
    ("changes", "topic", "sentence"),
    [
        ({}, "back", "within 14 days after the day when we agreed (or on the next working day"),
        ({}, "answer", "within 3 working days after the day when you asked for it"),
        (
            {"unanswered": Unanswered.APPROVE},
            "answer",
            "If we have not answered by then, what you are entitled to is granted.",
        ),
        (
            {"automation": (AutomationRule(kinds=frozenset({Kind.CANCEL}), when=AutomaticWhen.ALWAYS, citation=""),)},
            "answer",
            "Cancellation: granted at once",
        ),
        (
            {"collect_within": Period(length=1, unit=Unit.DAYS, anchor=Anchor.DELIVERED)},
            "back",
            "when you received the goods (counted from the day when we agreed, where that is later); after that",
        ),
        (
            {"collect_within": Period(length=9, unit=Unit.DAYS, anchor=Anchor.APPROVED, first_day_counts=True)},
            "back",
            "within 9 days, counting the day when we agreed; after that your request is closed",
        ),
        ({"promises": (PROMISED,)}, "money", "within 1 working day after the day when the goods are back with us"),
        ({"promises": (PROMISED,)}, "money", "Where more than one of these fits, the soonest counts."),
        (
            {"fee_collection": FeeCollection.REMIT},
            "costs",
            "Such fees are not taken off: you pay them first, and then your money is given back.",
        ),
        (
            {"lost_discount": LostDiscount.RECALCULATE},
            "costs",
            "If you changed your mind and what you keep is worth less than a discount was given for",
        ),
        (
            {},
            "costs",
            "What the goods are worth less for being used is taken off (only if you changed your mind).",
        ),
        ({}, "costs", "What is missing from the goods is taken off."),
    ],
)
def test_it_leaves_out_nothing_that_a_buyer_must_know(changes: dict[str, Any], topic: str, sentence: str) -> None:
    page = policy_page(replace(preset("storefront_kr"), **changes), "en")
    assert any(sentence in answer for answer in answers(page, topic)), answers(page, topic)


def test_of_two_windows_for_one_claim_it_says_which_counts() -> None:
    kr = preset("kr")
    (law,) = [rule for rule in kr.windows if rule.code == "kr_change_of_mind"]
    longer = replace(law, code="house", periods=(replace(law.periods[0], length=30),))
    sentence = "Where more than one of these fits, the one that ends last counts."
    assert answers(policy_page(replace(kr, windows=(*kr.windows, longer)), "en"), "mind")[-1] == sentence
    for_clothes = replace(longer, reasons=frozenset({Reason.SIZE_OR_COLOR}))
    for_the_rest = replace(law, reasons=frozenset({Reason.CHANGE_OF_MIND}))
    page = policy_page(replace(kr, windows=(for_clothes, for_the_rest)), "en")
    assert sentence not in answers(page, "mind")


@pytest.mark.parametrize(("language", "citation"), [("en", PROMISE), ("ja", "当店のお約束"), ("ko", "판매자의 약속")])
def test_a_rule_that_is_no_law_is_cited_in_the_buyers_language(language: str, citation: str) -> None:
    page = policy_page(replace(preset("kr"), respond_citation=PROMISE), language)
    assert next(row.citations for row in page.rows if row.topic == "answer") == (citation,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mark_of_an_article_that_we_could_not_read_is_not_for_buyers(language: str) -> None:
    marked = [name for name in preset_names() if UNVERIFIED in str(preset(name))]
    assert "uk" in marked
    for name in marked:
        assert UNVERIFIED not in as_html(policy_page(preset(name), language))
    assert article("UK CCR 2013 reg. 28(1)(b) (unverified)", language) == article("UK CCR 2013 reg. 28(1)(b)", language)
