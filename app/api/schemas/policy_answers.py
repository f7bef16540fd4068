"""The answers about policies: the rules that bind, and the terms that the law forbids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.policy.departures import Departure
from app.engine.policy.law import Violation
from app.engine.policy.money_rules import Fees
from app.engine.policy.policy import Policy


@dataclass(frozen=True, kw_only=True)
class FeesBody(Fees):
    """The seller's disclosed fees, in minor units."""

    return_shipping: int = Field(default=0, alias="return")


@dataclass(frozen=True, kw_only=True)
class BindingPolicy(Policy):
    """All rules that judge the claims of an order. Each rule has a citation."""

    fees: FeesBody


_DEPARTURES = Field(
    description="The terms that give the buyer less than default law. The law allows them, within limits. They bind.",
    examples=[
        [
            {
                "field": "windows.0",
                "rule": "jp_statutory_return",
                "citation": "JP SCTA 15-3(1): the day of delivery is the first",
                "default": "8 days from delivered",
                "term": "3 days from delivered",
                "kinds": ["return"],
                "faults": ["buyer"],
                "limits": [
                    {
                        "says": "A clause is void if it restricts the consumer's rights one-sidedly.",
                        "kinds": ["cancel", "exchange", "refund", "repair", "return"],
                        "faults": ["buyer", "seller", "undecided"],
                        "citation": "JP Consumer Contract Act 10",
                        "at_least": None,
                    }
                ],
            }
        ]
    ],
)


class PolicyCheck(BaseModel):
    """The policy that binds, the terms that the law forbids, and the terms that depart from default law."""

    violations: list[Violation] = Field(description="The terms that the law forbids. They do not bind.")
    departures: list[Departure] = _DEPARTURES
    policy: BindingPolicy = Field(description="The rules that bind.")


class PolicyBody(BaseModel):
    """One published version. `policy` has the rules that bind: the base with every term that the law permits."""

    key: str = Field(description="The key by which an order pins the version.")
    policy_id: str = Field(description="The name that all versions share.")
    version: int = Field(description="Counts the versions from 1.")
    base: str = Field(description="The preset that the terms extend, with its version.")
    effective_at: datetime = Field(description="When the version comes into force.")
    created_at: datetime = Field(description="When the version was published.")
    terms: dict[str, Any] = Field(description="The terms as they were published.")
    violations: list[Violation] = Field(description="The terms that the law forbids. They do not bind.")
    departures: list[Departure] = _DEPARTURES
    policy: BindingPolicy = Field(description="The rules that bind.")


class PolicySummary(BaseModel):
    """A published version, without its rules."""

    key: str = Field(description="The key by which an order pins the version.")
    policy_id: str = Field(description="The name that all versions share.")
    version: int = Field(description="Counts the versions from 1.")
    base: str = Field(description="The preset that the terms extend, with its version.")
    effective_at: datetime = Field(description="When the version comes into force.")
    created_at: datetime = Field(description="When the version was published.")
    violations: list[Violation] = Field(description="The terms that the law forbids. They do not bind.")


class PolicyList(BaseModel):
    """The versions of your policies."""

    data: list[PolicySummary] = Field(description="Every version.")


class PresetList(BaseModel):
    """The policies that come with the service."""

    data: list[BindingPolicy] = Field(description="Every preset.")


class PolicyDifference(BaseModel):
    """One rule that differs between two versions."""

    field: str = Field(description="The rule.")
    before: Any = Field(description="The value in the first version.")
    after: Any = Field(description="The value in the second version.")


class PolicyComparison(BaseModel):
    """Two versions of a policy, side by side."""

    before: str = Field(description="The key of the first version.")
    after: str = Field(description="The key of the second version.")
    differences: list[PolicyDifference] = Field(description="The rules that differ.")
