"""An entry of a claim's timeline as JSON."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Role
from app.records.timeline import TimelineEntry, TimelineKind


class TimelineEntryBody(BaseModel):
    """What has happened to a claim, or was said about it."""

    entry_id: str = Field(description="The id of the event, the message, the contact or the approval.")
    kind: TimelineKind = Field(description="What the entry is. `call` is a phone call that the shop has noted.")
    happened_at: datetime = Field(description="When it happened. An approval: when it was asked for.")
    role: Role | None = Field(description="The side that did it. Null where the history has nobody.")
    author: str | None = Field(description="Who did it.")
    internal: bool = Field(description="True: the buyer never sees it.")
    subject: str | None = Field(
        description="The type of the event, the event of a message, or the command of an approval."
    )
    text: str | None = Field(description="The words: of a contact, a command or an approval. A message: its subject.")
    status: str | None = Field(description="Of a message or an approval: its status now.")
    audience: str | None = Field(description="Who reads a message: `buyer` or `seller`.")


def timeline_entry_body(entry: TimelineEntry) -> dict[str, Any]:
    same = ("entry_id", "kind", "role", "author", "subject", "text", "status", "audience")
    return {**{name: getattr(entry, name) for name in same}, "happened_at": entry.at, "internal": entry.is_internal}
