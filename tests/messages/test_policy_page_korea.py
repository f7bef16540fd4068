"""What a buyer in Korea reads."""

import pytest

from app.messages.policy_page import policy_page
from app.presets.loader import preset
from tests.messages.test_policy_page import answers

NEVER = "단순 변심으로 취소하실 수 없는 경우: "
WITH_NOTICE = " (다음이 모두 있었던 경우만: 주문 전 안내) (아직 제공이 시작되지 않은 부분은 철회하실 수 있습니다)"
OTHER_SERVICES = " (날짜가 정해진 티켓·서비스, 고객님이 방문을 요청하신 긴급 수리)"
NOTHING_BACK = "날짜가 정해진 티켓·서비스, 디지털 콘텐츠, 서비스, 고객님이 방문을 요청하신 긴급 수리"
UNOBSTRUCTED = ", 청약철회 방해가 끝난"
TEN_YEARS = "받으신 날부터 10년"
WORKING_DAY = "(마지막 날이 주말·공휴일이면 다음 영업일까지)"
WITH_PREVIEW = WITH_NOTICE.replace("주문 전 안내", "주문 전 안내, 시험 사용 제공")


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (
            "cancel",
            (
                "상품이 발송되기 전까지 언제든지",
                f"{NEVER}디지털 콘텐츠 제공이 시작된 경우{WITH_PREVIEW}",
                f"{NEVER}서비스 제공이 시작된 경우{OTHER_SERVICES}{WITH_NOTICE}",
                f"{NEVER}주문에 맞춰 개별 제작한 상품 (다음이 모두 있었던 경우만: 주문 전 안내, 고객님의 동의)",
            ),
        ),
        (
            "mind",
            (
                f"받으신 다음 날부터 7일 이내 {WORKING_DAY}",
                (
                    f"{TEN_YEARS}, 누락된 안내를 받으신 다음 날부터 7일 중 먼저 끝나는 날까지 {WORKING_DAY}"
                    " (다음이 모두 있었던 경우만: 청약철회 안내 누락)"
                ),
                (
                    f"{TEN_YEARS}{UNOBSTRUCTED} 다음 날부터 7일 중 먼저 끝나는 날까지 {WORKING_DAY}"
                    " (다음이 모두 있었던 경우만: 청약철회 방해)"
                ),
                "여러 기한이 해당하면 가장 늦게 끝나는 기한을 따릅니다.",
            ),
        ),
        (
            "money",
            (
                "취소: 결제하신 날부터 3영업일 이내 (사유가 다음에 해당하는 경우만: 품절)",
                "취소: 요청하신 날부터 3영업일 이내",
                f"반품: 요청하신 날부터 3영업일 이내 ({NOTHING_BACK})",
                "반품: 상품이 저희에게 도착한 날부터 3영업일 이내",
                f"환불(상품을 돌려받지 않는 경우): 요청하신 날부터 3영업일 이내 ({NOTHING_BACK})",
                (
                    "환불(상품을 돌려받지 않는 경우): 요청하신 날부터 3영업일 이내"
                    " (사유가 다음에 해당하는 경우만: 배송 중 분실, 수량 부족·구성품 누락)"
                ),
                "환불(상품을 돌려받지 않는 경우): 승인된 날부터 3영업일 이내",
                "환불이 늦어지면 연 15%의 지연 이자를 더해 드립니다.",
            ),
        ),
    ],
)
def test_it_says(topic: str, expected: tuple[str, ...]) -> None:
    assert answers(policy_page(preset("storefront_kr"), "ko"), topic) == expected
