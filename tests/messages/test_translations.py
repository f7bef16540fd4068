from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.vocabulary import Alternative, Ground, HoldReason, Kind, Reason
from app.messages.days import last_day, written_day
from app.messages.money import money
from app.messages.translations import LANGUAGES, MESSAGE_LANGUAGES, TABLES, article, word, words

CODES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "reason": Reason,
    "ground": Ground,
    "alternative": Alternative,
    "step": StepCode,
    "hold_reason": HoldReason,
}


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    for table, codes in CODES.items():
        assert words(language)[table].keys() == {code.value for code in codes}
    assert {name for name in words(language) if name not in ("law", "article", "citation")} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_the_languages_have_the_same_codes(table: str) -> None:
    codes = [words(language)[table].keys() for language in MESSAGE_LANGUAGES]
    assert codes == [codes[0]] * len(codes)


def test_a_payment_method_without_a_name_keeps_the_name_that_the_shop_sends() -> None:
    assert word("method", "mug_pay", "ko") == "mug_pay"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        (12000, "KRW", "ko", "12,000원"),
        (12000, "JPY", "ja", "12,000円"),
        (12000, "JPY", "ko", "¥12,000"),
        (1200, "USD", "en", "$12.00"),
        (5, "USD", "en", "$0.05"),
        (-5, "USD", "en", "-$0.05"),
        (-3000, "KRW", "ko", "-3,000원"),
        (490, "EUR", "en", "€4.90"),
        (1234567, "KWD", "en", "1,234.567 KWD"),
        (0, "KRW", "ko", "0원"),
    ],
)
def test_money_is_written(amount: int, currency: str, language: str, written: str) -> None:
    assert money(amount, currency, language) == written


def test_days_are_written_with_their_weekday() -> None:
    day = date(2026, 6, 12)
    assert [written_day(day, language) for language in LANGUAGES] == [
        "6월 12일(금)",
        "6月12日（金）",
        "Friday 12 June 2026",
    ]


@pytest.mark.parametrize(
    ("end", "zone", "day"),
    [
        ("2026-06-12T15:00:00+00:00", "Asia/Seoul", date(2026, 6, 12)),
        ("2026-06-12T15:00:01+00:00", "Asia/Seoul", date(2026, 6, 13)),
        ("2026-06-12T15:00:00+00:00", "America/New_York", date(2026, 6, 12)),
        ("2026-06-12T04:00:00+00:00", "America/New_York", date(2026, 6, 11)),
    ],
)
def test_the_last_day_is_the_local_one_before_the_end(end: str, zone: str, day: date) -> None:
    assert last_day(datetime.fromisoformat(end).astimezone(UTC), ZoneInfo(zone)) == day


@pytest.mark.parametrize(
    ("citation", "language", "written"),
    [
        ("KR E-Commerce Act 17(2)1", "ko", "전자상거래법 제17조 제2항 제1호"),
        (
            "KR E-Commerce Act 17(2)5, 17(6); Enforcement Decree 21-2",
            "ko",
            "전자상거래법 제17조 제2항 제5호, 제17조 제6항; 같은 법 시행령 제21조의2",
        ),
        ("JP SCTA 15-3(1) proviso; terms shown before the order", "ja", "特定商取引法第15条の3第1項"),
        ("JP Civil Code 562, 564, 566", "ja", "民法第562条、第564条、第566条"),
        ("UK CCR 2013 reg. 28(1)(b)", "en", "UK CCR 2013 reg. 28(1)(b)"),
        ("US 16 CFR 435.2(b), (c): late or without a date", "en", "US 16 CFR 435.2(b), (c)"),
        ("the seller's own promise", "ko", None),
        ("shop practice; the law sets no day", "en", None),
    ],
)
def test_articles_are_cited_as_they_are_there(citation: str, language: str, written: str | None) -> None:
    assert article(citation, language) == written
