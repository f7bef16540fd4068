"""A text that asks for goods says where to send them, in every situation of the corpus."""

import pytest

from app.messages.message_rules import Audience
from app.messages.translations import MESSAGE_LANGUAGES, word
from tests.messages.test_corpus import Text, found, texts

ASKS_FOR_GOODS = {"claim.approved", "claim.goods_reminded", "claim.converted", "claim.released", "claim.reshipped"}


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_a_text_that_asks_for_goods_says_where_to_send_them(language: str) -> None:
    def nowhere(text: Text) -> object:
        case, reader, variables, whole = text
        asks = case.event in ASKS_FOR_GOODS and reader is Audience.BUYER and variables.get("collect_by")
        return asks and word("profile", "address", language) not in whole

    assert any(variables.get("collect_by") for case, _, variables, _ in texts(language) if case.event in ASKS_FOR_GOODS)
    assert not found(language, nowhere)
