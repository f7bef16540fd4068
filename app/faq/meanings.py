"""What a text asks about: the meanings of its words, and its words that have no meaning in the lists.

The lists are data, one file for each language. Korean and Japanese words are found with or without spaces inside them,
and by their beginnings, since their endings change. The other languages are read word by word, without accents.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("ko", "ja", "en", "de", "fr")
"""The languages that have a list of words."""
_WITHOUT_SPACES = frozenset({"ko", "ja"})
_STEM = 6
"""The letters of a word that count. Endings come after them."""
_SHORT = 3
"""A listed word of so many letters is found as a whole word only."""
_LATIN = re.compile(r"[a-z0-9]+")
_FOUND = "\0"
"""Stands where a listed word was."""
_REST = {
    "ko": re.compile(r"(?<![가-힣\0])[가-힣]{2,}|[a-z0-9]+"),
    "ja": re.compile(r"[一-鿿々]{2,}|[ァ-ヶー]{2,}|[a-z0-9]+"),
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`pattern` has a group for each listed word. `meanings` has the meanings of each group: none for a common word."""

    pattern: re.Pattern[str]
    meanings: tuple[tuple[str, ...], ...]


def meanings(text: str, language: str) -> frozenset[str]:
    """The meanings of a text. A word that is not listed counts as `=` and its beginning.

    Raises FileNotFoundError for a language without a list.
    """
    lexicon = _lexicon(language)
    plain = _plain(text, language)
    listed = {
        meaning
        for match in lexicon.pattern.finditer(plain)
        if match.lastindex
        for meaning in lexicon.meanings[match.lastindex - 1]
    }
    return frozenset(listed.union(_rest(lexicon.pattern.sub(_FOUND, plain), language)))


def _plain(text: str, language: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if language in _WITHOUT_SPACES:
        return folded
    letters = unicodedata.normalize("NFD", folded.replace("'", "").replace("’", ""))
    return " ".join(_LATIN.findall("".join(letter for letter in letters if not unicodedata.combining(letter))))


def _rest(plain: str, language: str) -> Iterator[str]:
    """The words that no list has, without numbers. Two syllables of a Korean word leave out its particle.

    What is left of a Korean word after a listed one is an ending.
    """
    length = 2 if language == "ko" else _STEM
    for word in _REST.get(language, _LATIN).findall(plain):
        if not word.isdigit():
            yield f"={word[:length]}"


@cache
def _lexicon(language: str) -> Lexicon:
    listed = tomllib.loads((files("app.faq") / "words" / f"{language}.toml").read_text("utf-8"))
    words: dict[str, tuple[str, ...]] = dict.fromkeys(listed["common"], ())
    for meaning, same in listed["same"].items():
        for word in same:
            words[word] = (*words.get(word, ()), meaning)
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    patterns = (f"({_pattern(word, language, is_common=word in listed['common'])})" for word in longest_first)
    return Lexicon(re.compile("|".join(patterns)), tuple(words[word] for word in longest_first))


def _pattern(word: str, language: str, *, is_common: bool) -> str:
    if language in _WITHOUT_SPACES and not word.isascii():
        return r"\s*".join(map(re.escape, word))
    end = r"(?![a-z0-9])"
    if language in _WITHOUT_SPACES:
        return rf"(?<![a-z0-9]){re.escape(word)}{end}"
    parts = (
        part + (end if is_common or len(part) <= _SHORT else r"[a-z0-9]*") for part in map(re.escape, word.split())
    )
    return r"(?<![a-z0-9])" + " ".join(parts)
