"""The bodies of the rules in a seller's terms."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from app.api.schemas.common import LARGEST_AMOUNT, Amount, Input, Word
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record
from app.engine.policy.merging import PROMISE
from app.engine.policy.rules import (
    Anchor,
    AutomaticWhen,
    AutomationRule,
    Basis,
    DeadlineRule,
    ExceptionRule,
    Limit,
    Period,
    RestDayRule,
    Unit,
    WindowEnd,
    WindowRule,
)

MOST_BUSINESS_DAYS = 60
MOST_MONTHS = 120
Threshold = Annotated[StrictInt, Field(ge=1, le=LARGEST_AMOUNT, description="The value of goods that ships free.")]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Kinds = Annotated[frozenset[Kind], Field(min_length=1)]
Faults = Annotated[frozenset[Fault], Field(min_length=1)]

_MOST = {Unit.BUSINESS_DAYS: MOST_BUSINESS_DAYS, Unit.MONTHS: MOST_MONTHS, Unit.MONTHS_TO_THE_DATE: MOST_MONTHS}
BEFORE_THE_REQUEST = (
    Anchor.PAID,
    Anchor.CONTRACT,
    Anchor.INFORMED,
    Anchor.UNOBSTRUCTED,
    Anchor.SHIPPED,
    Anchor.FIRST_DELIVERED,
    Anchor.DELIVERED,
    Anchor.ORDER_DELIVERED,
    Anchor.REPAIRED,
    Anchor.DISCOVERED,
)
BY_THE_REQUEST = (*BEFORE_THE_REQUEST, Anchor.REQUESTED)
BY_THE_APPROVAL = (*BY_THE_REQUEST, Anchor.APPROVED)


class PeriodInput(Input):
    """A number of days, business days or months after an event."""

    length: StrictInt = Field(ge=0, le=3650, description="The number of units.")
    unit: Unit = Field(description="The unit of the length.")
    anchor: Anchor = Field(description="The event that starts the period.")
    first_day_counts: StrictBool = Field(
        default=False, description="Whether the day of the event counts as the first day."
    )
    roll: RestDayRule = Field(default=RestDayRule.NONE, description="How a last day of rest moves.")
    then_months: StrictInt = Field(
        default=0, ge=0, le=MOST_MONTHS, description="Months that follow the last day, to the same date."
    )

    @model_validator(mode="after")
    def _is_countable(self) -> Self:
        most = _MOST.get(self.unit)
        if most is not None and self.length > most:
            raise ValueError(f"at most {most} {self.unit.value.replace('_', ' ')}")
        return self

    def is_counted_from(self, anchors: tuple[Anchor, ...]) -> Self:
        """Raises ValueError if the event comes after the period must begin."""
        if self.anchor not in anchors:
            raise ValueError(f"counted from {', '.join(anchors)}: {self.anchor} comes too late for it")
        return self

    def period(self) -> Period:
        return Period(**{name: getattr(self, name) for name in PeriodInput.model_fields})


class RuleScope(Input):
    """The lines that a rule is for. A rule without a scope is for every line."""

    natures: frozenset[Nature] = Field(default=frozenset(), description="The kinds of products. Empty: every kind.")
    records: frozenset[Record] = Field(
        default=frozenset(), description="What must be on record for the line or its order. Empty: nothing."
    )
    without_records: frozenset[Record] = Field(
        default=frozenset(), description="The rule does not apply where all of these are on record. Empty: no limit."
    )

    @model_validator(mode="after")
    def _fits_some_line(self) -> Self:
        if self.without_records and self.without_records <= self.records:
            raise ValueError("records and without_records together fit no line")
        return self

    def scope(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in RuleScope.model_fields}


class WindowTerm(RuleScope):
    """A window in addition to the law's windows. Of all matching windows, the last to close applies."""

    code: Word = Field(description="Your name of the window, in assessments.")
    kinds: Kinds = Field(description="The kinds of claims.")
    faults: Faults = Field(description="The faults that the rule applies to.", default=frozenset({Fault.BUYER}))
    reasons: frozenset[Reason] | None = Field(
        default=None, description="The reasons that the rule applies to. Null: every reason."
    )
    periods: list[PeriodInput] = Field(
        max_length=3, description="The periods. Empty for cancellations only: as long as the goods are not shipped."
    )
    ends: WindowEnd = Field(default=WindowEnd.FIRST, description="Which of several periods ends the window.")

    @field_validator("periods")
    @classmethod
    def _begins_before_the_claim(cls, periods: list[PeriodInput]) -> list[PeriodInput]:
        return [period.is_counted_from(BEFORE_THE_REQUEST) for period in periods]

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if not self.periods and self.kinds != {Kind.CANCEL}:
            raise ValueError("only a window for cancellations may be without periods")
        return self

    def rule(self) -> WindowRule:
        return WindowRule(
            code=self.code,
            kinds=self.kinds,
            faults=self.faults,
            reasons=self.reasons,
            periods=tuple(period.period() for period in self.periods),
            ends=self.ends,
            citation=PROMISE,
            basis=Basis.PRACTICE,
            **self.scope(),
        )


class ExceptionTerm(RuleScope):
    """A ground that removes the right. All its conditions must hold."""

    ground: Ground = Field(description="The ground that removes the right.")
    kinds: Kinds = Field(description="The kinds of claims.")
    faults: Faults = Field(default=frozenset({Fault.BUYER}), description="The faults that the rule applies to.")
    conditions: frozenset[Declared] = Field(
        default=frozenset(), description="What the buyer must declare about the goods. Empty: nothing."
    )
    indivisible: StrictBool = Field(
        default=False, description="Whether the buyer keeps the right to unused parts, for goods with parts."
    )

    def rule(self) -> ExceptionRule:
        return ExceptionRule(**{name: getattr(self, name) for name in ExceptionTerm.model_fields}, citation=PROMISE)


class FeesInput(Input):
    """The seller's disclosed fees in minor units. A fee that you omit has the value of the base."""

    outbound: Amount = 0
    return_shipping: Amount = Field(default=0, alias="return")
    exchange_round_trip: Amount = 0
    free_shipping_from: Threshold | None = Field(default=None, description="The value of goods that ships free.")
    restocking_percent: Percent = Field(
        default=0, description="The share of the price that you keep for a return at the buyer's fault."
    )
    tax_rate: StrictInt = Field(
        default=0,
        ge=0,
        le=10_000,
        description="The tax in the fees, in hundredths of a percent. If the prices of an order are before tax, the"
        " fees are before tax too, and their tax is added. An order without tax pays the fee as you state it.",
    )

    def fees(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in FeesInput.model_fields if name in self.model_fields_set}


class RefundPromise(RuleScope):
    """When the seller pays refunds, if the scope fits every claimed line. The law's deadline applies if it is
    earlier."""

    kinds: Kinds = Field(description="The kinds of claims.")
    reasons: frozenset[Reason] | None = Field(
        default=None, description="The reasons that the rule applies to. Null: every reason."
    )
    periods: list[PeriodInput] = Field(
        description="The periods. The refund is due with the last one.", min_length=1, max_length=3
    )

    def rule(self) -> DeadlineRule:
        return DeadlineRule(
            kinds=self.kinds,
            reasons=self.reasons,
            periods=tuple(period.period() for period in self.periods),
            citation=PROMISE,
            basis=Basis.PRACTICE,
            **self.scope(),
        )


class AutomationTerm(RuleScope):
    """The policy approves eligible claims of these kinds automatically, if the scope fits every claimed line."""

    kinds: Kinds = Field(description="The kinds of claims.")
    when: AutomaticWhen = Field(description="When the policy approves automatically.")

    def rule(self) -> AutomationRule:
        return AutomationRule(kinds=self.kinds, when=self.when, citation=PROMISE, **self.scope())


class TimeLimitInput(Input):
    """A number of days or business days, from the day after the start."""

    length: StrictInt = Field(ge=1, le=MOST_BUSINESS_DAYS, description="The number of units.")
    unit: Literal[Unit.DAYS, Unit.BUSINESS_DAYS] = Field(default=Unit.DAYS, description="The unit of the length.")

    def limit(self) -> Limit:
        return Limit(length=self.length, unit=self.unit, citation=PROMISE)
