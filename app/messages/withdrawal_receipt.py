"""The texts of the receipt of a withdrawal, in the language of its declaration.

The receipt says what was declared, by whom and when. It says nothing of an order: it is made before anybody looks for
one.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from app.messages.days import written_instant_with_zone
from app.messages.render import one_line
from app.messages.translations import FALLBACK, MESSAGE_LANGUAGES
from app.records.withdrawal import Withdrawal

_MARK = re.compile(rb"recourse receipt ([0-9a-f-]{36})/([0-9a-f-]{36})")


def receipt_language(withdrawal: Withdrawal) -> str:
    language = withdrawal.declaration.language
    return language if language in MESSAGE_LANGUAGES else FALLBACK


def receipt_content(withdrawal: Withdrawal, shop: str, zone: ZoneInfo) -> dict[str, Any]:
    """What the template `withdrawal_receipt` sets: `rows` of a label and a value, and the texts around them. `shop` is
    the name of the shop, and `zone` its time zone."""
    language, declaration = receipt_language(withdrawal), withdrawal.declaration
    words = receipt_words(language)
    return {
        "title": words["title"],
        "shop": _plain(one_line(shop)),
        "introduction": words["introduction"].format(shop=_plain(one_line(shop))),
        "rows": [
            {"label": words[name], "value": _plain(value)} for name, value in _values(withdrawal, words, zone) if value
        ],
        "note": words["note"],
        "footer": f"{words['number']} {declaration.withdrawal_id}",
        "mark": f"recourse receipt {declaration.merchant_id}/{declaration.withdrawal_id}",
    }


def marked_withdrawal(pdf: bytes) -> tuple[str, str] | None:
    """The ids of the merchant and of the withdrawal that a file names as its own. None for a file that names none.
    Anybody can write them into a file: they prove nothing."""
    mark = _MARK.search(pdf)
    return None if mark is None else (mark[1].decode(), mark[2].decode())


@cache
def receipt_words(language: str) -> Mapping[str, str]:
    return tomllib.loads((files("app.messages") / "receipts" / f"{language}.toml").read_text("utf-8"))


def _values(withdrawal: Withdrawal, words: Mapping[str, str], zone: ZoneInfo) -> Iterator[tuple[str, str | None]]:
    declaration, language = withdrawal.declaration, receipt_language(withdrawal)
    if declaration.declared_at != declaration.received_at:
        yield "declared_at", written_instant_with_zone(declaration.declared_at.astimezone(zone), language)
    yield "received_at", written_instant_with_zone(declaration.received_at.astimezone(zone), language)
    yield "name", declaration.name
    yield "email", declaration.email
    yield "order_number", declaration.order_number
    yield "goods", declaration.goods_in_words or words["whole"]
    yield "text", declaration.text
    yield "number", declaration.withdrawal_id
    yield "hash", withdrawal.hash


def _plain(text: str) -> str:
    """Without invisible characters, such as those that turn the direction of the text. Lines stay."""
    lines = (("".join(each if each.isprintable() else " " for each in line)) for line in text.splitlines())
    return "\n".join(lines)
