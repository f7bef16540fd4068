"""The public shape of a message: the same in answers and in events. Events have no address."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.messages.message_rules import Audience
from app.records.message import Message, MessageStatus


class MessageBody(BaseModel):
    """A rendered message. In an event: the message at the time of the event."""

    message_id: str = Field(description="The service makes the id.")
    event_id: str = Field(description="The event that the message is about.")
    event: str = Field(description="The type of that event.")
    audience: Audience = Field(description="Who reads the message.")
    language: Literal["ko", "ja", "en", "de", "fr"] = Field(description="The language of the text.")
    order_id: str | None = Field(description="The order. Null for a message about a withdrawal without an order.")
    claim_id: str | None = Field(description="The claim. Null for a message about an order.")
    subject: str = Field(description="The subject line.")
    text: str = Field(description="May hold a person's own words. Escape the text where you show it as HTML.")
    template_version: int | None = Field(description="The version of your own template. Null for a built-in one.")
    status: MessageStatus = Field(description="The status of the message.")
    attempts: int = Field(description="How often the message was sent to the mail server.")
    next_at: datetime | None = Field(description="When the next attempt is.")
    digest_at: datetime | None = Field(description="The digest that the message waits for, or was put into.")
    last_error: str | None = Field(description="What the mail server answered last.")
    sent_at: datetime | None = Field(description="When the mail server accepted the message.")
    created_at: datetime = Field(description="When the message was rendered.")
    to_address: str | None = Field(
        default=None, description="Where the message goes. In answers only: an event has no address of a person."
    )


_SHOWN = tuple(name for name in MessageBody.model_fields if name != "to_address")


def message_body(message: Message) -> dict[str, Any]:
    """A message without its address."""
    return {name: getattr(message, name) for name in _SHOWN}
