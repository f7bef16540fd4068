"""The bodies of the buyer of an order."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.api.schemas.common import Input, Name
from app.api.schemas.policies import Language
from app.records.buyer import Buyer
from app.records.plain_text import one_line

Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,187}[A-Za-z0-9])?$",
        max_length=254,
    ),
    AfterValidator(one_line),
]
"""An email address: ASCII, one line, without a display name."""
PhoneEnding = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class BuyerInput(Input):
    """The recipient of messages about an order."""

    email: Email | None = Field(default=None, description="Where messages to the buyer go.")
    language: Language | None = Field(default=None, description="The default is the policy's language.")
    name: Name | None = Field(default=None, description="How messages address the buyer.")
    phone_ending: PhoneEnding | None = Field(
        default=None, description="The last four digits of the buyer's phone. A buyer without a link can name them."
    )

    def buyer(self) -> Buyer:
        return Buyer(email=self.email, language=self.language, name=self.name, phone_ending=self.phone_ending)


class BuyerBody(BaseModel):
    """The buyer of an order."""

    email: str | None = Field(description="Where messages to the buyer go.")
    language: str | None = Field(description="The language.")
    name: str | None = Field(description="How messages address the buyer.")
    phone_ending: str | None = Field(description="The last four digits of the buyer's phone.")
    bounced_at: datetime | None = Field(
        description="When the mail server refused the address for good. No further message goes to it."
    )
    bounce: str | None = Field(description="What the mail server answered.")
