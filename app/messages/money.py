"""Amounts as people write them: 12,000원, 12,000円, $12.00."""

from app.engine.model.money import exponent

_BEHIND = {("ko", "KRW"): "원", ("ja", "JPY"): "円"}
_BEFORE = {"EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "USD": "$"}


def money(amount: int, currency: str, language: str) -> str:
    """An amount in minor units of an ISO 4217 currency, as text. A currency without a sign has its code."""
    digits = exponent(currency)
    whole, rest = divmod(abs(amount), 10**digits)
    minus = "-" if amount < 0 else ""
    number = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    if behind := _BEHIND.get((language, currency)):
        return f"{minus}{number}{behind}"
    if before := _BEFORE.get(currency):
        return f"{minus}{before}{number}"
    return f"{minus}{number} {currency}"
