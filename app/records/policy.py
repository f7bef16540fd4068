"""Published policies. Each version is written once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPolicy:
    """`base` is the key of the preset that the terms extend. `terms`, `document` (the policy that binds) and
    `violations` are JSON text in today's shape."""

    merchant_id: str
    policy_id: str
    version: int
    base: str
    effective_from: datetime
    terms: str
    document: str
    violations: str
    created_at: datetime

    @property
    def key(self) -> str:
        return f"{self.policy_id}@{self.version}"
