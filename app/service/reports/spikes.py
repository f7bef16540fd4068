"""Spikes: a product that is claimed for a reason far more often in a week than in the weeks before."""

import math
from dataclasses import replace
from datetime import timedelta

from app.records.report import Days, Measure
from app.service.reports.figures import ROWS_MAX, Stretch
from app.service.resources.report import SpikeFigures
from app.store.database import Tx

WEEK = timedelta(days=7)
WEEKS_BEFORE = 8
FEWEST = 5
"""Claims in the week. Fewer are no spike, however rare they were."""
RAREST = 0.01


async def spikes(tx: Tx, at: Stretch) -> list[SpikeFigures]:
    """Those of the week that ends with the last day, the least probable first."""
    last = at.days.to_on
    week = Days(from_on=last - WEEK + timedelta(days=1), to_on=last)
    before = Days(from_on=week.from_on - WEEKS_BEFORE * WEEK, to_on=week.from_on - timedelta(days=1))
    now, earlier = await _claims(tx, at, week), await _claims(tx, at, before)
    found = [
        SpikeFigures(
            from_on=week.from_on,
            to_on=week.to_on,
            sku=sku,
            reason=reason,
            claims=claims,
            claims_per_week_before=round(earlier.get((sku, reason), 0) / WEEKS_BEFORE, 2),
            probability=round(probability, 6),
        )
        for (sku, reason), claims in now.items()
        if claims >= FEWEST and (probability := tail(claims, claims + earlier.get((sku, reason), 0))) < RAREST
    ]
    return sorted(found, key=lambda row: (row.probability, -row.claims, row.sku, row.reason))[: ROWS_MAX + 1]


async def _claims(tx: Tx, at: Stretch, days: Days) -> dict[tuple[str, str], int]:
    rows = await replace(at, days=days).sums(tx, Measure.PRODUCT_REASONS, "sku", "reason", sku=at.sku, kind=at.kind)
    return {(row.sku, row.reason): row.number for row in rows}


def tail(claims: int, all_claims: int) -> float:
    """How probable at least so many of all claims of the nine weeks are in the last week, if all weeks are alike: the
    upper tail of a binomial distribution with the share 1/9."""
    share = 1 / (WEEKS_BEFORE + 1)
    chosen = math.lgamma(all_claims + 1) - math.lgamma(claims + 1) - math.lgamma(all_claims - claims + 1)
    term = math.exp(chosen + claims * math.log(share) + (all_claims - claims) * math.log(1 - share))
    total = 0.0
    for number in range(claims, all_claims + 1):
        total += term
        term *= (all_claims - number) / (number + 1) * share / (1 - share)
        if term < total * 1e-12 and number > all_claims * share:
            break
    return min(1.0, total)
