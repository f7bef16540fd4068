"""The names of banks for people, by the code that a payer of the currency uses. A code without a row stays a code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from app.messages.translations import FALLBACK, LANGUAGES

Names = Mapping[str, str]


@cache
def banks() -> Mapping[str, Mapping[str, Names]]:
    """The names in each language, by currency and code."""
    return tomllib.loads((files("app.messages") / "banks.toml").read_text("utf-8"))


def bank_name(bank: str, currency: str, language: str) -> str:
    """The name in the language. What is no code of a bank of the currency, such as a name, is written as it is."""
    names = banks().get(currency, {}).get(bank)
    return names[language if language in LANGUAGES else FALLBACK] if names else bank
