"""Rules as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.engine.model.rule_set import Rule, RuleAction, RuleCondition, RuleField
from app.engine.model.vocabulary import Alternative
from app.engine.rules.checks import RuleFinding, RuleViolation
from app.engine.rules.conditions import Held
from app.records.rule_set import RuleDraft, StoredRuleSet


class RuleConditionBody(BaseModel):
    """A comparison of a rule."""

    field: RuleField = Field(description="What is compared.")
    at_least: int | None = Field(description="The lowest number that fits.")
    at_most: int | None = Field(description="The highest number that fits.")
    one_of: list[str] = Field(description="The words that fit.")
    none_of: list[str] = Field(description="The words that do not fit.")
    in_days: int | None = Field(description="For `buyer_claims`: the days that are counted.")


class RuleBody(BaseModel):
    """A rule: all conditions must hold."""

    rule_id: str = Field(description="The id of the rule.")
    name: str = Field(description="The name of the rule.")
    action: RuleAction = Field(description="What happens.")
    conditions: list[RuleConditionBody] = Field(description="When the rule fits.")
    currency: str | None = Field(description="The currency of `value` conditions and of `amount`.")
    alternative: Alternative | None = Field(description="What is offered.")
    amount: int | None = Field(description="The worth of the offer, in minor units.")
    percent: int | None = Field(description="The worth of the offer, as a share of the claimed value.")
    open_days: int | None = Field(description="How long the offer stays open.")
    text: str | None = Field(description="The message of the offer, or the question.")
    assignee: str | None = Field(description="The person who gets the claim.")
    tag: str | None = Field(description="The tag that the claim gets.")


class RuleFindingBody(BaseModel):
    """A rule that the law or a policy forbids."""

    rule_id: str = Field(description="The rule.")
    code: RuleViolation = Field(description="What is forbidden.")
    detail: str = Field(description="The reason, in a sentence.")
    citation: str = Field(description="The article, or the rule of the policy.")
    policy: str = Field(description="The policy whose law forbids the rule.")


class RuleDraftBody(BaseModel):
    """The rules that somebody works on. They decide nothing."""

    rules: list[RuleBody] = Field(description="In their order.")
    findings: list[RuleFindingBody] = Field(description="What keeps the draft from being published.")
    updated_at: datetime = Field(description="When the draft was stored.")
    updated_by: str = Field(description="Who stored the draft.")


class RuleSetBody(BaseModel):
    """A published version of the rules. A version never changes."""

    version: int = Field(description="The version.")
    rules: list[RuleBody] = Field(description="In their order.")
    published_at: datetime = Field(description="From when on the version decides, until the next one.")
    published_by: str = Field(description="Who published the version. The rules decide with their authority.")


class RulesBody(BaseModel):
    """The draft and the version in force."""

    draft: RuleDraftBody | None = Field(description="The draft. Null: nobody has stored one.")
    published: RuleSetBody | None = Field(description="The version in force. Null: the seller has no rules.")


class HeldBody(BaseModel):
    """A condition that held, with what the facts said."""

    field: RuleField = Field(description="What was compared.")
    number: int | None = Field(description="The number that was read. Null for words.")
    words: list[str] = Field(description="The words that were read. Empty for a number.")


class AppliedRuleBody(BaseModel):
    """A rule that fitted a new claim, and what came of it."""

    rule_id: str = Field(description="The rule.")
    version: int = Field(description="The version of the rules.")
    name: str = Field(description="The name of the rule.")
    action: RuleAction = Field(description="What the rule wanted.")
    because: list[HeldBody] = Field(description="Why the rule fitted. Empty: the rule has no conditions.")
    outcome: Literal["done", "left_to_a_person"] = Field(description="Whether the rule was carried out.")
    why: list[str] = Field(
        description="Why the claim was left to a person: the codes of the refusals, `above_authority`,"
        " `refund_breaker_open`, `review`, `assignee_gone` or `assigned_already`. Empty otherwise."
    )


def because_bodies(because: Iterable[Held]) -> list[dict[str, Any]]:
    return [
        {
            "field": held.condition.field,
            "number": held.read if isinstance(held.read, int) else None,
            "words": [] if isinstance(held.read, int) else list(held.read),
        }
        for held in because
    ]


def rule_body(rule: Rule) -> dict[str, Any]:
    body = {name: getattr(rule, name) for name in RuleBody.model_fields if name != "conditions"}
    return {**body, "conditions": [condition_body(condition) for condition in rule.conditions]}


def condition_body(condition: RuleCondition) -> dict[str, Any]:
    values = {name: getattr(condition, name) for name in RuleConditionBody.model_fields}
    return {**values, "one_of": sorted(condition.one_of), "none_of": sorted(condition.none_of)}


def finding_bodies(findings: Iterable[RuleFinding]) -> list[dict[str, Any]]:
    return [{name: getattr(found, name) for name in RuleFindingBody.model_fields} for found in findings]


def rules_body(draft: RuleDraft | None, findings: Iterable[RuleFinding], published: StoredRuleSet | None) -> Any:
    return {
        "draft": draft
        and {
            "rules": [rule_body(rule) for rule in draft.rules],
            "findings": finding_bodies(findings),
            "updated_at": draft.updated_at,
            "updated_by": draft.updated_by,
        },
        "published": published and rule_set_body(published),
    }


def rule_set_body(stored: StoredRuleSet) -> dict[str, Any]:
    return {
        "version": stored.rule_set.version,
        "rules": [rule_body(rule) for rule in stored.rule_set.rules],
        "published_at": stored.published_at,
        "published_by": stored.published_by,
    }
