"""What a new statement of an order changes: the stated fields alone. Fields that the service owns stay."""

from collections.abc import Iterable
from dataclasses import replace

from app.engine.model.order import Order, OrderLine, Payment
from app.service.errors import ConflictError, InvalidError

ORDER_STATED = (
    "currency",
    "country",
    "time_zone",
    "buyer_id",
    "prices_include_tax",
    "discount",
    "discount_minimum",
    "shipping_charged",
    "shipping_tax",
    "records",
)
ORDER_MERGED = ("paid_at", "confirmed_at", "expected_ship_on", "version_named", "lines", "payments")
"""Each of these has its own rule in `restated`."""
ORDER_OWNED = ("order_id", "policy", "ready_to_ship_at", "delay_reason", "shipping_refunded", "outbound_charged")
_SETTLED_BY_CLAIMS_ON_THE_ORDER = tuple(name for name in ORDER_STATED if name != "buyer_id")
_SETTLED_BY_CLAIMS = ("unit_price", "discount", "discountable", "tax", "tax_rate", "parts", "nature", "records")
LINE_STATED = (*_SETTLED_BY_CLAIMS, "quantity", "sku", "title")
LINE_OWNED = (
    *("line_id", "replaces", "shipped", "delivered", "shipped_at", "delivered_at", "credited", "recharged"),
    *("deliver_on", "units"),
)
PAYMENT_STATED = ("method", "captured")
PAYMENT_OWNED = ("payment_id", "refunded", "settles")


def restated(known: Order, stated: Order) -> Order:
    """The known order with the fields that the merchant states now. Raises ConflictError."""
    if stated.policy and stated.policy not in (known.policy, known.policy.partition("@")[0]):
        raise ConflictError("policy_pinned", policy=known.policy, field="policy")
    if known.payments and stated.currency != known.currency:
        raise ConflictError("order_has_payments", currency=known.currency, field="currency")
    stated = replace(stated, lines=tuple(_lines_as_bought(stated, known)))
    claimed = any(line.units.open or line.units.settled or line.credited or line.recharged for line in known.lines)
    if claimed:
        _refuse_repricing(known, stated)
    lines = tuple(_restated_line(line, known) for line in stated.lines)
    sent_in_exchange = tuple(line for line in known.lines if line.replaces is not None)
    _refuse_removal(known, {line.line_id for line in (*lines, *sent_in_exchange)})
    order = replace(
        known,
        **{name: getattr(stated, name) for name in ORDER_STATED},
        paid_at=known.paid_at or stated.paid_at,
        confirmed_at=known.confirmed_at or stated.confirmed_at,
        expected_ship_on=stated.expected_ship_on or known.expected_ship_on,
        version_named=known.version_named or stated.version_named,
        lines=(*lines, *sent_in_exchange),
        payments=tuple(_merged_payments(known, stated.payments)),
    )
    return sound(order)


def _lines_as_bought(stated: Order, known: Order) -> Iterable[OrderLine]:
    """The stated lines without the replacements that were sent. A statement may repeat these, and not change them."""
    for line in stated.lines:
        sent = known.line(line.line_id)
        if sent is None or sent.replaces is None:
            yield line
        elif any(getattr(sent, name) != getattr(line, name) for name in LINE_STATED):
            raise ConflictError("line_sent_in_exchange", line_id=line.line_id, field="lines")


def _refuse_repricing(known: Order, stated: Order) -> None:
    """Prices and the country whose days count do not change once the order has claims."""
    for name in _SETTLED_BY_CLAIMS_ON_THE_ORDER:
        if getattr(known, name) != getattr(stated, name):
            raise ConflictError("order_has_claims", why="field_settled", name=name, field=name)
    if known.discount and _shared_by(stated.lines) != _shared_by(known.lines):
        raise ConflictError("order_has_claims", why="discount_shared", field="lines")


def _shared_by(lines: Iterable[OrderLine]) -> set[tuple[object, ...]]:
    """The values that decide how the order's discount is shared."""
    return {
        (line.line_id, line.quantity, line.unit_price, line.discount, line.discountable)
        for line in lines
        if line.replaces is None
    }


def _restated_line(stated: OrderLine, known: Order) -> OrderLine:
    line = known.line(stated.line_id)
    if line is None:
        return stated
    taken = line.quantity - line.untouched
    if stated.quantity < max(taken, line.shipped + line.units.cancelled):
        raise ConflictError(
            "units_taken",
            line_id=line.line_id,
            claimed=taken,
            shipped=line.shipped,
            quantity=stated.quantity,
            field="lines",
        )
    changed = [name for name in (*_SETTLED_BY_CLAIMS, "quantity") if getattr(line, name) != getattr(stated, name)]
    if changed and (taken or line.credited or line.recharged):
        raise ConflictError(
            "line_has_claims", why="fields_settled", line_id=line.line_id, names=tuple(changed), field="lines"
        )
    return replace(line, **{name: getattr(stated, name) for name in LINE_STATED})


def _refuse_removal(known: Order, kept: set[str]) -> None:
    for line in known.lines:
        if line.line_id not in kept and (line.shipped or line.untouched < line.quantity):
            raise ConflictError("units_taken", line_id=line.line_id, field="lines")


def _merged_payments(known: Order, stated: Iterable[Payment]) -> Iterable[Payment]:
    """Stored payments stay. The captured amount may grow. The amount may shrink to what refunds have claimed, while no
    claim is open."""
    stated_by_id = {payment.payment_id: payment for payment in stated}
    has_open_claims = any(line.units.open for line in known.lines)
    for payment in known.payments:
        again = stated_by_id.pop(payment.payment_id, payment)
        if again.captured < payment.refunded or (payment.refunded and again.method != payment.method):
            raise ConflictError(
                "payment_refunded",
                payment_id=payment.payment_id,
                method=payment.method,
                refunded=payment.refunded,
                currency=known.currency,
                field="payments",
            )
        if has_open_claims and again.captured < payment.captured:
            raise ConflictError(
                "order_has_claims",
                why="payment_shrinks",
                payment_id=payment.payment_id,
                captured=payment.captured,
                currency=known.currency,
                field="payments",
            )
        if payment.settles and again.captured < payment.captured:
            raise ConflictError(
                "order_has_claims",
                why="payment_settles_claim",
                payment_id=payment.payment_id,
                claim_id=payment.settles,
                field="payments",
            )
        yield replace(payment, **{name: getattr(again, name) for name in PAYMENT_STATED})
    yield from stated_by_id.values()


def sound(order: Order) -> Order:
    """The order, with discounts and included taxes that are at most the prices. Raises InvalidError."""
    for line in order.lines:
        if line.discount > line.gross and line.replaces is None:
            raise InvalidError("discount_above_price", line_id=line.line_id, field="lines")
    discountable = sum(
        line.gross - line.discount for line in order.lines if line.discountable and line.replaces is None
    )
    if order.discount > discountable:
        raise InvalidError("discount_above_price", field="discount")
    if order.prices_include_tax:
        _taxes_are_within_prices(order)
    return order


def _taxes_are_within_prices(order: Order) -> None:
    for line in order.lines:
        if line.tax and line.replaces is None and line.tax > (paid := order.paid_for(line)):
            raise InvalidError(
                "tax_above_price", line_id=line.line_id, paid=paid, currency=order.currency, field="lines"
            )
    if order.shipping_tax > order.shipping_charged:
        raise InvalidError("tax_above_price", field="shipping_tax")
