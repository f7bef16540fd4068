"""The bodies of the reports about unshipped orders."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas.common import MOST_LINES, Day, Input, Instant, MessageToBuyer, Name, named_once
from app.api.schemas.orders import Country
from app.engine.model.vocabulary import DelayReason
from app.records.address_change import ChangeStatus
from app.service.order_fulfilment import Delay


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must say something")
    return text


TextForBuyer = Annotated[MessageToBuyer, Field(max_length=1000), AfterValidator(_not_blank)]
"""A text of the seller for the buyer."""
Short = Annotated[Name, StringConstraints(max_length=40)]


class SetExpectedShipDateRequest(Input):
    """The day on which the seller expects to ship."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"expected_ship_on": "2026-06-12", "expected_arrival_on": "2026-06-15"}]}
    )

    expected_ship_on: Day = Field(description="A local day of the policy's time zone, today or later.")
    expected_arrival_on: Day | None = Field(
        default=None,
        description="The local day on which you expect the whole order to be with the buyer, not before the ship date."
        " If you omit it, a new ship date removes the stored day.",
    )
    delay_reason: DelayReason | None = Field(
        default=None, description="Why the day is later than before. The default is `other`."
    )


class DelayOrderRequest(Input):
    """The order ships later than expected."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "preparing",
                    "message": "유약을 한 번 더 굽고 있습니다. 15일에 보내 드릴게요.",
                    "expected_ship_on": "2026-06-15",
                    "expected_arrival_on": "2026-06-17",
                }
            ]
        }
    )

    reason: DelayReason = Field(description="Why the order ships later.")
    message: TextForBuyer = Field(description="A text for the buyer.")
    expected_ship_on: Day = Field(description="The new local day, later than the present day.")
    expected_arrival_on: Day | None = Field(
        default=None,
        description="The local day on which you expect the whole order to be with the buyer, not before the ship date."
        " The default is unknown.",
    )

    def delay(self) -> Delay:
        return Delay(
            reason=self.reason,
            message=self.message,
            expected_ship_on=self.expected_ship_on,
            expected_arrival_on=self.expected_arrival_on,
        )


class SetExpectedArrivalDateRequest(Input):
    """The day on which the seller expects the whole order to be with the buyer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"expected_arrival_on": "2026-06-17"}]})

    expected_arrival_on: Day = Field(
        description="A local day of the policy's time zone, today or later, not before the ship date."
    )


class ReportReadyToShipRequest(Input):
    """The parcel waits for its carrier."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ready_at": "2026-06-08T10:00:00+09:00"}]})

    ready_at: Instant | None = Field(default=None, description="When the parcel was ready. The default is now.")


class LineDeliveryDate(Input):
    """The day on which the buyer wants a line."""

    line_id: Name = Field(description="The order line.")
    deliver_on: Day = Field(description="The local day on which the buyer wants the line.")


class ChooseDeliveryDatesRequest(Input):
    """The days on which the buyer wants lines to arrive. Lines that you omit do not change."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}]}
    )

    lines: Annotated[list[LineDeliveryDate], Field(min_length=1, max_length=MOST_LINES), named_once("line_id")] = Field(
        description="The lines, each line once."
    )

    def days(self) -> dict[str, date]:
        return {line.line_id: line.deliver_on for line in self.lines}


class AddressInput(Input):
    """A delivery address, with only the fields that a carrier needs."""

    recipient: Name = Field(description="Who receives the goods.")
    postal_code: Short = Field(description="The postal code.")
    street: Name = Field(description="Street and number, or the address in one line.")
    detail: Name | None = Field(default=None, description="Flat, floor, building.")
    city: Name | None = Field(default=None, description="The city.")
    region: Name | None = Field(default=None, description="The state, the prefecture or the province.")
    country: Country | None = Field(default=None, description="The country as two letters of ISO 3166.")
    phone: Short | None = Field(default=None, description="The phone number of the recipient.")
    note: Name | None = Field(default=None, description="A text for the carrier.")


class AddressChangeRequest(Input):
    """The buyer requests another delivery address."""

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

    address: AddressInput = Field(description="Where the buyer wants the goods.")


class AcceptAddressChangeRequest(Input):
    """The seller sends the goods to the new address. The body has no fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class RefuseAddressChangeRequest(Input):
    """The goods go to the old address."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "이미 발송되어 주소를 바꿀 수 없습니다."}]})

    reason: TextForBuyer = Field(description="A text for the buyer.")


class Address(BaseModel):
    """A delivery address."""

    recipient: str = Field(description="Who receives the goods.")
    postal_code: str = Field(description="The postal code.")
    street: str = Field(description="Street and number, or the address in one line.")
    detail: str | None = Field(description="Flat, floor, building.")
    city: str | None = Field(description="The city.")
    region: str | None = Field(description="The state, the prefecture or the province.")
    country: str | None = Field(description="The country as two letters of ISO 3166.")
    phone: str | None = Field(description="The phone number of the recipient.")
    note: str | None = Field(description="A text for the carrier.")


class AddressChangeBody(BaseModel):
    """A requested change of the delivery address."""

    order_id: str = Field(description="The order.")
    change_id: str = Field(description="The service makes the id.")
    status: ChangeStatus = Field(description="Whether the seller has decided.")
    address: Address | None = Field(
        description="The new address. Deleted after a refusal, and after the goods are shipped."
    )
    reason: str | None = Field(description="Why the seller refused the change.")
    requested_at: datetime = Field(description="When the buyer made the request.")
    decided_at: datetime | None = Field(description="When the seller decided.")


class AddressChangeList(BaseModel):
    """The address changes of an order."""

    data: list[AddressChangeBody] = Field(description="Newest first.")
