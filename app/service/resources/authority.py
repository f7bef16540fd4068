"""Limits of authority and approvals as JSON."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app import json_text
from app.records.authority import Approval, ApprovalStatus, AuthorityLimit, HolderKind, LimitReach


class AuthorityLimitBody(BaseModel):
    """How much somebody may pay back alone."""

    limit_id: str = Field(description="The id of the limit.")
    holder_kind: HolderKind = Field(description="`role`: the limit is for each person with the role.")
    holder: str = Field(description="The name of the role, or the id of the person or the key.")
    command: str = Field(description="The command, such as `approve`, or `any`.")
    claim_kind: str = Field(description="The kind of the claim, or `any`.")
    currency: str = Field(description="The currency of the orders that the limit is for.")
    per_decision: int | None = Field(description="The most that one decision pays back, in minor units.")
    per_day: int | None = Field(
        description="The most that all decisions of a local day pay back together, in minor units."
    )
    created_at: datetime = Field(description="When the limit was made.")
    updated_at: datetime = Field(description="When the amounts changed last.")


class ApprovalBody(BaseModel):
    """A command above somebody's authority, and what a second person decided."""

    approval_id: str = Field(description="The id of the approval.")
    claim_id: str = Field(description="The claim that the command is for.")
    command: str = Field(description="The command that waits.")
    data: dict[str, Any] = Field(description="The data of the command.")
    amount: int = Field(description="What the command would have paid back, in minor units.")
    currency: str = Field(description="The currency of the amount.")
    reach: LimitReach = Field(description="Whether the limit is of one decision or of a local day.")
    allowed: int = Field(description="The limit that the amount is above, in minor units.")
    asked_kind: HolderKind = Field(description="Whether a person or a key gave the command.")
    asked_by: str = Field(description="The id of the person or the key.")
    asked_name: str = Field(description="The name in the history.")
    asked_at: datetime = Field(description="When the command was given last.")
    status: ApprovalStatus = Field(description="What the second person decided.")
    decided_by: str | None = Field(description="The id of the person or the key that decided.")
    decided_name: str | None = Field(description="The name of who decided.")
    decided_at: datetime | None = Field(description="When it was decided.")
    note: str | None = Field(description="Why it was refused.")


def authority_limit_body(limit: AuthorityLimit) -> dict[str, Any]:
    return {name: getattr(limit, name) for name in AuthorityLimitBody.model_fields}


def approval_body(approval: Approval) -> dict[str, Any]:
    body = {name: getattr(approval, name) for name in ApprovalBody.model_fields if name != "data"}
    data: dict[str, Any] = json_text.load(approval.document)
    return body | {"data": data}
