"""The order as it was when a claim was requested, as far as the order of today tells."""

from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.copies import replace
from app.engine.model.order import Order, OrderLine, Payment, Units
from app.engine.model.vocabulary import Word


class NotReplayed(Word):
    """Why a claim cannot be replayed."""

    OTHER_CLAIMS = "other_claims"
    """The order has other claims, so that nobody knows which units were free."""
    SPLIT_OFF = "split_off"
    """The claim was not requested: it split off a cancellation whose units were shipped."""
    PAYMENTS_CHANGED = "payments_changed"
    """The bank took a payment back, a part was captured later, or the buyer paid a debt."""
    SHIPPED_IN_PARTS = "shipped_in_parts"
    """A line was shipped partly before the request and partly after it."""
    OPTIONS_CHANGED = "options_changed"
    """Units were changed to another option."""
    OLD_FORM = "old_form"
    """The request is stored in a form that nobody writes any more."""
    REFUSED = "refused"
    """The engine would not take the request today."""


def order_before(order: Order, claim: Claim, at: datetime, *, other_claims: bool) -> Order | NotReplayed:
    """The order before the claim. The claim's own units, refunds and replacements are taken out of it."""
    if other_claims:
        return NotReplayed.OTHER_CLAIMS
    if claim.split_from is not None:
        return NotReplayed.SPLIT_OFF
    if order.not_captured or order.surplus_refunded or any(_is_changed(payment) for payment in order.payments):
        return NotReplayed.PAYMENTS_CHANGED
    if any(line.option_change is not None or line.units.changed for line in order.lines):
        return NotReplayed.OPTIONS_CHANGED
    if any(_is_split(line, at) for line in order.lines):
        return NotReplayed.SHIPPED_IN_PARTS
    return replace(
        order,
        lines=tuple(_line_before(line, at) for line in order.lines if line.replaces is None),
        payments=tuple(replace(payment, refunded=0) for payment in order.payments),
        confirmed_at=_known(order.confirmed_at, at),
        ready_to_ship_at=_known(order.ready_to_ship_at, at),
        shipping_refunded=0,
        outbound_charged=0,
        fees_charged=0,
        rounded=0,
        tax_free_refunded=0,
    )


def _is_changed(payment: Payment) -> bool:
    return bool(payment.reversed) or payment.settles is not None


def _is_split(line: OrderLine, at: datetime) -> bool:
    """Units that left before the request and units that left after it have one instant of shipping, the last."""
    shipped_later = line.shipped_at is not None and line.shipped_at > at
    return shipped_later and line.first_delivered_at is not None and line.first_delivered_at <= at


def _line_before(line: OrderLine, at: datetime) -> OrderLine:
    shipped_at, delivered_at = _known(line.shipped_at, at), _known(line.delivered_at, at)
    return replace(
        line,
        shipped=line.shipped if shipped_at else 0,
        shipped_at=shipped_at,
        delivered=line.delivered if delivered_at else 0,
        delivered_at=delivered_at,
        first_delivered_at=_known(line.first_delivered_at, at),
        credited=0,
        recharged=0,
        units=Units(),
        repairs=0,
        repaired_at=None,
        cure_days=0,
    )


def _known(instant: datetime | None, at: datetime) -> datetime | None:
    return instant if instant is not None and instant <= at else None
