"""Orders, policies and instants with which engine tests begin."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.engine import Facts
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.index import PolicyIndex, index_policy
from app.engine.policy.money_rules import Fees
from app.engine.policy.policy import Policy
from app.presets.loader import calendar_for, preset

SEOUL = ZoneInfo("Asia/Seoul")
PAID = datetime(2026, 6, 5, 10, tzinfo=SEOUL)
SHIPPED = datetime(2026, 6, 6, 9, tzinfo=SEOUL)
DELIVERED = datetime(2026, 6, 8, 15, tzinfo=SEOUL)
NOW = datetime(2026, 6, 10, 10, tzinfo=SEOUL)
SOON = NOW + timedelta(hours=1)
TOO_LATE = NOW + timedelta(days=60)

POLICY = preset("storefront_kr")
NO_FEES = replace(POLICY, fees=Fees())
SEOUL_DAYS = calendar_for("KR", "Asia/Seoul", 2025, 2028)


def line(line_id: str = "1", quantity: int = 1, unit_price: int = 10_000, **more: Any) -> OrderLine:
    return OrderLine(line_id=line_id, quantity=quantity, unit_price=unit_price, **more)


def delivered_line(line_id: str = "1", quantity: int = 1, unit_price: int = 10_000, **more: Any) -> OrderLine:
    return deliver(line(line_id, quantity, unit_price, **more))


def deliver(line: OrderLine) -> OrderLine:
    """The line after all its units were shipped and delivered."""
    return replace(line, shipped=line.quantity, shipped_at=SHIPPED, delivered=line.quantity, delivered_at=DELIVERED)


def order(*lines: OrderLine, payments: Mapping[str, int] | None = None, **more: Any) -> Order:
    """An order paid in full. `payments` are amounts by method; the default is one card."""
    stated = {"country": "KR", **more}
    unpaid = Order(order_id="order", currency="KRW", policy=POLICY.key, paid_at=PAID, lines=lines, **stated)
    captured = payments or {"card": price_of(unpaid)}
    return replace(
        unpaid,
        payments=tuple(
            Payment(payment_id=method, method=method, captured=amount) for method, amount in captured.items()
        ),
    )


def price_of(order: Order) -> int:
    """What the buyer had to pay: goods less discounts, shipping, and tax where prices come without tax."""
    goods = sum(line.quantity * line.unit_price - line.discount for line in order.lines) - order.discount
    tax = 0 if order.prices_include_tax else sum(line.tax for line in order.lines) + order.shipping_tax
    return goods + order.shipping_charged + tax


def capture(order: Order, amount: int) -> Order:
    """The order after its last payment has captured more."""
    *others, last = order.payments
    return replace(order, payments=(*others, replace(last, captured=last.captured + amount)))


def rules_of(policy: Policy, calendar: BusinessCalendar) -> PolicyIndex:
    """The index of a policy, made once. The index keeps both alive, so that no other value takes their ids."""
    place = id(policy), id(calendar)
    if place not in _INDEXES:
        _INDEXES[place] = index_policy(policy, calendar)
    return _INDEXES[place]


_INDEXES: dict[tuple[int, int], PolicyIndex] = {}


def facts_of(order: Order, now: datetime = NOW, policy: Policy = POLICY) -> Facts:
    return Facts(order=order, rules=rules_of(policy, SEOUL_DAYS), now=now)
