"""The public shapes of an account for refunds: masked, and in full for the payer."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.refund_account import RefundAccount


class RefundAccountBody(BaseModel):
    """The account that the buyer named for the refunds of a claim. The number is masked."""

    claim_id: str = Field(description="The claim whose refunds go to the account.")
    bank: str | None = Field(description="The bank. Null until the buyer has named an account.")
    masked_number: str | None = Field(description="Stars, and the last characters of the number.")
    asked_at: datetime | None = Field(description="When the buyer was last asked for an account.")
    named_at: datetime | None = Field(description="When the buyer named the account.")
    erased_at: datetime | None = Field(description="When the account was erased, because its refunds were paid.")


def refund_account_body(account: RefundAccount) -> dict[str, Any]:
    return {name: getattr(account, name) for name in RefundAccountBody.model_fields}
