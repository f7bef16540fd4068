"""The reports that there are, and one report over days of the shop."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.records.report import Days, ReportHead
from app.service.callers import Caller
from app.service.errors import InvalidError, NotFoundError
from app.service.reports import figures
from app.service.reports.figures import ROWS_MAX, Read, Stretch
from app.service.reports.spikes import spikes
from app.service.resources import report as resources
from app.service.resources.report import AnyFigures, ReportBody, ReportFigures
from app.store import report_changes
from app.store.database import Tx

_DEFAULT_DAYS = timedelta(days=27)


class Interval(StrEnum):
    """Stretches that a report is cut into. A week begins on Monday."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """`narrowed_by` names the filters that the figures of the report can be narrowed by."""

    description: str
    row: type[ReportFigures]
    read: Read
    narrowed_by: frozenset[str] = frozenset({"kind"})


_PRODUCTS = frozenset({"kind", "sku"})
REPORTS: Mapping[str, ReportKind] = {
    "reasons": ReportKind(
        description="Claims by kind, reason and fault.",
        row=resources.ReasonFigures,
        read=figures.reasons,
        narrowed_by=_PRODUCTS,
    ),
    "faults": ReportKind(
        description="Shares of buyer and seller in the fault.",
        row=resources.FaultFigures,
        read=figures.faults,
        narrowed_by=_PRODUCTS,
    ),
    "products": ReportKind(
        description="Rates of claims and cancellations for each SKU.",
        row=resources.ProductFigures,
        read=figures.products,
        narrowed_by=_PRODUCTS,
    ),
    "product_reasons": ReportKind(
        description="Reasons for each SKU.",
        row=resources.ProductReasonFigures,
        read=figures.product_reasons,
        narrowed_by=_PRODUCTS,
    ),
    "rates": ReportKind(
        description="Claims of each kind for 100 orders, such as the cancel rate.",
        row=resources.RateFigures,
        read=figures.rates,
    ),
    "times": ReportKind(
        description="Median and p90 of the times to an answer, a decision, the goods, the inspection and the money.",
        row=resources.TimeFigures,
        read=figures.times,
    ),
    "overdue": ReportKind(
        description="Shares of late answers and late money.", row=resources.OverdueFigures, read=figures.overdue
    ),
    "costs": ReportKind(
        description="What claims cost: refunds, shipping, interest and credit, and the fees of buyers.",
        row=resources.CostFigures,
        read=figures.costs,
    ),
    "offers": ReportKind(
        description="Offers of alternatives, and what they kept.", row=resources.OfferFigures, read=figures.offers
    ),
    "repeats": ReportKind(
        description="Claims of buyers who had requested others in the 60 days before.",
        row=resources.RepeatFigures,
        read=figures.repeats,
    ),
    "policy_versions": ReportKind(
        description="Claims and times before and after a version of a policy.",
        row=resources.PolicyVersionFigures,
        read=figures.policy_versions,
        narrowed_by=frozenset(),
    ),
    "spikes": ReportKind(
        description="Products that were claimed for a reason far more often in the last week than in the eight before.",
        row=resources.SpikeFigures,
        read=spikes,
        narrowed_by=_PRODUCTS,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """What is asked for. Without days it is the last 28 days until today."""

    name: str
    from_on: date | None = None
    to_on: date | None = None
    interval: Interval | None = None
    is_compared: bool = False
    kind: str | None = None
    sku: str | None = None


async def read(tx: Tx, caller: Caller, query: ReportQuery, now: datetime) -> ReportBody:
    """Raises NotFoundError for an unknown report, and InvalidError for a filter that the report does not have and for
    a last day before the first."""
    report = REPORTS.get(query.name)
    if report is None:
        raise NotFoundError("report", query.name)
    _refuse_filters(query, report)
    head = await report_changes.head(tx, caller.merchant_id)
    oldest = await report_changes.oldest(tx, caller.merchant_id)
    days = _days(query, head, now)
    rows = await _rows(tx, caller, query, report, days)
    before = await _rows(tx, caller, query, report, days.before) if query.is_compared else None
    kept = rows if before is None else [*rows, *before]
    return ReportBody(
        name=query.name,
        from_on=days.from_on,
        to_on=days.to_on,
        time_zone=head.time_zone,
        counted_to_at=oldest or now,
        recounting=head.recounting is not None,
        truncated=any(len(stretch) > ROWS_MAX for stretch in kept),
        rows=_within(rows),
        before=None if before is None else _within(before),
    )


def _within(stretches: list[list[AnyFigures]]) -> list[AnyFigures]:
    return [row for stretch in stretches for row in stretch[:ROWS_MAX]]


async def _rows(tx: Tx, caller: Caller, query: ReportQuery, report: ReportKind, days: Days) -> list[list[AnyFigures]]:
    return [
        list(
            await report.read(tx, Stretch(merchant_id=caller.merchant_id, days=stretch, kind=query.kind, sku=query.sku))
        )
        for stretch in cut(days, query.interval)
    ]


def _refuse_filters(query: ReportQuery, report: ReportKind) -> None:
    for name in ("kind", "sku"):
        if getattr(query, name) is not None and name not in report.narrowed_by:
            raise InvalidError("report_without_filter", field=name, report=query.name, filter=name)


def _days(query: ReportQuery, head: ReportHead, now: datetime) -> Days:
    to_on = query.to_on or now.astimezone(ZoneInfo(head.time_zone)).date()
    from_on = query.from_on or to_on - _DEFAULT_DAYS
    if from_on > to_on:
        raise InvalidError("days_not_in_order", field="to_on", from_on=from_on.isoformat(), to_on=to_on.isoformat())
    return Days(from_on=from_on, to_on=to_on)


def cut(days: Days, interval: Interval | None) -> Iterator[Days]:
    """The days in stretches. The first and the last may be shorter than the others."""
    if interval is None:
        yield days
        return
    after_last = days.to_on + timedelta(days=1)
    begins = [days.from_on, *_begins(days, interval), after_last]
    for first, following in pairwise(begins):
        yield Days(from_on=first, to_on=following - timedelta(days=1))


def _begins(days: Days, interval: Interval) -> Iterator[date]:
    """The first days of weeks or months, after the first of all days."""
    day = days.from_on + timedelta(days=1)
    while day <= days.to_on:
        if day.weekday() == 0 if interval is Interval.WEEK else day.day == 1:
            yield day
        day += timedelta(days=1)
