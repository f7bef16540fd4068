"""A seller's own terms over HTTP, to stand on top of a law or a marketplace."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints, field_validator, model_validator

from app.api.schemas.common import Currency, Day, Input, Instant, Name, Word, named_once
from app.api.schemas.policy_rules import (
    BY_THE_APPROVAL,
    BY_THE_REQUEST,
    AutomationTerm,
    ExceptionTerm,
    FeesInput,
    Percent,
    PeriodInput,
    RefundPromise,
    TimeLimitInput,
    WindowTerm,
)
from app.engine.model.vocabulary import Fault, FeeCollection
from app.engine.policy.money_rules import LostDiscount
from app.engine.policy.rules import Overtaken, Unanswered
from app.engine.policy.terms import Terms
from app.service.resources.names import definitions, publicly_named

PolicyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=100)]
Rounds = Annotated[StrictInt, Field(ge=0, le=20)]
Language = Literal["ko", "ja", "en"]


_SAME = (
    "title",
    "language",
    "currency",
    "return_shipping_payer",
    "late_interest_percent",
    "alternative_required",
    "overtaken",
    "advance_exchange",
    "fee_collection",
    "lost_discount",
    "offer_rounds",
    "offer_rounds_if_wanted",
    "unanswered",
)
"""What terms say in the same words here and in the engine."""
_LIMITS = ("hold_within", "offer_within", "ship_date_within")


class TermsInput(Input):
    """Only what is said differs from the base."""

    title: Name | None = Field(default=None, description="What the policy's page is headed with.")
    language: Language | None = Field(default=None, description="Of the page, where none is asked for.")
    currency: Currency | None = Field(
        default=None, description="Of the fees. In another than the base's, the base's fees do not hold."
    )
    fees: FeesInput | None = Field(default=None, description="What sending costs, when it is free, and restocking.")
    windows: Annotated[list[WindowTerm], Field(max_length=20), named_once("code")] = Field(
        default=[], description="Until when claims may be made, beside the windows of the law."
    )
    exceptions: list[ExceptionTerm] = Field(
        default=[], max_length=50, description="Grounds of your own against what the law does not give."
    )
    promises: list[RefundPromise] = Field(
        default=[], max_length=20, description="By when you pay back; the law's day counts if it comes first."
    )
    return_shipping_payer: Literal[Fault.BUYER, Fault.SELLER] | None = Field(
        default=None, description="Who pays for sending back what a buyer no longer wants."
    )
    late_interest_percent: Percent | None = Field(default=None, description="A year's interest on late refunds.")
    respond_within: PeriodInput | None = Field(default=None, description="How long you take to answer a request.")
    collect_within: PeriodInput | None = Field(
        default=None, description="How long goods may take to come back, from the approval at the earliest."
    )
    alternative_required: StrictBool | None = Field(
        default=None, description="Whether a rejection must name an alternative."
    )
    automation: list[AutomationTerm] | None = Field(
        default=None, max_length=20, description="Which eligible claims approve themselves, and when."
    )
    refund_order: list[Word] | None = Field(default=None, max_length=20, description="Payment methods, first first.")
    overtaken: Overtaken | None = Field(
        default=None, description="What becomes of a cancellation whose order leaves while it is open."
    )
    advance_exchange: StrictBool | None = Field(
        default=None, description="Whether a replacement may be sent before the goods are back."
    )
    closing_days: list[Day] = Field(default=[], max_length=400, description="Your own days of rest.")
    fee_collection: FeeCollection | None = Field(
        default=None, description="Fees lessen the refund, or are paid by the buyer before it is."
    )
    lost_discount: LostDiscount | None = Field(
        default=None, description="What becomes of an order's discount when less is kept than it was given for."
    )
    offer_rounds: Rounds | None = Field(default=None, description="How many alternatives a buyer is offered.")
    offer_rounds_if_wanted: Rounds | None = Field(
        default=None, description="The same for a buyer who has asked to hear of more."
    )
    hold_within: TimeLimitInput | None = Field(default=None, description="How long a hold may last.")
    offer_within: TimeLimitInput | None = Field(default=None, description="When an offer ends that names no end.")
    unanswered: Unanswered | None = Field(
        default=None, description="What a request becomes that nobody has answered in time."
    )
    ship_date_within: TimeLimitInput | None = Field(
        default=None, description="By when after payment an order is to have an expected ship date."
    )

    @field_validator("respond_within")
    @classmethod
    def _begins_with_the_request(cls, period: PeriodInput | None) -> PeriodInput | None:
        return period and period.is_counted_from(BY_THE_REQUEST)

    @field_validator("collect_within")
    @classmethod
    def _leaves_time(cls, period: PeriodInput | None) -> PeriodInput | None:
        if period is not None and period.length < 1:
            raise ValueError("at least 1: goods take time to come back")
        return period and period.is_counted_from(BY_THE_APPROVAL)

    @model_validator(mode="after")
    def _more_if_wanted(self) -> Self:
        rounds, wanted = self.offer_rounds, self.offer_rounds_if_wanted
        if rounds is not None and wanted is not None and wanted < rounds:
            raise ValueError("offer_rounds_if_wanted: whoever asked to hear of more hears of no fewer")
        return self

    def terms(self) -> Terms:
        return Terms(
            **{name: getattr(self, name) for name in _SAME},
            fees=self.fees.fees() if self.fees else {},
            windows=tuple(window.rule() for window in self.windows),
            exceptions=tuple(exception.rule() for exception in self.exceptions),
            promises=tuple(promise.rule() for promise in self.promises),
            respond_within=self.respond_within.period() if self.respond_within else None,
            collect_within=self.collect_within.period() if self.collect_within else None,
            automation=None if self.automation is None else tuple(rule.rule() for rule in self.automation),
            refund_order=None if self.refund_order is None else tuple(self.refund_order),
            closing_days=frozenset(self.closing_days),
            **{name: limit.limit() for name in _LIMITS if (limit := getattr(self, name)) is not None},
        )


_TERMS: dict[str, Any] = {
    "title": "머그 가게",
    "fees": {"outbound": 3000, "return": 3000, "exchange_round_trip": 6000, "free_shipping_from": 50000},
    "windows": [
        {
            "code": "house_return",
            "kinds": ["return"],
            "periods": [{"length": 30, "unit": "days", "anchor": "delivered"}],
        }
    ],
}


class CheckPolicyRequest(Input):
    """Terms, and the preset that they stand on: a law, or a marketplace on top of one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"base": "kr", "terms": _TERMS}]})

    base: Name = Field(description="A preset, such as `kr` or `naver`.")
    terms: TermsInput = Field(description="The seller's own terms.")


@cache
def policy_schema() -> Mapping[str, Any]:
    """JSON Schema of the document that a check takes, for editors and for shops that build it by program."""
    schema = CheckPolicyRequest.model_json_schema()
    named = {**publicly_named(schema), "$defs": definitions(schema["$defs"])}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **named}


class PublishPolicyRequest(CheckPolicyRequest):
    """The next version of a policy of your own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"policy_id": "house", "base": "kr", "is_default": True, "terms": _TERMS}]}
    )

    policy_id: PolicyId = Field(description="The name that all versions share.")
    effective_at: Instant | None = Field(default=None, description="Now, unless you say later.")
    is_default: StrictBool = Field(default=False, description="Judges from now on orders that name no policy.")
