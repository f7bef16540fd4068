"""The public shape of a withdrawal. Events have no words, name and address of a person: answers add them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.records.withdrawal import Channel, Withdrawal, WithdrawalStatus


class WithdrawalLineBody(BaseModel):
    """Units of a line that the buyer withdraws from."""

    line_id: str = Field(description="The line of the order.")
    quantity: int = Field(description="How many units.")


class WithdrawalBody(BaseModel):
    """A buyer's withdrawal from a contract."""

    withdrawal_id: str = Field(description="The service makes the id.")
    order_number: str = Field(description="The order, as the buyer wrote it.")
    lines: list[WithdrawalLineBody] = Field(description="What the buyer withdraws from. Empty: the whole order.")
    language: Literal["ko", "ja", "en", "de", "fr"] = Field(description="The language of the acknowledgement.")
    channel: Channel = Field(description="Where the buyer declared it: on the page, or in your system.")
    declared_at: datetime = Field(description="When the buyer declared it. Windows are judged by this instant.")
    received_at: datetime = Field(description="When the service received it.")
    hash: str = Field(description="SHA-256 of the declaration. The receipt of the buyer has it too.")
    status: WithdrawalStatus = Field(
        description="`received` until the service has looked for the order, `unmatched` while it waits for you."
    )
    order_id: str | None = Field(description="The order. Null until one is matched.")
    claim_ids: list[str] = Field(description="The claims that came of it: one for each kind.")
    refusals: list[str] = Field(description="Why no claim was opened for some or all units: codes of refusals.")
    repeats: str | None = Field(description="The earlier withdrawal that declared the same. No new claim came of it.")
    decided_at: datetime | None = Field(description="When it was matched, or closed.")


class WithdrawalDetail(WithdrawalBody):
    """A withdrawal with the words of people."""

    name: str = Field(description="The buyer's name, as the buyer wrote it.")
    email: str = Field(description="Where the acknowledgement goes.")
    goods: str | None = Field(description="The goods that the buyer named in words. Null: the whole order.")
    text: str | None = Field(description="What the buyer added. Escape the text when you show it as HTML.")
    decided_by: str | None = Field(description="Who matched or closed it. Null: the service, or nobody yet.")
    closing_reason: str | None = Field(description="Why the seller closed it.")


def withdrawal_body(withdrawal: Withdrawal) -> dict[str, Any]:
    declaration = withdrawal.declaration
    return {
        **{name: getattr(declaration, name) for name in _DECLARED},
        **{name: getattr(withdrawal, name) for name in _DECIDED},
    }


def withdrawal_detail(withdrawal: Withdrawal) -> dict[str, Any]:
    declaration = withdrawal.declaration
    return {
        **withdrawal_body(withdrawal),
        **{name: getattr(declaration, name) for name in ("name", "email", "goods", "text")},
        "decided_by": withdrawal.decided_by,
        "closing_reason": withdrawal.closing_reason,
    }


_DECLARED = ("withdrawal_id", "order_number", "lines", "language", "channel", "declared_at", "received_at")
_DECIDED = ("hash", "status", "order_id", "claim_ids", "refusals", "repeats", "decided_at")
