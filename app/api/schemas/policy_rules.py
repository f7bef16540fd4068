"""The rules that a seller's terms are made of, over HTTP."""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from app.api.schemas.common import LARGEST_AMOUNT, Amount, Input, Word
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record
from app.engine.policy.merging import PROMISE
from app.engine.policy.rules import (
    Anchor,
    AutomaticWhen,
    AutomationRule,
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
BEFORE_THE_REQUEST = (Anchor.PAID, Anchor.SHIPPED, Anchor.DELIVERED, Anchor.ORDER_DELIVERED, Anchor.DISCOVERED)
BY_THE_REQUEST = (*BEFORE_THE_REQUEST, Anchor.REQUESTED)
BY_THE_APPROVAL = (*BY_THE_REQUEST, Anchor.APPROVED)


class PeriodInput(Input):
    """So many days, business days or months from an event; its own day counts only where that is said."""

    length: StrictInt = Field(ge=0, le=3650, description="How many.")
    unit: Unit = Field(description="What it is counted in.")
    anchor: Anchor = Field(description="The event that it is counted from.")
    first_day_counts: StrictBool = Field(default=False, description="Whether the day of the event is the first.")
    roll: RestDayRule = Field(default=RestDayRule.NONE, description="Where a last day of rest moves to.")

    @model_validator(mode="after")
    def _is_countable(self) -> Self:
        most = _MOST.get(self.unit)
        if most is not None and self.length > most:
            raise ValueError(f"at most {most} {self.unit.value.replace('_', ' ')}")
        return self

    def is_counted_from(self, anchors: tuple[Anchor, ...]) -> Self:
        """Raises ValueError for an event that is still to come when the period must have begun."""
        if self.anchor not in anchors:
            raise ValueError(f"counted from {', '.join(anchors)}: {self.anchor} comes too late for it")
        return self

    def period(self) -> Period:
        return Period(**{name: getattr(self, name) for name in PeriodInput.model_fields})


class WindowTerm(Input):
    """A window beside the law's: of all that fit, the buyer has the one that closes last."""

    code: Word = Field(description="Your name for it, in assessments.")
    kinds: Kinds = Field(description="Of claims.")
    faults: Faults = Field(description="At whose fault.", default=frozenset({Fault.BUYER}))
    reasons: frozenset[Reason] | None = Field(default=None, description="For these alone.")
    periods: list[PeriodInput] = Field(
        max_length=3, description="None, for cancellations: for as long as the goods have not shipped."
    )
    ends: WindowEnd = Field(default=WindowEnd.FIRST, description="With which of several periods.")

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
            statutory=False,
        )


class ExceptionTerm(Input):
    """A ground that takes the right away: all of what it names must hold."""

    ground: Ground = Field(description="The ground that takes the right away.")
    kinds: Kinds = Field(description="Of claims.")
    faults: Faults = Field(default=frozenset({Fault.BUYER}), description="At whose fault.")
    natures: frozenset[Nature] = Field(default=frozenset(), description="Of goods. Empty: of all.")
    conditions: frozenset[Declared] = Field(
        default=frozenset(), description="What the buyer says about the goods. Empty: anything."
    )
    records: frozenset[Record] = Field(default=frozenset(), description="What you can prove. Empty: nothing is needed.")
    indivisible: StrictBool = Field(
        default=False, description="Leaves the right to the parts that have not been used, where there are parts."
    )

    def rule(self) -> ExceptionRule:
        return ExceptionRule(**{name: getattr(self, name) for name in ExceptionTerm.model_fields}, citation=PROMISE)


class FeesInput(Input):
    """What the seller discloses, in minor units. What is not said is as the base has it."""

    outbound: Amount = 0
    return_shipping: Amount = Field(default=0, alias="return")
    exchange_round_trip: Amount = 0
    free_shipping_from: Threshold | None = Field(default=None, description="The value of goods that ships free.")
    restocking_percent: Percent = Field(
        default=0, description="The share of the price that is kept for taking goods back."
    )
    tax_rate: StrictInt = Field(
        default=0,
        ge=0,
        le=10_000,
        description="Tax in the fees, in hundredths of a percent; on top of them where prices come without.",
    )

    def fees(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in FeesInput.model_fields if name in self.model_fields_set}


class RefundPromise(Input):
    """By when the seller gives the money back; the law's day counts where it comes first."""

    kinds: Kinds = Field(description="Of claims.")
    reasons: frozenset[Reason] | None = Field(default=None, description="For these alone.")
    periods: list[PeriodInput] = Field(description="Due with the last of them.", min_length=1, max_length=3)

    def rule(self) -> DeadlineRule:
        return DeadlineRule(
            kinds=self.kinds,
            reasons=self.reasons,
            periods=tuple(period.period() for period in self.periods),
            citation=PROMISE,
            statutory=False,
        )


class AutomationTerm(Input):
    """Eligible claims of these kinds approve themselves when the order stands so."""

    kinds: Kinds = Field(description="Of claims.")
    when: AutomaticWhen = Field(description="How the order must stand.")

    def rule(self) -> AutomationRule:
        return AutomationRule(kinds=self.kinds, when=self.when, citation=PROMISE)


class TimeLimitInput(Input):
    """So many days or business days, from the day after something began."""

    length: StrictInt = Field(ge=1, le=MOST_BUSINESS_DAYS, description="How many.")
    unit: Literal[Unit.DAYS, Unit.BUSINESS_DAYS] = Field(default=Unit.DAYS, description="What it is counted in.")

    def limit(self) -> Limit:
        return Limit(length=self.length, unit=self.unit, citation=PROMISE)
