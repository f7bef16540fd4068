"""A page folds what is about goods that most shops do not sell."""

import re
from dataclasses import replace

import pytest

from app.engine.model.vocabulary import Nature
from app.messages.policy_page import as_html, policy_page
from app.presets.loader import preset

FOLDED = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


@pytest.mark.parametrize(
    ("language", "summary", "kept", "folded"),
    [
        ("ko", "그 밖의 상품과 서비스에 적용되는 예외", "주문에 맞춰 개별 제작한 상품", "디지털 콘텐츠"),
        ("ja", "その他の商品・サービスに適用される例外", "ご注文に応じて個別に製作した商品", "デジタルコンテンツ"),
        ("en", "Exceptions for other goods and services", "Goods made to your order", "Digital content"),
    ],
)
def test_exceptions_for_goods_that_most_shops_do_not_sell_are_folded(
    language: str, summary: str, kept: str, folded: str
) -> None:
    page = policy_page(preset("kr"), language)
    (row,) = [row for row in page.rows if row.topic == "exceptions"]
    ((title, inside),) = FOLDED.findall(as_html(page))
    assert title == summary
    assert inside.count("<li>") == len(row.about_other_goods) < len(row.answers)
    assert folded in inside
    assert kept not in inside
    assert any(kept in answer for answer in row.answers)
    (short,) = [line for line in page.summary if line.topic == "exceptions"]
    assert not any(folded in ground for ground in short.until)


def test_a_policy_about_other_goods_alone_folds_nothing() -> None:
    digital = [rule for rule in preset("kr").exceptions if rule.natures == {Nature.DIGITAL}]
    page = policy_page(replace(preset("kr"), exceptions=tuple(digital)), "en")
    assert digital
    assert "<details>" not in as_html(page)
