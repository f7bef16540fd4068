"""Exact money: integers in the currency's minor unit (ISO 4217), and divisions whose parts sum to the whole."""

from collections.abc import Sequence

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_EXPONENTS = {
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


_TWO_DECIMALS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
    CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR
    RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
    TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset({*_EXPONENTS, *_TWO_DECIMALS.split()})
"""The codes of ISO 4217 that money is counted in."""


def exponent(currency: str) -> int:
    """Digits behind the decimal point of an ISO 4217 currency: 0 for KRW and JPY, 2 for most."""
    return _EXPONENTS.get(currency, 2)


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split `total` in proportion to `weights` by largest remainder; ties go to the earlier part.

    The parts always sum to `total`, unless every weight is zero: then every part is zero.
    """
    whole = sum(weights)
    if whole == 0:
        return (0,) * len(weights)
    shares = [divmod(total * weight, whole) for weight in weights]
    remainder = total - sum(quotient for quotient, _ in shares)
    parts = [quotient for quotient, _ in shares]
    for i in sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))[:remainder]:
        parts[i] += 1
    return tuple(parts)


def in_steps(amount: int, step: int) -> int:
    """An amount rounded half up to whole steps. Neither may be below zero."""
    return (2 * amount + step) // (2 * step) * step


def portion(total: int, units: int, before: int, count: int) -> int:
    """The value of the next `count` of `units` equal units, after `before` units.

    Each running sum is rounded half up, so units that are returned one by one, in any groups, sum to exactly `total`.
    """
    if units == 0:
        return 0
    twice = 2 * units
    value_before = (2 * total * before + units) // twice if before else 0
    return (2 * total * (before + count) + units) // twice - value_before
