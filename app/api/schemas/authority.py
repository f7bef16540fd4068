"""The bodies of limits of authority and approvals."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.common import Amount, Currency, Input, MessageToBuyer, Word
from app.engine.model.vocabulary import Kind
from app.records.authority import ANY, HolderKind, LimitedCommand
from app.service.authority import NewLimit
from app.service.resources.authority import ApprovalBody, AuthorityLimitBody

LimitAmount = Annotated[Amount | None, Field(description="In minor units. 0: nothing without a second person.")]


class PutAuthorityLimitRequest(Input):
    """A limit, in place of the limit for the same holder, command, kind and currency."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"holder_kind": "role", "holder": "clerk", "currency": "KRW", "per_decision": 50000}]
        }
    )

    holder_kind: HolderKind = Field(description="`role`: for each person with the role.")
    holder: Word = Field(description="The name of the role, or the id of the person or the key.")
    command: LimitedCommand | None = Field(default=None, description="Only this command. The default is every command.")
    claim_kind: Kind | None = Field(default=None, description="Only claims of this kind. The default is every kind.")
    currency: Currency = Field(description="The currency of the orders.")
    per_decision: LimitAmount = None
    per_day: LimitAmount = None

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.per_decision is None and self.per_day is None:
            raise PydanticCustomError("limits_nothing", "must have per_decision or per_day")
        return self

    def limit(self) -> NewLimit:
        return NewLimit(
            holder_kind=self.holder_kind,
            holder=self.holder,
            command=self.command or ANY,
            claim_kind=self.claim_kind or ANY,
            currency=self.currency,
            per_decision=self.per_decision,
            per_day=self.per_day,
        )


class RefuseApprovalRequest(Input):
    """Why a command is not given."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "사진을 먼저 확인해 주세요."}]})

    note: MessageToBuyer | None = Field(default=None, description="For whoever gave the command.")


class AuthorityLimitList(BaseModel):
    """The limits of authority."""

    data: list[AuthorityLimitBody] = Field(description="By holder, command, kind and currency. At most 500.")


class ApprovalList(BaseModel):
    """Commands that wait for a second person, or waited."""

    data: list[ApprovalBody] = Field(description="The newest comes first. At most 200.")
