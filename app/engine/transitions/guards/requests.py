"""The conditions of a request, before a claim is opened."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.engine.amounts.line_values import value_by_line
from app.engine.model.claim import Claim
from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.commands import Request
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Kind
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import local_instant


def lines_are_sound(context: DecisionContext, _: Request) -> Iterable[Refusal]:
    if not context.amended.lines:
        submission = context.amended.submission
        is_charge = submission.amount is None and (submission.shipping or submission.fees)
        return () if is_charge else (refuse(Code.NO_LINES, field="lines"),)
    order_line_ids = {line.line_id for _, line in context.pairs}
    seen: set[str] = set()
    refusals = []
    for line in context.amended.lines:
        if line.line_id in seen:
            refusals.append(refuse(Code.LINE_TWICE, line_id=line.line_id, field="lines"))
        seen.add(line.line_id)
        if line.quantity < 1:
            refusals.append(refuse(Code.QUANTITY_NOT_POSITIVE, line_id=line.line_id, field="lines"))
        if line.line_id not in order_line_ids:
            refusals.append(refuse(Code.UNKNOWN_LINE, line_id=line.line_id, field="lines"))
    return refusals


def units_are_free(context: DecisionContext, _: Request) -> Iterable[Refusal]:
    return unavailable_units(context)


def unavailable_units(context: DecisionContext) -> list[Refusal]:
    return [
        refuse(
            Code.UNITS_UNAVAILABLE,
            line_id=line.line_id,
            available=line.untouched,
            requested=claimed.quantity,
            field="lines",
        )
        for claimed, line in context.pairs
        if claimed.quantity > line.untouched
    ]


def goods_have_shipped(context: DecisionContext, _: Request) -> Iterable[Refusal]:
    if context.amended.kind is Kind.CANCEL or context.amended.submission.goodwill:
        return ()
    return [
        refuse(
            Code.NOT_SHIPPED,
            line_id=line.line_id,
            available=max(0, line.in_buyers_hands),
            requested=claimed.quantity,
            field="lines",
        )
        for claimed, line in context.pairs
        if claimed.quantity > line.in_buyers_hands
    ]


def not_from_the_future(context: DecisionContext, command: Request) -> Iterable[Refusal]:
    """Clocks differ by minutes."""
    latest, requested_at, discovered = context.facts.now + CLOCKS_DIFFER, command.requested_at, command.discovered_at
    refusals = []
    if requested_at > latest:
        refusals.append(
            refuse(Code.REQUESTED_IN_FUTURE, requested_at=local_instant(requested_at, context), field="requested_at")
        )
    if discovered is not None and discovered > latest:
        refusals.append(
            refuse(Code.DISCOVERED_IN_FUTURE, discovered_at=local_instant(discovered, context), field="discovered_at")
        )
    return refusals


def requested_after_the_payment(context: DecisionContext, command: Request) -> Iterable[Refusal]:
    """A backdated claim could end the buyer's or the seller's time. Clocks differ by minutes."""
    paid_at, requested_at = context.facts.order.paid_at, command.requested_at
    if paid_at is None or requested_at >= paid_at - CLOCKS_DIFFER or _is_split(command):
        return ()
    refusal = refuse(
        Code.REQUESTED_BEFORE_PAYMENT,
        requested_at=local_instant(requested_at, context),
        paid_at=local_instant(paid_at, context),
        field="requested_at",
    )
    return (refusal,)


def discovered_after_shipping(context: DecisionContext, command: Request) -> Iterable[Refusal]:
    discovered = command.discovered_at
    if discovered is None or _is_split(command):
        return ()
    shipped_at = first_shipped_at(context)
    if shipped_at is None or discovered >= shipped_at - CLOCKS_DIFFER:
        return ()
    refusal = refuse(
        Code.DISCOVERED_BEFORE_SHIPPING,
        discovered_at=local_instant(discovered, context),
        shipped_at=local_instant(shipped_at, context),
        field="discovered_at",
    )
    return (refusal,)


def first_shipped_at(context: DecisionContext) -> datetime | None:
    """When the first of the claimed goods were shipped. None if none were."""
    return min((line.shipped_at for _, line in context.pairs if line.shipped_at), default=None)


def _is_split(command: Request) -> bool:
    """True for a claim that was split from a cancellation: its times were accepted with the cancellation."""
    return command.split_from is not None


def amount_fits(context: DecisionContext, command: Request) -> Iterable[Refusal]:
    if command.amount is None:
        return ()
    if command.kind is not Kind.REFUND:
        return (refuse(Code.AMOUNT_NOT_ALLOWED, field="amount"),)
    return amount_refusals(context.amended, command.amount, context)


def charges_fit(context: DecisionContext, _: Request) -> Iterable[Refusal]:
    return charge_refusals(context)


def charges_are_still_there(context: DecisionContext) -> Iterable[Refusal]:
    """Another claim may have given the charges back meanwhile."""
    return charge_refusals(context)


def charge_refusals(context: DecisionContext) -> Iterable[Refusal]:
    return _money_without_a_rule(context) if context.amended.submission.rests_on_no_rule else ()


def _money_without_a_rule(context: DecisionContext) -> Iterator[Refusal]:
    """Charges are given back by a refund, and at most what is left of them. Goodwill is a part of the price, or a
    charge."""
    claim, order = context.amended, context.facts.order
    asked = claim.submission
    if claim.kind is not Kind.REFUND:
        yield refuse(Code.AMOUNT_NOT_ALLOWED, field="amount" if asked.goodwill else "shipping")
        return
    if asked.goodwill and claim.lines and asked.amount is None:
        yield refuse(Code.AMOUNT_NOT_POSITIVE, field="amount")
    shipping = order.shipping_paid - order.shipping_refunded + order.outbound_charged
    for field, requested, left in (("shipping", asked.shipping, shipping), ("fees", asked.fees, order.fees_charged)):
        if requested > left:
            yield refuse(Code.AMOUNT_ABOVE_VALUE, requested=requested, value=left, currency=order.currency, field=field)


def amount_refusals(claim: Claim, amount: int, context: DecisionContext) -> Iterator[Refusal]:
    value = sum(value_by_line(claim, context.facts.order).values())
    captured, currency = context.facts.order.captured_left, context.facts.order.currency
    if amount <= 0:
        yield refuse(Code.AMOUNT_NOT_POSITIVE, field="amount")
    if amount > value:
        yield refuse(Code.AMOUNT_ABOVE_VALUE, requested=amount, value=value, currency=currency, field="amount")
    if amount > captured:
        yield refuse(
            Code.REFUND_EXCEEDS_CAPTURED, requested=amount, available=captured, currency=currency, field="amount"
        )
