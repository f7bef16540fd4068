"""The fields that an option change has in answers and in events."""

from pydantic import BaseModel, Field


class OptionChangeFields(BaseModel):
    """What is to change, at which price, and the line that came of it."""

    line_id: str = Field(description="The line whose units change.")
    quantity: int = Field(description="How many units change.")
    sku: str = Field(description="Your name of the wanted option.")
    title: str | None = Field(description="The buyer's name of the wanted option.")
    unit_price: int | None = Field(description="The price of the wanted option. Null: the price of the line.")
    difference: int = Field(description="What all these units cost more, with tax, in minor units.")
    payment_id: str | None = Field(description="The payment of the difference. Null: nobody has paid a difference.")
    note: str | None = Field(description="A text of the buyer.")
    new_line_id: str | None = Field(description="The line of the order that has these units after the change.")
