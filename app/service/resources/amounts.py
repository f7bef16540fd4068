"""The public shape of a refund breakdown: what a claim is worth, step by step."""

from pydantic import BaseModel, Field

from app.engine.model.breakdown import StepCode
from app.engine.model.vocabulary import FeeCollection


class BreakdownStepBody(BaseModel):
    """One addend in minor units: positive for the buyer, negative for the seller."""

    code: StepCode = Field(description="The kind of the step.")
    amount: int = Field(description="In minor units.")
    tax: int = Field(description="The tax in `amount`.")
    line_id: str | None = Field(description="The order line. Null for a step of the whole order.")
    quantity: int | None = Field(description="The units. Null where the step is not counted in units.")
    rule: str = Field(description="The step as a sentence that a buyer can read.")
    citation: str | None = Field(description="The article or the policy that the step rests on.")


class PaymentShareBody(BaseModel):
    """The part of the total that goes back to one payment."""

    payment_id: str = Field(description="The payment.")
    method: str = Field(description="The payment method.")
    amount: int = Field(description="In minor units.")
    tax_free: int = Field(description="The part of `amount` on which no tax was charged.")


class RefundBreakdownBody(BaseModel):
    """The value of a claim. `total` minus `buyer_owes` is the sum of the steps. Neither is below zero."""

    currency: str = Field(description="ISO 4217.")
    steps: list[BreakdownStepBody] = Field(description="The steps, in reading order.")
    tax: int = Field(description="The tax in all steps.")
    total: int = Field(description="The amount that the buyer gets back.")
    buyer_owes: int = Field(description="The amount that the buyer must pay.")
    fee_collection: FeeCollection = Field(description="How the buyer pays the fees.")
    shares: list[PaymentShareBody] = Field(description="`total`, split over the captured payments.")
