"""The public shape of the settings of messages."""

from typing import Any

from pydantic import BaseModel, Field

from app.messages.message_rules import Audience
from app.service.message_settings import SettingsView


class SwitchBody(BaseModel):
    """A message that is not made."""

    event: str = Field(description="The event type.")
    audience: Audience = Field(description="Who does not get the message.")


class RequiredMessageBody(BaseModel):
    """A message that a law wants sent."""

    event: str = Field(description="The event type.")
    audience: Audience = Field(description="Who must get the message.")
    article: str = Field(description="The article of the law.")


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
    required: list[RequiredMessageBody] = Field(
        description="The messages that cannot be off, by the laws of your default and your published policies."
    )
    quiet_hours: QuietHoursBody | None = Field(description="When no mail is sent. Null: never.")
    digest: DigestBody | None = Field(description="The daily mail to the seller. Null: none.")


def settings_body(view: SettingsView) -> dict[str, Any]:
    settings = view.settings
    required = [
        {"event": event, "audience": audience, "article": article}
        for (event, audience), article in view.required.items()
    ]
    off = [{"event": event, "audience": audience} for event, audience in settings.off]
    return {
        "time_zone": settings.time_zone,
        "off": off,
        "required": required,
        "quiet_hours": settings.quiet_hours,
        "digest": settings.digest,
    }
