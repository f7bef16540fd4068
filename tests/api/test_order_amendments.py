"""A statement of an order changes what the merchant states, and nothing that the service owns."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.engine.model.order import Order, OrderLine, Payment, Units
from app.engine.model.vocabulary import DelayReason, Nature, Record
from app.service.order_amendments import (
    LINE_OWNED,
    LINE_STATED,
    ORDER_MERGED,
    ORDER_OWNED,
    ORDER_STATED,
    PAYMENT_OWNED,
    PAYMENT_STATED,
    restated,
)

NOW, TODAY = datetime(2026, 6, 8, tzinfo=UTC), date(2026, 6, 8)
SETS = (
    (Order, (ORDER_STATED, ORDER_MERGED, ORDER_OWNED)),
    (OrderLine, (LINE_STATED, LINE_OWNED)),
    (Payment, (PAYMENT_STATED, PAYMENT_OWNED)),
)


@pytest.mark.parametrize(("value", "sets"), SETS)
def test_every_field_is_in_exactly_one_set(value: type[Any], sets: tuple[tuple[str, ...], ...]) -> None:
    names = [name for named in sets for name in named]
    assert sorted(names) == sorted(field.name for field in fields(value))


KNOWN_LINE = OrderLine(
    line_id="1",
    quantity=3,
    unit_price=10,
    shipped=1,
    delivered=1,
    shipped_at=NOW,
    delivered_at=NOW,
    deliver_on=TODAY,
    units=Units(),
)
KNOWN = Order(
    order_id="order",
    currency="KRW",
    country="KR",
    policy="kr@1",
    lines=(KNOWN_LINE,),
    payments=(Payment(payment_id="p", method="card", captured=30, refunded=5, settles="claim"),),
    ready_to_ship_at=NOW,
    delay_reason=DelayReason.PREPARING,
    shipping_refunded=1,
    outbound_charged=2,
)
STATED_LINE = OrderLine(
    line_id="1",
    quantity=4,
    unit_price=20,
    sku="MUG",
    title="Mug",
    discount=1,
    discountable=False,
    tax=2,
    tax_rate=1000,
    parts=2,
    nature=Nature.DIGITAL,
    records=frozenset({Record.NOTICE}),
)
STATED = Order(
    order_id="order",
    currency="KRW",
    country="JP",
    policy="kr",
    lines=(STATED_LINE,),
    payments=(Payment(payment_id="p", method="card", captured=80),),
    time_zone="Asia/Tokyo",
    buyer_id="buyer",
    prices_include_tax=False,
    discount=0,
    discount_minimum=1,
    shipping_charged=7,
    shipping_tax=1,
    records=frozenset({Record.NOTICE}),
)


def test_stated_fields_come_from_the_statement_and_owned_fields_stay() -> None:
    order = restated(KNOWN, STATED)
    for name in ORDER_STATED:
        assert getattr(order, name) == getattr(STATED, name), name
    for name in ORDER_OWNED:
        assert getattr(order, name) == getattr(KNOWN, name), name
    (line,), (payment,) = order.lines, order.payments
    assert line == replace(KNOWN_LINE, **{name: getattr(STATED_LINE, name) for name in LINE_STATED})
    assert payment == replace(KNOWN.payments[0], captured=80)


def test_what_was_said_once_stays_where_a_statement_leaves_it_out() -> None:
    known = replace(KNOWN, paid_at=NOW, confirmed_at=NOW, expected_ship_on=TODAY, version_named=True)
    order = restated(known, STATED)
    assert (order.paid_at, order.confirmed_at, order.expected_ship_on, order.version_named) == (NOW, NOW, TODAY, True)
