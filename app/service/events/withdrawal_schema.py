"""The `data` of the events of withdrawals."""

from pydantic import Field

from app.service.events.schemas import EventData
from app.service.resources.withdrawal import WithdrawalBody


class WithdrawalEventData(EventData):
    """A buyer's withdrawal from a contract. Read the withdrawal for the words of the buyer: no event has them."""

    withdrawal_id: str = Field(description="The withdrawal.")
    withdrawal: WithdrawalBody = Field(description="The withdrawal after the event.")
