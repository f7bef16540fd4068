"""The public shape of the settings of messages."""

from typing import Any

from pydantic import BaseModel, Field

from app.messages.message_rules import Audience
from app.records.message_settings import MessageSettings


class SwitchBody(BaseModel):
    """A message that is not made."""

    event: str = Field(description="The event type.")
    audience: Audience = Field(description="Who does not get the message.")


class QuietHoursBody(BaseModel):
    """Mails that are made in these hours wait."""

    from_hour: int = Field(description="The first local hour.")
    until_hour: int = Field(description="The local hour at which the mails are sent.")


class DigestBody(BaseModel):
    """The seller's messages about these events come in one mail a day."""

    hour: int = Field(description="The local hour of the mail.")
    events: list[str] = Field(description="The event types.")


class MessageSettingsBody(BaseModel):
    """How the merchant wants its messages."""

    time_zone: str = Field(description="The IANA name of the time zone of the hours.")
    off: list[SwitchBody] = Field(description="The messages that are not made.")
    quiet_hours: QuietHoursBody | None = Field(description="When no mail is sent. Null: never.")
    digest: DigestBody | None = Field(description="The daily mail to the seller. Null: none.")


def settings_body(settings: MessageSettings) -> dict[str, Any]:
    off = [{"event": event, "audience": audience} for event, audience in settings.off]
    return {"time_zone": settings.time_zone, "off": off, "quiet_hours": settings.quiet_hours, "digest": settings.digest}
