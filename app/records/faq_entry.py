"""Entries of a shop's FAQ. Each version is written once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqEntry:
    """A question that buyers ask often, other ways to ask it, and the shop's answer.

    A version with `answer` None removes the entry; its `question` stays for the history.
    """

    merchant_id: str
    entry_id: str
    language: str
    version: int
    question: str
    phrasings: tuple[str, ...]
    answer: str | None
    written_by: str
    created_at: datetime

    @property
    def ways_to_ask(self) -> tuple[str, ...]:
        return (self.question, *self.phrasings)
