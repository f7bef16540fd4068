"""Questions, answers, notes and noted calls on a claim."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ContactKind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"
    CALL = "call"

    @property
    def is_internal(self) -> bool:
        """Only the shop reads it."""
        return self in (ContactKind.NOTE, ContactKind.CALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`role` and `author` name the writer of `text`."""

    contact_id: str
    claim_id: str
    kind: ContactKind
    role: str
    author: str
    text: str
    at: datetime
