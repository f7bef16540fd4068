"""One order and one claim under a preset, told by local days: what the law answers, and when its refund is due."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.engine import Facts
from app.engine.model.assessment import Assessment
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Declared, Kind, Nature, Reason, Record
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.engine.policy.policy import Policy
from app.presets.loader import calendar_for, calendar_of, preset
from tests.engine.commands import request
from tests.engine.orders import line, order
from tests.engine.story import Story

PAID, SHIPPED, ARRIVED = "2026-06-01", "2026-06-03", "2026-06-05"


def bought(
    law: str,
    nature: Nature = Nature.STANDARD,
    records: Iterable[Record] = (),
    arrived: str | None = ARRIVED,
    quantity: int = 1,
    unit_price: int = 10_000,
    *,
    of_line: dict[str, Any] | None = None,
    **of_order: Any,
) -> Order:
    """An order of one line. `arrived` None: nothing was delivered."""
    policy = preset(law)
    goods = line(quantity=quantity, unit_price=unit_price, nature=nature, records=frozenset(records))
    goods = replace(goods, **(of_line or {}))
    if arrived is not None:
        goods = _delivered(goods, policy, arrived)
    return replace(order(goods, country=policy.country, **of_order), currency=policy.currency, paid_at=at(policy, PAID))


def at(law: Policy | str, day: str) -> datetime:
    """Noon of a local day."""
    policy = preset(law) if isinstance(law, str) else law
    return datetime.combine(datetime.fromisoformat(day), time(12), ZoneInfo(policy.time_zone))


def asked(
    law: str,
    kind: Kind,
    reason: Reason,
    day: str,
    order: Order,
    declared: Iterable[Declared] = (),
    discovered: str | None = None,
) -> Story:
    """The buyer asks on a local day."""
    policy, now = preset(law), at(law, day)
    facts = Facts(order=order, rules=index_policy(policy, calendar_of(policy, order, 2025, 2045)), now=now)
    known = at(policy, discovered) if discovered else None
    command = request(kind, reason, requested_at=now, conditions=frozenset(declared), discovered_at=known)
    return Story(facts).when(command)


def judged(*request_of: Any, **more: Any) -> Assessment:
    """The assessment of what the buyer asks. Takes the arguments of `asked`."""
    story = asked(*request_of, **more)
    return assess(story.claim, story.facts)


def compared_days(law: str) -> ComparedDays:
    """The orders of 2026 for comparing a seller's terms with a law."""
    policy = preset(law)
    return ComparedDays(calendar_for(policy.country, policy.time_zone, 2026, 2033), 2026)


def _delivered(goods: OrderLine, policy: Policy, day: str) -> OrderLine:
    return replace(
        goods,
        shipped=goods.quantity,
        shipped_at=goods.shipped_at or at(policy, SHIPPED),
        delivered=goods.quantity,
        delivered_at=at(policy, day),
    )
