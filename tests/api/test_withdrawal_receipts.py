"""The PDF receipt of a withdrawal: what was declared and when, made once, and the same whoever reads it."""

import asyncio
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.store.database import Database
from tests.api.keys import stranger
from tests.pdfs import boxes_in, require_fonts, text_of
from tests.storefront import Storefront, storefront
from tests.withdrawals import IN_GERMANY, declare, looked_at, publish

DECLARED: dict[str, dict[str, Any]] = {
    "ko": {"name": "김민지", "text": "감사합니다.\n다시 살게요.", "goods": "흰 머그컵"},
    "ja": {"name": "髙橋 さくら", "text": "よろしくお願いします。", "goods": "白いマグカップ"},
    "de": {"name": "Jürgen Weiß", "text": "Größe paßt nicht – schöne Grüße", "goods": "die weiße Tasse"},
    "fr": {"name": "Élodie Cœur", "text": "Ça ne me plaît pas.", "goods": "la tasse"},
    "en": {"name": "Ann O'Neil", "text": "#set *not* $markup$ @here", "goods": "a mug"},
}
LETTERS = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøå",
    "de": "äöüßẞ",
    "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "es": "áéíñóúü",
    "et": "äõöüšž",
    "fi": "åäöšž",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "ga": "áéíóú",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "it": "àèéìòù",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "mt": "ċġħż",
    "nl": "áéëíïóöúü",
    "pl": "ąćęłńóśźż",
    "pt": "áâãàçéêíóôõú",
    "ro": "ăâîșțşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sv": "åäö",
    "tr": "çğıöşü",
    "ko": "가나다라마바사아자차카타파하걇뷁",
    "ja": "あいうえおがぱアイウエオー髙﨑々",
}
"""What the official languages of the European Union, Korean and Japanese write. Turkish is one of Cyprus."""
TITLES = {
    "ko": "청약철회 접수 확인서",
    "ja": "契約の撤回・解除 受付の控え",
    "de": "Eingangsbestätigung Ihres Widerrufs",
    "fr": "Accusé de réception de votre rétractation",
    "en": "Acknowledgement of your withdrawal",
}


@pytest.fixture(autouse=True)
def fonts() -> None:
    require_fonts()


@pytest.fixture
def shop(shop: Storefront) -> Storefront:
    """Its clock is between two seconds, as a real one is."""
    shop.clock.turn(microseconds=123_456)
    return shop


@pytest.fixture
def sqlite_shop(sqlite_shop: Storefront) -> Storefront:
    sqlite_shop.clock.turn(microseconds=123_456)
    return sqlite_shop


def path_of(withdrawal: dict[str, Any]) -> str:
    return f"/v1/withdrawals/{withdrawal['withdrawal_id']}/receipt"


async def receipt(shop: Storefront, withdrawal: dict[str, Any]) -> bytes:
    answer = await shop.get(path_of(withdrawal))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    return answer.content


async def test_the_receipt_has_the_declaration_in_its_language_and_letters(shop: Storefront) -> None:
    await shop.put("/v1/shop", {"name": "Tassenhaus Köln", "names": {"ko": "머그 가게", "ja": "マグの店"}})
    names = {"ko": "머그 가게", "ja": "マグの店"}
    for language, words in DECLARED.items():
        withdrawal = await declare(shop, language=language, order_number="№ 17/가나다", **words)
        text = text_of(await receipt(shop, withdrawal))
        declared = (words["name"], *words["text"].split("\n"), words["goods"], "№ 17/가나다", "lena@example.com")
        own = (withdrawal["withdrawal_id"], withdrawal["hash"], "12:00:00, Asia/Seoul, UTC+09:00")
        for part in (names.get(language, "Tassenhaus Köln"), TITLES[language], *declared, *own):
            assert part in text, (language, part)


@pytest.mark.parametrize("language", ["de", "ko"])
async def test_the_letters_of_each_language_are_set_and_none_is_a_box(sqlite_shop: Storefront, language: str) -> None:
    """Whatever the language of the receipt is: the buyer writes a name as it is. Not every letter is in two sizes."""
    large = {letter: letter.upper() for letter in "".join(LETTERS.values()) if len(letter.upper()) == 1}
    words = [*LETTERS.values(), *("".join(large.get(each, "") for each in letters) for letters in LETTERS.values())]
    pdf = await receipt(sqlite_shop, await declare(sqlite_shop, language=language, text="\n".join(words)))
    text = "".join(text_of(pdf).split())  # a line that is too long is broken
    assert [word for word in words if word not in text] == []
    assert boxes_in(pdf) == 0


async def test_a_declaration_that_was_handed_in_later_has_both_instants(sqlite_shop: Storefront) -> None:
    declared_at = sqlite_shop.clock().isoformat()
    sqlite_shop.clock.turn(hours=3)
    text = text_of(await receipt(sqlite_shop, await declare(sqlite_shop, declared_at=declared_at)))
    assert re.search(r"Erklärt .*12:00:00.*\n.*Eingang .*15:00:00", text)


async def test_a_receipt_is_made_once_and_its_event_tells_its_hash(shop: Storefront, database: Database) -> None:
    """Two that ask at once get the same. A new name of the shop does not change what is made."""
    withdrawal = await declare(shop)
    first, second = await asyncio.gather(receipt(shop, withdrawal), receipt(shop, withdrawal))
    await shop.put("/v1/shop", {"name": "Another name"})
    shop.clock.turn(days=400)
    assert first == second == await receipt(shop, withdrawal)
    made = [event for event in await publish(shop, database) if event["type"] == "withdrawal.receipt_made"]
    assert [event["data"]["receipt"]["digest"] for event in made] == [sha256(first).hexdigest()]
    assert [event["data"]["messages"] for event in made] == [[]]


async def test_the_receipt_does_not_tell_whether_an_order_exists(shop: Storefront, database: Database) -> None:
    await shop.push_order(**IN_GERMANY)
    texts = set()
    for number in ("order-1", "order-9"):
        withdrawal = await looked_at(shop, database, await declare(shop, order_number=number))
        assert withdrawal["status"] == ("matched" if number == "order-1" else "unmatched")
        own = "|".join((number, withdrawal["withdrawal_id"], withdrawal["hash"]))
        texts.add(re.sub(own, "_", text_of(await receipt(shop, withdrawal))))
    assert len(texts) == 1


async def test_a_long_text_goes_on_over_pages_and_a_word_that_is_too_long_breaks(sqlite_shop: Storefront) -> None:
    """A word that fits stays whole for whoever copies it."""
    email = "lena.vogt.mueller.with.a.long.name@example.com"
    words = "\n".join(f"Zeile {n}" for n in range(150))
    withdrawal = await declare(sqlite_shop, name="Q" * 200, email=email, text=words)
    text = text_of(await receipt(sqlite_shop, withdrawal))
    assert all(f"Zeile {n}\n" in text for n in range(150))
    of_name = [line.count("Q") for line in text.splitlines() if "Q" in line]
    assert (sum(of_name), len(of_name) > 1) == (200, True)
    assert f" {email}\n" in text
    assert "1 / 4" in text


async def test_a_receipt_is_its_merchants_alone(shop: Storefront, database: Database) -> None:
    withdrawal = await declare(shop)
    await receipt(shop, withdrawal)
    unknown = await shop.get("/v1/withdrawals/none/receipt")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert (await (await stranger(shop, database)).get(path_of(withdrawal))).status_code == 404


async def test_without_fonts_there_is_no_receipt_and_the_log_says_what_to_install(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with storefront(sqlite_url, fonts_folder=str(tmp_path)) as shop:
        assert "Install fonts-noto-cjk and fonts-noto-core, or set RECOURSE_FONTS_FOLDER" in capsys.readouterr().err
        answer = await shop.get(path_of(await declare(shop)))
    assert (answer.status_code, answer.json()["code"]) == (503, "receipt_unavailable")
