"""The reports, each read from the sums alone: how many rows the database reads does not grow with a shop's history."""

import math
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.records.report import Cost, Days, Measure, Step, SumRow
from app.service.resources.report import (
    AnyFigures,
    CostFigures,
    FaultFigures,
    OfferFigures,
    OverdueFigures,
    PolicyVersionFigures,
    ProductFigures,
    ProductReasonFigures,
    RateFigures,
    ReasonFigures,
    RepeatFigures,
    TimeFigures,
)
from app.store import report_sums
from app.store.database import Tx

ROWS_MAX = 1_000
"""Rows of a report for one stretch of days. One row more says that there are others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days of one shop, and what narrows the claims. None narrows nothing."""

    merchant_id: str
    days: Days
    kind: str | None = None
    sku: str | None = None

    async def sums(self, tx: Tx, measure: Measure, *by: str, **narrowed: str | None) -> list[SumRow]:
        return await report_sums.sums(tx, self.merchant_id, measure, self.days, by=by, **narrowed)

    async def of_claims(self, tx: Tx, measure: Measure, *by: str) -> list[SumRow]:
        return await self.sums(tx, measure, *by, kind=self.kind)

    @property
    def named(self) -> dict[str, Any]:
        return {"from_on": self.days.from_on, "to_on": self.days.to_on}


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _per_100(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


async def _by_reason(tx: Tx, at: Stretch, *by: str) -> list[SumRow]:
    """Claims, or those that name a product."""
    if at.sku is None:
        return await at.of_claims(tx, Measure.CLAIMS, *by)
    return await at.sums(tx, Measure.PRODUCT_REASONS, *by, kind=at.kind, sku=at.sku)


async def reasons(tx: Tx, at: Stretch) -> list[ReasonFigures]:
    rows = await _by_reason(tx, at, "kind", "reason", "fault")
    total = sum(row.number for row in rows)
    return [
        ReasonFigures(
            **at.named,
            kind=row.kind,
            reason=row.reason,
            fault=row.fault,
            claims=row.number,
            units=row.amount,
            share=share(row.number, total),
        )
        for row in sorted(rows, key=lambda row: (-row.number, row.kind, row.reason, row.fault))
    ]


async def faults(tx: Tx, at: Stretch) -> list[FaultFigures]:
    rows = await _by_reason(tx, at, "fault")
    total = sum(row.number for row in rows)
    return [
        FaultFigures(**at.named, fault=row.fault, claims=row.number, share=share(row.number, total))
        for row in sorted(rows, key=lambda row: (-row.number, row.fault))
    ]


async def products(tx: Tx, at: Stretch) -> list[ProductFigures]:
    sold = {row.sku: row.amount for row in await at.sums(tx, Measure.SOLD, "sku", sku=at.sku)}
    by_kind = await at.sums(tx, Measure.PRODUCTS, "sku", "kind", sku=at.sku, kind=at.kind)
    claims, units, cancelled = Counter[str](), Counter[str](), Counter[str]()
    for row in by_kind:
        claims[row.sku] += row.number
        units[row.sku] += row.amount
        cancelled[row.sku] += row.amount if row.kind == "cancel" else 0
    return [
        ProductFigures(
            **at.named,
            sku=sku,
            sold_units=sold.get(sku, 0),
            claims=claims[sku],
            units=units[sku],
            cancelled_units=cancelled[sku],
            units_per_100_sold=_per_100(units[sku], sold.get(sku, 0)),
            cancelled_per_100_sold=_per_100(cancelled[sku], sold.get(sku, 0)),
        )
        for sku in sorted(sold.keys() | claims.keys(), key=lambda sku: (-claims[sku], -sold.get(sku, 0), sku))
    ]


async def product_reasons(tx: Tx, at: Stretch) -> list[ProductReasonFigures]:
    rows = await at.sums(tx, Measure.PRODUCT_REASONS, "sku", "reason", "fault", sku=at.sku, kind=at.kind)
    totals = Counter[str]()
    for row in rows:
        totals[row.sku] += row.number
    return [
        ProductReasonFigures(
            **at.named,
            sku=row.sku,
            reason=row.reason,
            fault=row.fault,
            claims=row.number,
            units=row.amount,
            share=share(row.number, totals[row.sku]),
        )
        for row in sorted(rows, key=lambda row: (-row.number, row.sku, row.reason, row.fault))[: ROWS_MAX + 1]
    ]


async def rates(tx: Tx, at: Stretch) -> list[RateFigures]:
    sold = await at.sums(tx, Measure.ORDERS)
    orders, units = (sum(row.number for row in sold), sum(row.amount for row in sold))
    rows = await at.of_claims(tx, Measure.CLAIMS, "kind")
    return [
        RateFigures(
            **at.named,
            kind=row.kind,
            orders=orders,
            sold_units=units,
            claims=row.number,
            units=row.amount,
            claims_per_100_orders=_per_100(row.number, orders),
            units_per_100_sold=_per_100(row.amount, units),
        )
        for row in sorted(rows, key=lambda row: row.kind)
    ]


def percentile(counts: Mapping[int, int], percent: int) -> int:
    """The smallest value that at least so many percent of the values do not exceed."""
    rank = math.ceil(sum(counts.values()) * percent / 100)
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    raise ValueError("nothing was counted")


def _times(rows: Iterable[SumRow]) -> dict[tuple[str, str], Counter[int]]:
    """How many claims took how long, by policy and step."""
    counts: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in rows:
        counts[row.policy, row.label][row.value] += row.number
    return counts


async def times(tx: Tx, at: Stretch) -> list[TimeFigures]:
    measure = Measure.TIMES if at.kind is None else Measure.TIMES_OF_KINDS
    counts = _times(await at.of_claims(tx, measure, "label", "value"))
    return [
        TimeFigures(
            **at.named,
            step=step,
            claims=counts["", step].total(),
            median_minutes=percentile(counts["", step], 50),
            p90_minutes=percentile(counts["", step], 90),
        )
        for step in Step
        if ("", step) in counts
    ]


async def overdue(tx: Tx, at: Stretch) -> list[OverdueFigures]:
    counted = {}
    for subject, measure in (("answer", Measure.ANSWERS), ("money", Measure.PAYMENTS)):
        counted[subject] = {row.value: row.number for row in await at.of_claims(tx, measure, "value")}
    return [
        OverdueFigures(
            **at.named,
            subject=subject,
            claims=sum(by_value.values()),
            overdue=by_value.get(1, 0),
            share=share(by_value.get(1, 0), sum(by_value.values())),
        )
        for subject, by_value in counted.items()
        if by_value
    ]


async def costs(tx: Tx, at: Stretch) -> list[CostFigures]:
    rows = [_cost(at, row) for row in await at.of_claims(tx, Measure.COSTS, "label")]
    order = list(Cost)
    return sorted(rows, key=lambda row: (row.currency, order.index(Cost(row.cost))))


def _cost(at: Stretch, row: SumRow) -> CostFigures:
    cost, currency = row.label.split(":")
    return CostFigures(**at.named, currency=currency, cost=cost, claims=row.number, amount=row.amount)


async def offers(tx: Tx, at: Stretch) -> list[OfferFigures]:
    kept = {row.label: row.amount for row in await at.of_claims(tx, Measure.KEPT, "label")}
    by_offer: dict[str, Counter[str]] = defaultdict(Counter)
    for row in await at.of_claims(tx, Measure.OFFERS, "label"):
        offer, _, status = row.label.rpartition(":")
        by_offer[offer][status] += row.number
    return [_offer(at, offer, by_offer[offer], kept.get(offer, 0)) for offer in sorted(by_offer)]


def _offer(at: Stretch, offer: str, statuses: Counter[str], kept: int) -> OfferFigures:
    alternative, currency = offer.split(":")
    ended = statuses["accepted"] + statuses["declined"] + statuses["lapsed"]
    return OfferFigures(
        **at.named,
        alternative=alternative,
        currency=currency,
        offers=statuses.total(),
        accepted=statuses["accepted"],
        accepted_share=share(statuses["accepted"], ended),
        declined=statuses["declined"],
        lapsed=statuses["lapsed"],
        kept_amount=kept,
    )


async def repeats(tx: Tx, at: Stretch) -> list[RepeatFigures]:
    rows = await at.of_claims(tx, Measure.REPEATS, "value")
    total = sum(row.number for row in rows)
    return [
        RepeatFigures(**at.named, earlier_claims=row.value, claims=row.number, share=share(row.number, total))
        for row in sorted(rows, key=lambda row: row.value)
    ]


async def policy_versions(tx: Tx, at: Stretch) -> list[PolicyVersionFigures]:
    """The versions of a policy in their order, each against the version before."""
    claims = {row.policy: row.number for row in await at.of_claims(tx, Measure.CLAIMS, "policy")}
    counts = _times(await at.of_claims(tx, Measure.TIMES_OF_POLICIES, "policy", "label", "value"))
    answers: dict[str, Counter[int]] = defaultdict(Counter)
    for row in await at.of_claims(tx, Measure.ANSWERS, "policy", "value"):
        answers[row.policy][row.value] += row.number
    rows: list[PolicyVersionFigures] = []
    for policy in sorted(claims, key=_version):
        before = rows[-1] if rows and _version(rows[-1].policy)[0] == _version(policy)[0] else None
        rows.append(_policy_version(at, policy, claims[policy], counts, answers[policy], before))
    return rows


def _version(policy: str) -> tuple[str, int]:
    name, _, version = policy.partition("@")
    return name, int(version) if version.isdecimal() else 0


def _policy_version(
    at: Stretch,
    policy: str,
    claims: int,
    counts: Mapping[tuple[str, str], Counter[int]],
    answers: Counter[int],
    before: PolicyVersionFigures | None,
) -> PolicyVersionFigures:
    def minutes(step: Step, percent: int) -> int | None:
        return percentile(counts[policy, step], percent) if (policy, step) in counts else None

    decision, earlier = minutes(Step.DECISION, 50), before.decision_median_minutes if before else None
    return PolicyVersionFigures(
        **at.named,
        policy=policy,
        claims=claims,
        first_answer_median_minutes=minutes(Step.FIRST_ANSWER, 50),
        decision_median_minutes=decision,
        decision_p90_minutes=minutes(Step.DECISION, 90),
        money_median_minutes=minutes(Step.MONEY, 50),
        overdue_share=share(answers[1], answers.total()),
        decision_change=round(decision / earlier - 1, 4) if decision is not None and earlier else None,
    )


Read = Callable[[Tx, Stretch], Awaitable[Sequence[AnyFigures]]]
