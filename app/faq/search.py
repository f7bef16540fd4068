"""The entries of a shop that answer a question, best first. Nothing is made up: no good match is no answer."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.faq.meanings import meanings

GOOD_MATCH = 0.45
"""From 0, nothing in common, to 1, the same meanings. A lower match is not shown."""
_OF_AN_UNLISTED_WORD = 0.6
"""The weight of a word that no list has, as a part of the weight of a meaning."""
_OF_AN_UNANSWERED_MEANING = 2.0
"""The weight of a listed meaning that no entry has. It shows that the question is about something else."""


@dataclass(frozen=True, slots=True)
class Match:
    """`entry` is the key that the entry was given by. `closeness` is from GOOD_MATCH to 1."""

    entry: str
    closeness: float


class Index:
    """The entries of a shop in one language. A meaning that few entries have weighs more than one that many have."""

    def __init__(self, phrasings: Mapping[str, Iterable[str]], language: str) -> None:
        """`phrasings` has the ways to ask for each entry."""
        self._language = language
        self._phrasings = {
            entry: [found for text in texts if (found := meanings(text, language))]
            for entry, texts in phrasings.items()
        }
        self._count = Counter(meaning for found in self._phrasings.values() for meaning in frozenset().union(*found))

    def find(self, question: str) -> Sequence[Match]:
        """The entries that ask about the same, the closest first. Equally close ones stay in their order."""
        asked = meanings(question, self._language)
        matches = (
            Match(entry, max((self._closeness(asked, phrasing) for phrasing in found), default=0.0))
            for entry, found in self._phrasings.items()
        )
        good = [match for match in matches if match.closeness >= GOOD_MATCH]
        return sorted(good, key=lambda match: match.closeness, reverse=True)

    def _closeness(self, asked: frozenset[str], phrasing: frozenset[str]) -> float:
        """The shared weight over the geometric mean of both weights."""
        if shared := self._weight(asked & phrasing):
            return shared / math.sqrt(self._weight(asked) * self._weight(phrasing))
        return 0.0

    def _weight(self, found: frozenset[str]) -> float:
        return math.fsum(
            math.log1p((len(self._phrasings) + 1) / (self._count[meaning] + 1)) * self._part(meaning)
            for meaning in found
        )

    def _part(self, meaning: str) -> float:
        if meaning.startswith("="):
            return _OF_AN_UNLISTED_WORD
        return 1.0 if self._count[meaning] else _OF_AN_UNANSWERED_MEANING
