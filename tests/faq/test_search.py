"""Real questions of buyers find the shop's entry, and questions about other things find none."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.faq.search import Index

QUESTIONS = Path(__file__).parent / "questions"
FIRST, IN_VAIN = 36, 2
"""Of 40 questions at least so many find their entry first; of 20 that fit nothing at most so many find one."""


@cache
def questions(language: str) -> Mapping[str, Any]:
    return tomllib.loads((QUESTIONS / f"{language}.toml").read_text("utf-8"))


def first(index: Index, question: str) -> str | None:
    return next((match.entry for match in index.find(question)), None)


@pytest.mark.parametrize("language", ["ko", "ja", "en"])
def test_real_questions_find_the_right_entry_first(language: str) -> None:
    index = Index(questions(language)["entries"], language)
    asked = questions(language)["asked"]
    wrong = {text: found for text, entry in asked.items() if (found := first(index, text)) != entry}
    assert len(asked) == 40
    assert len(wrong) <= len(asked) - FIRST, wrong


@pytest.mark.parametrize("language", ["ko", "ja", "en"])
def test_a_question_about_something_else_finds_nothing(language: str) -> None:
    index = Index(questions(language)["entries"], language)
    texts = questions(language)["asked_in_vain"]["texts"]
    found = {text: entry for text in texts if (entry := first(index, text))}
    assert len(texts) == 20
    assert len(found) <= IN_VAIN, found
