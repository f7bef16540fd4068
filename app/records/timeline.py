"""The timeline of a claim: all that has happened and was said about it, in one order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimelineKind(StrEnum):
    """What an entry is. Entries of one instant stand in this order."""

    EVENT = "event"
    FILE = "file"
    MESSAGE = "message"
    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"
    CALL = "call"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """`source` and `key` are the place of the entry among those of one instant. `is_internal`: the buyer never sees it.
    `subject` is what has happened: the type of an event, the event of a message, or the command of an approval."""

    source: int
    key: str
    kind: TimelineKind
    entry_id: str
    at: datetime
    is_internal: bool
    role: str | None = None
    author: str | None = None
    subject: str | None = None
    text: str | None = None
    status: str | None = None
    audience: str | None = None

    @property
    def place(self) -> tuple[datetime, int, str]:
        return self.at, self.source, self.key
