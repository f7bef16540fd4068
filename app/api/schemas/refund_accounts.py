"""The bodies of accounts for refunds."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas.common import Input, Name, Word
from app.records.refund_account import Account

AccountNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){3,39}$")]


class PutRefundAccountRequest(Input):
    """The account that the buyer names. It is encrypted, shown masked, and erased when the refunds are paid."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"bank": "088", "number": "110-123-456789", "holder": "김민지"}]}
    )

    bank: Name = Field(description="The code or the name of the bank, as your payer needs it.")
    number: AccountNumber = Field(description="Digits and letters, with spaces or hyphens between them.")
    holder: Name = Field(description="The name of the account's holder.")
    branch: Name | None = Field(default=None, description="The code or the name of the branch, where there is one.")
    account_type: Word | None = Field(default=None, description="Such as `ordinary` or `checking` in Japan.")

    def account(self) -> Account:
        return Account(**{name: getattr(self, name) for name in PutRefundAccountRequest.model_fields})


class RefundAccountNumber(BaseModel):
    """An account in full, for the payer of a refund. Do not store it and do not log it."""

    bank: str = Field(description="The code or the name of the bank.")
    number: str = Field(description="The number of the account.")
    holder: str = Field(description="The name of the account's holder.")
    branch: str | None = Field(description="The branch.")
    account_type: str | None = Field(description="The type of the account.")
