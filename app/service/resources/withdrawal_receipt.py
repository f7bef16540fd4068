"""The public shape of the receipt of a withdrawal, in events."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.withdrawal_receipt import WithdrawalReceipt


class WithdrawalReceiptBody(BaseModel):
    """The PDF receipt of a withdrawal."""

    digest: str = Field(description="The SHA-256 of the PDF, in hexadecimal.")
    made_at: datetime = Field(description="When the service made the PDF.")


def withdrawal_receipt_body(receipt: WithdrawalReceipt) -> dict[str, Any]:
    return {"digest": receipt.digest, "made_at": receipt.made_at}
