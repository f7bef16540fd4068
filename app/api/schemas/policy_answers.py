"""Policies as they are answered: what binds, and what the law forbids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.policy.law import Violation
from app.engine.policy.money_rules import Fees
from app.engine.policy.policy import Policy


@dataclass(frozen=True, kw_only=True)
class FeesBody(Fees):
    """The seller's disclosed fees, in minor units."""

    return_shipping: int = Field(default=0, alias="return")


@dataclass(frozen=True, kw_only=True)
class BindingPolicy(Policy):
    """Everything one order's claims are judged by. Each rule carries what it rests on."""

    fees: FeesBody


class PolicyCheck(BaseModel):
    """What binds, and every term that the law forbids and that does not."""

    violations: list[Violation]
    policy: BindingPolicy


class PolicyBody(BaseModel):
    """One published version. `policy` is what binds: the base with every term that the law lets stand."""

    key: str = Field(description="How an order pins it.")
    policy_id: str
    version: int
    base: str
    effective_at: datetime
    created_at: datetime
    terms: dict[str, Any]
    violations: list[Violation]
    policy: BindingPolicy


class PolicySummary(BaseModel):
    key: str
    policy_id: str
    version: int
    base: str
    effective_at: datetime
    created_at: datetime
    violations: list[Violation]


class PolicyList(BaseModel):
    data: list[PolicySummary]


class PresetList(BaseModel):
    data: list[BindingPolicy]


class PolicyDifference(BaseModel):
    """One matter in which two versions differ."""

    field: str
    before: Any
    after: Any


class PolicyComparison(BaseModel):
    before: str
    after: str
    differences: list[PolicyDifference]
