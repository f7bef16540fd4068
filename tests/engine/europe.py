"""One line of an order in the European Union, and what the law of its country says of one claim about it.

Times are local. The order was paid on 1 June 2026 and delivered on the 8th, unless a test says more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.engine import Facts
from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.late_interest import interest_owed
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Declared, Ground, Kind, Nature, Reason, Record
from app.engine.policy.deadlines import late_interest_rule
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.presets.loader import calendar_of, preset
from tests.engine.commands import request
from tests.engine.orders import order
from tests.engine.story import Story

ZONES = {
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "IT": "Europe/Rome",
    "NL": "Europe/Amsterdam",
}
DEFECT = Reason.DEFECTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An order of one line for 100.00. Instants are local, as ISO texts. `contract` is also the payment."""

    country: str = "NL"
    preset: str = "eu"
    nature: Nature = Nature.STANDARD
    contract: str = "2026-06-01T10:00"
    delivered: str | None = "2026-06-08T12:00"
    records: Iterable[str] = ()
    shipping_charged: int = 0
    standard_shipping: int | None = None
    informed: str | None = None
    subdivision: str | None = None
    line: Iterable[tuple[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the buyer asked for, and when."""

    at: str
    kind: Kind = Kind.RETURN
    reason: Reason = Reason.CHANGE_OF_MIND
    declared: Iterable[str] = ()
    discovered: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    verdict: Verdict
    last_day: str | None = None
    ground: Ground | None = None
    unclear: Unclear | None = None


def eligible(last_day: str | None = None) -> Answer:
    return Answer(verdict=Verdict.ELIGIBLE, last_day=last_day)


def refused(ground: Ground, last_day: str | None = None) -> Answer:
    return Answer(verdict=Verdict.INELIGIBLE, ground=ground, last_day=last_day)


def review(unclear: Unclear) -> Answer:
    return Answer(verdict=Verdict.REVIEW, unclear=unclear)


def answer(purchase: Purchase, asked: Asked, expected: Answer) -> Answer:
    """What the engine says. A last day is given only if it is expected."""
    told = story(purchase, asked)
    assessment = assess(told.claim, told.facts)
    window = assessment.window
    return Answer(
        verdict=assessment.verdict,
        last_day=str(window.ends_on) if expected.last_day and window else None,
        ground=next(iter(assessment.grounds), None),
        unclear=next((doubt.why for doubt in assessment.doubts), None),
    )


def story(purchase: Purchase, asked: Asked) -> Story:
    """The claim as the buyer made it."""
    zone = ZoneInfo(ZONES[purchase.country])
    bought, now = _order(purchase, zone), _at(asked.at, zone)
    policy = preset(purchase.preset, _at(purchase.contract, zone).date(), purchase.country)
    calendar = calendar_of(policy, bought, 2022, now.year + 6)
    facts = Facts(order=bought, rules=index_policy(policy, calendar), now=now)
    return Story(facts).when(
        request(
            asked.kind,
            asked.reason,
            requested_at=now,
            discovered_at=_at(asked.discovered, zone) if asked.discovered else None,
            conditions=frozenset(map(Declared, asked.declared)),
        )
    )


def late(purchase: Purchase, asked: Asked, days: int) -> int:
    """What is owed on top of a refund of 100.00 that comes this many days late."""
    told = story(purchase, asked)
    rule = late_interest_rule(told.claim, told.facts.policy)
    return interest_owed(rule, 10_000, due_on=DUE, paid_on=DUE + timedelta(days=days)) if rule else 0


DUE = date(2026, 6, 24)


def _order(purchase: Purchase, zone: ZoneInfo) -> Order:
    delivered = _at(purchase.delivered, zone) if purchase.delivered else None
    line = OrderLine(
        line_id="1",
        quantity=1,
        unit_price=10_000,
        nature=purchase.nature,
        shipped=1 if delivered else 0,
        shipped_at=delivered,
        delivered=1 if delivered else 0,
        delivered_at=delivered,
    )
    more: dict[str, Any] = {
        name: _at(value, zone) if isinstance(value, str) else value for name, value in purchase.line
    }
    return replace(
        order(
            replace(line, **more),
            shipping_charged=purchase.shipping_charged,
            records=frozenset(map(Record, purchase.records)),
        ),
        currency="EUR",
        country=purchase.country,
        time_zone=zone.key,
        paid_at=_at(purchase.contract, zone),
        contracted_at=_at(purchase.contract, zone),
        informed_at=_at(purchase.informed, zone) if purchase.informed else None,
        subdivision=purchase.subdivision,
        standard_shipping=purchase.standard_shipping,
    )


def _at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)
