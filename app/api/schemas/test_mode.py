"""The bodies of the clock of test mode."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.api.schemas.common import Input, Instant

_HOURS = r"(\d{1,5}H(\d{1,7}M)?(\d{1,9}S)?|\d{1,7}M(\d{1,9}S)?|\d{1,9}S)"
_DURATION = rf"^P(\d{{1,4}}D(T{_HOURS})?|T{_HOURS})$"
_PARTS = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?")


def _is_duration(text: str) -> str:
    if not re.match(_DURATION, text):
        raise ValueError("Send a duration of ISO 8601, such as P7D or P1DT12H")
    return text


Duration = Annotated[str, Field(json_schema_extra={"pattern": _DURATION}), AfterValidator(_is_duration)]


class MoveTestClockRequest(Input):
    """How far the clock goes: by a duration, or to an instant."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"advance": "P7D"}, {"to_at": "2026-12-01T00:00:00+09:00"}]}
    )

    advance: Duration | None = Field(
        default=None,
        description="A duration of ISO 8601 in days, hours, minutes and seconds, such as `P7D` or `P1DT12H`. A day has"
        " 24 hours.",
    )
    to_at: Instant | None = Field(default=None, description="An instant after the present time of your test mode.")

    @model_validator(mode="after")
    def _has_one_target(self) -> Self:
        if (self.advance is None) == (self.to_at is None):
            raise ValueError("Send `advance` or `to_at`, and not both")
        return self

    @property
    def field(self) -> str:
        """The field that names the target."""
        return "advance" if self.to_at is None else "to_at"

    def target(self, now: datetime) -> datetime:
        """`now` is the merchant's time."""
        parts = _PARTS.match(self.advance or "")
        by = {name: int(number) for name, number in parts.groupdict().items() if number} if parts else {}
        return self.to_at or now + timedelta(**by)


class TestClockBody(BaseModel):
    """The clock of test mode."""

    now_at: datetime = Field(description="The present time of your test mode.")
    status: Literal["ready", "advancing"] = Field(description="`advancing`: a worker fires the deadlines on the way.")
    target_at: datetime | None = Field(description="Where the clock goes. Null when it is ready.")
