"""Questions, answers and notes on a claim."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ContactKind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"


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
