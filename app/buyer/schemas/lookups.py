"""The bodies of look-ups by buyers who have no link."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.schemas.buyers import Email, PhoneEnding
from app.api.schemas.common import Input, Name
from app.service.buyer_lookups import NewLookup


class BuyerLookupRequest(Input):
    """The order's number, and the mail address or the last four digits of the phone that the order has."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"order_id": "2026060512345", "email": "mina@example.com"},
                {"order_id": "2026060512345", "phone_ending": "0142"},
            ]
        }
    )

    order_id: Name = Field(description="The number of the order, as the shop wrote it.")
    email: Email | None = Field(default=None, description="The mail address of the buyer.")
    phone_ending: PhoneEnding | None = Field(default=None, description="The last four digits of the buyer's phone.")

    @model_validator(mode="after")
    def _has_one_proof(self) -> Self:
        if (self.email is None) == (self.phone_ending is None):
            raise ValueError("needs an email or a phone_ending")
        return self

    def lookup(self, host: str | None) -> NewLookup:
        return NewLookup(order_id=self.order_id, email=self.email, phone_ending=self.phone_ending, host=host)


class BuyerLookupBody(BaseModel):
    """The answer to every look-up."""

    status: Literal["accepted"] = Field(description="Always the same, whether there is such an order or not.")
