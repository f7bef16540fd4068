"""Amounts as people write them: 12,000원, 12,000円, $12.00, 1.234,00 €."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.model.money import exponent

_BEHIND = {("ko", "KRW"): "원", ("ja", "JPY"): "円"}
_SIGNS = {"EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "USD": "$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Digits:
    """How a language groups digits. If `before_sign` is set, the sign of the currency comes behind the amount and this
    text."""

    thousands: str = ","
    decimals: str = "."
    before_sign: str | None = None


_ENGLISH = _Digits()
_DIGITS: Mapping[str, _Digits] = {
    "de": _Digits(thousands=".", decimals=",", before_sign="\N{NO-BREAK SPACE}"),
    "fr": _Digits(thousands="\N{NARROW NO-BREAK SPACE}", decimals=",", before_sign="\N{NARROW NO-BREAK SPACE}"),
}


def money(amount: int, currency: str, language: str) -> str:
    """An amount in minor units of an ISO 4217 currency, as text. A currency without a sign has its code."""
    written = _DIGITS.get(language, _ENGLISH)
    digits = exponent(currency)
    whole, rest = divmod(abs(amount), 10**digits)
    minus = "-" if amount < 0 else ""
    number = f"{whole:,}".replace(",", written.thousands) + (f"{written.decimals}{rest:0{digits}d}" if digits else "")
    if behind := _BEHIND.get((language, currency)):
        return f"{minus}{number}{behind}"
    sign = _SIGNS.get(currency)
    if written.before_sign is not None:
        return f"{minus}{number}{written.before_sign}{sign or currency}"
    return f"{minus}{sign}{number}" if sign else f"{minus}{number} {currency}"
