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
    DeadlineRule,
    ExceptionRule,
    Period,
    Unanswered,
    Unit,
    WindowRule,
)
from app.messages.policy_page import PolicyPage, as_html, policy_page
from app.messages.translations import LANGUAGES
from app.presets.loader import preset, preset_names

USED = "Goods that were used, or partly used up, and are worth less for it"
NEVER = "마음이 바뀌어도 취소할 수 없는 경우: "
WITH_PREVIEW = " (다음을 모두 갖춘 경우만: 주문 전 안내, 미리 써 볼 기회) (시작하지 않은 부분은 돌려주실 수 있습니다)"
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
    ("name", "language", "topic", "expected"),
    [
        (
            "storefront_kr",
            "ko",
            "cancel",
            (
                "상품이 발송되기 전까지 언제든지",
                f"{NEVER}디지털 콘텐츠 제공이 시작된 경우{WITH_PREVIEW}",
                f"{NEVER}용역 제공이 시작된 경우{WITH_PREVIEW}",
                f"{NEVER}주문에 따라 따로 만든 상품 (다음을 모두 갖춘 경우만: 주문 전 안내, 고객님의 동의)",
            ),
        ),
        (
            "uk",
            "en",
            "fault",
            (
                f"Return and refund while you keep the goods: {THIRTY_DAYS}",
                (
                    "Return and refund while you keep the goods: within 72 months after you received the goods"
                    " (for what we sent in exchange, if that is faulty too)"
                ),
                "Exchange: within 72 months after you received the goods",
                "Where more than one of these fits, the one that ends last counts.",
            ),
        ),
        (
            "storefront_kr",
            "ko",
            "mind",
            ("받으신 날 다음 날부터 7일 안에 (마지막 날이 토요일·일요일·공휴일이면 다음 영업일까지)",),
        ),
        ("storefront_jp", "ja", "mind", ("お受け取り日を含めて8日以内",)),
        ("uk", "en", "mind", ("within 14 days after the day when the last of your order has arrived",)),
        (
            "storefront_kr",
            "ko",
            "money",
            (
                "취소: 결제하신 날 다음 날부터 영업일로 3일 안에 (품절인 경우만)",
                "취소: 신청하신 날 다음 날부터 영업일로 3일 안에",
                "반품: 신청하신 날 다음 날부터 영업일로 3일 안에 (디지털 콘텐츠, 용역)",
                "반품: 상품이 돌아온 날 다음 날부터 영업일로 3일 안에",
                "환불(상품을 돌려받지 않는 경우): 신청하신 날 다음 날부터 영업일로 3일 안에 (디지털 콘텐츠, 용역)",
                (
                    "환불(상품을 돌려받지 않는 경우): 신청하신 날 다음 날부터 영업일로 3일 안에"
                    " (배송 누락, 수량·구성품 누락인 경우만)"
                ),
                "환불(상품을 돌려받지 않는 경우): 승인된 날 다음 날부터 영업일로 3일 안에",
                "늦게 드리는 환불금에는 연 15%의 이자를 더합니다.",
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
    statutory=False,
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
            "within 9 days, counting the day when we agreed; after that your request ends",
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
