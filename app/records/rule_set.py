"""A seller's rules as they are stored: the draft, and the versions that were published."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.rule_set import Rule, RuleSet
from app.records.authority import HolderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """The rules that somebody works on. `updated_by` is a name."""

    rules: tuple[Rule, ...]
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRuleSet:
    """A published version. It decides with the authority of whoever published it: `holder_kind` and `holder_id` name
    the person or the key."""

    rule_set: RuleSet
    published_at: datetime
    published_by: str
    holder_kind: HolderKind
    holder_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """The rules were tried on a claim, once. `decided_by` is the id of the rule that decided, if one did."""

    claim_id: str
    version: int
    decided_by: str | None
    ran_at: datetime
