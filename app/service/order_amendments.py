"""The changes by a new push of an order: only the pushed fields change. Fields of the service do not change."""

from collections.abc import Iterable
from dataclasses import replace

from app.engine.model.order import Order, OrderLine, Payment, without_overtaken
from app.engine.model.vocabulary import Record
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
    "subdivision",
    "standard_shipping",
    "tax_exempt",
    "shipping_tax_rate",
    "wanted_on",
    "gift",
)
_FIRST_VALUE_STAYS = ("paid_at", "confirmed_at", "contracted_at")
_LAST_VALUE_WINS = ("expected_ship_on", "informed_at", "unobstructed_at")
ORDER_MERGED = (*_FIRST_VALUE_STAYS, *_LAST_VALUE_WINS, "version_named", "lines", "payments")
"""Each of these has its own rule in `restated`."""
ORDER_OWNED = (
    "order_id",
    "policy",
    "ready_to_ship_at",
    "delay_reason",
    "expected_arrival_on",
    "shipping_refunded",
    "outbound_charged",
    "rounded",
    "not_captured",
    "surplus_refunded",
    "fees_charged",
    "tax_free_refunded",
)
_SETTLED_BY_CLAIMS_ON_THE_ORDER = tuple(
    name
    for name in ORDER_STATED
    if name not in ("buyer_id", "shipping_tax_rate", "wanted_on", "gift")  # the tax of the shipping is settled
)
_SETTLED_BY_CLAIMS = (
    *("unit_price", "discount", "discountable", "tax", "tax_rate", "parts", "nature", "records", "consumable_cost"),
)
LINE_STATED = (*_SETTLED_BY_CLAIMS, "quantity", "sku", "title")
LINE_OWNED = (
    *("line_id", "replaces", "shipped", "delivered", "shipped_at", "delivered_at", "credited", "recharged"),
    *("deliver_on", "units", "first_delivered_at", "repairs", "repaired_at", "cure_days", "option_change", "changing"),
)
_RECORDED_BY_CLAIMS = frozenset({Record.CURE_REFUSED, Record.CURE_LATE})
PAYMENT_STATED = ("method", "captured", "instalments", "payable_step", "refund_to")
PAYMENT_OWNED = ("payment_id", "refunded", "settles", "reversed")


def restated(stored: Order, pushed: Order) -> Order:
    """The stored order with the fields of the pushed order. Raises ConflictError."""
    if pushed.policy and pushed.policy not in (stored.policy, stored.policy.partition("@")[0]):
        raise ConflictError("policy_pinned", policy=stored.policy, field="policy")
    if stored.payments and pushed.currency != stored.currency:
        raise ConflictError("order_has_payments", currency=stored.currency, field="currency")
    pushed = replace(pushed, lines=tuple(_lines_as_bought(pushed, stored)))
    claimed = any(line.units.open or line.units.settled or line.credited or line.recharged for line in stored.lines)
    if claimed:
        _refuse_repricing(stored, pushed)
    lines = tuple(_restated_line(line, stored) for line in pushed.lines)
    made_here = tuple(line for line in stored.lines if line.replaces is not None)
    _refuse_removal(stored, {line.line_id for line in (*lines, *made_here)})
    order = replace(
        stored,
        **{name: getattr(pushed, name) for name in ORDER_STATED},
        **{name: getattr(stored, name) or getattr(pushed, name) for name in _FIRST_VALUE_STAYS},
        **{name: getattr(pushed, name) or getattr(stored, name) for name in _LAST_VALUE_WINS},
        version_named=stored.version_named or pushed.version_named,
        lines=(*lines, *made_here),
        payments=tuple(_merged_payments(stored, pushed.payments)),
    )
    return sound(order)


def _lines_as_bought(pushed: Order, stored: Order) -> Iterable[OrderLine]:
    """The pushed lines without the sent replacements. A push may repeat a replacement, and cannot change it. What
    claims have put on record stays, even if the push does not repeat it."""
    for pushed_line in pushed.lines:
        replacement = stored.line(pushed_line.line_id)
        recorded = replacement.records & _RECORDED_BY_CLAIMS if replacement else frozenset()
        line = replace(pushed_line, records=pushed_line.records | recorded)
        if replacement is None or replacement.replaces is None:
            yield line
        elif any(getattr(replacement, name) != getattr(line, name) for name in LINE_STATED):
            raise ConflictError("line_sent_in_exchange", line_id=line.line_id, field="lines")


def _refuse_repricing(stored: Order, pushed: Order) -> None:
    """Prices, and the country of the calendar, do not change after the first claim."""
    for name in _SETTLED_BY_CLAIMS_ON_THE_ORDER:
        if getattr(stored, name) != getattr(pushed, name):
            raise ConflictError("order_has_claims", why="field_settled", name=name, field=name)
    if stored.discount and _shared_by(pushed.lines) != _shared_by(stored.lines):
        raise ConflictError("order_has_claims", why="discount_shared", field="lines")


def _shared_by(lines: Iterable[OrderLine]) -> set[tuple[object, ...]]:
    """The values that decide how the order's discount is shared."""
    return {
        (line.line_id, line.quantity, line.unit_price, line.discount, line.discountable)
        for line in lines
        if line.replaces is None
    }


def _restated_line(pushed: OrderLine, stored: Order) -> OrderLine:
    line = stored.line(pushed.line_id)
    if line is None:
        return pushed
    claimed_units = line.quantity - line.untouched
    if pushed.quantity < max(claimed_units, line.quantity - line.unshipped):
        raise ConflictError(
            "units_taken",
            line_id=line.line_id,
            claimed=claimed_units,
            shipped=line.shipped,
            quantity=pushed.quantity,
            field="lines",
        )
    changed = [name for name in (*_SETTLED_BY_CLAIMS, "quantity") if getattr(line, name) != getattr(pushed, name)]
    if changed and (claimed_units or line.credited or line.recharged):
        raise ConflictError(
            "line_has_claims", why="fields_settled", line_id=line.line_id, names=tuple(changed), field="lines"
        )
    return without_overtaken(replace(line, **{name: getattr(pushed, name) for name in LINE_STATED}))


def _refuse_removal(stored: Order, kept: set[str]) -> None:
    for line in stored.lines:
        if line.line_id not in kept and (line.shipped or line.untouched < line.quantity):
            raise ConflictError("units_taken", line_id=line.line_id, field="lines")


def _merged_payments(stored: Order, pushed: Iterable[Payment]) -> Iterable[Payment]:
    """Stored payments stay. The captured amount may grow. It may shrink to the sum of the refunds while no claim is
    open."""
    pushed_by_id = {payment.payment_id: payment for payment in pushed}
    has_open_claims = any(line.units.open for line in stored.lines)
    for payment in stored.payments:
        amended = pushed_by_id.pop(payment.payment_id, payment)
        gone = max(payment.refunded, payment.reversed)
        if amended.captured < gone or (payment.refunded and amended.method != payment.method):
            raise ConflictError(
                "payment_refunded",
                payment_id=payment.payment_id,
                method=payment.method,
                refunded=payment.refunded,
                currency=stored.currency,
                field="payments",
            )
        if has_open_claims and amended.captured < payment.captured:
            raise ConflictError(
                "order_has_claims",
                why="payment_shrinks",
                payment_id=payment.payment_id,
                captured=payment.captured,
                currency=stored.currency,
                field="payments",
            )
        if payment.settles and amended.captured < payment.captured:
            raise ConflictError(
                "order_has_claims",
                why="payment_settles_claim",
                payment_id=payment.payment_id,
                claim_id=payment.settles,
                field="payments",
            )
        yield replace(payment, **{name: getattr(amended, name) for name in PAYMENT_STATED})
    yield from pushed_by_id.values()


def sound(order: Order) -> Order:
    """The order, if its discounts and included taxes are at most its prices. Raises InvalidError."""
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
    shares = order.discount_shares()
    for line in order.lines:
        if line.tax and line.replaces is None and line.tax > (paid := order.paid_with(line, shares[line.line_id])):
            raise InvalidError(
                "tax_above_price", line_id=line.line_id, paid=paid, currency=order.currency, field="lines"
            )
    if order.shipping_tax > order.shipping_charged:
        raise InvalidError("tax_above_price", field="shipping_tax")
