"""Units that were shipped while their cancellation was open."""

from datetime import datetime

from app.engine.model.asked_units import about
from app.engine.model.claim import Actor, Claim, ClaimLine
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.copies import replace
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State
from app.engine.policy.facts import Facts
from app.engine.policy.rules import Overtaken


def overtaken_units(line: ClaimLine, facts: Facts) -> int:
    """The shipped units of one line that the claim still holds."""
    ordered = facts.order.line(line.line_id)
    if ordered is None or ordered.shipped_at is None:
        return 0
    short = ordered.units.open_cancel - ordered.unshipped
    return max(0, min(short, line.quantity))


def is_overtaken(claim: Claim, facts: Facts) -> bool:
    """True if units were shipped after the request, or if only some units were shipped before it. If all units were
    shipped before the request, this is a ground against the claim."""
    if claim.kind is not Kind.CANCEL or claim.state is not State.REQUESTED:
        return False
    overtaken = [line for line in claim.lines if overtaken_units(line, facts)]
    return any(_was_shipped_since(claim, line, facts) for line in overtaken) or bool(
        overtaken and stoppable_lines(claim, facts)
    )


def stays_as_requested(request: Request, order: Order) -> bool:
    """True if no shipment overtakes a new cancellation: none of its units was shipped, or all were before the
    request."""
    lines = [line for asked in request.lines if (line := order.line(asked.line_id)) is not None]
    if all(line.shipped_at is None for line in lines):
        return True
    return all(line.unshipped <= 0 and _is_before(line.shipped_at, request.requested_at) for line in lines)


def _is_before(shipped_at: datetime | None, requested_at: datetime) -> bool:
    return shipped_at is not None and shipped_at <= requested_at


def _was_shipped_since(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    ordered = facts.order.line(line.line_id)
    shipped_at = ordered.shipped_at if ordered else None
    return shipped_at is not None and shipped_at > _asked_at(claim, line)


def _asked_at(claim: Claim, line: ClaimLine) -> datetime:
    """When the buyer first asked for all these units: units that an edit has added were asked for by the edit."""
    asked = about(claim.submission.asked, line.line_id, line.quantity)
    return min((each.asked_at for each in asked), default=claim.submission.requested_at)


def return_of_shipped_units(before: Claim, after: Claim, facts: Facts, *, claim_id: str, by: Actor) -> Request | None:
    """The return that follows if only some units of a cancellation were shipped. The policy says who bears its cost.

    `before` is the cancellation before the shipment, `after` the cancellation after it. Units that were shipped before
    the request are free again, and come back as usual.
    """
    if after.kind is not Kind.CANCEL or facts.policy.overtaken is Overtaken.REFUSE:
        return None
    shipped_lines = tuple(
        RequestedLine(line_id=line.line_id, quantity=shipped)
        for line in before.lines
        if _was_shipped_since(before, line, facts)
        and (shipped := line.quantity - _quantity_in(after, line.line_id)) > 0
    )
    if not shipped_lines:
        return None
    submission = before.submission
    return Request(
        by=by,
        claim_id=claim_id,
        kind=Kind.RETURN,
        reason=before.reason,
        lines=shipped_lines,
        requested_at=submission.requested_at,
        discovered_at=submission.discovered_at,
        conditions=submission.conditions,
        note=submission.note,
        fault=before.fault,
        split_from=before.claim_id,
        seller_pays_return=facts.policy.overtaken is Overtaken.RETURN_AT_SELLERS_COST,
    )


def _quantity_in(claim: Claim, line_id: str) -> int:
    line = claim.line(line_id)
    return line.quantity if line else 0


def stoppable_lines(claim: Claim, facts: Facts) -> tuple[ClaimLine, ...]:
    """The claim's lines with only the units that have not been shipped, and no more used parts than these units
    have."""
    stoppable = ((line, line.quantity - overtaken_units(line, facts)) for line in claim.lines)
    return tuple(_cut_down(line, quantity, facts) for line, quantity in stoppable if quantity > 0)


def _cut_down(line: ClaimLine, quantity: int, facts: Facts) -> ClaimLine:
    ordered = facts.order.line(line.line_id)
    parts = quantity * ordered.parts if ordered else 0
    return replace(line, quantity=quantity, used_parts=min(line.used_parts, parts))
