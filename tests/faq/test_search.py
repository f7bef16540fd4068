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


def test_the_ending_of_a_korean_word_and_a_number_do_not_count() -> None:
    index = Index({"return": ["반품"]}, "ko")
    assert [match.closeness for match in index.find("반품할거거든요 15")] == [1.0]


def test_a_known_word_that_no_entry_has_tells_a_question_about_something_else() -> None:
    entries, question = questions("ja")["entries"], "賞味期限はいつまでですか"
    assert first(Index(entries, "ja"), question) is None
    assert first(Index({**entries, "use_by": ["消費期限を知りたい"]}, "ja"), question) == "use_by"
