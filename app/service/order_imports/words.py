"""Names of carriers and payment methods in files, as the words of the service."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from app.imports.formats import Format, fold
from app.messages.carriers import carriers
from app.messages.translations import LANGUAGES

OTHER = "other"
_METHODS: Mapping[str, str] = {
    "신용카드": "card",
    "카드": "card",
    "무통장입금": "virtual_account",
    "가상계좌": "virtual_account",
    "계좌이체": "bank_transfer",
    "휴대폰": "mobile",
    "クレジットカード": "card",
    "コンビニ": "konbini",
    "コンビニ決済": "konbini",
    "銀行振込": "bank_transfer",
    "代金引換": "cash_on_delivery",
}


def carrier_word(name: str | None, format_: Format) -> str:
    """The code of a carrier. A name that nobody knows is the code, if it can be one."""
    if not name:
        return OTHER
    folded = fold(name)
    return format_.carriers.get(folded) or _codes().get(folded) or _as_word(name) or OTHER


def method_word(name: str | None, default: str) -> str:
    if not name:
        return default
    return _METHODS.get(fold(name)) or _as_word(name) or default


@cache
def _codes() -> Mapping[str, str]:
    """The code of each carrier, by its codes and its names."""
    codes: dict[str, str] = {}
    for code, row in carriers().items():
        main = codes.setdefault(fold(row["en"]), code)
        codes |= {fold(name): main for name in (code, *(row[language] for language in LANGUAGES))}
    return codes


def _as_word(name: str) -> str:
    """Empty for a name in another script than ours."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    word = re.sub(r"[^a-z0-9_.-]+", "_", plain).strip("_.-")[:40]
    return word if plain.isascii() else ""
