"""The bodies of changes of option before the shipping."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from app.api.schemas.common import LARGEST_AMOUNT, Amount, Input, Message, Name, Quantity, Word
from app.api.schemas.order_fulfilment import TextForBuyer
from app.engine.model.claim import Replacement
from app.engine.model.order import Payment
from app.records.option_change import OptionChangeStatus, OvertakenReason
from app.service.option_changes import WantedOption
from app.service.resources.option_change import OptionChangeFields


class OptionChangeRequest(Input):
    """The buyer requests another option for units that were not shipped."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "line_id": "1",
                    "quantity": 1,
                    "sku": "SHIRT-L",
                    "title": "셔츠 L",
                    "note": "M을 잘못 골랐어요. L로 바꿔 주세요.",
                }
            ]
        }
    )

    line_id: Name = Field(description="The order line.")
    quantity: Quantity = Field(description="How many units of the line change. The other units keep their option.")
    sku: Name = Field(description="Your name of the wanted option.")
    title: Name | None = Field(default=None, description="The buyer's name of the wanted option.")
    unit_price: Amount | None = Field(
        default=None, description="The price of the wanted option. Null: the price of the line."
    )
    note: Annotated[Message, Field(max_length=1000)] | None = Field(
        default=None, description="A text of the buyer for the seller. It is in events."
    )

    @model_validator(mode="after")
    def _is_an_amount(self) -> Self:
        if self.unit_price is not None and self.quantity * self.unit_price > LARGEST_AMOUNT:
            raise ValueError(f"a line may cost at most {LARGEST_AMOUNT}")
        return self

    def wanted(self) -> WantedOption:
        option = Replacement(sku=self.sku, title=self.title, unit_price=self.unit_price)
        return WantedOption(line_id=self.line_id, quantity=self.quantity, option=option, note=self.note or None)


class AcceptOptionChangeRequest(Input):
    """The seller sends the wanted option."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    waive: StrictBool = Field(
        default=False, description="Give a dearer option for the price that was paid: nobody pays the difference."
    )

    unit_price: Amount | None = Field(
        default=None,
        description="Your price of the option. Null: the price of the request, or else the price of the line.",
    )


class RefuseOptionChangeRequest(Input):
    """The units keep their option."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "L 사이즈가 모두 품절되었습니다."}]})

    reason: TextForBuyer = Field(description="A text for the buyer.")


class RetractOptionChangeRequest(Input):
    """The buyer takes the request back. The body has no fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class ConfirmOptionPaymentRequest(Input):
    """The buyer paid the whole difference. The payment becomes a payment of the order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"payment_id": "pay-2", "method": "card", "amount": 2000}]}
    )

    payment_id: Name = Field(description="Your id of the payment.")
    method: Word = Field(description="The payment method, such as `card`.")
    amount: Amount = Field(description="The difference in minor units.")

    def payment(self) -> Payment:
        return Payment(payment_id=self.payment_id, method=self.method, captured=self.amount)


class OptionChangeBody(OptionChangeFields):
    """A requested change of the option of unshipped units."""

    order_id: str = Field(description="The order.")
    change_id: str = Field(description="The service makes the id.")
    status: OptionChangeStatus = Field(
        description="`awaiting_payment`: accepted, and the buyer owes the difference. `overtaken`: the units were"
        " shipped or claimed before the change."
    )
    reason: str | None = Field(description="Why the seller refused the change.")
    overtaken_by: OvertakenReason | None = Field(description="What took the units of an overtaken change.")
    requested_at: datetime = Field(description="When the buyer made the request.")
    decided_at: datetime | None = Field(description="When the change was carried out, or ended.")


class OptionChangeList(BaseModel):
    """The option changes of an order."""

    data: list[OptionChangeBody] = Field(description="Newest first.")
