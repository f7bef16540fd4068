"""Orders before they ship, over HTTP."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas.common import Day, Input, Instant, Message, Name, named_once
from app.api.schemas.orders import Country
from app.engine.model.vocabulary import DelayReason
from app.records.address_change import ChangeStatus
from app.service.order_fulfilment import Delay


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("must say something")
    return text


Words = Annotated[Message, Field(max_length=1000), AfterValidator(_says_something)]
"""What the buyer is told, in the seller's words."""
Short = Annotated[Name, StringConstraints(max_length=40)]


class SetExpectedShipDateRequest(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"expected_ship_on": "2026-06-12"}]})

    expected_ship_on: Day = Field(description="A local day of the policy's time zone, today or later.")


class DelayOrderRequest(Input):
    """The order leaves later than was said."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "preparing",
                    "message": "유약을 한 번 더 굽고 있습니다. 15일에 보내 드릴게요.",
                    "expected_ship_on": "2026-06-15",
                }
            ]
        }
    )

    reason: DelayReason
    message: Words = Field(description="Words for the buyer.")
    expected_ship_on: Day = Field(description="The new day, later than the one before.")

    def delay(self) -> Delay:
        return Delay(reason=self.reason, message=self.message, expected_ship_on=self.expected_ship_on)


class ReportReadyToShipRequest(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"ready_at": "2026-06-08T10:00:00+09:00"}]})

    ready_at: Instant | None = Field(default=None, description="Now, unless you say otherwise.")


class LineDeliveryDate(Input):
    line_id: Name
    deliver_on: Day


class ChooseDeliveryDatesRequest(Input):
    """The days on which the buyer wants lines to arrive; lines that are not named stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}]}
    )

    lines: Annotated[list[LineDeliveryDate], Field(min_length=1, max_length=200), named_once("line_id")]

    def days(self) -> dict[str, date]:
        return {line.line_id: line.deliver_on for line in self.lines}


class AddressInput(Input):
    """Where the goods are to go; only what a carrier needs."""

    recipient: Name
    postal_code: Short
    street: Name = Field(description="Street and number, or the address in one line.")
    detail: Name | None = Field(default=None, description="Flat, floor, building.")
    city: Name | None = None
    region: Name | None = None
    country: Country | None = None
    phone: Short | None = None
    note: Name | None = Field(default=None, description="Words for the carrier.")


class AddressChangeRequest(Input):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "address": {
                        "recipient": "김민아",
                        "postal_code": "04524",
                        "street": "서울특별시 중구 세종대로 110",
                        "detail": "3층",
                        "phone": "010-0000-0000",
                    }
                }
            ]
        }
    )

    address: AddressInput


class AcceptAddressChangeRequest(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class RefuseAddressChangeRequest(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "이미 발송되어 주소를 바꿀 수 없습니다."}]})

    reason: Words = Field(description="Words for the buyer.")


class Address(BaseModel):
    recipient: str
    postal_code: str
    street: str
    detail: str | None
    city: str | None
    region: str | None
    country: str | None
    phone: str | None
    note: str | None


class AddressChangeBody(BaseModel):
    """`address` is null once the change was refused or the order has left: it is kept only while it is needed."""

    order_id: str
    change_id: str
    status: ChangeStatus
    address: Address | None
    reason: str | None = Field(description="Why it was refused.")
    requested_at: datetime
    decided_at: datetime | None


class AddressChangeList(BaseModel):
    data: list[AddressChangeBody]
