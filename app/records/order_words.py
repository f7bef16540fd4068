"""The words that an order is found by, and the words that somebody looks for. Both are written alike.

Text is folded: NFKC, lower case, Latin letters without accents. A word is the letters and digits between two spaces. An
order is found by the beginning of a word and by the beginning of each part of a word. A part begins after a character
that is neither letter nor digit, and where the script changes. So `ORD-2026-17` is found by `ord`, `2026` and `17`, and
`マグカップ白` by `マグ` and `白`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.records.buyer import Buyer

MOST_SOUGHT = 6
"""Words that one search looks for. Further words are not looked at."""
LONGEST = 60
"""Characters of a word. The rest of a longer word is not looked at."""
_WORDS_OF_TEXT = 8
_PARTS_OF_WORD = 6
_WORDS_OF_ORDER = 200
_AFTER_ALL = "\U0010ffff"

_HAN, _HIRAGANA, _KATAKANA, _HANGUL = "々㐀-鿿豈-﫿", "ぁ-ゟ", "゠-ヿㇰ-ㇿ", "ᄀ-ᇿ가-힣"
_EAST_ASIAN = _HAN + _HIRAGANA + _KATAKANA + _HANGUL
_PART = re.compile(rf"[{_HAN}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_HANGUL}]+|(?:(?![{_EAST_ASIAN}])[^\W_])+")
_EAST_ASIAN_PART = re.compile(f"[{_EAST_ASIAN}]+")
_ACCENTED = re.compile("[À-ɏḀ-ỿ]")
_SPACED_NUMBER = re.compile(r"[\d\s().+-]+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PHONE = re.compile(r"0\d{8,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtWord:
    """One word that an order must have. Words from `begin` on and before `end` begin with it. Beside these, it may be
    one of the `parcel_numbers`, a `claim_id` or a phone with this `phone_ending`: empty if it cannot be one."""

    begin: str
    end: str
    parcel_numbers: tuple[str, str, str]
    claim_id: str
    phone_ending: str


Names = Iterable[tuple[str | None, str | None]]
"""The SKU and the title of each line."""


def words_of_order(order_id: str, names: Names) -> frozenset[str]:
    """Those of the id, and of the SKU and the title of each line. Of a large order, those of its first lines."""
    words = dict.fromkeys(_words(order_id))
    for sku, title in names:
        if len(words) >= _WORDS_OF_ORDER:
            break
        words |= dict.fromkeys((*_words(sku or ""), *_words(title or "")))
    return frozenset(list(words)[:_WORDS_OF_ORDER])


def words_of_buyer(buyer: Buyer) -> frozenset[str]:
    """Those of the name, of the mail address, and the last digits of the phone. Personal data: not for logs."""
    words = {*_words(buyer.name or ""), *_inside(buyer.name or "")}
    local_part, _, domain = fold(buyer.email or "").rpartition("@")
    words |= {(word + _joined(domain))[:LONGEST] for word in _words(local_part)}
    return frozenset(words | ({buyer.phone_ending} if buyer.phone_ending else set()))


def sought_words(text: str) -> tuple[SoughtWord, ...]:
    """The words that somebody looks for: the first six. Digits with spaces between are one number. Empty for a text
    without a letter or a digit."""
    chunks = [_without_spaces(text)] if _SPACED_NUMBER.fullmatch(text) else text.split()
    sought = [_sought(chunk, word) for chunk in chunks if (word := _joined(fold(chunk)))]
    return tuple(sought[:MOST_SOUGHT])


def fold(text: str) -> str:
    """The text as words are compared: NFKC, lower case, Latin letters without accents."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], folded)


def _sought(chunk: str, word: str) -> SoughtWord:
    begin = word[:LONGEST]
    digits = "0" + word if chunk.startswith("+") else word
    folded = fold(chunk)
    return SoughtWord(
        begin=begin,
        end=begin + _AFTER_ALL,
        parcel_numbers=(chunk, chunk.upper(), word.upper()),
        claim_id=folded if _UUID.fullmatch(folded) else "",
        phone_ending=digits[-4:] if _PHONE.fullmatch(digits) else "",
    )


def _words(text: str) -> Iterator[str]:
    """Each word of a text, and each of its parts with what follows in the word."""
    for chunk in fold(text).split()[:_WORDS_OF_TEXT]:
        parts = _PART.findall(chunk)
        for place, part in enumerate(parts[:_PARTS_OF_WORD]):
            if place == 0 or len(part) > 1 or _EAST_ASIAN_PART.match(part):
                yield "".join(parts[place:])[:LONGEST]


def _inside(name: str) -> Iterable[str]:
    """Names in East Asian scripts have no spaces: the family name may be left out."""
    for part in _EAST_ASIAN_PART.findall(fold(name)):
        yield from (part[place:][:LONGEST] for place in range(1, min(len(part) - 1, _PARTS_OF_WORD)))


def _joined(text: str) -> str:
    return "".join(_PART.findall(text))


def _without_spaces(text: str) -> str:
    return "".join(text.split())
