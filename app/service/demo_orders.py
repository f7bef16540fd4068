"""What happens to each made-up order of the demo: goods, buyer, when it is paid, and what the buyer asks for.

The same instant gives the same plans.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from app.records.buyer import Buyer

DAYS = 90
ORDERS = 230
RECENT = 42
"""How many orders have a request since the shop was at work last: the work of a morning."""
AWAY = timedelta(hours=17)
"""The shop has not worked since then."""
_OVERLOOKED = 5
"""One of so many recent requests came days before, and is late or nearly late."""
_ASKS = 0.28
_CANCELS = 0.35
_HOUR = timedelta(hours=1)
_COUNTRIES = {"KR": ("ko", "KRW", "storefront_kr", 3000), "JP": ("ja", "JPY", "jp", 500)}
_BEFORE_SHIPPING = (Reason.CHANGE_OF_MIND, Reason.ORDERED_BY_MISTAKE, Reason.DELAYED_DELIVERY)
_AFTER_SHIPPING = (
    *(Reason.CHANGE_OF_MIND, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM),
    *(Reason.SIZE_OR_COLOR, Reason.SIZE_OR_COLOR, Reason.DEFECTIVE, Reason.DEFECTIVE),
)
_SWAPPED = frozenset({Reason.DEFECTIVE, Reason.WRONG_ITEM})
"""Reasons for which a buyer may want the same goods again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """`weight` is how often the goods are bought beside the others."""

    country: str
    sku: str
    title: str
    price: int
    weight: int
    custom_made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the buyer asks for. `at` is the request. Nobody of the shop has seen an overlooked one."""

    kind: Kind
    reason: Reason
    note: str
    at: datetime
    is_overlooked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An order that was paid, shipped and delivered, and what the buyer asks for, if anything."""

    order: Order
    buyer: Buyer
    shipped_at: datetime
    delivered_at: datetime
    wish: Wish | None


def plans(now: datetime, random: Random) -> Iterator[Plan]:
    for number in range(ORDERS):
        paid_at = now - random.uniform(3, DAYS) * 24 * _HOUR
        yield _plan(number, paid_at, random, wishes=random.random() < _ASKS)
    for number in range(ORDERS, ORDERS + RECENT):
        yield _recent(number, now, random)


def _plan(number: int, paid_at: datetime, random: Random, *, wishes: bool) -> Plan:
    shipped_at = paid_at + random.uniform(14, 50) * _HOUR
    delivered_at = shipped_at + random.uniform(20, 50) * _HOUR
    goods = _goods(random)
    wish = None
    if wishes and random.random() < _CANCELS:
        wish = _wish(goods, random, Kind.CANCEL, paid_at + random.uniform(0.5, 12) * _HOUR)
    elif wishes:
        wish = _wish(goods, random, Kind.RETURN, delivered_at + random.uniform(3, 120) * _HOUR)
    return _made(number, goods, random, paid_at, shipped_at, delivered_at, wish)


def _recent(number: int, now: datetime, random: Random) -> Plan:
    """An order whose request nobody has seen yet."""
    goods, is_overlooked = _goods(random), number % _OVERLOOKED == 0
    asked_at = now - random.uniform(*((90, 140) if is_overlooked else (0.2, AWAY / _HOUR - 1))) * _HOUR
    if random.random() < _CANCELS:
        paid_at = asked_at - random.uniform(1, 6) * _HOUR
        wish = replace(_wish(goods, random, Kind.CANCEL, asked_at), is_overlooked=is_overlooked)
        return _made(number, goods, random, paid_at, now + 24 * _HOUR, now + 48 * _HOUR, wish)
    delivered_at = asked_at - random.uniform(2, 90) * _HOUR
    shipped_at = delivered_at - random.uniform(20, 40) * _HOUR
    wish = replace(_wish(goods, random, Kind.RETURN, asked_at), is_overlooked=is_overlooked)
    return _made(number, goods, random, shipped_at - 20 * _HOUR, shipped_at, delivered_at, wish)


def _wish(goods: Goods, random: Random, kind: Kind, at: datetime) -> Wish:
    reason = random.choice(_BEFORE_SHIPPING if kind is Kind.CANCEL else _AFTER_SHIPPING)
    if reason in _SWAPPED and random.random() < 1 / 3:
        kind = Kind.EXCHANGE
    return Wish(kind=kind, reason=reason, note=random.choice(_MADE_UP["notes"][goods.country][reason.value]), at=at)


def _made(
    number: int,
    goods: Goods,
    random: Random,
    paid_at: datetime,
    shipped_at: datetime,
    delivered_at: datetime,
    wish: Wish | None,
) -> Plan:
    language, currency, policy, shipping = _COUNTRIES[goods.country]
    names: Sequence[str] = _MADE_UP["names"][goods.country]
    who = random.randrange(len(names))
    quantity = random.choice((1, 1, 1, 2))
    order = Order(
        order_id=f"{goods.country}-{5000 + number}",
        currency=currency,
        country=goods.country,
        policy=policy,
        paid_at=paid_at,
        buyer_id=f"{goods.country.lower()}-buyer-{who}",
        shipping_charged=shipping,
        lines=(_line(goods, quantity),),
        payments=(
            Payment(payment_id=f"pay-{5000 + number}", method="card", captured=goods.price * quantity + shipping),
        ),
    )
    buyer = Buyer(name=names[who], language=language)  # without an address, so that no mail is sent
    return Plan(order=order, buyer=buyer, shipped_at=shipped_at, delivered_at=delivered_at, wish=wish)


def _line(goods: Goods, quantity: int) -> OrderLine:
    return OrderLine(
        line_id="1",
        sku=goods.sku,
        title=goods.title,
        quantity=quantity,
        unit_price=goods.price,
        nature=Nature.CUSTOM_MADE if goods.custom_made else Nature.STANDARD,
        records=frozenset({Record.NOTICE, Record.CONSENT}) if goods.custom_made else frozenset(),
    )


def _goods(random: Random) -> Goods:
    return random.choices(_STOCK, [goods.weight for goods in _STOCK])[0]


_MADE_UP: Mapping[str, Any] = tomllib.loads((files("app.service") / "demo_claims.toml").read_text("utf-8"))
_STOCK = tuple(Goods(**goods) for goods in _MADE_UP["goods"])
