"""The words of the desk: complete in each language, and each in one file."""

import re
import tomllib
from importlib.resources import files

import pytest

from app.desk.html import DESK_LANGUAGES, PAGES

TEMPLATES = files("app.desk") / "templates"


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_each_language_has_every_word(language: str) -> None:
    in_korean = {table: set(texts) for table, texts in PAGES.words("ko").items()}
    assert {table: set(texts) for table, texts in PAGES.words(language).items()} == in_korean


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_no_word_is_in_two_files(language: str) -> None:
    found: list[tuple[str, str]] = []
    for file in (files("app.desk") / "words" / language).iterdir():
        tables = tomllib.loads(file.read_text("utf-8"))
        found += [(table, name) for table, texts in tables.items() for name in texts]
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_each_language_fills_in_the_same_values(language: str) -> None:
    for table, texts in PAGES.words("ko").items():
        for name, text in texts.items():
            other = PAGES.words(language)[table][name]
            assert set(re.findall(r"{(\w+)}", other)) == set(re.findall(r"{(\w+)}", text)), (table, name)


def test_no_template_has_a_text_of_its_own() -> None:
    for template in TEMPLATES.iterdir():
        if template.name.endswith(".html"):
            text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>|&\w+;", " ", template.read_text("utf-8"), flags=re.DOTALL)
            assert re.findall(r"\w{2,}", text) == [], template.name
