"""The bodies of consents: records of what the buyer has agreed to."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.schemas.common import MOST_LINES, Input, Instant, Message, Name
from app.engine.model.consent import Consent
from app.engine.model.vocabulary import Record
from app.service.order_consents import ShownConsent
from app.service.resources.order_consent import OrderConsentBody


class ConsentInput(Input):
    """What the buyer has agreed to, as the buyer saw it."""

    text: Annotated[Message, Field(min_length=1)] = Field(description="The text that was shown to the buyer.")
    version: Name | None = Field(default=None, description="Your version of the text.")
    option: Name | None = Field(default=None, description="The option that the buyer chose, such as the box ticked.")
    agreed_at: Instant = Field(description="When the buyer agreed. Not in the future.")

    def consent(self) -> Consent:
        return Consent(text=self.text, version=self.version, option=self.option, agreed_at=self.agreed_at)


Proven = Literal[
    Record.NOTICE,
    Record.CONSENT,
    Record.ACKNOWLEDGEMENT,
    Record.PREVIEW,
    Record.SEAL_NOTICE,
    Record.RETURN_COST_NOTICE,
    Record.NO_RETURNS_ON_FINAL_SCREEN,
]
"""The records that a text which the buyer has seen and agreed to can prove."""


class OrderConsentInput(ConsentInput):
    """What the buyer has agreed to at the checkout, and what the consent proves."""

    records: Annotated[list[Proven], Field(max_length=20)] = Field(
        default=[],
        description="What the consent proves: the order, or its lines in `line_ids`, get these records for good.",
    )
    line_ids: Annotated[list[Name], Field(max_length=MOST_LINES)] = Field(
        default=[], description="The lines that the consent is about. By default the whole order."
    )

    def shown(self) -> ShownConsent:
        return ShownConsent(
            consent=self.consent(), records=frozenset(self.records), line_ids=tuple(dict.fromkeys(self.line_ids))
        )


class OrderConsentList(BaseModel):
    """The consents of an order."""

    data: list[OrderConsentBody] = Field(description="In the order in which the buyer agreed.")
