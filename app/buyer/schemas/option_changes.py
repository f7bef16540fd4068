"""The bodies of a buyer's changes of option."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.api.schemas.commands import example
from app.api.schemas.common import Input, Message, Name, Quantity
from app.engine.model.claim import Replacement
from app.service.option_changes import WantedOption


class OptionChangeForBuyerRequest(Input):
    """The option that you want instead, for units that were not shipped. The seller sets the price."""

    model_config = example(line_id="1", quantity=1, sku="SHIRT-L", title="셔츠 L")

    line_id: Name = Field(description="A line of the order.")
    quantity: Quantity = Field(description="How many units of the line change.")
    sku: Name = Field(description="The seller's name of the option.")
    title: Name | None = Field(default=None, description="The name of the option.")
    note: Annotated[Message, Field(max_length=1000)] | None = Field(
        default=None, description="What the seller should know."
    )

    def wanted(self) -> WantedOption:
        option = Replacement(sku=self.sku, title=self.title)
        return WantedOption(line_id=self.line_id, quantity=self.quantity, option=option, note=self.note or None)


class RetractOptionChangeForBuyerRequest(Input):
    """You take the request back. The body has no fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})
