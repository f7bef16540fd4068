"""The public shapes of the rows of reports. Each row says which days it is about."""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, Field

_SHARE = "From 0 to 1, rounded to four digits. Null: there is nothing to divide by."


class ReportFigures(BaseModel):
    """The days of a row, which are local days of the shop."""

    title: ClassVar[str]
    from_on: date = Field(description="The first local day that the row is about.")
    to_on: date = Field(description="The last local day that the row is about.")


class ReasonFigures(ReportFigures):
    """Claims of a kind for a reason."""

    kind: str = Field(description="The kind of the claims, as they stand now.")
    reason: str = Field(description="The reason, as it stands now.")
    fault: str = Field(description="Who is at fault, as it stands now.")
    claims: int = Field(description="Claims that were requested on these days.")
    units: int = Field(description="Units in these claims.")
    share: float | None = Field(description=f"These claims of all claims of the report. {_SHARE}")


class FaultFigures(ReportFigures):
    """Claims by who is at fault."""

    fault: str = Field(description="Who is at fault: `buyer`, `seller`, or `undecided`.")
    claims: int = Field(description="Claims that were requested on these days.")
    share: float | None = Field(description=f"These claims of all claims of the report. {_SHARE}")


class ProductFigures(ReportFigures):
    """How often a product is claimed and cancelled."""

    sku: str = Field(description="The SKU. Empty for lines without one.")
    sold_units: int = Field(description="Units in orders that were paid on these days.")
    claims: int = Field(description="Claims of any kind that name the product. A claim counts once for each product.")
    units: int = Field(description="Units in these claims.")
    cancelled_units: int = Field(description="Units in claims of the kind `cancel`.")
    units_per_100_sold: float | None = Field(description="Units in claims for 100 sold units. Null: nothing was sold.")
    cancelled_per_100_sold: float | None = Field(
        description="Units in cancellations for 100 sold units. Null: nothing was sold."
    )


class ProductReasonFigures(ReportFigures):
    """Why a product is claimed."""

    sku: str = Field(description="The SKU. Empty for lines without one.")
    reason: str = Field(description="The reason, as it stands now.")
    fault: str = Field(description="Who is at fault, as it stands now.")
    claims: int = Field(description="Claims for this reason that name the product.")
    units: int = Field(description="Units in these claims.")
    share: float | None = Field(description=f"These claims of all claims that name the product. {_SHARE}")


class RateFigures(ReportFigures):
    """How many claims of a kind there are for 100 orders. The row of `cancel` is the cancel rate."""

    kind: str = Field(description="The kind of the claims, as they stand now.")
    orders: int = Field(description="Orders that were paid on these days.")
    sold_units: int = Field(description="Units in these orders.")
    claims: int = Field(description="Claims that were requested on these days.")
    units: int = Field(description="Units in these claims.")
    claims_per_100_orders: float | None = Field(description="Null: no order was paid.")
    units_per_100_sold: float | None = Field(description="Null: nothing was sold.")


class TimeFigures(ReportFigures):
    """How long a step took. Minutes are rounded down: to tens from 1,000, to hundreds from 10,000, and to thousands
    from 100,000."""

    step: str = Field(description="The step of the claim.")
    claims: int = Field(description="Claims that were requested on these days and have done the step.")
    median_minutes: int = Field(description="Half of the claims took no longer.")
    p90_minutes: int = Field(description="Nine of ten claims took no longer.")


class OverdueFigures(ReportFigures):
    """How much was late."""

    subject: str = Field(description="`answer`: the decision on the claim. `money`: the refunds of the claim.")
    claims: int = Field(description="Claims that were decided or paid, or are late. What still waits in time is not.")
    overdue: int = Field(description="Claims of these that were late.")
    share: float | None = Field(description=f"The late claims of these claims. {_SHARE}")


class CostFigures(ReportFigures):
    """What claims cost so far."""

    currency: str = Field(description="The currency of the orders.")
    cost: str = Field(description="The part of the cost.")
    claims: int = Field(description="Claims with this part.")
    amount: int = Field(description="In minor units. Fees are what buyers paid towards the cost.")


class OfferFigures(ReportFigures):
    """What became of the offers of an alternative."""

    alternative: str = Field(description="What was offered instead.")
    currency: str = Field(description="The currency of the orders.")
    offers: int = Field(description="Offers on claims that were requested on these days.")
    accepted: int = Field(description="Offers that the buyer accepted.")
    accepted_share: float | None = Field(description=f"The accepted offers of the answered and lapsed offers. {_SHARE}")
    declined: int = Field(description="Offers that the buyer declined.")
    lapsed: int = Field(description="Offers that nobody answered in time.")
    kept_amount: int = Field(
        description="What was paid for the goods of claims whose last accepted offer is this one, less their refunds,"
        " in minor units."
    )


class RepeatFigures(ReportFigures):
    """Claims of buyers who had requested others shortly before."""

    earlier_claims: int = Field(description="Claims of the same buyer in the 60 days before. 9 is nine or more.")
    claims: int = Field(description="Claims that were requested on these days.")
    share: float | None = Field(description=f"These claims of all claims of the report. {_SHARE}")


class PolicyVersionFigures(ReportFigures):
    """Claims judged by a version of a policy, and how their times compare with those of the version before."""

    policy: str = Field(description="The policy and its version. A preset stands for itself.")
    claims: int = Field(description="Claims that were requested on these days.")
    first_answer_median_minutes: int | None = Field(description="As in `times`. Null: no claim was answered.")
    decision_median_minutes: int | None = Field(description="As in `times`. Null: no claim was decided.")
    decision_p90_minutes: int | None = Field(description="As in `times`. Null: no claim was decided.")
    money_median_minutes: int | None = Field(description="As in `times`. Null: no money was paid.")
    overdue_share: float | None = Field(description=f"Late answers, as in `overdue`. {_SHARE}")
    decision_change: float | None = Field(
        description="The median of the decision against that of the version before: -0.3 is 30 % faster. Null: there is"
        " no version before, or its median is 0."
    )


class SpikeFigures(ReportFigures):
    """A product that was claimed for a reason far more often in the last week of the report than in the eight weeks
    before."""

    sku: str = Field(description="The SKU. Empty for lines without one.")
    reason: str = Field(description="The reason, as it stands now.")
    claims: int = Field(description="Claims of the week for this reason that name the product: five or more.")
    claims_per_week_before: float = Field(description="The mean of the eight weeks before.")
    probability: float = Field(
        description="How probable at least so many of the claims of the nine weeks are in the last week, if all weeks"
        " are alike. Below 0.01."
    )


AnyFigures = (
    ReasonFigures
    | FaultFigures
    | ProductFigures
    | ProductReasonFigures
    | RateFigures
    | TimeFigures
    | OverdueFigures
    | CostFigures
    | OfferFigures
    | RepeatFigures
    | PolicyVersionFigures
    | SpikeFigures
)


class ReportBody(BaseModel):
    """A report: its rows, and how far they are counted."""

    name: str = Field(description="The name of the report.")
    from_on: date = Field(description="The first local day of the report.")
    to_on: date = Field(description="The last local day of the report.")
    time_zone: str = Field(description="The time zone of the days: that of the settings of messages.")
    counted_to_at: datetime = Field(description="Every change until this instant is counted.")
    recounting: bool = Field(
        description="`true`: everything is being counted again, for example by the days of another time zone. Until the"
        " end of it some claims count by the old days, or not yet."
    )
    truncated: bool = Field(
        description="`true`: there are more than 1,000 rows for a stretch of days. The largest are here."
    )
    rows: list[AnyFigures] = Field(description="Rows of the schema that the list of reports names.")
    before: list[AnyFigures] | None = Field(description="The same rows of as many days before. Null unless asked for.")
