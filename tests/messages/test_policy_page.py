"""What a buyer reads of a policy."""

import re
from dataclasses import replace

import pytest

from app.engine.policy import Anchor, ExceptionRule, Period, Unit, WindowRule
from app.engine.vocabulary import Fault, Ground, Kind, Nature, Reason
from app.messages.policy_page import PolicyPage, as_html, policy_page
from app.messages.wording import LANGUAGES
from app.presets.loader import preset, preset_names

THIRTY_DAYS = "within 30 days after the day when you received the goods"


def answers(page: PolicyPage, topic: str) -> tuple[str, ...]:
    return next(row.answers for row in page.rows if row.topic == topic)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", preset_names())
def test_every_preset_can_be_read_in_every_language(name: str, language: str) -> None:
    page = policy_page(preset(name), language)
    assert {"cancel", "mind", "fault", "exceptions", "costs", "money"} <= {row.topic for row in page.rows}
    assert all(row.answers and row.citations and row.question for row in page.rows)
    assert not re.search(r"[{}]", as_html(page))
    assert as_html(page).startswith(f'<!DOCTYPE html>\n<html lang="{language}">')


@pytest.mark.parametrize(
    ("name", "language", "topic", "said"),
    [
        (
            "storefront_kr",
            "ko",
            "cancel",
            (
                "상품이 발송되기 전까지 언제든지",
                "취소할 수 없는 경우: 디지털 콘텐츠 제공이 시작된 경우 (주문 전에 알렸거나 동의를 받은 경우)",
                "취소할 수 없는 경우: 용역 제공이 시작된 경우 (주문 전에 알렸거나 동의를 받은 경우)",
                "취소할 수 없는 경우: 주문에 따라 따로 만든 상품 (주문 전에 알렸거나 동의를 받은 경우)",
            ),
        ),
        (
            "uk",
            "en",
            "fault",
            (
                f"Returned, Paid back while you keep the goods: {THIRTY_DAYS}",
                "Exchanged: within 72 months after you received the goods",
            ),
        ),
        (
            "storefront_kr",
            "ko",
            "mind",
            ("받으신 날 다음 날부터 7일 안에 (마지막 날이 토요일·일요일·공휴일이면 다음 영업일까지)",),
        ),
        ("storefront_jp", "ja", "mind", ("お受け取り日を含めて8日以内",)),
        ("uk", "en", "mind", ("within 14 days after the day when you received the goods",)),
        (
            "storefront_kr",
            "ko",
            "money",
            (
                "취소: 결제하신 날 다음 날부터 영업일로 3일 안에 (품절인 경우만)",
                "취소: 신청하신 날 다음 날부터 영업일로 3일 안에",
                "반품: 상품이 돌아온 날 다음 날부터 영업일로 3일 안에",
                "환불(상품을 돌려받지 않는 경우): 승인된 날 다음 날부터 영업일로 3일 안에",
            ),
        ),
    ],
)
def test_it_says(name: str, language: str, topic: str, said: tuple[str, ...]) -> None:
    assert answers(policy_page(preset(name), language), topic) == said


def test_fees_are_money_as_it_is_written_there() -> None:
    won = answers(policy_page(preset("storefront_kr"), "ko"), "costs")
    euros = answers(policy_page(preset("storefront_eu"), "en"), "costs")
    assert "3,000원" in won[0]
    assert "€4.90" in euros[0]


def test_what_holds_only_for_some_goods_or_reasons_says_so() -> None:
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
    assert answers(page, "exceptions") == (
        "Goods that were used, or partly used up, and are worth less for it (goods sealed for hygiene)",
    )


def test_what_a_seller_calls_a_policy_is_shown_and_not_run() -> None:
    page = policy_page(replace(preset("kr"), title="<script>alert(1)</script>"), "ko")
    assert "<script>" not in as_html(page)
    assert "&lt;script&gt;" in as_html(page)
