"""What a buyer reads about the cost of shipping, and about goods that come late."""

from dataclasses import replace

import pytest

from app.engine.model.vocabulary import Fault, Record
from app.messages.policy_page import policy_page
from app.presets.loader import preset
from tests.messages.test_policy_page import answers


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("en", "You pay for the way back only if you were told that you pay the return. Otherwise we pay."),
        (
            "ko",
            (
                "다음이 모두 있었던 경우에만 반품 배송비는 고객님 부담입니다:"
                " 반품 배송비가 고객님 부담이라는 안내. 그 밖에는 저희가 부담합니다."
            ),
        ),
        ("ko", "200,000원 이상을 3개월 이상 할부로 결제하시면 반품 배송비는 저희가 부담합니다."),
    ],
)
def test_the_buyer_reads_when_the_way_back_is_paid_by_the_buyer(language: str, answer: str) -> None:
    policy = preset("storefront_kr")
    policy = replace(policy, shipping=replace(policy.shipping, instalments_from_months=None))
    rule = replace(
        policy.shipping,
        buyer_pays_records=frozenset({Record.RETURN_COST_NOTICE}),
        instalments_from_months=3,
        instalments_from_amount=200_000,
    )
    assert answer in answers(policy_page(replace(policy, shipping=rule), language), "costs")
    assert answer not in answers(policy_page(policy, language), "costs")
    all_ours = replace(rule, return_shipping_payer=Fault.SELLER)
    assert answer not in answers(policy_page(replace(policy, shipping=all_ours), language), "costs")


def test_the_buyer_reads_that_a_dearer_delivery_is_not_given_back() -> None:
    policy = replace(preset("storefront_eu"), shipping=replace(preset("eu").shipping, standard_delivery_only=True))
    assert answers(policy_page(policy, "en"), "costs").count(DEARER) == 1


DEARER = (
    "If you changed your mind and chose a dearer delivery than our standard delivery, the price of the standard"
    " delivery is given back."
)


@pytest.mark.parametrize(
    ("language", "lapses", "end"),
    [
        ("en", True, "; after that your request ends"),
        ("en", False, "; after that your request is closed, and goes on as soon as the goods are here"),
        ("ko", True, ". 기한이 지나면 접수가 종료됩니다"),
        ("ko", False, ". 기한이 지나면 접수가 종료되지만 상품이 도착하는 대로 이어서 처리해 드립니다"),
        ("ja", True, "。それを過ぎるとお申し出は終了します"),
        ("ja", False, "。それを過ぎるとお申し出はいったん終了しますが、商品が到着次第お手続きを再開いたします"),
    ],
)
def test_the_buyer_reads_what_becomes_of_goods_that_come_late(language: str, lapses: bool, end: str) -> None:
    policy = replace(preset("storefront_kr"), collect_lapses=lapses)
    (answer,) = answers(policy_page(policy, language), "back")
    assert answer.endswith(end)
