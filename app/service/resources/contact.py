"""The public shape of a contact: a question, an answer or a note that is kept with a claim."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Role
from app.records.contact import Contact, ContactKind


class ContactBody(BaseModel):
    """A question to the buyer, the buyer's answer, or a note or a noted call of the shop, which is in no event."""

    contact_id: str = Field(description="The service makes the id.")
    claim_id: str = Field(description="The claim.")
    kind: ContactKind = Field(description="A question, an answer, a note, or a phone call that the shop has noted.")
    role: Role = Field(description="The side that wrote the text.")
    author: str = Field(description="Who wrote the text.")
    text: str = Field(description="The text of the author. Escape the text when you show it as HTML.")
    created_at: datetime = Field(description="When the contact was added.")


_SAME = ("contact_id", "claim_id", "kind", "role", "author", "text")


def contact_body(contact: Contact) -> dict[str, Any]:
    return {**{name: getattr(contact, name) for name in _SAME}, "created_at": contact.at}
