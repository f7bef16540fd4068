"""The bodies of the recipients of messages: the shop, and the buyer of an order."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas.common import Input, Name
from app.api.schemas.policies import Language
from app.records.buyer import Buyer
from app.records.shop import Shop

Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,187}[A-Za-z0-9])?$",
        max_length=254,
    ),
]
"""An email address: ASCII, one line, without a display name."""


class BuyerInput(Input):
    """The recipient of messages about an order."""

    email: Email | None = Field(default=None, description="Where messages to the buyer go.")
    language: Language | None = Field(default=None, description="The default is the policy's language.")
    name: Name | None = Field(default=None, description="How messages address the buyer.")

    def buyer(self) -> Buyer:
        return Buyer(email=self.email, language=self.language, name=self.name)


class BuyerBody(BaseModel):
    """The buyer of an order."""

    email: str | None = Field(description="Where messages to the buyer go.")
    language: str | None = Field(description="The language.")
    name: str | None = Field(description="How messages address the buyer.")
    bounced_at: datetime | None = Field(
        description="When the mail server refused the address for good. No further message goes to it."
    )
    bounce: str | None = Field(description="What the mail server answered.")


class PutShopRequest(Input):
    """The name and the address of the shop. Without an address the shop gets no messages, only webhooks."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "머그 가게", "contact_email": "help@mug.example", "language": "ko"}]}
    )

    name: Name = Field(description="The name that buyers know.")
    contact_email: Email | None = Field(
        default=None, description="Where messages to the shop go, and where buyers answer."
    )
    language: Language | None = Field(default=None, description="The default is the policy's language.")

    def shop(self) -> Shop:
        return Shop(name=self.name, contact_email=self.contact_email, language=self.language)


class ShopBody(BaseModel):
    """The profile of the shop."""

    name: str = Field(description="The name that buyers know.")
    contact_email: str | None = Field(description="Where messages to the shop go, and where buyers answer.")
    language: str | None = Field(description="The language.")
    bounced_at: datetime | None = Field(
        description="When the mail server refused the address for good. No further message goes to it."
    )
    bounce: str | None = Field(description="What the mail server answered.")
