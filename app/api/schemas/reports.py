"""The query of a report, and the list of reports."""

from typing import Literal

from pydantic import BaseModel, Field, model_validator

from app.api.schemas.common import Day, Input, Name
from app.engine.model.vocabulary import Kind
from app.service.reports.report_kinds import Interval, ReportQuery
from app.service.reports.tables import Format

_DAYS_MAX = 3_660
_INTERVALS_MAX = 120
_DAYS_OF = {Interval.WEEK: 7, Interval.MONTH: 28}


class ReportParameters(Input):
    """The days of a report, and what narrows it."""

    from_on: Day | None = Field(default=None, description="The first local day. The default is 27 days before `to_on`.")
    to_on: Day | None = Field(default=None, description="The last local day. The default is today.")
    interval: Interval | None = Field(
        default=None, description="Cut the days into weeks from Monday, or into months: each has rows of its own."
    )
    compare: Literal["before"] | None = Field(
        default=None, description="`before`: the same rows of as many days before too."
    )
    kind: Kind | None = Field(default=None, description="Claims of this kind alone.")
    sku: Name | None = Field(default=None, description="One product alone.")
    format: Format | None = Field(
        default=None, description="The default is what `Accept` names: JSON, CSV or an Excel file. Otherwise JSON."
    )

    @model_validator(mode="after")
    def _is_bounded(self) -> "ReportParameters":
        if self.from_on is None or self.to_on is None:
            return self
        days = (self.to_on - self.from_on).days + 1
        if days > _DAYS_MAX:
            raise ValueError(f"must be at most {_DAYS_MAX} days")
        if self.interval is not None and days > _INTERVALS_MAX * _DAYS_OF[self.interval]:
            raise ValueError(f"must be at most {_INTERVALS_MAX} intervals")
        return self

    def query(self, name: str) -> ReportQuery:
        return ReportQuery(
            name=name,
            from_on=self.from_on,
            to_on=self.to_on,
            interval=self.interval,
            is_compared=self.compare is not None,
            kind=self.kind,
            sku=self.sku,
        )


class ReportKindBody(BaseModel):
    """A report that there is."""

    name: str = Field(description="The name in the path.")
    description: str = Field(description="What the report shows.")
    row: str = Field(description="The schema of its rows.")
    fields: list[str] = Field(description="The fields of a row, which are the headings of the files.")
    narrowed_by: list[str] = Field(description="The parameters that narrow the report.")


class ReportList(BaseModel):
    """The reports."""

    data: list[ReportKindBody] = Field(description="Every report, in the order of the documentation.")
