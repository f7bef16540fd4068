"""Banks have names in each language, by the codes of their country. What is no code is written as it is."""

import pytest

from app.messages.banks import bank_name, banks
from app.messages.translations import LANGUAGES
from tests.messages.test_corpus import texts

CODES = [(currency, code) for currency, rows in banks().items() for code in rows]


@pytest.mark.parametrize(("currency", "code"), CODES)
def test_a_bank_has_a_code_of_its_country_and_a_name_in_each_language(currency: str, code: str) -> None:
    assert code.isdecimal()
    assert len(code) == {"KRW": 3, "JPY": 4}[currency]
    assert all(bank_name(code, currency, language) != code for language in LANGUAGES)


@pytest.mark.parametrize(
    ("bank", "currency", "language", "name"),
    [
        ("088", "KRW", "ko", "신한은행"),
        ("9900", "JPY", "ja", "ゆうちょ銀行"),
        ("0005", "JPY", "de", "MUFG Bank"),
        ("003", "CAD", "en", "003"),
        ("9999", "JPY", "ja", "9999"),
        ("신한은행", "KRW", "ja", "신한은행"),
    ],
)
def test_a_code_is_a_bank_of_the_currency_and_a_name_stays(bank: str, currency: str, language: str, name: str) -> None:
    assert bank_name(bank, currency, language) == name


@pytest.mark.parametrize(
    ("language", "line"), [("ko", "은행: 신한은행"), ("ja", "銀行：新韓銀行"), ("en", "Bank: Shinhan Bank")]
)
def test_an_account_for_refunds_is_told_with_the_name_of_its_bank(language: str, line: str) -> None:
    told = [whole for case, _, _, whole in texts(language) if case.event == "claim.refund_account_set"]
    assert told
    assert all(line in whole for whole in told)
