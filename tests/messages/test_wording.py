"""The sentences that shops, clerks and buyers found wrong or unnatural are gone, and the better ones are there."""

import re
import tomllib
from functools import cache
from importlib.resources import files

import pytest

GONE = {
    "ko": (
        *("고맙습니다", " 드림", "돌려드리겠습니다", "처음 배송비", "내역에 보이기까지", "요청을 잘 받았습니다"),
        *("답을 드리겠습니다", "상품을 보내주세요", "살펴보고 바로 환불", "개 확인 완료", "다시 보내드립니다"),
        *("꼼꼼히 살펴보았", "돌려보내는 상품", "이제 새 상품을 준비", "보내주신 상품을 잘 받았", "상품이 먼저 출발"),
        *("반품으로 바꾸어", "도와드리지 못하게 되어", "잘못 알고 있는 점", "잠시 멈추었", "기다리신 날만큼"),
        *("여쭤봅니다", "바로잡았습니다", "받아들이지 않으셔도", "요청을 마쳤습니다", "교환이 끝났습니다"),
        *("모두 끝났습니다", "불편을 드렸다면", "원래대로 이어집니다", "환불을 시작합니다", "늦어진 데 대한"),
        *(
            "처음 주소로",
            "바꾸시는 상품은",
            "다른 상품이 옴",
            "돌려받은 할인 금액",
            "재입고 비용",
            "구매자 사정에 따른",
        ),
        *(
            "받으신 날 다음 날",
            "영업일로 3일",
            "다음을 모두 갖춘",
            "뺍니다",
            "용역",
            "신청",
            "답은 언제 받나요",
        ),
        *("마음이 바뀌면", "판매자의 관행", "처음 예정일", "다른 상품으로 교환", "제작이 시작된 뒤", "이상이 없으면"),
    ),
    "ja": (
        *("いつもありがとうございます", "についてお詫び", "お手伝いできます", "承ることができませんでした", "\n根拠："),
        *("交換の商品", "確認済み", "一時止め", "返金の手続きと返金", "お待ちいただいた日数", "more_lines }}点"),
        *("追跡番号", "再入荷手数料", "戻された割引額", "ご相談した金額", "不足している部品", "ご提案を辞退"),
        *(
            "費用はどちらが",
            "返事はいつ",
            "当店の慣行",
            "当初の予定",
            "別の商品への交換",
            "製作開始後",
            "問題がなければ",
        ),
        *("キャンセルのお申し出を承りました", "ご注文のキャンセルを承りました", "お申し込み"),
    ),
    "en": (
        *("has to wait a little", "put its reason right", "What is left for you", "1 taken back"),
        *("We are going on with it as a return", "Late money bears", "a return at our cost", "to make up for it"),
        *("You will have your money", "exchange for something else", "put off by you", "if all is well"),
    ),
    "de": ("Wenn alles in Ordnung ist", "gegen einen anderen Artikel", "Sie erhalten das Geld"),
    "fr": ("Si tout est en ordre", "par un autre article", "Vous recevrez le remboursement"),
}
THERE = {
    "ko": (
        *("{{ shop }} 고객센터", "최초 배송비", "영업일 기준", "정상적으로 접수되었습니다", "답변드리겠습니다"),
        *(
            "검수가 완료되었습니다",
            "확인 결과를 안내해 드립니다",
            "취소 대신 반품으로",
            "어려워 안내드립니다",
            "너른 양해",
        ),
        *("사실과 다른 점이", "보류되었습니다", "보류 중에도", "보류된 기간만큼", "변경 사유", "기한이 지나 종료"),
        *("접수가 종료되었습니다", "교환이 완료되었습니다", "환불이 완료되었습니다", "불편을 드려 죄송합니다"),
        *("변경 없이 유지됩니다", "환불 지연 이자", "기존 주소로 배송", "교환하실 기존 상품", "다시 적용된 할인 금액"),
        *("이전 예정일", "새 상품으로 교환", "차감합니다", "저희 스토어 기준", "요청 결과는 언제"),
    ),
    "ja": (
        *("をご利用いただき、誠にありがとうございます", "次の対応をご用意", "お受けいたしかねます", "根拠となる規定："),
        *("交換品のお届けが完了", "一時保留", "有効期限が切れ", "ご返金が完了", "すでに発送済み", "返送期限"),
        *("more_lines }}種", "お問い合わせ伝票番号", "返品手数料", "再適用された割引額", "ご相談のうえ決定"),
        *("不足している付属品", "お断り", "誰が負担", "当店の基準", "変更前の予定日", "受け付けました"),
    ),
    "en": (
        *("is on hold", "changed the reason", "Still to pay", "treat it as a return instead", "Money that comes late"),
        *("address change for order", "free return shipping", "compensation on top", "We will refund you by"),
    ),
    "de": ("{{ reason|sympathy }}", "Wir zahlen Ihnen das Geld spätestens am"),
    "fr": ("{{ reason|sympathy }}", "Nous vous remboursons au plus tard le"),
}


@cache
def every_text(language: str) -> str:
    """The templates, the words and the page of a language."""
    folder = files("app.messages")
    sources = [*(folder / "templates" / language).iterdir(), folder / "words" / f"{language}.toml"]
    page = folder / "pages" / f"{language}.toml"
    return "\n".join(source.read_text("utf-8") for source in [*sources, *([page] if page.is_file() else [])])


@pytest.mark.parametrize("language", GONE)
def test_what_was_unnatural_is_gone_and_the_better_is_there(language: str) -> None:
    text = every_text(language)
    assert not [phrase for phrase in GONE[language] if phrase in text]
    assert not [phrase for phrase in THERE[language] if phrase not in text]


def test_japanese_sentences_have_japanese_colons() -> None:
    folder = files("app.messages") / "templates" / "ja"
    for template in folder.iterdir():
        assert not re.search(r"[ぁ-んァ-ヶ一-龥}]: ", template.read_text("utf-8")), template.name


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_a_reason_has_one_name_on_the_page_and_in_messages(language: str) -> None:
    page, words = (
        tomllib.loads((files("app.messages") / folder / f"{language}.toml").read_text("utf-8"))
        for folder in ("pages", "words")
    )
    assert page["reasons"].items() <= words["reason"].items()
