"""The body of a consent: a record of what the buyer has agreed to."""

from typing import Annotated

from pydantic import Field

from app.api.schemas.common import Input, Instant, Message, Name
from app.engine.model.consent import Consent


class ConsentInput(Input):
    """What the buyer has agreed to, as the buyer saw it."""

    text: Annotated[Message, Field(min_length=1)] = Field(description="The text that was shown to the buyer.")
    version: Name | None = Field(default=None, description="Your version of the text.")
    option: Name | None = Field(default=None, description="The option that the buyer chose, such as the box ticked.")
    agreed_at: Instant = Field(description="When the buyer agreed. Not in the future.")

    def consent(self) -> Consent:
        return Consent(text=self.text, version=self.version, option=self.option, agreed_at=self.agreed_at)
