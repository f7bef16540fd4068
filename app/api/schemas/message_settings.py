"""The body of the settings of messages."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictInt, model_validator

from app.api.schemas.common import Input
from app.api.schemas.orders import Zone
from app.messages.message_rules import Audience
from app.records.message_settings import Digest, MessageSettings, QuietHours

Hour = Annotated[StrictInt, Field(ge=0, le=23)]
EventName = Annotated[str, Field(min_length=1, max_length=60)]


class SwitchInput(Input):
    """A message that is not made."""

    event: EventName = Field(description="The event type, such as `order.ready_to_ship`.")
    audience: Audience = Field(description="Who does not get the message.")


class QuietHoursInput(Input):
    """Mails that are made in these hours wait."""

    from_hour: Hour = Field(description="The first local hour, such as 21.")
    until_hour: Hour = Field(description="The local hour at which the mails are sent, such as 8.")

    @model_validator(mode="after")
    def _has_hours(self) -> Self:
        if self.from_hour == self.until_hour:
            raise ValueError("from_hour and until_hour must differ")
        return self


class DigestInput(Input):
    """The seller's messages about these events come in one mail a day."""

    hour: Hour = Field(description="The local hour of the mail.")
    events: Annotated[list[EventName], Field(min_length=1, max_length=100)] = Field(
        description="The event types. Leave out what needs an answer at once, such as `claim.approved`."
    )


class PutMessageSettingsRequest(Input):
    """How you want your messages. The body replaces all settings."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "time_zone": "Asia/Seoul",
                    "off": [{"event": "order.ready_to_ship", "audience": "buyer"}],
                    "quiet_hours": {"from_hour": 21, "until_hour": 8},
                    "digest": {"hour": 9, "events": ["claim.requested", "claim.offer_declined"]},
                }
            ]
        }
    )

    time_zone: Zone = Field(description="The IANA name of the time zone of the hours, such as `Asia/Seoul`.")
    off: Annotated[list[SwitchInput], Field(max_length=200)] = Field(
        default=[], description="The messages that are not made. Their events have no message for this side."
    )
    quiet_hours: QuietHoursInput | None = Field(
        default=None, description="Mails that are made in these hours are sent at their end. Null: at every hour."
    )
    digest: DigestInput | None = Field(default=None, description="One mail a day to the seller. Null: none.")

    def settings(self) -> MessageSettings:
        off = tuple(dict.fromkeys((each.event, each.audience.value) for each in self.off))
        quiet, digest = self.quiet_hours, self.digest
        return MessageSettings(
            time_zone=self.time_zone,
            off=off,
            quiet_hours=QuietHours(from_hour=quiet.from_hour, until_hour=quiet.until_hour) if quiet else None,
            digest=Digest(hour=digest.hour, events=tuple(dict.fromkeys(digest.events))) if digest else None,
        )
