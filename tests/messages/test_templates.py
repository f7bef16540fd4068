"""Every built-in message, rendered with every set of values that it can have."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from app.messages.built_in import built_in, has_built_in
from app.messages.message_rules import MESSAGE_RULES, Audience, situations
from app.messages.render import MOST_SUBJECT, Rendered, render
from app.messages.samples import SAMPLES, VARIABLES
from app.messages.translations import LANGUAGES, MESSAGE_LANGUAGES

EVERY = [
    (event, audience, language)
    for event, row in MESSAGE_RULES.items()
    for audience in row.to
    for language in MESSAGE_LANGUAGES
    if language in LANGUAGES or audience is Audience.BUYER
]
"""Buyers have every message in each language of messages, sellers in the languages of all texts."""
HANGUL, KANA = re.compile("[가-힣]"), re.compile("[ぁ-んァ-ヶ]")
ASIAN = re.compile("[가-힣ぁ-んァ-ヶ]")
FOREIGN = {"ko": KANA, "ja": HANGUL, "en": ASIAN, "de": ASIAN, "fr": ASIAN}
WORDS = {name: "Please tell us." for name, value in SAMPLES.items() if isinstance(value, str) and HANGUL.search(value)}
MUG = [{"title": "Mug", "quantity": 2, "received": 2, "accepted": 1, "sent_back": 1, "deduction": 500}]


def plainly(values: dict[str, Any]) -> dict[str, Any]:
    """The same values with every text of a person in English, so that all other letters come from the template."""
    lines = dict.fromkeys(("lines", "lines_before", "rejected_lines", "order_lines", "replacements"), MUG)
    english = {**WORDS, "shop": "Mug House", "buyer": "Mina", **lines}
    return {name: english.get(name, value) for name, value in values.items()}


def renderings(event: str, audience: Audience, language: str) -> Iterator[tuple[dict[str, Any], Rendered]]:
    source = built_in(event, audience, language)
    for values in situations(event):
        yield values, render(source, event, language, plainly(values))


@pytest.mark.parametrize(("event", "audience", "language"), EVERY)
def test_a_message_reads_well_without_any_of_its_optional_values(event: str, audience: Audience, language: str) -> None:
    for values, message in renderings(event, audience, language):
        whole = f"{message.subject}\n{message.text}"
        assert not re.search(r"None|Undefined|undefined|\{\{|\}\}|\{%|True|False", whole), (values, whole)
        assert not re.search(r"\w+_\w+", whole), (values, whole)  # a code that no table has words for
        assert not FOREIGN[language].search(whole), (values, whole)
        assert "\n\n\n" not in whole
        assert not re.search(r"[ \t]+$", whole, re.MULTILINE), (values, whole)
        assert not re.search(r" ,|  |\(\)|（）|:\s*\n\n|：\s*\n\n", whole), (values, whole)
        assert 5 < len(message.subject) <= MOST_SUBJECT
        assert values.get("order_id", values.get("order_number", "")) in whole


@pytest.mark.parametrize(("event", "audience", "language"), EVERY)
def test_the_fullest_message_has_the_values_of_its_event(event: str, audience: Audience, language: str) -> None:
    """The amounts and days of the event are in the fullest message of some claim kind."""
    fullest = [message for values, message in renderings(event, audience, language) if len(values) == name_count(event)]
    assert fullest
    together = "\n".join(f"{message.subject}\n{message.text}" for message in fullest)
    unused = (
        UNUSED.get(event, set())
        | UNUSED.get(f"{event}.{audience}", set())
        | (UNTOLD if language in ("ko", "ja") else set())
    )
    for name in MESSAGE_RULES[event].names - unused:
        for phrase in as_written(SAMPLES[name], language) if name in AMOUNTS_AND_DAYS else ():
            assert phrase in together, (name, phrase, together)


AMOUNTS_AND_DAYS = {name for name, value in SAMPLES.items() if type(value) in (int, date)} - {
    "more_lines",
    "requested_on",
}
UNUSED: dict[str, set[str]] = {
    "claim.accepted": {"received_on"},
    "claim.approved.seller": {"collect_by", "return_fee", "buyer_owes", "expected_total", "expected_to_pay"},
    "claim.expired.seller": {"request_again_until"},
    "claim.offer_accepted": {"offer_until"},
    "claim.offer_declined": {"offer_until"},
    "claim.offer_lapsed": {"offer_amount"},
    "refund.failed.buyer": {"refund_due_on"},
    "refund.overdue.buyer": {"late_interest"},
    "refund.succeeded": {"refund_due_on"},
}
"""Values that the built-in messages do not write. Templates of a shop can write them."""


def name_count(event: str) -> int:
    return len(MESSAGE_RULES[event].names)


def as_written(value: Any, language: str) -> tuple[str, ...]:
    if isinstance(value, date):
        return (DAYS[language](value),)
    return (f"{value:,}".replace(",", THOUSANDS.get(language, ",")),)


THOUSANDS = {"de": ".", "fr": "\N{NARROW NO-BREAK SPACE}"}
UNTOLD = {"repair_adds_months"}
"""What the messages in the languages of no European law do not write."""


DAYS = {
    "ko": lambda day: f"{day.month}월 {day.day}일(",
    "ja": lambda day: f"{day.month}月{day.day}日（",
    "en": lambda day: f" {day.day} June 2026",
    "de": lambda day: f", {day.day}. Juni 2026",
    "fr": lambda day: f" {day.day} juin 2026",
}


def test_there_is_a_file_for_each_message_and_no_other() -> None:
    for language in MESSAGE_LANGUAGES:
        folder = files("app.messages") / "templates" / language
        there = {entry.name for entry in folder.iterdir()}
        assert there == {f"{event}.{audience}.txt" for event, audience, spoken in EVERY if spoken == language}
        assert all(has_built_in(event, audience, spoken) for event, audience, spoken in EVERY if spoken == language)


def test_every_variable_is_of_some_use() -> None:
    used = {name for row in MESSAGE_RULES.values() for name in row.names}
    assert used == VARIABLES.keys()


REFUSED = {
    "shop": "머그 가게",
    "buyer": "김민지",
    "order_id": "2026060512345",
    "order_lines": [{"title": "머그컵", "quantity": 2}],
    "currency": "KRW",
    "claim_id": "c",
    "kind": "cancel",
    "reason": "change_of_mind",
    "fault": "buyer",
    "lines": [{"title": "머그컵", "quantity": 2, "received": 0, "accepted": 0, "sent_back": 0, "deduction": 0}],
    "requested_on": date(2026, 6, 8),
    "ground": "already_shipped",
    "message": "오늘 아침 일찍 출발한 상품이라 되돌리지 못했습니다.",
    "alternatives": ["exchange", "discount_coupon"],
    "other_alternatives": ["exchange", "discount_coupon"],
}


def test_a_refused_cancellation_apologises_says_why_and_offers_an_alternative() -> None:
    message = render(built_in("claim.rejected", Audience.BUYER, "ko"), "claim.rejected", "ko", REFUSED)
    assert message.subject == "[머그 가게] 요청하신 취소가 어려워 안내드립니다"
    assert message.text == (
        "김민지 고객님, 안녕하세요. 머그 가게입니다.\n\n"
        "요청하신 취소 건은 아래 사유로 진행이 어려운 점 너른 양해 부탁드립니다. "
        "도움이 되어 드리지 못해 죄송합니다.\n\n"
        "주문번호: 2026060512345\n상품:\n- 머그컵 2개\n\n"
        "이유: 상품이 이미 발송되었습니다.\n\n"
        "오늘 아침 일찍 출발한 상품이라 되돌리지 못했습니다.\n\n"
        "대신 아래 방법으로 도와드릴 수 있습니다.\n- 새 상품으로 교환\n- 할인 쿠폰\n"
        "원하시는 방법이 있으면 문의해 주세요.\n\n"
        "취소 대신 반품으로 도와드립니다. 상품을 받으신 뒤 반품을 요청해 주세요.\n\n"
        "사실과 다른 점이 있거나 궁금하신 점이 있으면 언제든지 문의해 주세요.\n\n"
        "머그 가게 고객센터"
    )


SAME = ("shop", "order_lines", "claim_id", "reason", "fault", "lines", "requested_on")
PAID = {
    **{name: REFUSED[name] for name in SAME},
    "order_id": "A-1",
    "kind": "return",
    "refund_method": "card",
    "refund_due_on": date(2026, 6, 12),
    "total": 900000,
    "steps": [{"code": "goods", "amount": 1200000}, {"code": "return_fee", "amount": -300000}],
}


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("ko", "KRW", ("900,000원", "반품 배송비 -300,000원", "6월 12일(금)까지", "카드")),
        ("ja", "JPY", ("900,000円", "返品送料 -300,000円", "6月12日（金）までに", "クレジットカード")),
        ("en", "USD", ("$9,000.00", "Return shipping -$3,000.00", "by Friday 12 June 2026", "card")),
        ("en", "KRW", ("₩900,000", "Return shipping -₩300,000", "by Friday 12 June 2026", "card")),
        ("ko", "KWD", ("900.000 KWD", "반품 배송비 -300.000 KWD", "6월 12일(금)까지", "카드")),
    ],
)
def test_money_and_days_are_written_as_they_are_there(language: str, currency: str, expected: tuple[str, ...]) -> None:
    values = {**PAID, "currency": currency, "refund_amount": 900000}
    message = render(built_in("refund.created", Audience.BUYER, language), "refund.created", language, values)
    for words in expected:
        assert words in message.text
