"""The cells of a table as values of an order: what people write, and what spreadsheets make of it. What is not clear is
refused, and never guessed."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.model.money import CURRENCIES, exponent
from app.imports.fields import Form
from app.records.plain_text import one_line

LARGEST_AMOUNT = 10**13
LONGEST = 200
_SHOWN = 60
"""Characters of a cell that a refusal repeats."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
_EXACT_UP_TO = 10**15
"""A spreadsheet keeps fifteen digits of a number. The sixteenth is a zero, whatever it was."""
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - the day 0 of spreadsheets has no zone
_SERIAL_DAYS = range(36_526, 73_051)
"""The years 2000 to 2099 as spreadsheets count days."""

_ROUNDED = re.compile(r"[+-]?\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_MONEY_MARKS = re.compile(r"[\s'’]|[₩￦¥￥$€£원円元]|" + "|".join(sorted(CURRENCIES)), re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+),\d{1,2}", re.ASCII)
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4})\s*[-./年년]\s*(\d{1,2})\s*[-./月월]\s*(\d{1,2})\s*[.日일]?"
    r"(?:\s*\([^)]{1,9}\))?"
    r"(?:[T\s]*(오전|오후|午前|午後|AM|PM)?\s*(\d{1,2})\s*[:시時]\s*(\d{1,2})\s*[분分]?(?::?\s*(\d{1,2})(?:\.\d+)?\s*[초秒]?)?"
    r"\s*(AM|PM)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_AFTERNOON = frozenset({"오후", "午後", "pm"})
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,187}[A-Za-z0-9])?", re.ASCII)
_YES = frozenset({"y", "yes", "true", "1", "o", "예", "네", "있음", "はい", "有", "あり", "○", "〇"})
_NO = frozenset({"n", "no", "false", "0", "x", "-", "아니오", "아니요", "없음", "いいえ", "無", "なし", "×"})
_COUNTRIES: Mapping[str, str] = {
    **dict.fromkeys(("대한민국", "한국", "korea", "southkorea", "republicofkorea", "韓国"), "KR"),
    **dict.fromkeys(("일본", "japan", "日本"), "JP"),
    **dict.fromkeys(("미국", "unitedstates", "usa", "アメリカ", "米国"), "US"),
    **dict.fromkeys(("독일", "germany", "deutschland", "ドイツ"), "DE"),
    **dict.fromkeys(("프랑스", "france", "フランス"), "FR"),
    **dict.fromkeys(("중국", "china", "中国"), "CN"),
}


class CellError(Exception):
    """`code` has a sentence in each language."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a cell alone does not say: the currency of its amounts, and the zone of its clock."""

    currency: str
    zone: ZoneInfo


def value_of(cell: Any, form: Form, place: Place) -> Any:
    """None for an empty cell. Raises CellError."""
    if cell is None or (isinstance(cell, str) and not plain(cell)):
        return None
    return _READERS[form](cell, place)


def plain(cell: Any) -> str:
    """The cell as text: without margins, and without the `="..."` and the apostrophe that keep a spreadsheet from
    making a number of a text."""
    match cell:
        case None:
            return ""
        case {"at": str(at)}:
            return at
        case bool() | int() | float():
            return str(cell)
        case _:
            text = str(cell)
    text = text.strip("\ufeff\u200b \t\r\n\u3000\xa0")
    wrapped = _AS_TEXT.fullmatch(text)
    return (wrapped[1] if wrapped else text.removeprefix("'")).strip()


def _key(cell: Any, _: Place) -> str:
    """A number that identifies something. A spreadsheet may have made another number of it."""
    text = plain(cell)
    if (isinstance(cell, int | float) and abs(cell) >= _EXACT_UP_TO) or _ROUNDED.fullmatch(text):
        raise CellError("import_number_rounded", value=text[:_SHOWN])
    return _text(text, _)


def _text(cell: Any, _: Place) -> str:
    text = plain(cell)
    try:
        text = one_line(" ".join(text.split("\n")))
    except ValueError:
        raise CellError("import_not_one_line") from None
    if len(text) > LONGEST:
        raise CellError("import_text_too_long", limit=LONGEST)
    return text


def _amount(cell: Any, place: Place) -> int:
    """In minor units."""
    amount = _signed(cell, place)
    if amount < 0:
        raise _not_an_amount(cell, place)
    return amount


def _discount(cell: Any, place: Place) -> int:
    """Some systems write a discount below zero."""
    return abs(_signed(cell, place))


def _signed(cell: Any, place: Place) -> int:
    is_number = isinstance(cell, int | float)
    digits = Decimal(repr(round(cell, 6))) if is_number else _decimal(plain(cell), place.currency)
    minor = digits.scaleb(exponent(place.currency)) if digits is not None else None
    if minor is None or minor != minor.to_integral_value() or abs(minor) > LARGEST_AMOUNT:
        raise _not_an_amount(cell, place)
    return int(minor)


def _not_an_amount(cell: Any, place: Place) -> CellError:
    return CellError("import_not_an_amount", value=plain(cell)[:_SHOWN], currency=place.currency)


def _decimal(text: str, currency: str) -> Decimal | None:
    """None for a text that is no number, or that could be two different ones."""
    bare = _MONEY_MARKS.sub("", unicodedata.normalize("NFKC", text))
    digits = bare.lstrip("+-−▲△")
    sign = -1 if len(bare) > len(digits) and not bare.startswith("+") else 1
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif exponent(currency) and _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    return sign * Decimal(digits) if _PLAIN_NUMBER.fullmatch(digits) else None


def _quantity(cell: Any, _: Place) -> int:
    text = unicodedata.normalize("NFKC", plain(cell)).replace(",", "").removesuffix("개").removesuffix("点").strip()
    number = text.removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,7}", number) or not 1 <= int(number) <= 1_000_000:
        raise CellError("import_not_a_quantity", value=plain(cell)[:_SHOWN])
    return int(number)


def _instant(cell: Any, place: Place) -> datetime:
    """A clock without an offset is in the zone of the shop. A day alone begins at its midnight."""
    try:
        at = _moment(cell)
    except (ValueError, OverflowError):
        at = None
    if at is None or not _EARLIEST <= at.date() < _LATEST:
        raise CellError("import_not_a_date", value=plain(cell)[:_SHOWN])
    return at if at.tzinfo else at.replace(tzinfo=place.zone)


def _day(cell: Any, place: Place) -> date:
    return _instant(cell, place).astimezone(place.zone).date()


def _moment(cell: Any) -> datetime | None:
    """Raises ValueError."""
    text = unicodedata.normalize("NFKC", plain(cell))
    if isinstance(cell, dict):
        return datetime.fromisoformat(text)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        days = float(text)
        return _FIRST_DAY + timedelta(seconds=round(days * 86_400)) if int(days) in _SERIAL_DAYS else None
    if re.fullmatch(r"\d{8}", text):
        return datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 - the zone is that of the shop
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    year, month, day, before, hour, minute, second, after, offset = found.groups()
    hours = _hour(int(hour or 0), (before or after or "").casefold())
    moment = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))  # noqa: DTZ001 - as above
    return moment if offset is None else datetime.fromisoformat(f"{moment.isoformat()}{_offset(offset)}")


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half in _AFTERNOON else 0)


def _offset(text: str) -> str:
    return "+00:00" if text.upper() in ("Z", "UTC") else f"{text[:3]}:{text[-2:]}"


def _flag(cell: Any, _: Place) -> bool:
    word = plain(cell).casefold()
    if word not in _YES and word not in _NO:
        raise CellError("import_not_yes_or_no", value=plain(cell)[:_SHOWN])
    return word in _YES


def _email(cell: Any, _: Place) -> str:
    text = plain(cell)
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise CellError("import_not_an_email")
    return text


def _phone(cell: Any, _: Place) -> str | None:
    """The last four digits. A number that a marketplace has hidden has none."""
    digits = re.sub(r"[^0-9*xX]", "", unicodedata.normalize("NFKC", plain(cell)))[-4:]
    return digits if re.fullmatch(r"[0-9]{4}", digits) else None


def _country(cell: Any, _: Place) -> str:
    text = plain(cell)
    code = _COUNTRIES.get("".join(text.casefold().split()), text.upper())
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise CellError("import_unknown_country", value=text[:_SHOWN])
    return code


def _currency(cell: Any, _: Place) -> str:
    code = plain(cell).upper()
    if code not in CURRENCIES:
        raise CellError("import_unknown_currency", value=code[:_SHOWN])
    return code


_READERS: Mapping[Form, Callable[[Any, Place], Any]] = {
    Form.KEY: _key,
    Form.TEXT: _text,
    Form.AMOUNT: _amount,
    Form.DISCOUNT: _discount,
    Form.SIGNED: _signed,
    Form.QUANTITY: _quantity,
    Form.INSTANT: _instant,
    Form.DAY: _day,
    Form.FLAG: _flag,
    Form.EMAIL: _email,
    Form.PHONE: _phone,
    Form.COUNTRY: _country,
    Form.CURRENCY: _currency,
}
