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

    violations: list[Violation] = Field(description="The terms that the law forbids. They do not bind.")
    policy: BindingPolicy = Field(description="What binds.")


class PolicyBody(BaseModel):
    """One published version. `policy` is what binds: the base with every term that the law lets stand."""

    key: str = Field(description="How an order pins it.")
    policy_id: str = Field(description="The name that all versions share.")
    version: int = Field(description="Counts the versions from 1.")
    base: str = Field(description="The preset below the terms, with its version.")
    effective_at: datetime = Field(description="From when on the version judges orders.")
    created_at: datetime = Field(description="When the version was published.")
    terms: dict[str, Any] = Field(description="The terms as they were published.")
    violations: list[Violation] = Field(description="The terms that the law forbids. They do not bind.")
    policy: BindingPolicy = Field(description="What binds.")


class PolicySummary(BaseModel):
    """A published version, without what binds."""

    key: str = Field(description="How an order pins the version.")
    policy_id: str = Field(description="The name that all versions share.")
    version: int = Field(description="Counts the versions from 1.")
    base: str = Field(description="The preset below the terms, with its version.")
    effective_at: datetime = Field(description="From when on the version judges orders.")
    created_at: datetime = Field(description="When the version was published.")
    violations: list[Violation] = Field(description="The terms that the law forbids. They do not bind.")


class PolicyList(BaseModel):
    """The versions of your policies."""

    data: list[PolicySummary] = Field(description="Every version.")


class PresetList(BaseModel):
    """The policies that come with the service."""

    data: list[BindingPolicy] = Field(description="Every preset.")


class PolicyDifference(BaseModel):
    """One matter in which two versions differ."""

    field: str = Field(description="The rule.")
    before: Any = Field(description="In the one version.")
    after: Any = Field(description="In the other version.")


class PolicyComparison(BaseModel):
    """Two versions of a policy, side by side."""

    before: str = Field(description="The key of the one version.")
    after: str = Field(description="The key of the other version.")
    differences: list[PolicyDifference] = Field(description="The rules that differ.")
