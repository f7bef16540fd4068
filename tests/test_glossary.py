"""docs/glossary.md has every word of ours: each name in the code, the API and the database is made of its words."""

import re
from collections.abc import Iterator
from pathlib import Path

from app.engine import command_name
from app.engine.model.vocabulary import State
from app.engine.transitions.table import TABLE
from app.main import create_app
from app.service.events.types import CATALOGUE
from app.settings import Settings
from app.store.tables import metadata

ROOT = Path(__file__).parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
TEXT = GLOSSARY.read_text("utf-8")
TERMS, _, AFTER_TERMS = TEXT.partition("## Words that we do not use")
AVOIDED, _, PLAIN = AFTER_TERMS.partition("## Plain words")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in TERMS.splitlines() if line.startswith("| `")
]


def _words(name: str) -> tuple[str, ...]:
    """`shipDate_set.OrderLine` -> ship date set order line."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name))


def _in_code_marks(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


ENTRIES = {_words(form) for row in ROWS for form in _in_code_marks(row[0])}
VOCABULARY = ENTRIES | {_words(word) for word in PLAIN.split("```")[1].split()}


def _singular(word: str) -> set[str]:
    """The word, and the words of which it may be the plural."""
    ways = {word, word.removesuffix("s"), word.removesuffix("es")}
    return ways | {word.removesuffix("ies") + "y"} if word.endswith("ies") else ways


def _is_made_of_known_words(words: tuple[str, ...]) -> bool:
    return not words or any(
        (*words[: count - 1], last) in VOCABULARY and _is_made_of_known_words(words[count:])
        for count in range(1, len(words) + 1)
        for last in _singular(words[count - 1])
    )


def _names() -> Iterator[tuple[str, str]]:
    """Every name that a reader outside of its module must understand, with the kind of thing that it names."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield "module", path.parent.name if path.stem == "__init__" else path.stem
    yield from (("table", name) for name in metadata.tables)
    yield from (("command", command_name(row.command)) for row in TABLE)
    yield from (("state", state) for state in State)
    yield from (("event type", event_type.name) for event_type in CATALOGUE)
    description = create_app(Settings(database_url="sqlite:///unused.db")).openapi()
    yield from (("schema", name) for name in description["components"]["schemas"])


def test_every_name_is_made_of_words_that_the_glossary_has() -> None:
    unexplained = [
        f"{what} {name}" for what, name in sorted(set(_names())) if not _is_made_of_known_words(_words(name))
    ]
    assert not unexplained, (
        f"docs/glossary.md has no entry for a word in: {', '.join(unexplained)}. If the word is one of ours, add a"
        " line with its meaning and its Korean and Japanese term. If every programmer knows it, add it to Plain words."
    )


def test_no_name_has_a_word_that_we_do_not_use() -> None:
    avoided = {word for line in AVOIDED.splitlines() for word in _in_code_marks(line.split(" | ")[0])}
    assert avoided
    misnamed = [f"{what} {name}" for what, name in sorted(set(_names())) if avoided & set(_words(name))]
    assert not misnamed, f"docs/glossary.md says what to use instead of a word in: {', '.join(misnamed)}"


def test_every_entry_has_a_meaning_and_the_korean_and_the_japanese_term() -> None:
    assert ROWS
    for word, meaning, korean, japanese in ROWS:
        assert meaning.endswith("."), word
        assert re.search("[가-힣]", korean), word
        assert re.search("[ぁ-んァ-ヶ一-龠]|Webhook", japanese), word


def test_no_word_has_two_entries() -> None:
    forms = [form for row in ROWS for form in _in_code_marks(row[0])]
    assert len(forms) == len(set(forms))
