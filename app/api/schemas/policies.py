"""The bodies of a seller's own terms, which extend a law or a marketplace."""

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
from app.engine.policy.money_rules import Deposit, LostDiscount
from app.engine.policy.rules import Overtaken, Unanswered
from app.engine.policy.terms import Terms
from app.service.resources.names import definitions, publicly_named

PolicyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=100)]
Rounds = Annotated[StrictInt, Field(ge=0, le=20)]
Language = Literal["ko", "ja", "en", "de", "fr"]
"""A language of buyers and shops. Where German and French have no text, the text is in English."""


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
    "deposit",
    "offer_rounds",
    "offer_rounds_if_wanted",
    "unanswered",
)
"""The fields of terms that have the same name in the engine."""
_LIMITS = ("hold_within", "offer_within", "ship_date_within", "ask_carrier_after", "tell_buyer_after")


class TermsInput(Input):
    """The seller's own terms. A field that you omit has the value of the base."""

    title: Name | None = Field(default=None, description="The title of the policy page.")
    language: Language | None = Field(default=None, description="The default language of the policy page.")
    currency: Currency | None = Field(
        default=None,
        description="The currency of the fees. If it differs from the base's currency, the base's fees do not apply.",
    )
    fees: FeesInput | None = Field(
        default=None, description="The shipping fees, the value that ships free, and the restocking fee."
    )
    windows: Annotated[list[WindowTerm], Field(max_length=20), named_once("code")] = Field(
        default=[], description="Windows for claims, in addition to the windows of the law."
    )
    exceptions: list[ExceptionTerm] = Field(
        default=[], max_length=50, description="Your own grounds against claims that the law does not grant."
    )
    promises: list[RefundPromise] = Field(
        default=[], max_length=20, description="When you pay refunds. The law's deadline applies if it is earlier."
    )
    return_shipping_payer: Literal[Fault.BUYER, Fault.SELLER] | None = Field(
        default=None, description="Who pays the return shipping after a change of mind."
    )
    late_interest_percent: Percent | None = Field(
        default=None, description="The interest on late refunds for a year, in percent."
    )
    respond_within: PeriodInput | None = Field(default=None, description="The time to answer a request.")
    collect_within: PeriodInput | None = Field(
        default=None, description="The time for the goods to come back. It starts no earlier than the approval."
    )
    alternative_required: StrictBool | None = Field(
        default=None, description="Whether a rejection must name an alternative."
    )
    automation: list[AutomationTerm] | None = Field(
        default=None, max_length=20, description="Which eligible claims the policy approves automatically, and when."
    )
    refund_order: list[Word] | None = Field(
        default=None, max_length=20, description="The order in which payment methods are refunded."
    )
    overtaken: Overtaken | None = Field(
        default=None, description="What happens to an open cancellation when its order is shipped."
    )
    advance_exchange: StrictBool | None = Field(
        default=None, description="Whether a replacement may be sent before the goods are back."
    )
    closing_days: list[Day] = Field(
        default=[], max_length=400, description="Your own days of rest, such as company holidays."
    )
    fee_collection: FeeCollection | None = Field(
        default=None,
        description="Whether fees are deducted from the refund, or the buyer pays the fees before the refund.",
    )
    lost_discount: LostDiscount | None = Field(
        default=None, description="What happens to an order's discount if the kept goods are below its minimum."
    )
    deposit: Deposit | None = Field(
        default=None, description="What a captured part of the price is for, if the buyer gives some of the goods back."
    )
    offer_rounds: Rounds | None = Field(default=None, description="How many alternatives you may offer to a buyer.")
    offer_rounds_if_wanted: Rounds | None = Field(
        default=None, description="The same for a buyer who agreed to further offers."
    )
    hold_within: TimeLimitInput | None = Field(default=None, description="The maximum length of a hold.")
    offer_within: TimeLimitInput | None = Field(default=None, description="When an offer without its own end lapses.")
    unanswered: Unanswered | None = Field(
        default=None, description="What happens to a request without an answer in time."
    )
    ship_date_within: TimeLimitInput | None = Field(
        default=None, description="The time after the payment in which an order needs an expected ship date."
    )
    ask_carrier_after: TimeLimitInput | None = Field(
        default=None,
        description="The time after the shipping of a parcel without a delivery, after which you are told to ask the"
        " carrier.",
    )
    tell_buyer_after: TimeLimitInput | None = Field(
        default=None, description="The same, after which the buyer is told that the parcel is late."
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
        rounds, rounds_if_wanted = self.offer_rounds, self.offer_rounds_if_wanted
        if rounds is not None and rounds_if_wanted is not None and rounds_if_wanted < rounds:
            raise ValueError("offer_rounds_if_wanted must be at least offer_rounds")
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
    """Terms, and the preset that they extend: a law or a marketplace."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"base": "kr", "terms": _TERMS}]})

    base: Name = Field(description="A preset, such as `kr` or `naver`.")
    terms: TermsInput = Field(description="The seller's own terms.")


@cache
def policy_schema() -> Mapping[str, Any]:
    """The JSON Schema of a document to check, for editors and for programs."""
    schema = CheckPolicyRequest.model_json_schema()
    published = {**publicly_named(schema), "$defs": definitions(schema["$defs"])}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **published}


class PublishPolicyRequest(CheckPolicyRequest):
    """The next version of a policy of your own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"policy_id": "house", "base": "kr", "is_default": True, "terms": _TERMS}]}
    )

    policy_id: PolicyId = Field(description="The name that all versions share.")
    effective_at: Instant | None = Field(
        default=None, description="When the version comes into force. The default is now."
    )
    is_default: StrictBool = Field(
        default=False, description="Whether the policy becomes the default for new orders without a policy."
    )
