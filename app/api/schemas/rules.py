"""The bodies of rules: conditions and one action for each rule."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.claim_work import Tag
from app.api.schemas.common import Amount, Currency, Input, MessageToBuyer, Name, Word, named_once
from app.engine.model.rule_set import NUMBERS, OrderStage, Rule, RuleAction, RuleCondition, RuleField
from app.engine.model.vocabulary import Alternative, Fault, Kind, Nature, Reason
from app.service.resources.rules import RuleFindingBody, RuleSetBody

MOST_RULES = 100
_WORDS = {
    RuleField.KIND: frozenset(Kind),
    RuleField.REASON: frozenset(Reason),
    RuleField.FAULT: frozenset(Fault),
    RuleField.NATURE: frozenset(Nature),
    RuleField.STAGE: frozenset(OrderStage),
}
"""The fields whose values are words of a closed list."""

Number = Annotated[StrictInt, Field(ge=0, le=10**13)]
Names = Annotated[list[Name], Field(max_length=200)]


class RuleConditionInput(Input):
    """A comparison. Numbers have `at_least` or `at_most`, and words `one_of` or `none_of`."""

    field: RuleField = Field(description="What is compared.")
    at_least: Number | None = Field(default=None, description="The lowest number that fits.")
    at_most: Number | None = Field(default=None, description="The highest number that fits.")
    one_of: Names = Field(default=[], description="The words that fit. Of several lines, every line must fit.")
    none_of: Names = Field(default=[], description="The words that do not fit, in any line.")
    in_days: Annotated[StrictInt, Field(ge=1, le=730)] | None = Field(
        default=None, description="For `buyer_claims`: the days before the request that are counted."
    )

    @model_validator(mode="after")
    def _compares_what_there_is(self) -> Self:
        has_number = self.at_least is not None or self.at_most is not None
        has_words = bool(self.one_of or self.none_of)
        if has_number is not (self.field in NUMBERS) or has_words is (self.field in NUMBERS):
            raise PydanticCustomError(
                "compares_nothing", "must have at_least or at_most for a number, and one_of or none_of for words"
            )
        if (self.in_days is not None) is not (self.field is RuleField.BUYER_CLAIMS):
            raise PydanticCustomError("in_days", "must have in_days for buyer_claims, and for nothing else")
        if self._fits_nothing():
            raise PydanticCustomError("fits_nothing", "must leave a number or a word that fits")
        known = _WORDS.get(self.field)
        if known is not None and not known.issuperset((*self.one_of, *self.none_of)):
            raise PydanticCustomError("unknown_word", "must name words that the field can have")
        return self

    def _fits_nothing(self) -> bool:
        is_empty = None not in (self.at_least, self.at_most) and (self.at_least or 0) > (self.at_most or 0)
        return is_empty or (bool(self.one_of) and set(self.one_of).issubset(self.none_of))

    def condition(self) -> RuleCondition:
        return RuleCondition(
            field=self.field,
            at_least=self.at_least,
            at_most=self.at_most,
            one_of=frozenset(self.one_of),
            none_of=frozenset(self.none_of),
            in_days=self.in_days,
        )


_AUTOMATIC_OFFERS = frozenset(Alternative) - {Alternative.EXCHANGE}
_WORTH_MONEY = _AUTOMATIC_OFFERS - {Alternative.FREE_RETURN_SHIPPING}


class RuleInput(Input):
    """One rule. All conditions must hold."""

    rule_id: Word = Field(description="Your id of the rule. The history of a claim names it.")
    name: Name = Field(description="Your name of the rule.")
    action: RuleAction = Field(
        description="What happens. `reject` is never allowed: the check says why, with the article."
    )
    conditions: Annotated[list[RuleConditionInput], Field(max_length=20)] = Field(
        default=[], description="When the rule fits. None: always."
    )
    currency: Currency | None = Field(default=None, description="The currency of `value` conditions and of `amount`.")
    alternative: Alternative | None = Field(default=None, description="`offer`: what is offered.")
    amount: Amount | None = Field(default=None, description="`offer`: the worth, in minor units of `currency`.")
    percent: Annotated[StrictInt, Field(ge=1, le=100)] | None = Field(
        default=None, description="`offer`: the worth, as a share of the claimed value."
    )
    open_days: Annotated[StrictInt, Field(ge=1, le=90)] | None = Field(
        default=None, description="`offer`: how long the offer stays open. The default is that of the policy."
    )
    text: MessageToBuyer | None = Field(default=None, description="`offer`: the message. `ask`: the question.")
    assignee: Name | None = Field(default=None, description="`route`: the id of a person of the staff.")
    tag: Tag | None = Field(default=None, description="`route`: a tag.")

    @model_validator(mode="after")
    def _has_what_its_action_needs(self) -> Self:
        needs = _NEEDS.get(self.action, ())
        missing = [names for names in needs if all(getattr(self, name) is None for name in names)]
        if self.action is RuleAction.OFFER and self.alternative in _WORTH_MONEY:
            missing += [("amount", "percent")] if self.amount is None and self.percent is None else []
        if self.action is RuleAction.OFFER and self.alternative is Alternative.EXCHANGE:
            raise PydanticCustomError("offer_of_exchange", "must not offer an exchange: a person names the goods")
        if missing:
            names = " or ".join(missing[0])
            raise PydanticCustomError("rule_incomplete", "must have {names} for this action", {"names": names})
        reads_value = any(each.field is RuleField.VALUE for each in self.conditions)
        if self.currency is None and (reads_value or self.amount is not None):
            raise PydanticCustomError("rule_currency", "must have currency for a value or an amount")
        return self

    def rule(self) -> Rule:
        return Rule(
            **{name: getattr(self, name) for name in Rule.__slots__ if name != "conditions"},
            conditions=tuple(each.condition() for each in self.conditions),
        )


_NEEDS: dict[RuleAction, tuple[tuple[str, ...], ...]] = {
    RuleAction.OFFER: (("alternative",), ("text",)),
    RuleAction.ASK: (("text",),),
    RuleAction.ROUTE: (("assignee", "tag"),),
}
"""The fields that an action needs: one of each group."""

_EXAMPLE: dict[str, Any] = {
    "rules": [
        {
            "rule_id": "cheap-defects",
            "name": "3만원 이하 불량은 회수 없이 승인",
            "action": "approve_keep_goods",
            "currency": "KRW",
            "conditions": [
                {"field": "value", "at_most": 30000},
                {"field": "reason", "one_of": ["defective"]},
            ],
        }
    ]
}


class PutRulesRequest(Input):
    """The draft of the rules, in their order."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    rules: Annotated[list[RuleInput], Field(max_length=MOST_RULES), named_once("rule_id")] = Field(
        description="The rules. Of those that decide, the first that fits counts."
    )

    def in_order(self) -> tuple[Rule, ...]:
        return tuple(rule.rule() for rule in self.rules)


class CheckRulesRequest(PutRulesRequest):
    """Rules to compare with the law."""


class RuleCheck(BaseModel):
    """What the law or the policy forbids the rules. Empty: the rules can be published."""

    findings: list[RuleFindingBody] = Field(description="By policy, and then in the order of the rules.")


class RuleSetList(BaseModel):
    """The published versions of the rules."""

    data: list[RuleSetBody] = Field(description="The newest comes first. At most 200.")
