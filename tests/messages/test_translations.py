import re
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.vocabulary import Alternative, Ground, HoldReason, Kind, Reason
from app.messages.days import last_day, written_day
from app.messages.money import money
from app.messages.policy_page import policy_page
from app.messages.translations import LANGUAGES, MESSAGE_LANGUAGES, TABLES, article, word, words
from app.presets.documents import preset_names
from app.presets.loader import preset

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


LATIN_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
AS_WRITTEN_THERE = re.compile(r"EU|Qoo10|\([ivx]+\)|\b[IVX]+(?![A-Za-z])|\b(?:bis|ter|quater)\b")
"""The name of the Union, a marketplace, and numbers: (ii), III, 135-bis."""


@pytest.mark.parametrize("language", ["ko", "ja"])
@pytest.mark.parametrize("name", preset_names())
def test_no_citation_on_a_page_is_in_another_language(name: str, language: str) -> None:
    citations = {citation for row in policy_page(preset(name), language).rows for citation in row.citations}
    assert citations
    assert not [each for each in citations if LATIN_WORD.search(AS_WRITTEN_THERE.sub("", each))]


@pytest.mark.parametrize(
    ("citation", "ko", "ja"),
    [
        ("EU CRD 9(2)(a), (c)", "EU 소비자권리지침(2011/83/EU) 제9조 제2항(a), (c)", "第9条第2項(a)、(c)"),
        (
            "EU CRD 18(1)-(3), 20",
            "EU 소비자권리지침(2011/83/EU) 제18조 제1항-제3항, 제20조",
            "第18条第1項-第3項、第20条",
        ),
        ("EU SGD 10(2a)", "EU 물품매매지침(2019/771) 제10조 제2a항", "EU物品売買指令（2019/771）第10条第2a項"),
        ("DE BGB 312g(2) no. 5, 8", "독일 민법 제312g조 제2항 제5호, 제8호", "ドイツ民法第312g条第2項第5号、第8号"),
        ("TW Civil Code 259 no. 2, 125", "대만 민법 제259조 제2호, 제125조", "台湾民法第259条第2号、第125条"),
        (
            "BR CDC art. 18 caput, § 1",
            "브라질 소비자보호법 제18조 본문, 제1항",
            "ブラジル消費者保護法第18条本文、第1項",
        ),
        ("UK CRA 2015 s. 20(7)(b)", "영국 소비자권리법(2015) 제20조 제7항(b)", "第20条第7項(b)"),
        ("CN Civil Code 563(1)3-4, 188", "중국 민법전 제563조 제1항 제3-4호, 제188조", "第563条第1項第3-4号、第188条"),
        ("FR C. consom. L221-28 13°", "프랑스 소비법전 L221-28 13°", "フランス消費法典 L221-28 13°"),
    ],
)
def test_articles_of_other_countries_are_named_and_counted_as_here(citation: str, ko: str, ja: str) -> None:
    assert article(citation, "ko") == ko
    assert str(article(citation, "ja")).endswith(ja)
