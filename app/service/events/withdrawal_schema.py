"""The `data` of the events of withdrawals."""

from pydantic import Field

from app.service.events.schemas import EventData
from app.service.resources.withdrawal import WithdrawalBody
from app.service.resources.withdrawal_receipt import WithdrawalReceiptBody


class WithdrawalEventData(EventData):
    """A buyer's withdrawal from a contract. Read the withdrawal for the words of the buyer: no event has them."""

    withdrawal_id: str = Field(description="The withdrawal.")
    withdrawal: WithdrawalBody = Field(description="The withdrawal after the event.")


class WithdrawalReceiptEventData(EventData):
    """The PDF receipt of a withdrawal was made. Read the receipt for the PDF: no event has it."""

    withdrawal_id: str = Field(description="The withdrawal.")
    receipt: WithdrawalReceiptBody = Field(description="The SHA-256 of the PDF.")
