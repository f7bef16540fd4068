"""The texts of the pages in each of their languages."""

from typing import Any

from app.messages.translations import MESSAGE_LANGUAGES
from app.pages.texts import Words, text_of, words_of

PAGE_LANGUAGES = MESSAGE_LANGUAGES
"""The sentences of refusals are in Korean, Japanese and English. A German or French page shows them in English."""


def page_words(language: str) -> Words:
    return words_of("app.buyer.pages", language)


def text(key: str, language: str, **values: Any) -> str:
    """A text of the table `page`, with these values."""
    return text_of(page_words(language), key, **values)
