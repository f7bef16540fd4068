"""The work of a check is bounded: the most terms that are accepted, and many checks at once."""

import asyncio
import sys
import threading
from collections import Counter
from itertools import count
from types import FrameType
from typing import Any

import pytest

from app.api.schemas.policies import TermsInput
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.departures import departures
from app.engine.policy.law import violations
from app.engine.policy.merging import merge_terms
from app.presets.loader import calendar_for, contract_limits, preset
from app.turns import OneByOne

KINDS = ["cancel", "return", "exchange", "refund", "repair"]
FAULTS = ["buyer", "seller", "undecided"]
UNITS = {"days": 3650, "business_days": 60, "months": 120, "months_to_the_date": 120}
ANCHORS = ["contract", "shipped", "first_delivered", "delivered", "discovered"]
DAYS = 1_200
"""More than the local days on which an event of the compared orders can be."""


def _most_terms() -> dict[str, Any]:
    """As many rules as the API accepts, each with as many periods, and no period twice."""
    numbers = count()

    def periods() -> list[dict[str, Any]]:
        made = []
        for number in (next(numbers) for _ in range(3)):
            unit = list(UNITS)[number % 4]
            anchor = ANCHORS[number % 5]
            made.append({"length": UNITS[unit] - number // 20, "unit": unit, "anchor": anchor, "roll": "forward"})
        return made

    return {
        "windows": [{"code": f"w{n}", "kinds": KINDS, "faults": FAULTS, "periods": periods()} for n in range(20)],
        "promises": [{"kinds": KINDS, "periods": periods()} for _ in range(20)],
        "exceptions": [{"ground": "custom_made", "kinds": KINDS} for _ in range(50)],
        "late_interest_percent": 1,
    }


@pytest.mark.parametrize("law", ["kr", "eu", "de", "fr", "uk", "jp", "tw", "cn", "br", "au", "us"])
def test_the_most_terms_are_compared_with_bounded_work(law: str) -> None:
    """Each period is counted once from each local day, and each rule is compared once with each rule of the law."""
    base, limits = preset(law), contract_limits(law)
    terms = TermsInput.model_validate(_most_terms()).terms()
    days = ComparedDays(calendar_for(base.country, base.time_zone, 2026, 2033), 2026)
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "/engine/policy/" in frame.f_code.co_filename:
            calls[frame.f_code.co_name] += 1

    sys.setprofile(note)
    try:
        forbidden = violations(base, terms, days, limits)
        binding = merge_terms(base, terms, forbidden, policy_id="house", version=1)
        departures(base, terms, binding, forbidden, limits, days)
    finally:
        sys.setprofile(None)
    periods_of_the_law = sum(len(rule.periods) for rule in base.windows)
    periods_of_the_law += sum(len(rule.periods) for rule in base.refund_deadlines)
    assert calls["last_day_from"] <= (120 + periods_of_the_law) * DAYS
    assert calls["is_cut_short"] <= 2 * 20 * len(base.windows)
    assert calls["is_later"] <= 20 * len(base.refund_deadlines)
    assert sum(calls.values()) <= 700_000


def test_more_terms_are_refused_by_field() -> None:
    for field, one in (("windows", 1), ("promises", 1), ("exceptions", 1)):
        terms = _most_terms()
        more = {**terms[field][0], "code": "one-more"} if field == "windows" else terms[field][0]
        with pytest.raises(ValueError, match=rf"(?s){field}.*at most {len(terms[field])} items"):
            TermsInput.model_validate({**terms, field: [*terms[field], *[more] * one]})


async def test_checks_of_one_merchant_run_one_by_one_and_take_no_thread_from_others() -> None:
    turns, started, release = OneByOne(), Counter[str](), threading.Event()

    def work(owner: str) -> None:
        started[owner] += 1
        if owner == "busy":
            release.wait(30)

    busy = [asyncio.create_task(turns.run("busy", work, "busy")) for _ in range(20)]
    await asyncio.wait_for(turns.run("other", work, "other"), 30)
    assert started == {"busy": 1, "other": 1}
    release.set()
    await asyncio.gather(*busy)
    assert started == {"busy": 20, "other": 1}
