"""The value types of the API (names, amounts, instants), and the shapes of its errors."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from app.engine.model.money import CURRENCIES
from app.records.plain_text import one_line, printable
from app.service.resources.refusal import Params, RefusalBody

T = TypeVar("T")

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _line_feeds(value: object) -> object:
    """HTML forms send CR LF at the end of a line. Every text is stored with LF."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


WITH_LINE_FEEDS = BeforeValidator(_line_feeds)
"""CR LF and CR become LF, before the length is counted."""


def with_words(text: str) -> str:
    """A text that has only marks, such as "-", tells its reader nothing. Whether a text may be left out, the field
    says."""
    if text.strip() and not any(map(str.isalnum, text)):
        raise PydanticCustomError("no_letter_or_digit", "must hold a letter or a digit")
    return text


def _this_century(instant: datetime) -> datetime:
    if not _EARLIEST <= instant < _LATEST:
        raise ValueError("must lie between 2000 and 2100")
    return instant.astimezone(UTC)


def _day_of_this_century(day: date) -> date:
    if not _EARLIEST.date() <= day < _LATEST.date():
        raise ValueError("must lie between 2000 and 2100")
    return day


def _written_as(pattern: str, example: str) -> BeforeValidator:
    """Accepts only text of this form. A bare number could mean seconds or milliseconds."""
    form = re.compile(pattern, re.ASCII)

    def check(value: object) -> object:
        if not isinstance(value, str) or form.match(value) is None:
            raise ValueError(f"must be written as {example}")
        return value

    return BeforeValidator(check)


def _is_money(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("must be a currency of ISO 4217 such as KRW")
    return code


def named_once(field: str) -> AfterValidator:
    """No two of the values may share this field."""

    def check(values: Sequence[T]) -> Sequence[T]:
        names = [getattr(value, field) for value in values]
        if len(set(names)) < len(names):
            raise ValueError(f"each {field} must be named once")
        return values

    return AfterValidator(check)


MOST_LINES = 1000
"""The lines of an order that is pushed, and of every list of its lines."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_line)]
"""An id or a name that the merchant gives: one line of at most 200 characters."""
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=40)]
"""A lower-case word such as a payment method or a carrier."""
Message = Annotated[str, StringConstraints(max_length=4000), AfterValidator(printable), WITH_LINE_FEEDS]
MessageToBuyer = Annotated[Message, AfterValidator(with_words)]
"""A text that the buyer reads."""
TemplateText = Annotated[
    str, StringConstraints(min_length=1, max_length=16_000), AfterValidator(printable), WITH_LINE_FEEDS
]
LARGEST_AMOUNT = 10**13
"""With this limit, no sum over an order's lines exceeds 2**53. JSON readers count exactly up to 2**53."""
Amount = Annotated[StrictInt, Field(ge=0, le=LARGEST_AMOUNT, description="In minor units of the order's currency.")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_is_money)]
Quantity = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
Instant = Annotated[
    AwareDatetime,
    _written_as(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", "2026-06-10T10:00:00+09:00"),
    AfterValidator(_this_century),
]
Day = Annotated[date, _written_as(r"\d{4}-\d\d-\d\d$", "2026-06-10"), AfterValidator(_day_of_this_century)]


class Input(BaseModel):
    """A request body. Unknown fields are refused, so that a misspelt field causes an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldError(BaseModel):
    """`field` is the path into the body, such as `lines.0.quantity`. For a parameter or a header it is
    `query.limit`, `path.order_id` or `header.Idempotency-Key`."""

    field: str = Field(description="The field, the parameter or the header.")
    rule: str = Field(description="The rule that the value broke.")
    message: str = Field(description="One sentence, for people.")
    params: Params = Field(description="The facts behind the message, such as the limit of the rule.")


class Problem(BaseModel):
    """An RFC 9457 problem. `code` is for programs and does not change. `detail` is for people."""

    type: str = Field(examples=["urn:recourse:problem:illegal_transition"], description="A URN that ends in `code`.")
    title: str = Field(description="The class of the problem.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="One sentence, for people.")
    code: str = Field(description="Stable, for programs.")
    request_id: str | None = Field(default=None, description="The same as the `X-Request-ID` header and in the log.")
    params: Params | None = Field(default=None, description="The facts behind `detail`, by name.")
    errors: list[FieldError] | None = Field(default=None, description="What is wrong with the request.")
    refusals: list[RefusalBody] | None = Field(default=None, description="Why the engine refuses the command.")
