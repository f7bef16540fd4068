"""Words, amounts and instants as the API takes them, and the shapes that every answer shares."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _printable(text: str) -> str:
    if any((ord(character) < 32 and character not in "\n\t") or character == "\x7f" for character in text):
        raise ValueError("must not hold control characters")
    return text


def _one_line(text: str) -> str:
    if "\n" in _printable(text) or "\t" in text:
        raise ValueError("must be one line")
    return text


def _this_century(instant: datetime) -> datetime:
    if not _EARLIEST <= instant < _LATEST:
        raise ValueError("must lie between 2000 and 2100")
    return instant.astimezone(UTC)


Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
"""An id or a name that the merchant gives: one line of at most 200 characters."""
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=40)]
"""A lower-case word such as a payment method or a carrier."""
Message = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printable)]
Amount = Annotated[StrictInt, Field(ge=0, le=10**13, description="In minor units of the order's currency.")]
Quantity = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
Instant = Annotated[AwareDatetime, AfterValidator(_this_century)]


class Input(BaseModel):
    """A request body: fields that nobody knows are refused, so that a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldError(BaseModel):
    """`field` is the path into the request: `body.lines.0.quantity`; `rule` the rule that it broke."""

    field: str
    rule: str
    message: str


class RefusalOut(BaseModel):
    """One reason why the engine says no."""

    code: str
    detail: str
    citation: str | None = Field(default=None, description="The article or policy that the reason rests on.")
    field: str | None = None


class Problem(BaseModel):
    """An RFC 9457 problem. `code` is stable and for programs, `detail` for people."""

    type: str = Field(examples=["urn:recourse:problem:illegal_transition"])
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    errors: list[FieldError] | None = None
    refusals: list[RefusalOut] | None = None
